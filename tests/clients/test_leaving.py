"""What is left of a member whose account was deleted: nothing they wrote or did."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import LiteralString

import httpx2
import pytest

from node.connecting import leaving
from node.connecting import members as use
from tests.clients.person import Json, Person, person
from tests.pages.conftest import hidden
from tests.relay_of_mail import relaying
from tests.serving import ON_BOTH, PASSWORD, Fediverse, Served

ROWS: dict[str, LiteralString] = {
    "pending": "SELECT id FROM pending WHERE author_id = :id",
    "likes": "SELECT id FROM likes WHERE actor_id = :id",
    "bookmarks": "SELECT id FROM bookmarks WHERE actor_id = :id",
    "told": "SELECT id FROM notifications WHERE member_id = :id OR actor_id = :id",
    "conversations": "SELECT id FROM conversations WHERE member_id = :id",
    "markers": "SELECT timeline FROM markers WHERE member_id = :id",
    "follows": "SELECT id FROM follows WHERE follower_id = :id OR target_id = :id",
    "home": "SELECT position FROM home WHERE member_id = :id OR author_id = :id",
}


async def rows(served: Served, actor_id: int) -> dict[str, int]:
    async with served.database.reading() as db:
        return {name: len(await db.rows(sql, id=actor_id)) for name, sql in ROWS.items()}


async def leave(who: Person) -> None:
    assert who.actor is not None
    async with who.served.database.writing() as db:
        await use.delete(db, who.served.node, who.actor)


@ON_BOTH
async def test_nothing_that_a_member_did_outlives_the_account(alice: Person, bob: Person) -> None:
    assert bob.actor is not None
    said = await alice.say("hello")
    await bob.post(f"/api/v1/statuses/{said['id']}/favourite")
    await bob.post(f"/api/v1/statuses/{said['id']}/bookmark")
    await bob.post(f"/api/v1/accounts/{alice.id}/follow")
    await alice.post(f"/api/v1/accounts/{bob.id}/follow")
    await bob.say("@alice between us", visibility="direct")
    await bob.post("/api/v1/markers", home={"last_read_id": said["id"]})
    await alice.say("@bob you are named")
    assert 0 not in {n for name, n in (await rows(bob.served, bob.actor.id)).items() if name != "pending"}

    await leave(bob)

    assert set((await rows(bob.served, bob.actor.id)).values()) == {0}
    assert (await alice.get(f"/api/v1/statuses/{said['id']}"))["favourites_count"] == 0
    assert [one["account"]["acct"] for one in await alice.get("/api/v1/notifications")] == []
    assert (await alice.get("/api/v1/accounts/verify_credentials"))["followers_count"] == 0


@ON_BOTH
async def test_what_waited_to_go_out_never_does(fediverse: Fediverse) -> None:
    slow = await fediverse.node("slow.example", safety={"fan_out_delay": 60})
    async with person(slow, "carol") as carol:
        assert carol.actor is not None
        await carol.say("not out yet, and never will be")
        assert (await rows(slow, carol.actor.id))["pending"] == 1

        await leave(carol)
        fediverse.clock.advance(seconds=61)
        await fediverse.quiet()

    assert (await rows(slow, carol.actor.id))["pending"] == 0
    async with slow.database.reading() as db:
        assert await db.rows("SELECT id FROM posts") == []


@asynccontextmanager
async def signing_in(served: Served, name: str) -> AsyncGenerator[tuple[httpx2.AsyncClient, httpx2.Response]]:
    """A browser, and what it was answered when a member signed in with it."""
    async with served.client() as client:
        yield client, await client.post("/sign-in", data={"login": name, "password": PASSWORD})


async def ask_to_leave(served: Served, name: str, **more: str) -> httpx2.Response:
    """Fill in the form to delete one's account."""
    async with signing_in(served, name) as (client, _):
        proof = hidden((await client.get("/settings/leave")).text, "proof")
        values = {"proof": proof, "password": PASSWORD, "understood": "1", **more}
        return await client.post("/settings/leave", data=values)


async def keep(served: Served, name: str) -> httpx2.Response:
    """Sign in while the account is about to be deleted, and keep it."""
    async with signing_in(served, name) as (client, answer):
        shown = await client.get(answer.headers["location"])
        assert "Keep my account" in shown.text
        return await client.post(answer.headers["location"])


