"""Take one's data along: an archive, and tables as Mastodon has them."""

from __future__ import annotations

import csv
import io
import json
import re
import tracemalloc
from dataclasses import replace
from zipfile import ZipFile

import httpx2
import pytest

from node import sweeping
from node.connecting import members as use
from node.connecting import teams
from node.portability import archives, gathering
from storage.actors import ActorKind
from storage.jobs import Job
from storage.teams import Place
from tests import pictures
from tests.clients.person import Person, person
from tests.pages.conftest import browsing, hidden
from tests.relay_of_mail import relaying
from tests.serving import ON_BOTH, Fediverse, Served

DATA = "/settings/data"
JOB = Job(1, None, "sweep-media", 0, "", None, "", 0, 0, 0)


async def ask(client: httpx2.AsyncClient) -> httpx2.Response:
    """Press the button."""
    proof = hidden((await client.get(DATA)).text, "proof")
    return await client.post(f"{DATA}/archive", data={"proof": proof})


async def gathered(who: Person) -> ZipFile:
    """The archive of a member, as they get it by the page."""
    assert who.actor is not None
    async with browsing(who.served, who.actor) as client:
        asked = await ask(client)
        assert asked.status_code == 303
        await who.served.fediverse.quiet()
        shown = (await client.get(DATA)).text
        assert "Download your data" in shown
        answer = await client.get(f"{DATA}/archive")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "private, no-store"
    return ZipFile(io.BytesIO(answer.content))


def rows(archive: ZipFile, name: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(archive.read(name).decode())))


async def furnished(alice: Person, bob: Person) -> str:
    """Alice with a little of everything; the text that bob shared."""
    theirs = await bob.say("what bob shared")
    await alice.post(f"/api/v1/accounts/{bob.id}/follow", reblogs=False, notify=True)
    await bob.post(f"/api/v1/accounts/{alice.id}/follow")
    for act in ("favourite", "bookmark", "reblog"):
        await alice.post(f"/api/v1/statuses/{theirs['id']}/{act}")
    await alice.say("for all", spoiler_text="careful")
    await alice.say("for followers", visibility="private")
    await alice.say("@bob for you alone", visibility="direct")
    sent = await alice.web.post(
        "/api/v2/media", data={"description": "A torch, lit"}, files={"file": ("a.png", pictures.png((40, 30)))}
    )
    await alice.served.fediverse.quiet()
    await alice.say("with a picture", media_ids=[sent.json()["id"]])
    await alice.say("what I quote", quoted_status_id=theirs["id"])
    asked = await bob.say("?", poll={"options": ["Torch", "Mirror"], "expires_in": 600})
    await alice.post(f"/api/v1/polls/{asked['poll']['id']}/votes", choices=[1])
    await alice.post(f"/api/v1/accounts/{bob.id}/note", comment="met at handover")
    made = await alice.post("/api/v1/lists", title="Ward, four")
    await alice.post(f"/api/v1/lists/{made['id']}/accounts", account_ids=[bob.id])
    await alice.post("/api/v1/collections", name="Wards", account_ids=[bob.id])
    measure = await alice.post("/api/v1/sharewell/measures", name="Falls", points=[3, 4])
    await alice.post(f"/api/v1/sharewell/measures/{measure['id']}/points", points=[["2", 5]])
    team = await alice.served.account("links", kind=ActorKind.GROUP)
    async with alice.served.database.writing() as db:
        await teams.add(db, alice.served.node, team, "alice", Place.LEAD, by=None)
    path = "/api/v1/sharewell/highlights"
    await alice.post(path, status_id=theirs["id"], reason="Read it.", **{"as": str(team.id)})
    await alice.web.put("/api/v1/sharewell/quiet_times", json={"starts": "22:00", "ends": "07:00", "days": [6]})
    await alice.web.put("/api/v1/sharewell/prompts", json={"asked": False})
    await alice.post("/api/v1/domain_blocks", domain="spam.example")
    await alice.post(
        "/api/v2/filters", title="Rota", context=["home"], keywords_attributes=[{"keyword": "rota", "whole_word": True}]
    )
    return str(theirs["uri"])


