"""Streams of lists and conversations, and how soon what a member changes holds for streams that are open."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncGenerator

import httpx2
import pytest
from websockets.exceptions import InvalidStatus

from node.requests import secret_hash
from storage import tokens
from tests.clients.person import Json, Person, person
from tests.clients.sockets import QUIET, SOON, opened, token_of
from tests.serving import ON_BOTH, Served

AT_MOST = 1.0  # seconds until a change holds


@pytest.fixture
async def carol(served: Served) -> AsyncGenerator[Person]:
    """A third member."""
    async with person(served, "carol") as made:
        yield made


async def listed(alice: Person, *others: Person, **values: str | bool) -> Json:
    """A list of Alice's with these on it, whom she follows."""
    made = await alice.post("/api/v1/lists", title="Wards", **values)
    for one in others:
        await alice.post(f"/api/v1/accounts/{one.id}/follow")
    await alice.post(f"/api/v1/lists/{made['id']}/accounts", account_ids=[one.id for one in others])
    return made


@ON_BOTH
async def test_a_list_is_told_what_its_accounts_share_and_pass_on(
    door: str, alice: Person, bob: Person, carol: Person
) -> None:
    made = await listed(alice, bob, exclusive=True)
    theirs = await carol.say("Of a stranger")
    async with opened(door, token_of(alice), f"?stream=list&list={made['id']}") as reading:
        said = await bob.say("One")
        first = await reading.next()
        assert (first["stream"], first["event"], json.loads(first["payload"])["id"]) == (
            ["list", made["id"]], "update", said["id"],
        )  # fmt: skip

        await carol.say("Not of the list")
        await bob.say("@carol a reply", in_reply_to_id=theirs["id"])
        boost = await bob.post(f"/api/v1/statuses/{theirs['id']}/reblog")
        event, shown = await reading.event()
        assert (event, shown["id"], shown["reblog"]["id"]) == ("update", boost["id"], theirs["id"])

        await bob.edit(said["id"], status="Two")
        event, shown = await reading.event()
        assert (event, shown["id"]) == ("status.update", said["id"])
        await bob.delete(f"/api/v1/statuses/{said['id']}")
        assert await reading.event() == ("delete", said["id"])
        await reading.nothing()


@ON_BOTH
async def test_who_joins_and_leaves_a_list_is_told_at_once(
    door: str, alice: Person, bob: Person, carol: Person
) -> None:
    made = await listed(alice, bob)
    await alice.post(f"/api/v1/accounts/{carol.id}/follow")
    path = f"/api/v1/lists/{made['id']}/accounts"
    async with opened(door, token_of(alice)) as reading:
        await reading.say(type="subscribe", stream="list", list=made["id"])
        await asyncio.sleep(0.1)
        await alice.post(path, account_ids=[carol.id])
        said = await carol.say("On the list")
        assert (await reading.event())[1]["id"] == said["id"]

        await alice.web.request("DELETE", path, json={"account_ids": [bob.id]})
        await bob.say("Not any more")
        await alice.post(f"/api/v1/accounts/{carol.id}/unfollow")
        await carol.say("Nor this")
        await reading.nothing()


async def test_a_list_of_another_member_is_not_read_even_when_an_id_is_given_again(
    door: str, alice: Person, bob: Person, carol: Person
) -> None:
    made = await listed(alice, carol)
    with pytest.raises(InvalidStatus) as refused:
        async with opened(door, token_of(bob), f"?stream=list&list={made['id']}"):
            pass
    async with (
        opened(door, token_of(bob)) as asking,
        opened(door, token_of(alice), f"?stream=list&list={made['id']}") as old,
    ):
        await asking.say(type="subscribe", stream="list", list=made["id"])
        answered = await asking.next()
        await alice.delete(f"/api/v1/lists/{made['id']}")
        again = await listed(bob, carol)
        await carol.say("Hello")
        await old.nothing()
        await asking.nothing()

    assert (refused.value.response.status_code, answered["status"]) == (404, 404)
    assert again["id"] == made["id"], "the database gives ids again: that is what this test is about"


@ON_BOTH
async def test_direct_posts_are_told_to_who_takes_part_as_conversations(
    door: str, alice: Person, bob: Person, carol: Person
) -> None:
    async with (
        opened(door, token_of(alice), "?stream=direct") as sender,
        opened(door, token_of(bob), "?stream=direct") as named,
        opened(door, token_of(carol), "?stream=direct") as other,
    ):
        said = await alice.say("@bob between us", visibility="direct")
        event, told = await named.event()
        own = (await sender.event())[1]
        assert (event, told["unread"], told["last_status"]["id"]) == ("conversation", True, said["id"])
        assert (own["unread"], own["last_status"]["id"]) == (False, said["id"])
        assert told == (await bob.get("/api/v1/conversations"))[0]

        answer = await bob.say("@alice yes", visibility="direct", in_reply_to_id=said["id"])
        assert (await named.event())[1]["last_status"]["id"] == answer["id"]
        assert (await sender.event())[1]["unread"] is True

        await alice.say("@carol to all")
        await alice.delete(f"/api/v1/statuses/{said['id']}")
        for reading in (named, sender, other):
            await reading.nothing()


