"""What a transaction on PostgreSQL keeps to, and what it leaves behind in its connection: nothing."""

from __future__ import annotations

import asyncio
import logging

import pytest

from storage import postgres as dialect
from storage.database import Busy, Database, listed
from storage.opening import open_database
from storage.postgres import numbered
from tests import postgres
from tests.relay import relaying


def test_names_become_numbers() -> None:
    query = numbered("SELECT :b::text, :a, :b")

    assert (query.sql, query.arguments({"a": 1, "b": "two"})) == ("SELECT $1::text, $2, $1", ["two", 1])


def test_lists_become_arrays() -> None:
    query = numbered(
        "SELECT 1 WHERE 2 IN (SELECT value FROM json_each(:ids)) AND 'x' NOT IN (SELECT value FROM json_each(:names))"
    )

    assert query.sql == "SELECT 1 WHERE 2 = ANY($1::bigint[]) AND 'x' <> ALL($2::text[])"
    assert query.arguments({"ids": listed([3, 4]), "names": listed(["é"])}) == [[3, 4], ["é"]]


async def setting(database: Database, name: str) -> str:
    async with database.reading() as db:
        row = await db.row("SELECT current_setting(:name) AS value", name=name)
    assert row is not None
    return str(row["value"])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("idle_in_transaction_session_timeout", "10s"),
        ("lock_timeout", "5s"),
        ("tcp_user_timeout", "5000"),  # milliseconds; as the socket tells it
        ("transaction_isolation", "repeatable read"),
        ("transaction_read_only", "on"),
    ],
)
async def test_a_reading_session_has(postgres_database: Database, name: str, value: str) -> None:
    assert await setting(postgres_database, name) == value


async def test_a_writing_session_reads_what_is_committed(postgres_database: Database) -> None:
    async with postgres_database.writing() as db:
        row = await db.row("SHOW transaction_isolation")

    assert row is not None
    assert row[0] == "read committed"


async def add(database: Database, name: str) -> None:
    async with database.writing() as db:
        await db.run("INSERT INTO tags (name, shown) VALUES (:name, :name)", name=name)


async def names(database: Database) -> list[str]:
    async with database.reading() as db:
        return [row["name"] for row in await db.rows("SELECT name FROM tags ORDER BY name")]


async def test_a_view_stays_as_it_was_when_it_began(database: Database) -> None:
    async with database.reading() as db:
        before = await db.rows("SELECT name FROM tags")
        await add(database, "falls")
        after = await db.rows("SELECT name FROM tags")

    assert (before, after) == ([], [])
    assert await names(database) == ["falls"]


async def test_an_error_swallowed_inside_a_transaction_is_not_acknowledged(postgres_database: Database) -> None:
    await add(postgres_database, "falls")

    with pytest.raises(RuntimeError, match="swallowed"):
        async with postgres_database.writing() as db:
            await db.run("INSERT INTO tags (name, shown) VALUES ('pressure', 'Pressure')")
            with pytest.raises(Exception, match="duplicate"):
                await db.run("INSERT INTO tags (name, shown) VALUES ('falls', 'Falls')")

    assert await names(postgres_database) == ["falls"]


async def test_a_caller_cancelled_in_a_statement_leaves_the_connection_clean(postgres_database: Database) -> None:
    async def slow() -> None:
        async with postgres_database.writing() as db:
            await db.run("INSERT INTO tags (name, shown) VALUES ('falls', 'Falls')")
            await db.rows("SELECT pg_sleep(60)")

    for _ in range(3):
        tasks = [asyncio.create_task(slow()) for _ in range(10)]
        await asyncio.sleep(0.1)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    assert await asyncio.wait_for(names(postgres_database), 5) == []


async def test_when_every_connection_stays_in_use_the_next_caller_is_told_busy(
    postgres_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    over = asyncio.Event()
    all_held = asyncio.Barrier(11)

    async def hold() -> None:
        async with postgres_database.reading():
            await all_held.wait()
            await over.wait()

    holding = [asyncio.create_task(hold()) for _ in range(10)]
    await all_held.wait()
    monkeypatch.setattr(dialect, "PATIENCE", 0.1)
    with pytest.raises(Busy, match="free"):
        await names(postgres_database)

    over.set()
    await asyncio.gather(*holding)
    assert await names(postgres_database) == []


async def test_an_error_when_giving_back_after_the_commit_is_logged_and_not_raised(
    postgres_server: postgres.Server, postgres_database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    pool = postgres_database._pool  # type: ignore[attr-defined]  # the driver's, where this can be made to fail
    give_back = pool.release

    async def broken(connection: object) -> None:
        await give_back(connection)
        raise ConnectionResetError("reset by peer")

    class Pool:
        acquire, expire_connections, close = pool.acquire, pool.expire_connections, pool.close
        release = staticmethod(broken)

    postgres_database._pool = Pool()  # type: ignore[attr-defined]
    with caplog.at_level(logging.WARNING):
        await add(postgres_database, "falls")

    assert "given back: reset by peer" in caplog.text
    assert await names(postgres_database) == ["falls"]


async def test_a_transaction_costs_begin_its_statements_and_commit(
    postgres_server: postgres.Server, postgres_url: str
) -> None:
    async with relaying(postgres_server.port) as relay:
        name = postgres_url.rpartition("/")[2]
        database = await open_database(f"postgresql://{postgres.SUPERUSER}@127.0.0.1:{relay.port}/{name}")
        await add(database, "falls")  # prepares
        before = relay.asked

        await add(database, "pressure")

        assert relay.asked - before == 3
        await database.close()


async def test_many_that_scrub_at_once_share_two_vacuums(postgres_database: Database) -> None:
    await asyncio.gather(*(postgres_database.scrub() for _ in range(20)))

    async with postgres_database.reading() as db:
        row = await db.row("SELECT vacuum_count FROM pg_stat_user_tables WHERE relname = 'posts'")
    assert row is not None
    assert row["vacuum_count"] == 2
