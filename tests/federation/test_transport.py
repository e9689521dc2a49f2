"""How connections are made, kept, limited and given up: over real TCP on loopback."""

from __future__ import annotations

import asyncio
import gzip
import time
import tracemalloc
import zlib
from collections.abc import AsyncGenerator

import httpx2
import pytest

from federation.client import Client
from federation.connection import Connection
from federation.errors import Refused, Unreachable
from federation.guard import Guard, Origin
from federation.transport import PER_ORIGIN, Pool, Transport
from tests.federation.doors import PEERS, Settings, door
from tests.federation.loopback import Asked, answer, document, listening

NOTE = {"id": "http://127.0.20.1/note", "type": "Note"}
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/activity+json\r\n"


async def never() -> None:
    await asyncio.Event().wait()


async def silence(asked: Asked) -> AsyncGenerator[bytes]:
    """Accepts the question and says nothing."""
    await never()
    yield b""


async def fails(client: Client, url: str) -> tuple[type[Exception], float]:
    """How a question fails, and after how many seconds."""
    started = time.monotonic()
    try:
        await client.get_document(url)
    except (Refused, Unreachable) as error:
        return type(error), time.monotonic() - started
    raise AssertionError("a document was found")


async def test_when_one_address_of_a_name_does_not_answer_the_next_is_tried() -> None:
    names = {"two.example": ["127.0.20.98", "127.0.20.1"]}
    async with listening("127.0.20.1", document(NOTE)) as peer, door(names=names) as client:
        assert (await client.get_document(f"http://two.example:{peer.port}/note")).document == NOTE


async def test_names_are_those_of_the_system_unless_a_resolver_is_given() -> None:
    async with listening("127.0.0.1", document(NOTE)) as peer:
        settings = Settings(private_peers=[peer.place])
        client = Client.of("http://node.example", "", settings)
        found = await client.get_document(f"http://localhost:{peer.port}/note")
        with pytest.raises(Unreachable):
            await client.get_document("http://nowhere.invalid/note")
        await client.close()

    assert found.document == NOTE


async def test_one_connection_serves_one_question_after_another() -> None:
    async with listening("127.0.20.1", document(NOTE)) as peer, door() as client:
        for _ in range(5):
            await client.get_document(peer.url())
        await client.post(peer.url(), b"{}", {})

    assert (len(peer.asked), peer.connections) == (6, 1)


async def test_a_connection_is_kept_after_a_refusal() -> None:
    async with listening("127.0.20.1", answer(b"no", status=403)) as peer, door() as client:
        for _ in range(3):
            await client.post(peer.url(), b"{}", {})

    assert peer.connections == 1


@pytest.mark.parametrize(
    "ending",
    [
        pytest.param(b"Connection: close\r\nContent-Length: 2\r\n\r\n{}", id="it says so"),
        pytest.param(b"Content-Length: 2\r\n\r\n{}HTTP/1.1 200 OK\r\n\r\n", id="a second answer follows"),
        pytest.param(b"Content-Length: 2\r\n\r\n{}nonsense", id="nonsense follows"),
    ],
)
async def test_a_connection_is_not_kept_when(ending: bytes) -> None:
    async with listening("127.0.20.1", HEAD + ending) as peer, door() as client:
        for _ in range(2):
            assert (await client.get_document(peer.url())).document == {}

    assert peer.connections == 2


