"""Drill 7, its second half: a killed listener misses nothing."""

from __future__ import annotations

import asyncio

from storage.database import Database
from storage.opening import open_database
from tests import postgres


async def newest(database: Database) -> int:
    async with database.reading() as db:
        row = await db.row("SELECT COALESCE(MAX(at), 0) AS at FROM audit")
    assert row is not None
    return int(row["at"])


async def test_a_listener_that_is_killed_misses_nothing(postgres_server: postgres.Server, postgres_url: str) -> None:
    here, there = await open_database(postgres_url), await open_database(postgres_url)
    told = asyncio.Event()
    stop = here.listen("audit", lambda _: told.set())
    for _ in range(5):
        await asyncio.wait_for(told.wait(), 4)
        told.clear()
        await postgres_server.run(
            """
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE application_name = 'sharewell signals'
            """
        )
        wanted = await newest(here) + 1
        async with there.writing() as db:
            await db.run("INSERT INTO audit (at, action) VALUES (:at, 'signed in')", at=wanted)
        there.signal("audit")

        while await newest(here) < wanted:
            await asyncio.wait_for(told.wait(), 4)
            told.clear()

    stop()
    await here.close()
    await there.close()
