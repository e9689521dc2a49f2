"""Leaving through the operator's proxy: it is trusted as written, where it leads to is still checked."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from federation.errors import Forbidding, Unreachable
from tests.authority import Authority
from tests.federation.doors import Settings, door
from tests.federation.loopback import document, listening

NOTE = {"id": "https://peer.example/note", "type": "Note"}
NAMES = {"peer.example": ["1.1.1.1"]}


@dataclass
class Proxy:
    """A proxy that leads every CONNECT to one place."""

    url: str = ""
    heads: list[str] = field(default_factory=list)


@asynccontextmanager
async def proxying(port: int, *, status: int = 200) -> AsyncGenerator[Proxy]:
    """A proxy on an address that peers may not have; it leads to 127.0.20.1 and ``port``."""
    proxy, tasks = Proxy(), set[asyncio.Task[None]]()

    async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            writer.write(data)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        proxy.heads.append((await reader.readuntil(b"\r\n\r\n")).decode())
        writer.write(f"HTTP/1.1 {status} So\r\nVia: proxy\r\n\r\n".encode())
        ends = [writer]
        try:
            if status == 200:
                there, back = await asyncio.open_connection("127.0.20.1", port)
                ends.append(back)
                await asyncio.gather(pump(reader, back), pump(there, writer))
        finally:
            for one in ends:
                one.close()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tasks.add(asyncio.create_task(serve(reader, writer)))

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    proxy.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server:
        yield proxy
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path, "ours")


async def test_https_goes_through_a_tunnel_that_is_kept(authority: Authority) -> None:
    settings = Settings(insecure_http=False, private_peers=[], ca_file=str(authority.file))
    context = authority.context("peer.example")
    async with listening("127.0.20.1", document(NOTE), tls=context) as peer, proxying(peer.port) as proxy:
        with_word = proxy.url.replace("//", "//node:se%20cret@")
        async with door(settings, NAMES, proxy=with_word) as client:
            found = [(await client.get_document("https://peer.example/note")).document for _ in range(2)]

    [head] = proxy.heads
    word = base64.b64encode(b"node:se cret").decode()
    assert found == [NOTE, NOTE]
    assert head.startswith("CONNECT peer.example:443 HTTP/1.1\r\nHost: peer.example:443\r\n")
    assert f"Proxy-Authorization: Basic {word}\r\n" in head
    assert [one.target for one in peer.asked] == ["/note", "/note"]
    assert all("proxy-authorization" not in one.headers for one in peer.asked)


async def test_behind_a_tunnel_the_name_is_still_proved(authority: Authority) -> None:
    settings = Settings(insecure_http=False, private_peers=[], ca_file=str(authority.file))
    context = authority.context("other.example")
    async with (
        listening("127.0.20.1", document(NOTE), tls=context) as peer,
        proxying(peer.port) as proxy,
        door(settings, NAMES, proxy=proxy.url) as client,
    ):
        with pytest.raises(Unreachable, match="certificate"):
            await client.get_document("https://peer.example/note")


async def test_a_proxy_that_refuses_makes_a_peer_unreachable() -> None:
    async with proxying(1, status=403) as proxy, door(Settings(), proxy=proxy.url) as client:
        with pytest.raises(Unreachable, match="proxy refused"):
            await client.get_document("https://peer.example/note")


async def test_http_goes_to_the_proxy_with_the_whole_address() -> None:
    async with listening("127.0.0.1", document(NOTE)) as proxy, door(Settings(), NAMES, proxy=proxy.url("")) as client:
        await client.get_document("http://peer.example:8080/note?a=b")

    [asked] = proxy.asked
    assert (asked.target, asked.headers["host"]) == ("http://peer.example:8080/note?a=b", "peer.example:8080")


async def test_a_name_only_the_proxy_knows_is_left_to_it() -> None:
    async with listening("127.0.0.1", document(NOTE)) as proxy, door(Settings(), proxy=proxy.url("")) as client:
        assert (await client.get_document("http://peer.example/note")).document == NOTE


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("http://127.0.0.1:9/", id="loopback"),
        pytest.param("http://[::1]:9/", id="IPv6 loopback"),
        pytest.param("http://169.254.169.254/", id="metadata"),
        pytest.param("http://inside.example/", id="name to private"),
        pytest.param("http://mixed.example/", id="one address of two"),
        pytest.param("http://unknown.example:25/", id="port of an unknown name"),
    ],
)
async def test_the_proxy_is_not_asked_for_what_is_private(url: str) -> None:
    names = {"inside.example": ["10.0.0.1"], "mixed.example": ["1.1.1.1", "10.0.0.1"]}
    async with listening("127.0.0.1", document(NOTE)) as proxy, door(Settings(), names, proxy=proxy.url("")) as client:
        with pytest.raises(Forbidding):
            await client.get_document(url)

    assert proxy.connections == 0