async def test_a_connection_on_which_something_comes_unasked_is_not_used_again() -> None:
    heard, sent = asyncio.Event(), asyncio.Event()

    async def answers(asked: Asked) -> AsyncGenerator[bytes]:
        yield document(NOTE)
        await heard.wait()
        yield document({"id": "not asked for"})
        sent.set()
        await never()

    async with listening("127.0.20.1", answers) as peer, door() as client:
        await client.get_document(peer.url())
        heard.set()
        await sent.wait()
        await asyncio.sleep(0.1)
        found = await client.get_document(peer.url())

    assert (found.document, peer.connections) == (NOTE, 2)


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_kept_connection_that_broke_silently_costs_no_failure(method: str) -> None:
    """The server hangs up when the second question arrives on the kept connection."""
    seen: list[str] = []

    def answers(asked: Asked) -> bytes:
        seen.append(asked.method)
        return b"" if len(seen) == 2 else document(NOTE)

    async with listening("127.0.20.1", answers) as peer, door() as client:
        for _ in range(2):
            if method == "GET":
                await client.get_document(peer.url())
            else:
                assert (await client.post(peer.url(), b"{}", {})).status == 200

    assert (seen, peer.connections) == ([method] * 3, 2)


async def test_a_fresh_connection_that_breaks_is_not_tried_again() -> None:
    async with listening("127.0.20.1", b"") as peer, door() as client:
        with pytest.raises(Unreachable):
            await client.post(peer.url(), b"{}", {})

    assert len(peer.asked) == 1


async def test_a_post_that_was_half_answered_is_not_sent_again() -> None:
    def answers(asked: Asked) -> bytes | AsyncGenerator[bytes]:
        return broken() if asked.method == "POST" else document(NOTE)

    async def broken() -> AsyncGenerator[bytes]:
        yield b"HTTP/1.1 2"

    async with listening("127.0.20.1", answers) as peer, door() as client:
        await client.get_document(peer.url())
        with pytest.raises(Unreachable):
            await client.post(peer.url(), b"{}", {})

    assert [one.method for one in peer.asked] == ["GET", "POST"]


async def test_a_body_in_chunks_is_put_together() -> None:
    chunks = b"Transfer-Encoding: chunked\r\n\r\n2;x=y\r\n{}\r\n1\r\n \r\n0\r\nTrailer: x\r\n\r\n"
    async with listening("127.0.20.1", HEAD + chunks) as peer, door() as client:
        for _ in range(2):
            assert (await client.get_document(peer.url())).document == {}

    assert peer.connections == 1


async def test_a_body_that_ends_with_the_connection_is_whole() -> None:
    async def answers(asked: Asked) -> AsyncGenerator[bytes]:
        yield HEAD + b'\r\n{"a"'
        await asyncio.sleep(0.02)
        yield b": 1}"

    async with listening("127.0.20.1", answers) as peer, door() as client:
        assert (await client.get_document(peer.url())).document == {"a": 1}


