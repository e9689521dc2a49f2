"""Drills 4 and 6: hosts that are silent, and hosts that stop taking writes."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from storage.database import Database, Unreached, Writing
from storage.opening import open_database
from storage.retrying import retrying
from tests import postgres


@pytest.fixture
def silent() -> Iterator[str]:
    """A host that lets itself be connected to and never says a word."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(100)
        yield f"127.0.0.1:{listening.getsockname()[1]}"


@pytest.fixture(scope="module")
def second_server() -> Iterator[postgres.Server]:
    with postgres.serving() as server:
        yield server


def on_hosts(url: str, *hosts: str) -> str:
    return f"postgresql://{postgres.SUPERUSER}@{','.join(hosts)}{urlsplit(url).path}"


async def write(db: Writing) -> None:
    await db.run("INSERT INTO audit (at, action) VALUES (1, 'signed in')")


async def port_of(database: Database) -> int:
    async with database.reading() as db:
        row = await db.row("SELECT inet_server_port() AS port")
    assert row is not None
    return int(row["port"])


async def test_behind_a_silent_first_host_a_write_succeeds_within_3_seconds(
    postgres_server: postgres.Server, postgres_url: str, silent: str
) -> None:
    begun = time.monotonic()

    database = await open_database(on_hosts(postgres_url, silent, f"127.0.0.1:{postgres_server.port}"))
    await retrying(database, write, keyed=False)

    assert time.monotonic() - begun < 3
    await database.close()


async def test_the_last_good_host_is_asked_first(
    postgres_server: postgres.Server, postgres_url: str, silent: str
) -> None:
    database = await open_database(on_hosts(postgres_url, silent, f"127.0.0.1:{postgres_server.port}"))
    begun = time.monotonic()

    await asyncio.gather(*(port_of(database) for _ in range(10)))  # nine of them connect anew

    assert time.monotonic() - begun < 1
    await database.close()


async def test_when_only_silent_hosts_are_left_the_error_names_them(postgres_url: str, silent: str) -> None:
    with pytest.raises(Unreached, match=rf"{silent}: no answer within 1 s; {silent}"):
        await open_database(on_hosts(postgres_url, silent, silent))


async def test_when_a_server_takes_no_more_writes_the_next_write_goes_to_the_other(
    postgres_server: postgres.Server, postgres_url: str, second_server: postgres.Server
) -> None:
    url = urlsplit(postgres_url)
    await second_server.run(f"CREATE DATABASE {url.path[1:]}")
    hosts = (f"127.0.0.1:{second_server.port}", f"127.0.0.1:{postgres_server.port}")
    database = await open_database(on_hosts(postgres_url, *hosts))
    await asyncio.gather(*(retrying(database, write, keyed=False) for _ in range(10)))
    assert await port_of(database) == second_server.port

    await second_server.run("ALTER SYSTEM SET default_transaction_read_only = on")
    await second_server.run("SELECT pg_reload_conf()")
    await asyncio.sleep(0.2)  # the server reads its settings in its own time
    await retrying(database, write, keyed=False)

    ports = await asyncio.gather(*(port_of(database) for _ in range(10)))
    assert set(ports) == {postgres_server.port}
    await database.close()