async def seen(reader: Person, name: str, said: Json) -> set[int]:
    """How a member's page, actor and post answer somebody else."""
    as2 = {"accept": "application/activity+json"}
    async with reader.served.client() as nobody:
        answers = [
            await nobody.get(f"/@{name}"),
            await nobody.get(f"/users/{name}", headers=as2),
            await nobody.get(f"/@{name}/{said['id']}"),
            await nobody.get(f"/@{name}/{said['id']}", headers=as2),
            await nobody.get(f"/.well-known/webfinger?resource=acct:{name}@{reader.served.site.domain}"),
            await reader.web.get(f"/api/v1/statuses/{said['id']}"),
        ]
    return {one.status_code for one in answers}


@ON_BOTH
async def test_who_leaves_is_hidden_and_signed_out_and_can_change_their_mind(alice: Person, bob: Person) -> None:
    said = await bob.say("still here")
    await alice.post(f"/api/v1/accounts/{bob.id}/follow")
    before = await seen(alice, "bob", said)

    answer = await ask_to_leave(bob.served, "bob")
    gone = await seen(alice, "bob", said)
    signed_out = await bob.status_of("GET", "/api/v1/accounts/verify_credentials")
    kept = await keep(bob.served, "bob")

    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?said=leaving")
    assert before == {200} and gone == {404}
    assert signed_out == 401
    assert (kept.status_code, kept.headers["location"]) == (303, "/?said=kept")
    assert await seen(alice, "bob", said) == {200}
    assert [one["acct"] for one in await alice.get(f"/api/v1/accounts/{bob.id}/followers")] == ["alice"]
    bob.served.fediverse.clock.advance(seconds=8 * 24 * 3600)
    await bob.served.fediverse.quiet()
    assert await seen(alice, "bob", said) == {200}


@ON_BOTH
async def test_after_a_week_all_is_erased(alice: Person, bob: Person) -> None:
    assert bob.actor is not None
    said = await bob.say("soon gone")
    await ask_to_leave(bob.served, "bob")
    bob.served.fediverse.clock.advance(seconds=7 * 24 * 3600 - 60)
    await bob.served.fediverse.quiet()
    there = (await rows(bob.served, bob.actor.id), await seen(alice, "bob", said))

    bob.served.fediverse.clock.advance(seconds=120)
    async with signing_in(bob.served, "bob") as (_, refused):
        await bob.served.fediverse.quiet()

    assert there[1] == {404}
    assert refused.status_code == 422
    assert set((await rows(bob.served, bob.actor.id)).values()) == {0}
    as2 = {"accept": "application/activity+json"}
    assert await bob.status_of("GET", "/users/bob", headers=as2) == 410
    async with signing_in(bob.served, "bob") as (_, again):
        assert again.status_code == 422


@pytest.mark.parametrize(
    ("more", "status"), [({"password": "wrong"}, 422), ({"password": ""}, 422), ({"understood": "0"}, 422)]
)
async def test_nothing_happens_without_password_and_tick(alice: Person, more: dict[str, str], status: int) -> None:
    answer = await ask_to_leave(alice.served, "alice", **more)

    assert answer.status_code == status
    assert (await alice.get("/api/v1/accounts/verify_credentials"))["acct"] == "alice"


async def test_a_link_to_keep_works_once_and_for_an_hour(alice: Person) -> None:
    await ask_to_leave(alice.served, "alice")
    async with signing_in(alice.served, "alice") as (client, answer):
        late = answer.headers["location"]
        alice.served.fediverse.clock.advance(seconds=3601)
        over = [(await client.get(late)).status_code, (await client.post(late)).status_code]
        fresh = (await client.post("/sign-in", data={"login": "alice", "password": PASSWORD})).headers["location"]
        first, second = await client.post(fresh), await client.post(fresh)

    assert over == [404, 404]
    assert (first.status_code, second.status_code) == (303, 404)


