"""TLS as peers see it: whose certificates we believe, and for which name."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from federation.errors import Forbidding, Unreachable
from tests.authority import Authority
from tests.federation.doors import Settings, door
from tests.federation.loopback import Peer, document, listening, moved

NOTE = {"id": "https://peer.example/note", "type": "Note"}
PRIVATE = ["127.0.20.0/24"]


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path, "ours")


@asynccontextmanager
async def serving(context: ssl.SSLContext) -> AsyncGenerator[Peer]:
    async with listening("127.0.20.1", document(NOTE), tls=context) as peer:
        yield peer


def settings(ca: Authority | None) -> Settings:
    return Settings(insecure_http=False, private_peers=PRIVATE, ca_file=str(ca.file) if ca else "")


async def asked_as(name: str, context: ssl.SSLContext, ca: Authority | None) -> tuple[object, Peer]:
    """What is found at https://name, which leads to a server with this context."""
    names = {name: ["127.0.20.1"]}
    async with serving(context) as peer, door(settings(ca), names) as client:
        found = await client.get_document(f"https://{name}:{peer.port}/note")
        await client.post(f"https://{name}:{peer.port}/inbox", b"{}", {})
    return found.document, peer


async def test_the_extra_authority_is_believed_and_the_connection_kept(authority: Authority) -> None:
    found, peer = await asked_as("peer.example", authority.context("peer.example"), authority)

    assert (found, peer.connections, len(peer.asked)) == (NOTE, 1, 2)


async def test_the_server_is_told_which_name_is_meant(authority: Authority) -> None:
    named: list[str | None] = []
    context = authority.context("peer.example")
    context.sni_callback = lambda _socket, name, _context: named.append(name)

    await asked_as("peer.example", context, authority)

    assert named == ["peer.example"]


async def test_an_address_is_proved_by_a_certificate_for_it(authority: Authority) -> None:
    found, _ = await asked_as("127.0.20.1", authority.context("127.0.20.1"), authority)

    assert found == NOTE


@pytest.mark.parametrize("name", ["other.example", "sub.peer.example", "peer.example.org"])
async def test_a_certificate_for_another_name_proves_nothing(authority: Authority, name: str) -> None:
    with pytest.raises(Unreachable, match="certificate"):
        await asked_as(name, authority.context("peer.example"), authority)


async def test_an_authority_nobody_named_is_not_believed(authority: Authority) -> None:
    with pytest.raises(Unreachable, match="certificate"):
        await asked_as("peer.example", authority.context("peer.example"), None)


async def test_another_authority_than_the_one_named_is_not_believed(authority: Authority, tmp_path: Path) -> None:
    with pytest.raises(Unreachable, match="certificate"):
        await asked_as("peer.example", Authority(tmp_path, "theirs").context("peer.example"), authority)


async def test_an_expired_certificate_proves_nothing(authority: Authority) -> None:
    with pytest.raises(Unreachable, match="certificate"):
        await asked_as("peer.example", authority.context("peer.example", days=-1), authority)


async def test_a_server_without_tls_is_not_spoken_to(authority: Authority) -> None:
    async with listening("127.0.20.1", document(NOTE)) as peer, door(settings(authority), timeout=0.5) as client:
        with pytest.raises(Unreachable):
            await client.get_document(f"https://{peer.place}/note")

    assert peer.asked == []


async def test_a_handshake_that_hangs_is_given_up_in_time(authority: Authority) -> None:
    async def mute(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(mute, "127.0.20.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server, door(settings(authority), timeout=0.3) as client:
        with pytest.raises(Unreachable, match="within"):
            await asyncio.wait_for(client.post(f"https://127.0.20.1:{port}/", b"{}", {}), 5)


async def test_https_is_not_left_for_http_by_a_redirect(authority: Authority) -> None:
    async with (
        listening("127.0.20.2", document(NOTE)) as plain,
        listening("127.0.20.1", moved(plain.url()), tls=authority.context("127.0.20.1")) as peer,
        door(settings(authority)) as client,
    ):
        with pytest.raises(Forbidding):
            await client.get_document(peer.url())

    assert plain.connections == 0
