"""A worker takes up what was promised in the order of promising, in whatever order the transactions ended."""

from __future__ import annotations

import asyncio

from federation.outbox.intake import Intake
from storage import jobs
from storage.database import Database
from storage.jobs import DELIVER, SHARDS, NewJob

NOW = 1_793_000_000_000


async def promise(database: Database, name: str) -> None:
    async with database.writing() as db:
        await jobs.add(db, NewJob(DELIVER, name, "peer.example"), now=NOW)


async def test_what_came_late_is_read_with_what_its_author_promised_next(postgres_database: Database) -> None:
    begun, end = asyncio.Event(), asyncio.Event()
    intake = Intake(lambda: NOW)
    in_hand: set[int] = set()

    async def read() -> list[str]:
        async with postgres_database.reading() as db:
            found = await intake.read(db, range(SHARDS), in_hand.__contains__)
        intake.taken(found)
        in_hand.update(one.id for one in found)
        return [one.payload for one in found]

    async def promise_slowly() -> None:
        async with postgres_database.writing() as db:
            await jobs.add(db, NewJob(DELIVER, "first of anna", "peer.example"), now=NOW)
            begun.set()
            await end.wait()

    slow = asyncio.create_task(promise_slowly())
    await begun.wait()
    await promise(postgres_database, "first of ben")
    assert await read() == ["first of ben"]
    end.set()
    await slow
    await promise(postgres_database, "second of anna")

    assert await read() == ["first of anna", "second of anna"]
    assert await read() == []