@ON_BOTH
async def test_the_archive_has_all_of_a_member(alice: Person, bob: Person) -> None:
    theirs = await furnished(alice, bob)

    archive = await gathered(alice)

    outbox = json.loads(archive.read("outbox.json"))
    notes = {one["object"]["content"]: one["object"] for one in outbox["orderedItems"] if one["type"] == "Create"}
    assert outbox["totalItems"] == len(outbox["orderedItems"]) == 6
    assert {re.sub("<[^>]+>", "", one) for one in notes} == {
        "for all", "for followers", "@bob for you alone", "with a picture", f"RE: {theirs}what I quote",
    }  # fmt: skip
    [quoting] = [one for one in notes.values() if "quote" in one]
    assert quoting["quote"] == theirs and "/quote_authorizations/" in quoting["quoteAuthorization"]
    assert outbox["@context"][1]["quote"]["@id"] == "https://w3id.org/fep/044f#quote"
    assert [one["object"] for one in outbox["orderedItems"] if one["type"] == "Announce"] == [theirs]
    file = notes["<p>with a picture</p>"]["attachment"][0]
    assert file["name"] == "A torch, lit"
    assert archive.read(file["url"])[:4] == b"\x89PNG"
    assert rows(archive, "media.csv")[1][:2] == [file["url"], "A torch, lit"]
    assert json.loads(archive.read("actor.json"))["preferredUsername"] == "alice"
    assert json.loads(archive.read("likes.json"))["orderedItems"] == [theirs]
    assert json.loads(archive.read("bookmarks.json"))["orderedItems"] == [theirs]
    assert rows(archive, "following.csv") == [
        ["Account address", "Show boosts", "Notify on new posts", "Languages"],
        ["bob@here.example", "false", "true", ""],
    ]
    assert rows(archive, "followers.csv") == [["Account address"], ["bob@here.example"]]
    assert rows(archive, "lists.csv") == [["Ward, four", "bob@here.example"]]
    assert rows(archive, "domain_blocks.csv") == [["spam.example"]]
    assert rows(archive, "bookmarks.csv") == [[theirs]]
    assert json.loads(archive.read("notes.json")) == [{"about": "bob@here.example", "note": "met at handover"}]
    assert [one["choice"] for one in json.loads(archive.read("polls.json"))] == ["Mirror"]
    [collection] = json.loads(archive.read("collections.json"))
    assert (collection["name"], collection["accounts"]) == ("Wards", ["bob@here.example"])
    [measure] = json.loads(archive.read("measures.json"))
    assert (measure["points"], measure["changes"][0]["corrected"]) == ([["1", 3.0], ["2", 5.0]], {"2": [4.0, 5.0]})
    assert json.loads(archive.read("filters.json"))[0]["words"] == [{"word": "rota", "whole": True}]
    account = json.loads(archive.read("account.json"))
    assert account["email"] == "alice@mail.example"
    assert len(account["browsers"]) == 1 and account["apps"]
    assert account["settings"]["quiet_times"] == {
        "starts": "22:00", "ends": "07:00", "days": [6], "zone": "Europe/London",
    }  # fmt: skip
    assert (account["settings"]["asked_whether_in_place"], account["settings"]["work_address_shown"]) == (False, True)
    [highlight] = json.loads(archive.read("highlights.json"))
    assert (highlight["post"], highlight["reason"]) == (theirs, "Read it.")
    assert b"nobody can be made to follow" in archive.read("README.txt")
    assert archive.testzip() is None


async def test_an_archive_is_made_once_a_day_and_kept_for_a_week(alice: Person) -> None:
    assert alice.actor is not None
    clock = alice.served.fediverse.clock
    await alice.say("hello")
    await gathered(alice)
    async with browsing(alice.served, alice.actor) as client:
        proof = hidden((await client.get("/settings/profile")).text, "proof")
        again = await client.post(f"{DATA}/archive", data={"proof": proof})
        clock.advance(seconds=60)
    first = files(alice.served)
    clock.advance(seconds=24 * 3600)
    await gathered(alice)
    await sweeping.remove_archives(alice.served.node)
    second = files(alice.served)
    clock.advance(seconds=7 * 24 * 3600 + 60)
    async with browsing(alice.served, alice.actor) as client:
        late = await client.get(f"{DATA}/archive")
        shown = (await client.get(DATA)).text
    await sweeping.sweep(alice.served.node, JOB)

    assert again.status_code == 403
    assert len(first) == len(second) == 1 and first != second
    assert late.status_code == 404 and "Download your data" not in shown
    assert files(alice.served) == []


def files(served: Served) -> list[str]:
    """The archives that are on disk."""
    return sorted(one.name for one in served.node.archives.iterdir())


async def test_nobody_else_gets_an_archive(alice: Person, bob: Person) -> None:
    assert bob.actor is not None
    await gathered(alice)
    async with alice.served.client() as nobody, browsing(bob.served, bob.actor) as other:
        statuses = [(await one.get(f"{DATA}/archive")).status_code for one in (nobody, other)]
        tables = [(await nobody.get(f"{DATA}/{one}.csv")).status_code for one in ("following", "failed")]
        forged = await other.post(f"{DATA}/archive", data={"proof": "x"})

    assert statuses == [401, 404]
    assert tables == [401, 401]
    assert forged.status_code == 403


@ON_BOTH
async def test_an_archive_goes_with_the_account(alice: Person) -> None:
    assert alice.actor is not None
    await gathered(alice)
    there = files(alice.served)

    async with alice.served.database.writing() as db:
        await use.delete(db, alice.served.node, alice.actor)
    alice.served.fediverse.clock.advance(seconds=60)
    await alice.served.fediverse.quiet()

    assert len(there) == 1
    assert files(alice.served) == []


