"""Migrations: in order, once, whole or not at all."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

import asyncpg
import pytest

from storage.database import Database
from storage.migrate import migrate
from storage.sqlite import statements

WRONG = (sqlite3.OperationalError, asyncpg.UndefinedTableError)


def write(folder: Path, **files: str) -> Path:
    """Migrations by name: ``_9001_first`` is ``9001_first.sql``, ``_9001_first__sqlite`` its SQLite part."""
    for name, sql in files.items():
        (folder / f"{name.removeprefix('_').replace('__', '.')}.sql").write_text(sql)
    return folder


async def tables(database: Database, *names: str) -> set[str]:
    """Those of ``names`` that can be read."""
    found: set[str] = set()
    for name in names:
        try:
            async with database.reading() as db:
                await db.rows(f"SELECT 1 FROM {name}")
        except WRONG:
            continue
        found.add(name)
    return found


async def test_files_run_in_the_order_of_their_numbers_and_only_once(database: Database, tmp_path: Path) -> None:
    folder = write(
        tmp_path,
        _9002_rename="ALTER TABLE wards RENAME TO units;",
        _9001_wards="CREATE TABLE wards (id BIGINT PRIMARY KEY);",
    )

    first = await migrate(database, folder)
    again = await migrate(database, folder)

    assert (first, again) == (["9001_wards", "9002_rename"], [])
    assert await tables(database, "wards", "units") == {"units"}


async def test_a_failing_migration_leaves_nothing(database: Database, tmp_path: Path) -> None:
    folder = write(
        tmp_path,
        _9001_good="CREATE TABLE wards (id BIGINT PRIMARY KEY);",
        _9002_bad="CREATE TABLE half (id BIGINT PRIMARY KEY); INSERT INTO nowhere (id) VALUES (1);",
        _9003_later="CREATE TABLE later (id BIGINT PRIMARY KEY);",
    )

    with pytest.raises(WRONG):
        await migrate(database, folder)

    assert await tables(database, "wards", "half", "later") == {"wards"}


async def test_a_migration_that_was_put_right_runs_the_next_time(database: Database, tmp_path: Path) -> None:
    folder = write(
        tmp_path, _9001_bad="CREATE TABLE half (id BIGINT PRIMARY KEY); INSERT INTO nowhere (id) VALUES (1);"
    )
    with pytest.raises(WRONG):
        await migrate(database, folder)
    write(folder, _9001_bad="CREATE TABLE half (id BIGINT PRIMARY KEY);")

    assert await migrate(database, folder) == ["9001_bad"]


async def test_a_migration_whose_record_cannot_be_written_leaves_nothing(database: Database, tmp_path: Path) -> None:
    taken = "INSERT INTO migrations (name) VALUES ('9001_half');"
    folder = write(tmp_path, _9001_half=f"CREATE TABLE half (id BIGINT PRIMARY KEY); {taken}")

    with pytest.raises((sqlite3.IntegrityError, asyncpg.UniqueViolationError)):
        await migrate(database, folder)

    assert await tables(database, "half") == set()


async def test_the_dialects_own_part_is_of_the_same_step(database: Database, tmp_path: Path) -> None:
    wrong = "INSERT INTO nowhere (id) VALUES (1);"
    folder = write(
        tmp_path,
        _9001_wards="CREATE TABLE wards (id BIGINT PRIMARY KEY);",
        _9001_wards__sqlite=wrong,
        _9001_wards__postgres=wrong,
    )

    with pytest.raises(WRONG):
        await migrate(database, folder)

    assert await tables(database, "wards") == set()


async def test_two_that_migrate_at_once_run_each_file_once(database: Database, tmp_path: Path) -> None:
    folder = write(tmp_path, _9001_wards="CREATE TABLE wards (id BIGINT PRIMARY KEY);")

    ran = await asyncio.wait_for(asyncio.gather(migrate(database, folder), migrate(database, folder)), 30)

    assert sorted(ran) == [[], ["9001_wards"]]


@pytest.mark.parametrize(
    ("script", "parts"),
    [
        ("SELECT 1; SELECT 2;", ["SELECT 1;", "SELECT 2;"]),
        ("SELECT ';'", ["SELECT ';';"]),
        ("-- one; two\nSELECT 1;", ["-- one; two\nSELECT 1;"]),
        (
            "CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; SELECT 2; END; SELECT 3",
            ["CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; SELECT 2; END;", "SELECT 3;"],
        ),
        ("SELECT 'never ended; SELECT 1;", ["SELECT 'never ended; SELECT 1;"]),
    ],
    ids=["two", "in a text", "in a comment", "in a trigger", "without its end"],
)
def test_a_script_is_split_between_its_statements(script: str, parts: list[str]) -> None:
    assert statements(script) == parts
