"""Bring tables from elsewhere: whom one follows, blocks and mutes there, lists, what one saved."""

from __future__ import annotations

import json

import httpx2
import pytest

from node.connecting import leaving
from node.portability import importing
from node.portability.reading import ROWS, SIZE
from storage import imports
from storage.imports import Import, Kind
from storage.jobs import Job
from tests.clients.person import Person, person
from tests.pages.conftest import browsing, hidden
from tests.serving import ON_BOTH, PASSWORD, Fediverse, Served

DATA = "/settings/data"


async def bring(
    client: httpx2.AsyncClient, kind: str, content: str | bytes, *, how: str = "merge", **more: str
) -> httpx2.Response:
    """Send the form as a browser does."""
    proof = hidden((await client.get("/settings/profile")).text, "proof")
    return await client.post(
        f"{DATA}/import", data={"proof": proof, "kind": kind, "how": how, **more},
        files={"file": ("table.csv", content, "text/csv")},
    )  # fmt: skip


async def brought(who: Person, kind: str, content: str, *, how: str = "merge") -> str:
    """The page when a file was worked through."""
    assert who.actor is not None
    async with browsing(who.served, who.actor) as client:
        answer = await bring(client, kind, content, how=how)
        assert answer.status_code == 303, answer.text
        await who.served.fediverse.quiet()
        return (await client.get(DATA)).text


async def latest(who: Person) -> Import:
    assert who.actor is not None
    async with who.served.database.reading() as db:
        found = await imports.of(db, who.actor.id)
    assert found is not None
    return found


async def handles(who: Person, path: str) -> set[str]:
    return {one["acct"] for one in await who.get(path)}


@ON_BOTH
async def test_what_was_taken_along_here_is_followed_there(fediverse: Fediverse) -> None:
    old, new, third = [await fediverse.node(f"{name}.example") for name in ("old", "new", "third")]
    async with (
        person(old, "alice") as before, person(old, "bob") as bob, person(third, "carol") as carol,
        person(new, "alice") as after,
    ):  # fmt: skip
        assert before.actor is not None
        found = await before.get("/api/v2/search", q="@carol@third.example", resolve=True)
        await before.post(f"/api/v1/accounts/{bob.id}/follow", notify=True)
        await before.post(f"/api/v1/accounts/{found['accounts'][0]['id']}/follow", reblogs=False)
        await fediverse.quiet()
        async with browsing(old, before.actor) as client:
            table = (await client.get(f"{DATA}/following.csv")).text

        page = await brought(after, "following", table)

        told = [one["account"]["acct"] for one in await bob.get("/api/v1/notifications")]
        followed = {one["acct"]: one["id"] for one in await after.get(f"/api/v1/accounts/{after.id}/following")}
        bonds = await after.get("/api/v1/accounts/relationships", **{"id[]": list(followed.values())})
        how = {one["id"]: one for one in bonds}
        followers = await handles(carol, f"/api/v1/accounts/{carol.id}/followers")
    assert followed.keys() == {"bob@old.example", "carol@third.example"}
    assert how[followed["bob@old.example"]]["notifying"] and how[followed["bob@old.example"]]["showing_reblogs"]
    assert not how[followed["carol@third.example"]]["showing_reblogs"]
    assert "alice@new.example" in told
    assert followers == {"alice@old.example", "alice@new.example"}
    assert "2 of 2 rows" in page


@ON_BOTH
async def test_each_kind_of_table_is_brought(alice: Person, bob: Person, fediverse: Fediverse) -> None:
    said = await bob.say("worth keeping")
    await fediverse.node("far.example")

    await brought(alice, "lists", "Ward four,bob@here.example\nWard four,alice@here.example\n")
    await brought(alice, "bookmarks", f"{said['uri']}\n")
    await brought(alice, "mutes", "Account address,Hide notifications\nbob@here.example,false\n")
    await brought(alice, "domain_blocks", "#domain,#severity\nSpam.example,suspend\n")
    lists = await alice.get("/api/v1/lists")
    on_list = await handles(alice, f"/api/v1/lists/{lists[0]['id']}/accounts")
    bond = (await alice.get("/api/v1/accounts/relationships", **{"id[]": bob.id}))[0]
    await brought(alice, "blocks", "bob@here.example\n")

    assert [one["title"] for one in lists] == ["Ward four"] and on_list == {"bob", "alice"}
    assert [one["id"] for one in await alice.get("/api/v1/bookmarks")] == []  # bob is blocked by now
    assert (bond["following"], bond["muting"], bond["muting_notifications"]) == (True, True, False)
    assert await alice.get("/api/v1/domain_blocks") == ["spam.example"]
    assert await handles(alice, "/api/v1/blocks") == {"bob"}


@ON_BOTH
async def test_overwriting_ends_what_is_not_in_the_file(alice: Person, bob: Person) -> None:
    async with person(alice.served, "carol") as carol:
        await alice.post(f"/api/v1/accounts/{bob.id}/follow")
        await alice.post("/api/v1/domain_blocks", domain="old.example")

        merged = await brought(alice, "following", "carol@here.example\n")
        both = await handles(alice, f"/api/v1/accounts/{alice.id}/following")
        await brought(alice, "following", "carol@here.example\nnobody@here.example\n", how="overwrite")
        one = await handles(alice, f"/api/v1/accounts/{alice.id}/following")
        await brought(alice, "domain_blocks", "new.example\n", how="overwrite")

    assert carol.actor is not None
    assert "1 of 1 rows" in merged
    assert both == {"bob", "carol"} and one == {"carol"}
    assert await alice.get("/api/v1/domain_blocks") == ["new.example"]


