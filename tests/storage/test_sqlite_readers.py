"""Reading on SQLite: never behind the writer, a consistent view, and connections that come back clean."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

import pytest

from storage.database import Database, Reading, Unavailable
from storage.sqlite import READERS, open_sqlite

LONG = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000) SELECT max(i) FROM n, tags"

BREAKS_LATE = (
    "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300000) "
    "SELECT MAX(CASE WHEN i = 300000 THEN json_extract('{', '$') ELSE i END) FROM n"
)


async def add(database: Database, name: str) -> None:
    async with database.writing() as db:
        await db.run("INSERT INTO tags (name, shown) VALUES (:name, '')", name=name)


async def names(db: Reading) -> list[str]:
    return [row["name"] for row in await db.rows("SELECT name FROM tags ORDER BY id")]


async def test_a_reader_does_not_wait_for_the_writer(sqlite_database: Database) -> None:
    async with sqlite_database.writing() as db:
        await db.run("INSERT INTO tags (name, shown) VALUES ('not yet', '')")

        async with asyncio.timeout(10), sqlite_database.reading() as other:
            found = await names(other)

    assert found == []


@pytest.mark.parametrize("short", [False, True], ids=["reading", "read"])
async def test_who_reads_on_and_on_holds_no_writer_up(sqlite_database: Database, short: bool) -> None:
    writing = asyncio.create_task(add(sqlite_database, "written"))

    for _ in range(50_000):
        if short:
            await sqlite_database.read(names)
        else:
            async with sqlite_database.reading() as db:
                await names(db)
        if writing.done():
            break

    assert writing.done()
    await writing


async def test_a_reading_sees_one_moment(sqlite_database: Database) -> None:
    await add(sqlite_database, "before")
    async with sqlite_database.reading() as db:
        first = await names(db)
        await add(sqlite_database, "meanwhile")
        second = await names(db)

    assert first == second == ["before"]


async def test_the_next_reading_sees_what_was_committed_meanwhile(sqlite_database: Database) -> None:
    for n in range(2 * READERS):
        async with sqlite_database.reading() as db:
            await names(db)
        await add(sqlite_database, str(n))

    async with sqlite_database.reading() as db:
        assert len(await names(db)) == 2 * READERS


async def test_more_readings_than_connections_are_all_served(sqlite_database: Database) -> None:
    await add(sqlite_database, "one")

    async def read() -> list[str]:
        async with sqlite_database.reading() as db:
            return await names(db)

    found = await asyncio.wait_for(asyncio.gather(*(read() for _ in range(5 * READERS))), 10)

    assert found == [["one"]] * (5 * READERS)


async def test_cancelled_readers_give_their_connections_back_clean(sqlite_database: Database) -> None:
    await add(sqlite_database, "before")

    async def read() -> None:
        async with sqlite_database.reading() as db:
            await names(db)
            await db.rows(LONG)

    readers = [asyncio.create_task(read()) for _ in range(2 * READERS)]
    await asyncio.sleep(0.05)
    for reader in readers:
        reader.cancel()
    await asyncio.gather(*readers, return_exceptions=True)

    await add(sqlite_database, "after")
    for _ in range(2 * READERS):
        async with asyncio.timeout(10), sqlite_database.reading() as db:
            assert await names(db) == ["before", "after"]
    await sqlite_database.scrub()  # which needs that nobody reads any more


async def test_a_reading_that_raised_gives_its_connection_back_clean(sqlite_database: Database) -> None:
    for _ in range(2 * READERS):
        with pytest.raises(LookupError):
            async with sqlite_database.reading() as db:
                await names(db)
                raise LookupError

    await sqlite_database.scrub()


async def test_what_turns_out_to_be_long_holds_up_nobody(sqlite_database: Database) -> None:
    await add(sqlite_database, "one")
    begun = 0

    async def long(db: Reading) -> tuple[list[str], int]:
        nonlocal begun
        begun += 1
        rows = await db.rows(LONG)
        return await names(db), rows[0][0]

    reading = asyncio.create_task(sqlite_database.read(long))
    turns = 0
    while not reading.done():
        turns += 1
        await asyncio.sleep(0.001)
        assert await sqlite_database.read(names) == ["one"]

    assert await reading == (["one"], 1_000_000)
    assert begun == 2
    assert turns > 10
    await sqlite_database.scrub()  # which needs that nobody reads any more


async def test_a_long_statement_of_a_reading_holds_up_nobody_and_sees_the_same_moment(
    sqlite_database: Database,
) -> None:
    await add(sqlite_database, "before")
    turns = 0

    async def turning() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0.001)

    async with sqlite_database.reading() as db:
        first = await names(db)
        await add(sqlite_database, "meanwhile")
        others = asyncio.create_task(turning())
        [row] = await db.rows(LONG)
        others.cancel()
        last = await names(db)

    assert row[0] == 1_000_000
    assert first == last == ["before"]
    assert turns > 10


async def test_a_wrong_statement_is_told_as_it_is_whether_it_is_short_or_long(sqlite_database: Database) -> None:
    async with sqlite_database.reading() as db:
        with pytest.raises(sqlite3.OperationalError, match="no such table"):
            await db.rows("SELECT 1 FROM nowhere")
        with pytest.raises(sqlite3.OperationalError, match="JSON"):
            await db.rows(BREAKS_LATE)
        assert await names(db) == []

    with pytest.raises(sqlite3.OperationalError, match="JSON"):
        await sqlite_database.read(lambda db: db.rows(BREAKS_LATE))
    assert await sqlite_database.read(names) == []


async def test_a_short_reading_that_raised_leaves_nothing_open(sqlite_database: Database) -> None:
    async def raises(db: Reading) -> None:
        await names(db)
        raise LookupError

    async def writes(db: Reading) -> None:
        await db.rows("INSERT INTO tags (name, shown) VALUES ('sneaked in', '')")

    with pytest.raises(LookupError):
        await sqlite_database.read(raises)
    with pytest.raises(Unavailable, match="readonly"):
        await sqlite_database.read(writes)

    assert await sqlite_database.read(names) == []
    await sqlite_database.scrub()


async def test_a_reading_cannot_write(sqlite_database: Database) -> None:
    with pytest.raises(Unavailable, match="readonly"):
        async with sqlite_database.reading() as db:
            await db.rows("INSERT INTO tags (name, shown) VALUES ('sneaked in', '')")


async def test_a_reading_cannot_be_used_after_its_end(sqlite_database: Database) -> None:
    async with sqlite_database.reading() as db:
        pass

    with pytest.raises(RuntimeError, match="over"):
        await names(db)


async def test_a_closed_database_is_unavailable(sqlite_database: Database) -> None:
    await sqlite_database.close()

    with pytest.raises(Unavailable, match="closed"):
        async with sqlite_database.reading() as db:
            await names(db)
    with pytest.raises(Unavailable, match="closed"):
        await add(sqlite_database, "late")


async def test_a_file_that_is_no_database_is_unavailable(tmp_path: Path) -> None:
    path = tmp_path / "letter.db"
    path.write_text("Dear colleagues, " * 400)

    with pytest.raises(Unavailable, match="not a database"):
        await open_sqlite(path)
