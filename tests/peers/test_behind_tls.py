"""As in real life: our node on PostgreSQL behind something that speaks TLS, and a Fedify peer with TLS of its own.

Here the peer finds our members by handle, which Fedify does over https only.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import ssl
import threading
from collections.abc import Generator
from contextlib import contextmanager

import pytest

from tests import postgres
from tests.authority import Authority
from tests.peers.conftest import Friends, befriended, environment, exactly, fedify_command
from tests.peers.machines import answering, our_node, started, until
from tests.postgres import free_port

pytestmark = pytest.mark.xdist_group("peers")
HOST, PEER = "127.0.42.1", "127.0.42.2"


async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Carry bytes one way until they end."""
    with contextlib.suppress(ConnectionError):
        while data := await reader.read(1 << 16):
            writer.write(data)
            await writer.drain()
    writer.close()


async def carry(context: ssl.SSLContext, port: int, target: int, ready: threading.Event, stop: asyncio.Event) -> None:
    """TLS on ``port``, plain HTTP on to ``target``."""

    async def connected(near: asyncio.StreamReader, answer: asyncio.StreamWriter) -> None:
        far, ask = await asyncio.open_connection(HOST, target)
        await asyncio.gather(pump(near, ask), pump(far, answer))

    server = await asyncio.start_server(connected, HOST, port, ssl=context)
    async with server:
        ready.set()
        await stop.wait()


@contextmanager
def tls_in_front(context: ssl.SSLContext, port: int, target: int) -> Generator[None]:
    """What stands before a real node, on a thread of its own."""
    loop, ready, stop = asyncio.new_event_loop(), threading.Event(), asyncio.Event()
    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        thread = threading.Thread(target=runner.run, args=(carry(context, port, target, ready, stop),))
        thread.start()
        try:
            assert ready.wait(20)
            yield
        finally:
            loop.call_soon_threadsafe(stop.set)
            thread.join()


@pytest.fixture(scope="module")
def secure(tmp_path_factory: pytest.TempPathFactory, postgres_server: postgres.Server) -> Generator[Friends]:
    """A member and a peer that have followed each other, the peer by the member's handle."""
    folder, outside, inside = tmp_path_factory.mktemp("tls"), free_port(), free_port()
    authority, there = Authority(folder, "ours"), f"{PEER}:{free_port()}"
    certificate, domain = str(authority.certificate(PEER)), f"{HOST}:{outside}"
    tls = {"TLS_CERT": certificate, "TLS_KEY": certificate, "NODE_EXTRA_CA_CERTS": str(authority.file)}
    database = postgres_server.url(asyncio.run(postgres_server.fresh()))
    words = ("--domain", domain, "--base-url", f"https://{domain}", "--database", database)
    trusted = ssl.create_default_context(cafile=authority.file)
    with (
        started(*fedify_command(), environment(there) | tls, json.loads) as lines,
        tls_in_front(authority.context(HOST), outside, inside),
        our_node(folder, f"{HOST}:{inside}", [exactly(there)], words=words, ca_file=str(authority.file)) as node,
        answering(lines, "rfc9421", by_handle=True, verify=trusted) as peer,
    ):
        yield befriended(node, peer)


def test_a_peer_finds_a_member_by_handle_and_follows(secure: Friends) -> None:
    assert secure.member.followers() == [secure.peer.actor]
    assert secure.peer.actor.startswith("https://")


def test_posts_go_both_ways_on_postgresql(secure: Friends) -> None:
    ours = secure.member.say("Over TLS.")["uri"]
    theirs = secure.peer.note("<p>And back.</p>")

    create = secure.peer.heard("Create", ours)
    assert (create.status, create.form, create.signer) == (202, "rfc9421", secure.member.actor.uri)
    home = until(lambda: [one for one in secure.member.home() if one["uri"] == theirs], "it comes home")
    assert home[0]["content"] == "<p>And back.</p>"


def test_reactions_go_both_ways_on_postgresql(secure: Friends) -> None:
    ours = secure.member.say("Like this.")
    theirs = secure.peer.note("<p>And this.</p>")
    post = until(lambda: [one for one in secure.member.home() if one["uri"] == theirs], "it comes home")[0]

    secure.peer.ask("act", type="Like", object=ours["uri"], to=secure.member.actor.uri)
    secure.member.post(f"/api/v1/statuses/{post['id']}/favourite")

    path = f"/api/v1/statuses/{ours['id']}"
    until(lambda: secure.member.get(path)["favourites_count"] == 1, "it is counted here")
    until(lambda: secure.peer.state()["marks"].get(theirs), "it is counted there")
