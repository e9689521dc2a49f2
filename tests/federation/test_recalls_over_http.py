"""A note is taken back over real sockets: two nodes of ours, a server that is down for a while, and two that refuse."""

from __future__ import annotations

import asyncio
import json
import socket
import time
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import pytest
import uvicorn

from federation.fetching import actors as fetching
from storage import actors, follows
from storage.actors import Actor, ActorKind, Profile
from storage.members import Role
from tests.federation import loopback
from tests.federation.doors import PEERS, door
from tests.federation.loopback import Asked, Peer
from tests.federation.test_recalls import here, recall, standing
from tests.federation.test_two_nodes import NOTE, follow, share
from tests.serving import ON_BOTH, Fediverse, Served

HOSTS = ("127.0.20.71", "127.0.20.72", "127.0.20.73", "127.0.20.74", "127.0.20.75")


@asynccontextmanager
async def on_a_socket(fediverse: Fediverse, host: str) -> AsyncGenerator[Served]:
    """A node that is reached, and reaches others, over sockets."""
    async with AsyncExitStack() as stack:
        bound = stack.enter_context(socket.socket())
        bound.bind((host, 0))
        place = f"{host}:{bound.getsockname()[1]}"
        client = await stack.enter_async_context(door())
        served = await fediverse.node(
            place,
            client=client,
            base_url=f"http://{place}",
            federation={"insecure_http": True, "private_peers": list(PEERS)},
        )
        server = uvicorn.Server(uvicorn.Config(served.app, lifespan="off", access_log=False, log_level="warning"))
        serving = asyncio.create_task(server.serve(sockets=[bound]))
        while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
            await asyncio.sleep(0.01)
        try:
            yield served
        finally:
            server.should_exit = True
            await serving


async def follower_at(served: Served, peer: Peer, rosa: Actor) -> None:
    """Somebody at a server that only takes what is posted follows Rosa."""
    uri = peer.url("/users/ola")
    profile = Profile(
        uri=uri, kind=ActorKind.PERSON, handle="ola", domain=peer.place, published=1, inbox=f"{uri}/inbox",
        shared_inbox=peer.url("/inbox"),
    )  # fmt: skip
    async with served.database.writing() as db:
        actor_id = await actors.add(db, profile, now=1)
        assert actor_id is not None
        await follows.ask(db, follower_id=actor_id, target_id=rosa.id, uri=f"{uri}#f", now=1, accepted=1)


def sent(peer: Peer) -> list[str]:
    return [json.loads(one.body)["type"] for one in peer.asked if one.method == "POST"]


async def until(served: Served, by: Actor, recall_id: str, wanted: dict[str, str]) -> None:
    async with asyncio.timeout(30):
        while not wanted.items() <= (await standing(served, by, recall_id)).items():
            served.fediverse.clock.advance(seconds=30)
            await asyncio.sleep(0.05)


@pytest.fixture
def now(fediverse: Fediverse) -> None:
    """Signatures are looked at by the clock of who reads them: all nodes here have the same."""
    fediverse.clock.now = int(time.time() * 1000)


@ON_BOTH
async def test_each_server_says_what_became_of_it(fediverse: Fediverse, now: None) -> None:
    answers: dict[str, Any] = {"down": True}

    def away(asked: Asked) -> bytes:
        return b"" if answers["down"] else loopback.answer(status=202)

    async with AsyncExitStack() as stack:
        north = await stack.enter_async_context(on_a_socket(fediverse, HOSTS[0]))
        south = await stack.enter_async_context(on_a_socket(fediverse, HOSTS[1]))
        down = await stack.enter_async_context(loopback.listening(HOSTS[2], away))
        gone = await stack.enter_async_context(loopback.listening(HOSTS[3], loopback.answer(status=410)))
        broken = await stack.enter_async_context(loopback.listening(HOSTS[4], loopback.answer(status=500)))
        rosa, sam = await north.account("rosa"), await south.account("sam")
        gwen = await north.account("gwen", role=Role.GUARDIAN)
        there = await fetching.by_handle(south.database, south.site, f"rosa@{north.node.config.domain}")
        await follow(south, sam, there)
        await fediverse.quiet()
        for peer in (down, gone, broken):
            await follower_at(north, peer, rosa)
        post = await share(north, rosa, NOTE)
        async with asyncio.timeout(20):
            while not await here(south, post.uri):  # noqa: ASYNC110 - another node's worker does not tell
                await asyncio.sleep(0.02)

        made = await recall(north, gwen, post, "recognised")
        places = {one.place: one for one in (down, gone, broken)}
        await until(north, gwen, made["id"], {south.node.config.domain: "confirmed", gone.place: "refused"})
        before = await standing(north, gwen, made["id"])
        answers["down"] = False
        await until(north, gwen, made["id"], {down.place: "confirmed"})

    assert (before[down.place], before[broken.place]) == ("promised", "promised")
    assert set(before) == {*places, south.node.config.domain}
    assert not await here(south, post.uri)
    assert sent(down)[-1] == "Delete"
    assert NOTE.title not in down.asked[-1].body.decode()