@pytest.mark.parametrize(
    "part",
    [
        pytest.param(b"Content-Length: 9\r\n\r\n{}", id="shorter than said"),
        pytest.param(b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n", id="without the last chunk"),
        pytest.param(b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{} ", id="two lengths"),
        pytest.param(b"Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n{}", id="length and chunks"),
        pytest.param(b"Nonsense\r\n\r\n{}", id="no header"),
    ],
)
async def test_an_answer_that_is_not_whole_is_no_answer(part: bytes) -> None:
    async def answers(asked: Asked) -> AsyncGenerator[bytes]:
        yield HEAD + part

    async with listening("127.0.20.1", answers) as peer, door() as client:
        with pytest.raises(Unreachable):
            await client.get_document(peer.url())


async def test_interim_answers_are_passed_over() -> None:
    interim = b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n"
    async with listening("127.0.20.1", interim + document(NOTE)) as peer, door() as client:
        for _ in range(2):
            assert (await client.get_document(peer.url())).document == NOTE

    assert peer.connections == 1


async def endless(start: bytes, part: bytes) -> AsyncGenerator[bytes]:
    yield start
    while True:
        yield part
        await asyncio.sleep(0)


@pytest.mark.parametrize(
    ("start", "part"),
    [
        pytest.param(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n", id="headers"),
        pytest.param(b"HTTP/1.1 200 OK\r\nX: ", b"y" * 1000, id="one header"),
        pytest.param(b"", b"HTTP/1.1 100 Continue\r\n\r\n", id="interim answers"),
        pytest.param(HEAD + b"Transfer-Encoding: chunked\r\n\r\n0\r\n", b"X: y\r\n", id="trailers"),
        pytest.param(
            HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1;" + b"x" * 500 + b"\r\n \r\n", id="chunk extensions"
        ),
        pytest.param(HEAD + b"\r\n", b" " * 10_000, id="dos.remote_infinite_body"),
        pytest.param(HEAD + b"Content-Length: 999999999\r\n\r\n", b" " * 10_000, id="announced infinite body"),
        pytest.param(b"", b"x" * 1000, id="no HTTP"),
    ],
)
async def test_what_does_not_end_is_given_up(start: bytes, part: bytes) -> None:
    async with listening("127.0.20.1", lambda _: endless(start, part)) as peer, door() as client:
        _, seconds = await fails(client, peer.url())

    assert seconds < 9


def bomb(mebibytes: int) -> bytes:
    """gzip of this many mebibytes of blanks."""
    packer = zlib.compressobj(wbits=31)
    start = packer.compress(b"{") + packer.flush(zlib.Z_FULL_FLUSH)
    return start + (packer.compress(b" " * (1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)) * mebibytes


@pytest.mark.parametrize("case", ["dos.remote_gzip_bomb"])
async def test_a_bomb_is_not_unpacked(case: str) -> None:
    async with listening("127.0.20.1", answer(bomb(300), Content_Encoding="gzip")) as peer, door() as client:
        tracemalloc.start()
        try:
            error, seconds = await fails(client, peer.url())
            _, most = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()

    assert issubclass(error, Refused)
    assert (most < 8 << 20, seconds < 9) == (True, True)


async def test_a_body_may_be_as_long_as_the_limit_and_no_longer() -> None:
    def answers(asked: Asked) -> bytes:
        return answer(b"{}" + b" " * ((1 << 20) - (2 if asked.target == "/fits" else 1)))

    async with listening("127.0.20.1", answers) as peer, door() as client:
        assert (await client.get_document(peer.url("/fits"))).document == {}
        with pytest.raises(Refused):
            await client.get_document(peer.url("/long"))


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(answer(gzip.compress(b'{"a": 1}')[:-4], Content_Encoding="gzip"), id="cut gzip"),
        pytest.param(answer(b'{"a": 1}', Content_Encoding="gzip"), id="no gzip"),
        pytest.param(answer(gzip.compress(gzip.compress(b"{}")), Content_Encoding="gzip, gzip"), id="twice"),
        pytest.param(answer(b"{}", Content_Encoding="br"), id="br"),
    ],
)
async def test_what_is_packed_wrongly_is_refused(body: bytes) -> None:
    async with listening("127.0.20.1", body) as peer, door() as client:
        with pytest.raises(Refused):
            await client.get_document(peer.url())


@pytest.mark.parametrize("case", ["dos.remote_drip"])
async def test_an_answer_that_drips_is_given_up_in_time(case: str) -> None:
    async def drip(asked: Asked) -> AsyncGenerator[bytes]:
        for byte in document(NOTE):
            yield bytes([byte])
            await asyncio.sleep(0.1)

    async with listening("127.0.20.1", drip) as peer, door(timeout=0.5) as client:
        error, seconds = await fails(client, peer.url())

    assert (error, seconds < 5) == (Unreachable, True)


@pytest.mark.parametrize("case", ["dos.remote_silent"])
async def test_silent_servers_do_not_hold_up_the_others(case: str) -> None:
    async with (
        listening("127.0.20.1", silence) as silent,
        listening("127.0.20.2", document(NOTE)) as peer,
        door(timeout=1) as client,
    ):
        waiting = [asyncio.create_task(fails(client, silent.url(f"/{number}"))) for number in range(20)]
        await silent.reached.wait()
        found = await client.get_document(peer.url())
        still = sum(not one.done() for one in waiting)
        ended = await asyncio.gather(*waiting)

    assert (found.document, still) == (NOTE, 20)
    assert {error for error, _ in ended} == {Unreachable}


async def test_one_host_gets_only_so_many_connections_at_once() -> None:
    full = asyncio.Event()

    async def answers(asked: Asked) -> AsyncGenerator[bytes]:
        if len(peer.asked) == PER_ORIGIN:
            full.set()
        await never()
        yield b""

    async with listening("127.0.20.1", answers) as peer, door() as client:
        waiting = [asyncio.create_task(client.post(peer.url(), b"{}", {})) for _ in range(3 * PER_ORIGIN)]
        await full.wait()
        await asyncio.sleep(0.1)
        at_once = peer.connections
        for one in waiting:
            one.cancel()
        await asyncio.wait(waiting)

    assert at_once == PER_ORIGIN


async def test_a_question_that_is_given_up_hangs_up() -> None:
    asked, gone = asyncio.Event(), asyncio.Event()

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        asked.set()
        await reader.read()
        gone.set()
        writer.close()

    server = await asyncio.start_server(silent, "127.0.20.1", 0)
    host, port = server.sockets[0].getsockname()
    async with server, door() as client:
        question = asyncio.create_task(client.post(f"http://{host}:{port}/", b"", {}))
        await asked.wait()
        question.cancel()

        await asyncio.wait_for(gone.wait(), 5)
        await asyncio.wait([question])


async def test_after_all_is_done_nothing_is_remembered_of_a_host() -> None:
    transport = Transport(Guard(insecure_http=True, private_peers=PEERS), idle_for=0.05)
    client = Client(transport, Guard(insecure_http=True, private_peers=PEERS), agent="Test")
    async with listening("127.0.20.1", document(NOTE)) as peer:
        await asyncio.gather(*(client.post(peer.url(), b"{}", {}) for _ in range(20)))
        await asyncio.sleep(0.2)

        assert (len(transport.pool), transport.lanes) == (0, {})
    await client.close()


def origin(number: int) -> Origin:
    return Origin("https", f"peer{number}.example", 443)


async def test_the_pool_keeps_only_so_many_the_newest() -> None:
    pool = Pool(3, 60)
    made = [Connection() for _ in range(5)]
    for number, one in enumerate(made):
        pool.put(origin(number), one)

    assert [one.closed for one in made] == [True, True, False, False, False]
    assert [pool.take(origin(number)) for number in range(5)] == [None, None, *made[2:]]
    pool.close()


async def test_the_pool_gives_the_connection_used_last_and_each_once() -> None:
    pool = Pool(9, 60)
    made = [Connection() for _ in range(3)]
    for one in made:
        pool.put(origin(1), one)
    made[1].close()

    assert [pool.take(origin(1)) for _ in range(3)] == [made[2], made[0], None]
    pool.close()


async def test_a_closed_pool_keeps_nothing() -> None:
    pool = Pool(9, 60)
    early, late = Connection(), Connection()
    pool.put(origin(1), early)

    pool.close()
    pool.put(origin(1), late)

    assert (early.closed, late.closed, len(pool)) == (True, True, 0)


async def test_other_httpx2_clients_may_use_the_transport() -> None:
    transport = Transport(Guard(insecure_http=True, private_peers=PEERS))
    async with (
        listening("127.0.20.1", answer(gzip.compress(b"hello"), type="text/plain", Content_Encoding="gzip")) as peer,
        httpx2.AsyncClient(transport=transport) as client,
    ):
        got = await client.get(peer.url("/a?b=c"))
        sent = await client.post(peer.url("/form"), data={"a": "b"})

    assert (got.text, sent.text, peer.targets) == ("hello", "hello", ["/a?b=c", "/form"])
    assert (peer.asked[1].body, peer.asked[1].headers["content-length"]) == (b"a=b", "3")