async def test_what_cannot_be_found_is_said_and_can_be_fetched(alice: Person, bob: Person) -> None:
    assert alice.actor is not None
    await alice.post(f"/api/v1/accounts/{bob.id}/block")

    page = await brought(
        alice, "following", "ghost@here.example\nbob@here.example\nalice@here.example\nx@down.example\n"
    )

    async with browsing(alice.served, alice.actor) as client:
        failed = (await client.get(f"{DATA}/failed.csv")).text
    assert "4 of 4 rows" in page and "4 could not be done" in page
    assert failed.splitlines() == [
        "Account address,Show boosts,Notify on new posts,Languages,Line,Problem",
        "ghost@here.example,,,,1,It could not be found.",
        "bob@here.example,,,,2,One of you has blocked the other.",
        "alice@here.example,,,,3,You cannot follow yourself.",
        "x@down.example,,,,4,Its server did not answer.",
    ]


@pytest.mark.parametrize(
    ("kind", "content", "words"),
    [
        ("following", "Account address\nbob@here.example\nnot an address\n", "Line 3: “not an address” is no account"),
        ("following", "bob\n", "Line 1: “bob” is no account address"),
        ("domain_blocks", "here.example\n", "Line 1: You cannot block your own server."),
        ("domain_blocks", "a b\n", "Line 1: This is no domain."),
        ("lists", ",bob@here.example\n", "Line 1: The name of a list has 1 to 200 characters."),
        ("bookmarks", "javascript:x\n", "Line 1: “javascript:x” is not the address of a post."),
        ("following", b"\xff\xfe\x00", "The file is no text"),
        ("following", "", "Choose a file."),
        ("following", "\n\n", "There is nothing in the file."),
        ("following", "".join(f"a{n}@x.example\n" for n in range(ROWS + 1)), f"At most {ROWS} rows."),
        ("following", "x" * (SIZE + 1), "The file is too large"),
        ("following", "x\n" * 9, "And 4 more."),
        ("secrets", "bob@here.example\n", "Choose what the file is about."),
    ],
)
async def test_a_file_with_a_wrong_line_changes_nothing(
    alice: Person, bob: Person, kind: str, content: str | bytes, words: str
) -> None:
    assert alice.actor is not None
    async with browsing(alice.served, alice.actor) as client:
        answer = await bring(client, kind, content)

    assert answer.status_code in (413, 422)
    assert words in answer.text
    assert await alice.get(f"/api/v1/accounts/{alice.id}/following") == []
    async with alice.served.database.reading() as db:
        assert await imports.of(db, alice.actor.id) is None


async def test_one_file_at_a_time(alice: Person, fediverse: Fediverse) -> None:
    assert alice.actor is not None
    async with browsing(alice.served, alice.actor) as client:
        rows = "".join(f"a{n}@here.example\n" for n in range(200))
        first = await bring(client, "following", rows)
        second = await bring(client, "blocks", "bob@here.example\n")
        await fediverse.quiet()
        third = await bring(client, "blocks", "bob@here.example\n")

    assert (first.status_code, second.status_code, third.status_code) == (303, 403, 303)
    assert "Another file is being worked through" in second.text


async def test_a_form_of_another_site_is_refused(alice: Person) -> None:
    assert alice.actor is not None
    async with browsing(alice.served, alice.actor) as client:
        answer = await bring(client, "following", "bob@here.example\n", proof="x")
    async with alice.served.client() as nobody:
        unknown = await nobody.post(f"{DATA}/import", data={"kind": "following"})

    assert (answer.status_code, unknown.status_code) == (403, 401)


@ON_BOTH
async def test_a_job_done_twice_counts_each_row_once(alice: Person, bob: Person) -> None:
    assert alice.actor is not None
    await brought(alice, "following", "bob@here.example\nghost@here.example\n")
    before = await latest(alice)
    async with alice.served.database.writing() as db:
        await db.run("UPDATE imports SET finished = NULL")
    payload = json.dumps({"member_id": alice.actor.id, "asked": before.asked})

    for _ in range(2):
        await importing.bring(alice.served.node, Job(1, None, importing.BRING, 0, "", None, payload, 0, 0, 0))

    after = await latest(alice)
    assert (before.done, before.failed) == (after.done, after.failed) == (2, 1)


async def test_an_import_waits_while_the_account_is_hidden(served: Served, alice: Person, bob: Person) -> None:
    assert alice.actor is not None
    async with served.database.writing() as db:
        await leaving.begin(db, served.node, alice.actor)
    await importing.begin(served.node, alice.actor, Kind.FOLLOWING, b"bob@here.example", overwrite=False)
    await served.fediverse.quiet()
    halted = await latest(alice)

    async with served.client() as client:
        back = await client.post("/sign-in", data={"login": "alice", "password": PASSWORD})
        await client.post(back.headers["location"])
    served.fediverse.clock.advance(seconds=3700)
    await served.fediverse.quiet()

    assert (halted.done, halted.finished) == (0, None)
    assert (await latest(alice)).done == 1
    assert await handles(bob, f"/api/v1/accounts/{bob.id}/followers") == {"alice"}
