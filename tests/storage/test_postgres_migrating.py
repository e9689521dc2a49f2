"""Migrating on PostgreSQL: two processes that start at once on an empty database, and what only PostgreSQL is told."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from storage.database import Database
from storage.migrate import FOLDER
from storage.opening import open_database
from tests import postgres

ROOT = Path(__file__).parents[2]
START = """
import asyncio, sys
from storage.opening import open_database

async def start():
    database = await open_database(sys.argv[1])
    await database.close()

asyncio.run(start())
"""


@pytest.fixture
async def empty_url(postgres_server: postgres.Server) -> AsyncGenerator[str]:
    """A database without any table."""
    await postgres_server.run("CREATE DATABASE empty TEMPLATE template0")
    yield postgres_server.url("empty")
    await postgres_server.drop("empty")


async def start(url: str) -> tuple[int | None, str]:
    """Open the database in a process of its own: its exit code and what it complained of."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", START, url, cwd=ROOT, stderr=asyncio.subprocess.PIPE
    )
    _, complaints = await process.communicate()
    return process.returncode, complaints.decode()


async def test_both_start_and_each_step_ran_once(empty_url: str) -> None:
    ended = await asyncio.gather(*(start(empty_url) for _ in range(3)))

    assert ended == [(0, "")] * 3
    database = await open_database(empty_url)
    async with database.reading() as db:
        steps = [row["name"] for row in await db.rows("SELECT name FROM migrations ORDER BY name")]
    await database.close()
    assert steps == sorted(file.stem for file in FOLDER.glob("[0-9]*.sql") if file.name.count(".") == 1)


async def test_of_all_tables_only_jobs_are_vacuumed_eagerly(postgres_database: Database) -> None:
    async with postgres_database.reading() as db:
        rows = await db.rows(
            """
            SELECT relname, array_to_string(reloptions, ' ') AS options FROM pg_class
            WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND reloptions IS NOT NULL
            """
        )

    assert [row["relname"] for row in rows] == ["jobs"]
    assert set(rows[0]["options"].split()) == {
        "autovacuum_vacuum_scale_factor=0", "autovacuum_vacuum_threshold=1000",
        "autovacuum_analyze_scale_factor=0", "autovacuum_analyze_threshold=1000",
        "autovacuum_vacuum_cost_delay=0",
    }  # fmt: skip
