"""``python -m bench.jobs``: what a job costs in batches on both databases, from its promise to its end.

A batch is promised in one transaction, read, and finished in another, as a worker does with deliveries. PostgreSQL is
one of its own, started as the tests do, but with ``fsync``; what it takes is the CPU time of all its processes.
"""

from __future__ import annotations

import resource
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import uvloop

from bench.processes import Running
from storage import jobs, shards
from storage.database import Database
from storage.jobs import DELIVER, SHARDS, Held, NewJob
from storage.opening import open_database
from tests import postgres
from tests.postgres import Server

BATCHES = (20, 50, 100)
JOBS = 20_000  # in a run
RUNS = 5  # of which the median counts, after one that does not
HOSTS = 512
OWNER = "bench"
NOW = 1_793_000_000_000  # ms
PAYLOAD = '["https://north.example/inbox"]'
CLIENT, SERVER = 20.0, 40.0  # CPU µs of one job, at most


@dataclass(frozen=True, slots=True)
class Cost:
    """CPU µs of one job."""

    client: float
    server: float


def main() -> None:
    """Measure, and print a table in Markdown."""
    with postgres.serving() as server:
        for_postgres = uvloop.run(_on_postgres(server))
    for_sqlite = uvloop.run(_on_sqlite())
    print("| CPU µs of one job, in batches of | target | " + " | ".join(map(str, BATCHES)) + " |")
    print("|---|---:|" + "---:|" * len(BATCHES))
    _print("PostgreSQL, client", CLIENT, [cost.client for cost in for_postgres])
    _print("PostgreSQL, server", SERVER, [cost.server for cost in for_postgres])
    _print("SQLite", CLIENT + SERVER, [cost.client for cost in for_sqlite])


def _print(title: str, most: float, values: list[float]) -> None:
    print(f"| {title} | {most:g} | " + " | ".join(f"{value:.1f}" for value in values) + " |")


async def _on_postgres(server: Server) -> list[Cost]:
    await server.run("ALTER SYSTEM SET fsync = on")
    await server.run("ALTER SYSTEM SET full_page_writes = on")
    await server.run("SELECT pg_reload_conf()")
    running = Running(server.process)
    database = await open_database(server.url(await server.fresh()))
    try:
        return [await _cost(database, batch, lambda: running.cpu) for batch in BATCHES]
    finally:
        await database.close()


async def _on_sqlite() -> list[Cost]:
    with tempfile.TemporaryDirectory() as folder:
        database = await open_database(Path(folder) / "sharewell.db")
        try:
            return [await _cost(database, batch, lambda: 0.0) for batch in BATCHES]
        finally:
            await database.close()


async def _cost(database: Database, batch: int, server_cpu: Callable[[], float]) -> Cost:
    """What the median run took, in batches of this many."""
    found = []
    for _ in range(RUNS + 1):
        client, server = _own_cpu(), server_cpu()
        await _run(database, batch)
        found.append(((_own_cpu() - client) / JOBS * 1e6, (server_cpu() - server) / JOBS * 1e6))
    return Cost(median(one for one, _ in found[1:]), median(one for _, one in found[1:]))


def _own_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


async def _run(database: Database, batch: int) -> None:
    async with database.writing() as db:
        await shards.renew(db, OWNER, now=NOW)
        await shards.take(db, OWNER, most=SHARDS, now=NOW)
        held = Held(OWNER, await shards.renew(db, OWNER, now=NOW))
    after = 0
    for start in range(0, JOBS, batch):
        promised = [NewJob(DELIVER, PAYLOAD, f"peer{(start + one) % HOSTS}.example") for one in range(batch)]
        async with database.writing() as db:
            await jobs.add_many(db, promised, now=NOW)
        async with database.reading() as db:
            found = await jobs.deliveries(db, held.epochs, after=after, limit=batch)
        after = found[-1].id
        async with database.writing() as db:
            done = await jobs.finish(db, [job.id for job in found], held)
        if done != batch:
            raise RuntimeError(f"{done} jobs of {batch} were finished")


if __name__ == "__main__":
    main()
