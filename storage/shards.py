"""Shards: which worker owns which 64th of the jobs, and until when.

A lease is a promise not to touch a shard after ``until`` without having renewed it; whoever takes a shard raises its
epoch, against which the former owner's late completions are checked (SCALE rules 7 and 8).
"""

from __future__ import annotations

from collections.abc import Iterable

from storage.database import Reading, Writing, listed
from storage.jobs import SHARDS

LEASE = 20_000  # ms
RENEWED = 5_000  # ms between renewals
MARGIN = 5_000  # ms before the end of its lease in which a worker begins nothing


async def renew(db: Writing, owner: str, *, now: int) -> dict[int, int]:
    """Say that ``owner`` lives and keep what it holds; shard to epoch of what is its own now."""
    await _one_at_a_time(db, now=now)
    await db.run(
        "INSERT INTO workers (name, seen) VALUES (:owner, :now) ON CONFLICT (name) DO UPDATE SET seen = excluded.seen",
        owner=owner,
        now=now,
    )
    rows = await db.rows(
        "UPDATE shards SET until = :until WHERE owner = :owner RETURNING shard, epoch",
        owner=owner,
        until=now + LEASE,
    )
    return {row["shard"]: row["epoch"] for row in rows}


async def take(db: Writing, owner: str, *, most: int, now: int) -> dict[int, int]:
    """Take up to ``most`` shards that nobody holds any more; shard to epoch. Call it after ``renew``."""
    rows = await db.rows(
        """
        UPDATE shards SET owner = :owner, until = :until, epoch = epoch + 1
        WHERE shard IN (SELECT shard FROM shards WHERE until <= :now ORDER BY shard LIMIT :most)
        RETURNING shard, epoch
        """,
        owner=owner,
        until=now + LEASE,
        now=now,
        most=most,
    )
    return {row["shard"]: row["epoch"] for row in rows}


async def release(db: Writing, owner: str, shards: Iterable[int]) -> None:
    """Hand shards over: the next worker that renews may take them at once."""
    await db.run(
        """
        UPDATE shards SET owner = '', until = 0
        WHERE owner = :owner AND shard IN (SELECT value FROM json_each(:shard_ids))
        """,
        owner=owner,
        shard_ids=listed(shards),
    )


async def leave(db: Writing, owner: str, *, now: int) -> None:
    """Hand everything over and be forgotten. Also the first thing a worker does: its name may be that of a dead one."""
    await _one_at_a_time(db, now=now)
    await release(db, owner, range(SHARDS))
    await db.run("DELETE FROM workers WHERE name = :owner", owner=owner)


async def fair_share(db: Reading, *, now: int) -> int:
    """How many shards each of the workers that live should hold."""
    row = await db.row("SELECT COUNT(*) AS n FROM workers WHERE name <> '' AND seen > :since", since=now - LEASE)
    return -(-SHARDS // max(1, 0 if row is None else row["n"]))


async def next_end(db: Reading, owner: str, *, now: int) -> int | None:
    """When the first lease of another worker ends that is not renewed before; None when there is no other worker."""
    row = await db.row(
        "SELECT MIN(until) AS ends FROM shards WHERE owner <> :owner AND until > :now", owner=owner, now=now
    )
    return None if row is None else row["ends"]


async def forget_workers(db: Writing, *, now: int) -> None:
    """Forget workers not seen for ten leases."""
    await db.run("DELETE FROM workers WHERE name <> '' AND seen < :before", before=now - 10 * LEASE)


async def _one_at_a_time(db: Writing, *, now: int) -> None:
    """Hold the row '' of ``workers`` to the end: two that take shards at once would lock them in different orders."""
    await db.run(
        "INSERT INTO workers (name, seen) VALUES ('', :now) ON CONFLICT (name) DO UPDATE SET seen = excluded.seen",
        now=now,
    )
