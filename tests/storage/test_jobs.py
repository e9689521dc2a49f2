"""Which jobs a worker reads."""

import pytest

from storage import jobs
from storage.database import Database
from storage.jobs import DELIVER, REDELIVER, SHARDS, NewJob

NOW = 1_793_000_000_000


@pytest.mark.parametrize("mine", [{0}, {63}, {1, 31, 32, 62}, set(range(63)), set(range(SHARDS))])
async def test_a_worker_reads_the_deliveries_of_its_shards_alone(database: Database, mine: set[int]) -> None:
    async with database.writing() as db:
        await jobs.add_many(db, [NewJob(DELIVER, host="h", shard=shard) for shard in [*range(SHARDS)] * 2], now=NOW)
    async with database.reading() as db:
        found = await jobs.deliveries(db, mine, after=0, limit=1000)
        later = await jobs.deliveries(db, mine, after=found[0].id, limit=1000)

    assert {job.shard for job in found} == mine
    assert [job.id for job in found] == sorted({job.id for job in found})
    assert [job.id for job in later] == [job.id for job in found[1:]]


async def test_what_waits_for_its_host_or_its_time_is_not_delivered_now(database: Database) -> None:
    async with database.writing() as db:
        await jobs.add_many(
            db,
            [
                NewJob(DELIVER, "now", "h", shard=1),
                NewJob(DELIVER, "parked", "h", shard=1, due=jobs.PARKED),
                NewJob(REDELIVER, "alone", "h", shard=1, due=1),
            ],
            now=NOW,
        )
    async with database.reading() as db:
        found = await jobs.deliveries(db, [1], after=0, limit=1000)
        alone = await jobs.due(db, [1], now=NOW, limit=1000)

    assert [job.payload for job in found] == ["now"]
    assert [job.payload for job in alone] == ["alone"]