@ON_BOTH
@pytest.mark.parametrize("act", ["block", "mute"])
async def test_a_block_or_mute_holds_for_the_next_event_of_each_stream(
    door: str, alice: Person, bob: Person, act: str
) -> None:
    made = await listed(alice, bob)
    streams = ["user", "public", "hashtag", "list", "direct"]
    async with opened(door, token_of(alice)) as reading:
        for stream in streams:
            await reading.say(type="subscribe", stream=stream, list=made["id"], tag="x")
        await asyncio.sleep(0.1)
        await bob.say("#x")
        before = {(await reading.next())["stream"][0] for _ in range(4)}
        await alice.post(f"/api/v1/accounts/{bob.id}/{act}")
        await bob.say("@alice #x", visibility="direct")
        await bob.say("@alice #x")
        await reading.nothing()

    assert before == {"user", "public", "hashtag", "list"}


@ON_BOTH
async def test_a_filter_holds_for_the_next_event_and_apps_are_told_that_it_changed(
    door: str, alice: Person, bob: Person
) -> None:
    made = await listed(alice, bob)
    async with (
        opened(door, token_of(alice), "?stream=user") as home,
        opened(door, token_of(alice), f"?stream=list&list={made['id']}") as reading,
        opened(door, token_of(bob), "?stream=user") as other,
    ):
        words = [{"keyword": "falls"}]
        kept = await alice.post("/api/v2/filters", title="x", context=["home"], keywords_attributes=words)
        assert await home.next() == {"stream": ["user"], "event": "filters_changed"}
        await bob.say("falls")
        assert [one["filter"]["id"] for one in (await home.event())[1]["filtered"]] == [kept["id"]]
        assert [one["filter"]["id"] for one in (await reading.event())[1]["filtered"]] == [kept["id"]]

        await alice.delete(f"/api/v2/filters/{kept['id']}")
        assert await home.next() == {"stream": ["user"], "event": "filters_changed"}
        await bob.say("falls again")
        assert (await home.event())[1]["filtered"] == []
        assert {(await other.event())[0] for _ in range(2)} == {"update"}
        await other.nothing()


@ON_BOTH
@pytest.mark.parametrize("how", ["revoked", "suspended", "disabled"])
async def test_who_may_act_no_more_is_sent_away_within_a_second(
    door: str, served: Served, alice: Person, bob: Person, how: str
) -> None:
    made = await listed(alice, bob)
    async with opened(door, token_of(alice), f"?stream=list&list={made['id']}") as reading:
        async with served.database.writing() as db:
            if how == "revoked":
                await tokens.revoke(db, secret_hash(token_of(alice)))
            elif how == "suspended":
                await db.run("UPDATE actors SET suspended = 1 WHERE id = :id", id=int(alice.id))
            else:
                await db.run("UPDATE members SET disabled = 1 WHERE actor_id = :id", id=int(alice.id))
        since = time.monotonic()
        assert await reading.closed() == 1008

    assert time.monotonic() - since < AT_MOST


@ON_BOTH
async def test_what_a_suspended_member_shares_reaches_nobody(
    door: str, served: Served, alice: Person, bob: Person
) -> None:
    made = await listed(alice, bob)
    async with opened(door, token_of(alice), f"?stream=list&list={made['id']}") as reading:
        said = await bob.say("Before")
        assert (await reading.event())[1]["id"] == said["id"]
        async with served.database.writing() as db:
            await db.run("UPDATE actors SET suspended = 1 WHERE id = :id", id=int(bob.id))
        await bob.web.put(f"/api/v1/statuses/{said['id']}", json={"status": "After"})
        await reading.nothing()


@pytest.mark.parametrize(
    ("path", "status"),
    [("list", 422), ("list?list=x", 422), ("list?list=99", 404), ("list?list=-1", 422), ("direct", 200)],
)
async def test_events_of_ones_own_by_http(door: str, alice: Person, path: str, status: int) -> None:
    async with (
        httpx2.AsyncClient(base_url=f"http://{door}", headers=alice.web.headers, timeout=SOON) as web,
        web.stream("GET", f"/api/v1/streaming/{path}") as answer,
    ):
        assert answer.status_code == status
    async with httpx2.AsyncClient(base_url=f"http://{door}", timeout=SOON) as web:
        assert (await web.get(f"/api/v1/streaming/{path}")).status_code == 401


async def test_changed_filters_are_told_by_http_too(door: str, alice: Person) -> None:
    async with (
        httpx2.AsyncClient(base_url=f"http://{door}", headers=alice.web.headers, timeout=SOON) as web,
        web.stream("GET", "/api/v1/streaming/user") as answer,
    ):
        lines = answer.aiter_lines()
        assert await anext(lines) == ":)"
        await alice.post("/api/v2/filters", title="x", context=["home"])
        async with asyncio.timeout(SOON + QUIET):
            told = [await anext(lines) for _ in range(3)]

    assert told == ["", "event: filters_changed", "data: undefined"]