async def test_an_archive_that_nobody_waits_for_any_more_is_not_kept(alice: Person) -> None:
    assert alice.actor is not None
    async with browsing(alice.served, alice.actor) as client:
        await ask(client)
        async with alice.served.database.writing() as db:
            await use.delete(db, alice.served.node, alice.actor)
    await alice.served.fediverse.quiet()

    assert not alice.served.node.archives.exists() or files(alice.served) == []


async def test_a_job_that_is_done_twice_leaves_the_archive(alice: Person) -> None:
    assert alice.actor is not None
    await alice.say("hello")
    await gathered(alice)
    file = files(alice.served)[0]
    payload = json.dumps({"member_id": alice.actor.id, "file": file})

    await archives.gather(alice.served.node, replace(JOB, kind=archives.GATHER, payload=payload))

    assert files(alice.served) == [file]


async def test_what_is_broken_off_leaves_no_file(alice: Person) -> None:
    assert alice.actor is not None
    await alice.say("hello")
    path = alice.served.node.archives / "broken.zip"

    async def come(done: int, total: int) -> None:
        raise TimeoutError

    with pytest.raises(TimeoutError):
        await gathering.write(alice.served.node, alice.actor, path, come)

    assert files(alice.served) == []


async def test_tables_come_page_by_page_and_whole(fediverse: Fediverse) -> None:
    here = await fediverse.node("here.example")
    async with person(here, "alice") as alice:
        assert alice.actor is not None
        async with here.database.writing() as db:
            for number in range(450):
                await db.run(
                    "INSERT INTO domain_blocks (member_id, domain) VALUES (:id, :domain)",
                    id=alice.actor.id, domain=f"h{number}.example",
                )  # fmt: skip
        async with browsing(here, alice.actor) as client:
            answer = await client.get(f"{DATA}/domain_blocks.csv")

    assert answer.headers["content-disposition"] == 'attachment; filename="domain_blocks.csv"'
    assert answer.text.split() == [f"h{number}.example" for number in reversed(range(450))]


async def test_lists_come_whole_however_long(fediverse: Fediverse) -> None:
    here = await fediverse.node("here.example")
    async with person(here, "alice") as alice, person(here, "bob") as bob, person(here, "carol") as carol:
        assert alice.actor is not None
        for title, on in (("One", [bob.id]), ("None", []), ("Two", [bob.id, carol.id])):
            made = await alice.post("/api/v1/lists", title=title)
            for one in on:
                await alice.post(f"/api/v1/accounts/{one}/follow")
            if on:
                await alice.post(f"/api/v1/lists/{made['id']}/accounts", account_ids=on)
        async with browsing(here, alice.actor) as client:
            answer = await client.get(f"{DATA}/lists.csv")

    assert answer.text.splitlines() == ["Two,carol@here.example", "Two,bob@here.example", "One,bob@here.example"]


async def test_who_asked_is_told_by_mail(fediverse: Fediverse) -> None:
    async with relaying() as relay:
        served = await fediverse.node("here.example", title="Northmoor Coast", mail=relay.options())
        async with person(served, "alice") as alice:
            await gathered(alice)
            await fediverse.quiet()

        [taken] = relay.taken
    assert taken.message["Subject"] == "Your data on Northmoor Coast is ready"
    assert "https://here.example/settings/data" in taken.text


async def test_many_posts_take_no_more_memory_than_few(fediverse: Fediverse) -> None:
    here = await fediverse.node("here.example")
    peaks = []
    async with person(here, "alice") as alice:
        assert alice.actor is not None
        for posts in (200, 4_000):
            await many_posts(here, alice.actor.id, posts)
            tracemalloc.start()
            await gathering.write(here.node, alice.actor, here.node.archives / f"{posts}.zip", nothing)
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()

    assert json.loads(ZipFile(here.node.archives / "4000.zip").read("outbox.json"))["totalItems"] == 4_000
    assert peaks[1] < peaks[0] + 300_000


async def nothing(done: int, total: int) -> None:
    """Tell nobody how far it has come."""


async def many_posts(served: Served, author_id: int, number: int) -> None:
    """Let an author have so many posts of 500 characters."""
    async with served.database.writing() as db:
        await db.many(
            """
            INSERT INTO posts (id, uri, author_id, local, type, kind, visibility, published, html, text)
            VALUES (:id, :uri, :author_id, 1, 'Note', 'plain', 'private', 1, :html, :html) ON CONFLICT DO NOTHING
            """,
            [
                {"id": 1 + n, "uri": f"https://here.example/@alice/{n}", "author_id": author_id, "html": f"{n} " * 100}
                for n in range(number)
            ],
        )