async def test_other_servers_are_told_after_the_week_and_not_before(fediverse: Fediverse) -> None:
    here, there = await fediverse.node("here.example"), await fediverse.node("there.example")
    async with person(here, "alice") as alice, person(there, "bob") as bob:
        found = await bob.get("/api/v2/search", q="@alice@here.example", resolve=True)
        await bob.post(f"/api/v1/accounts/{found['accounts'][0]['id']}/follow")
        await fediverse.quiet()
        later = (datetime.fromtimestamp(fediverse.clock.now / 1000, UTC) + timedelta(days=2)).isoformat()
        await alice.say("to come out while I am away", scheduled_at=later)
        await alice.say("hello")
        await fediverse.quiet()
        before = len(fediverse.exchanged)

        await ask_to_leave(here, "alice")
        fediverse.clock.advance(seconds=6 * 24 * 3600)
        await fediverse.quiet()
        silent = [one for one in fediverse.exchanged[before:] if "there.example" in one.url]
        fediverse.clock.advance(seconds=24 * 3600 + 60)
        await fediverse.quiet()
        told = [json.loads(one.body)["type"] for one in fediverse.exchanged[before:] if "there.example" in one.url]
        left = await bob.get("/api/v1/timelines/home")

    assert silent == []
    assert told == ["Delete"]
    assert left == []


async def test_a_deletion_whose_job_was_lost_happens_all_the_same(alice: Person) -> None:
    await ask_to_leave(alice.served, "alice")
    async with alice.served.database.writing() as db:
        await db.run("DELETE FROM jobs")
    alice.served.fediverse.clock.advance(seconds=8 * 24 * 3600)

    await leaving.promise_overdue(alice.served.node)
    await alice.served.fediverse.quiet()

    as2 = {"accept": "application/activity+json"}
    assert await alice.status_of("GET", "/users/alice", headers=as2) == 410


async def test_who_leaves_is_told_by_mail_and_who_stays_too(fediverse: Fediverse) -> None:
    async with relaying() as relay:
        served = await fediverse.node("here.example", title="Northmoor Coast", mail=relay.options())
        await served.account("rosa")
        await ask_to_leave(served, "rosa")
        await fediverse.quiet()
        await keep(served, "rosa")
        await fediverse.quiet()

        leaving_mail, kept_mail = relay.taken
    assert leaving_mail.to == kept_mail.to == ["rosa@mail.example"]
    assert leaving_mail.message["Subject"] == "Your account on Northmoor Coast is about to be deleted"
    assert "On 2 Nov 2026 it is erased" in leaving_mail.text
    assert "https://here.example/sign-in" in leaving_mail.text
    assert kept_mail.message["Subject"] == "Your account on Northmoor Coast stays"


@ON_BOTH
async def test_who_leaves_and_forgot_the_password_can_still_keep_the_account(fediverse: Fediverse) -> None:
    async with relaying() as relay:
        served = await fediverse.node("here.example", mail=relay.options())
        await served.account("rosa")
        await ask_to_leave(served, "rosa")
        async with served.client() as client:
            await client.post("/forgot", data={"login": "rosa"})
            await fediverse.quiet()
            link = next(line for one in relay.taken for line in one.text.splitlines() if "/reset/" in line)
            await client.post(link.strip(), data={"password": "three quiet words"})
            answer = await client.post("/sign-in", data={"login": "rosa", "password": "three quiet words"})
            kept = await client.post(answer.headers["location"])

    assert answer.headers["location"].startswith("/keep/")
    assert kept.headers["location"] == "/?said=kept"


async def test_a_post_that_was_to_come_out_meanwhile_does_so_when_its_author_stays(fediverse: Fediverse) -> None:
    here, there = await fediverse.node("here.example"), await fediverse.node("there.example")
    async with person(here, "alice") as alice, person(there, "bob") as bob:
        found = await bob.get("/api/v2/search", q="@alice@here.example", resolve=True)
        await bob.post(f"/api/v1/accounts/{found['accounts'][0]['id']}/follow")
        later = (datetime.fromtimestamp(fediverse.clock.now / 1000, UTC) + timedelta(days=2)).isoformat()
        await alice.say("to come out while I am away", scheduled_at=later)
        await fediverse.quiet()
        await ask_to_leave(here, "alice")
        fediverse.clock.advance(seconds=3 * 24 * 3600)
        await fediverse.quiet()
        meanwhile = await bob.get("/api/v1/timelines/home")

        await keep(here, "alice")
        fediverse.clock.advance(seconds=3601)
        await fediverse.quiet()
        come = await bob.get("/api/v1/timelines/home")

    assert meanwhile == []
    assert [one["content"] for one in come] == ["<p>to come out while I am away</p>"]
