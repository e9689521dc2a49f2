"""Streams over real sockets: what reaches whom, what ends them, and who is not let in."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

import httpx2
import pytest
from websockets.exceptions import InvalidStatus
from websockets.typing import Subprotocol

from node.requests import secret_hash
from node.sharing import posts as sharing
from node.sharing.drafts import Draft
from node.streams import POSTED, WAITING, Event, Kind, Stream
from storage import members, tokens
from tests.clients.person import Person, person
from tests.clients.sockets import SOON, opened, token_of
from tests.serving import ON_BOTH, Served


async def befriended(follower: Person, followed: Person) -> None:
    await follower.post(f"/api/v1/accounts/{followed.id}/follow")


@ON_BOTH
async def test_a_post_reaches_those_who_follow_and_public_streams(door: str, alice: Person, bob: Person) -> None:
    await befriended(bob, alice)
    async with opened(door, token_of(bob), "?stream=user") as home, opened(door, query="?stream=public:local") as here:
        said = await alice.say("Two nurses check #insulin now.")

        event, shown = await home.event()
        assert (event, shown["id"]) == ("update", said["id"])
        assert shown["favourited"] is False
        event, shown = await here.event()
        assert (event, shown["id"], "favourited" in shown) == ("update", said["id"], False)


async def test_streams_are_opened_and_closed_by_messages(door: str, alice: Person, bob: Person) -> None:
    async with opened(door, token_of(bob)) as reading:
        await alice.say("before")
        await reading.say(type="subscribe", stream="public")
        await reading.say(type="subscribe", stream="hashtag", tag="Insulin")
        await asyncio.sleep(0.1)
        await alice.say("about #insulin")

        first, second = await reading.next(), await reading.next()
        assert sorted([first["stream"], second["stream"]]) == [["hashtag", "insulin"], ["public"]]

        await reading.say(type="unsubscribe", stream="public")
        await asyncio.sleep(0.1)
        await alice.say("about something else")
        await reading.nothing()


@ON_BOTH
async def test_the_muted_are_not_met_on_public_streams(door: str, alice: Person, bob: Person) -> None:
    await bob.post(f"/api/v1/accounts/{alice.id}/mute")
    async with opened(door, token_of(bob), "?stream=public") as muting, opened(door, query="?stream=public") as other:
        said = await alice.say("about #insulin")

        assert (await other.event())[1]["id"] == said["id"]
        await muting.nothing()


async def test_an_edit_and_a_deletion_are_told(door: str, alice: Person, bob: Person) -> None:
    await befriended(bob, alice)
    said = await alice.say("first words")
    async with opened(door, token_of(bob), "?stream=user") as reading:
        await alice.edit(said["id"], status="second words")
        event, shown = await reading.event()
        assert (event, shown["id"], "second words" in shown["content"]) == ("status.update", said["id"], True)

        await alice.delete(f"/api/v1/statuses/{said['id']}")
        assert await reading.event() == ("delete", said["id"])


async def test_notifications_come_once_each_and_only_new_ones(door: str, alice: Person, bob: Person) -> None:
    said = await alice.say("hello")
    await bob.post(f"/api/v1/statuses/{said['id']}/favourite")
    async with opened(door, token_of(alice), "?stream=user:notification") as reading:
        await bob.say("@alice look")
        event, shown = await reading.event()
        assert (event, shown["type"], shown["account"]["acct"]) == ("notification", "mention", "bob")

        await bob.post(f"/api/v1/statuses/{said['id']}/reblog")
        assert (await reading.event())[1]["type"] == "reblog"
        await reading.nothing()


async def test_a_direct_post_reaches_only_whom_it_names(door: str, served: Served, alice: Person, bob: Person) -> None:
    async with person(served, "carol") as carol:
        await befriended(bob, alice)
        await befriended(carol, alice)
        async with (
            opened(door, token_of(bob), "?stream=user") as named,
            opened(door, token_of(carol), "?stream=user") as other,
            opened(door, query="?stream=public") as everybody,
        ):
            await alice.say("@bob for you alone", visibility="direct")

            assert {(await named.event())[0], (await named.event())[0]} == {"update", "notification"}
            await other.nothing()
            await everybody.nothing()


async def test_a_block_holds_for_the_next_event(door: str, served: Served, alice: Person, bob: Person) -> None:
    async with opened(door, token_of(bob), "?stream=public") as reading:
        await alice.say("seen")
        assert (await reading.event())[0] == "update"

        await bob.post(f"/api/v1/accounts/{alice.id}/block")
        await alice.say("not seen")
        await reading.nothing()


@pytest.mark.parametrize("how", ["revoked", "disabled"])
async def test_who_may_act_no_more_is_sent_away(
    door: str, served: Served, alice: Person, bob: Person, how: str
) -> None:
    assert bob.actor is not None
    async with opened(door, token_of(bob), "?stream=public") as reading, opened(door, query="?stream=public") as other:
        async with served.database.writing() as db:
            if how == "revoked":
                await tokens.revoke(db, secret_hash(token_of(bob)))
            else:
                await members.disable(db, bob.actor.id, now=1)

        assert await reading.closed() == 1008
        await alice.say("the others read on")
        assert (await other.event())[0] == "update"


async def test_a_token_comes_as_a_subprotocol_and_is_echoed(door: str, alice: Person) -> None:
    async with opened(door, subprotocols=[Subprotocol(token_of(alice))], query="?stream=user") as reading:
        assert reading.socket.subprotocol == token_of(alice)
        said = await alice.say("mine")
        assert (await reading.event())[1]["id"] == said["id"]


async def test_a_token_comes_in_the_query_and_the_path_may_end_in_a_slash(door: str, alice: Person) -> None:
    async with opened(door, query=f"/?stream=user&access_token={token_of(alice)}") as reading:
        await alice.say("mine")
        assert (await reading.event())[0] == "update"


@pytest.mark.parametrize(
    ("token", "query", "status"),
    [
        ("wrong", "?stream=user", 401),
        ("", "?stream=user", 401),
        ("", "?stream=nothing", 422),
        ("", "?stream=hashtag", 422),
        ("", "/elsewhere", 404),
    ],
)
async def test_who_may_not_read_is_told_at_the_door(door: str, token: str, query: str, status: int) -> None:
    with pytest.raises(InvalidStatus) as refused:
        async with opened(door, token, query):
            pass

    assert refused.value.response.status_code == status


async def test_a_token_without_the_scope_reads_no_home(door: str, served: Served) -> None:
    async with person(served, "carol", scopes="write") as carol, opened(door, token_of(carol)) as reading:
        await reading.say(type="subscribe", stream="user")
        assert (await reading.next())["status"] == 401


@pytest.mark.parametrize(
    "text", ["{", "[]", '{"type":"subscribe"}', '{"type":"sing","stream":"public"}', '"x"', "null"]
)
async def test_what_is_no_message_is_answered_and_harms_nothing(door: str, alice: Person, text: str) -> None:
    async with opened(door, query="?stream=public") as reading:
        await reading.socket.send(text)
        assert (await reading.next())["status"] == 400
        await alice.say("still here")
        assert (await reading.event())[0] == "update"


async def test_who_reads_too_slowly_is_let_go_and_the_others_read_on(door: str, served: Served, alice: Person) -> None:
    async with opened(door, query="?stream=public") as slow, opened(door, query="?stream=hashtag&tag=x") as other:
        for number in range(WAITING + 1):
            served.node.streams.tell(Event(Kind.DELETE, number), [Stream("public")])

        assert await slow.closed() == 1008
        await alice.say("#x")
        assert (await other.event())[0] == "update"


async def test_who_left_is_forgotten(door: str, served: Served, alice: Person) -> None:
    async with opened(door, token_of(alice), "?stream=user"):
        assert served.node.streams
    async with asyncio.timeout(SOON):
        while served.node.streams:  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.01)

    assert served.node.streams.tokens() == set()


async def test_server_sent_events(door: str, alice: Person, bob: Person) -> None:
    await befriended(bob, alice)
    async with (
        httpx2.AsyncClient(base_url=f"http://{door}", headers=bob.web.headers, timeout=SOON) as web,
        web.stream("GET", "/api/v1/streaming/user") as answer,
    ):
        assert answer.headers["content-type"].startswith("text/event-stream")
        lines = answer.aiter_lines()
        assert await anext(lines) == ":)"
        said = await alice.say("to all who listen")
        found = [line async for line in _until_data(lines)]

    assert found[-2] == "event: update"
    assert json.loads(found[-1].removeprefix("data: "))["id"] == said["id"]


async def _until_data(lines: AsyncIterator[str]) -> AsyncIterator[str]:
    async for line in lines:
        yield line
        if line.startswith("data: "):
            return


async def test_events_are_for_those_who_may_read_them(door: str) -> None:
    async with httpx2.AsyncClient(base_url=f"http://{door}", timeout=SOON) as web:
        assert (await web.get("/api/v1/streaming/user")).status_code == 401
        assert (await web.get("/api/v1/streaming/hashtag")).status_code == 422
        assert (await web.get("/api/v1/streaming/health")).text == "OK"


@ON_BOTH
async def test_what_no_signal_told_of_is_found_by_a_look_and_nothing_older(
    door: str, served: Served, alice: Person
) -> None:
    for number in range(3):
        await alice.say(f"before anybody read {number}")
    async with opened(door, query="?stream=public") as reading:
        for _ in range(2):
            served.database.signal(POSTED)  # what a look at the tables begins with
            await reading.nothing()
        assert alice.actor is not None
        async with served.database.writing() as db:
            made, _ = await sharing.publish(db, served.node, alice.actor, Draft("nobody told of it"), {})
        await reading.nothing()
        for _ in range(2):
            served.database.signal(POSTED)

        event, shown = await reading.event()
        assert (event, shown["id"]) == ("update", str(made.id))
        await reading.nothing()


async def test_counts_of_a_poll_come_together_and_its_end_is_told(door: str, alice: Person, bob: Person) -> None:
    asked = await alice.say("Which?", poll={"options": ["a", "b"], "expires_in": 300})
    query = "?stream=user"
    async with person(alice.served, "eve") as eve, opened(door, token_of(alice), query) as reading:
        for who in (bob, eve):
            await who.post(f"/api/v1/polls/{asked['poll']['id']}/votes", choices=[0])
        await reading.nothing()
        alice.served.fediverse.clock.advance(seconds=130)
        event, shown = await reading.event()
        await reading.nothing()
        alice.served.fediverse.clock.advance(seconds=300)
        told = [await reading.event() for _ in range(2)]

    assert (event, shown["id"], shown["poll"]["votes_count"]) == ("status.update", asked["id"], 2)
    by_kind = dict(told)
    assert by_kind["notification"]["type"] == "poll"
    assert by_kind["status.update"]["poll"]["expired"] is True


@ON_BOTH
async def test_what_is_hidden_vanishes_and_comes_back_when_it_is_shown(
    door: str, alice: Person, bob: Person, gwen: Person
) -> None:
    await befriended(bob, alice)
    said = await alice.say("Two nurses check #insulin now.")
    async with opened(door, token_of(bob), "?stream=user") as home, opened(door, query="?stream=public:local") as here:
        await bob.post("/api/v1/sharewell/recognisable", status_id=said["id"])
        assert await home.event() == await here.event() == ("delete", said["id"])
        await alice.post(f"/api/v1/statuses/{said['id']}/favourite")
        await home.nothing()

        [case] = await gwen.get("/api/v1/sharewell/guardian/cases")
        await gwen.post(f"/api/v1/sharewell/guardian/cases/{case['id']}/show")
        for reading in (home, here):
            event, shown = await reading.event()
            assert (event, shown["id"]) == ("update", said["id"])
