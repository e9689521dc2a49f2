"""What every open database promises, in both dialects."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from storage.database import Database, Reading, Writing, listed


async def test_a_list_of_ids_is_one_parameter(database: Database) -> None:
    async with database.reading() as db:
        rows = await db.rows("SELECT value FROM json_each(:ids)", ids=listed([3, 1 << 40]))

    assert [row["value"] for row in rows] == [3, 1 << 40]


async def test_a_list_of_texts_is_one_parameter(database: Database) -> None:
    async with database.reading() as db:
        rows = await db.rows("SELECT value FROM json_each(:hosts)", hosts=listed(["a.example", "b.example"]))

    assert [row["value"] for row in rows] == ["a.example", "b.example"]


async def test_an_id_is_made_when_none_is_given(database: Database) -> None:
    async with database.writing() as db:
        row = await db.row("INSERT INTO tags (name, shown) VALUES ('falls', 'Falls') RETURNING id")

    assert row is not None
    assert row["id"] > 0


async def test_scrubbing_leaves_the_rows(database: Database) -> None:
    async with database.writing() as db:
        await db.run("INSERT INTO tags (name, shown) VALUES ('falls', 'Falls')")

    await database.scrub()

    async with database.reading() as db:
        row = await db.row("SELECT COUNT(*) AS n FROM tags")
    assert row is not None
    assert row["n"] == 1


async def add(db: Writing) -> str:
    await db.run("INSERT INTO tags (name, shown) VALUES ('falls', 'Falls')")
    return "added"


async def names(db: Reading) -> list[str]:
    return [row["name"] for row in await db.rows("SELECT name FROM tags")]


async def test_what_work_wrote_is_kept_when_it_returns(database: Database) -> None:
    assert await database.write(add) == "added"

    assert await database.read(names) == ["falls"]


async def test_what_work_wrote_is_gone_when_it_raises(database: Database) -> None:
    async def fails(db: Writing) -> None:
        await add(db)
        raise LookupError("not today")

    with pytest.raises(LookupError, match="not today"):
        await database.write(fails)

    assert await database.read(names) == []


async def test_work_reads_one_moment(sqlite_database: Database, tmp_path: Path) -> None:
    async def twice(db: Reading) -> tuple[list[str], list[str]]:
        first = await names(db)
        with closing(sqlite3.connect(tmp_path / "sharewell.db")) as other, other:
            other.execute("INSERT INTO tags (name, shown) VALUES ('falls', 'Falls')")
        return first, await names(db)

    assert await sqlite_database.read(twice) == ([], [])
    assert await sqlite_database.read(names) == ["falls"]


async def test_work_that_waits_for_something_else_is_refused_on_sqlite(sqlite_database: Database) -> None:
    async def waits(db: Writing) -> None:
        await add(db)
        await asyncio.sleep(0)

    with pytest.raises(RuntimeError, match="waits for nothing else"):
        await sqlite_database.write(waits)

    assert await sqlite_database.read(names) == []
