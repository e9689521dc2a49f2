"""Jobs: work to do later and deliveries to peers, in 64 shards of which each has one owner at a time.

A row is inserted and deleted; it is changed only when it has to wait. ``due`` orders a shard: ``NOW`` (0) for what can
be done at once, so that such rows are read in the order of their ids, whatever the clocks of those who promised them
said; a time for what is to be tried later; ``PARKED`` for deliveries that wait until their host answers again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from zlib import crc32

from storage.database import Reading, Row, Value, Writing, listed
from storage.ids import LAST
from storage.records import quick

SHARDS = 64
NOW = 0
PARKED = LAST
DELIVER = "deliver"  # an activity to inboxes, in order for each host and author
REDELIVER = "redeliver"  # one that a host which takes others refuses with 5xx: tried alone, out of order

PUSH = "push"  # a notification to a push service, one at a time for each

WAKE = "jobs"  # the topic signalled after a commit that promised something: ``database.signal(jobs.WAKE)``
STOPPED = "stopped"  # the topic that says that nothing about an object leaves any more, by ``number_of`` its uri
ALIVE = "alive"  # the topic that says a host was heard: ``database.signal(jobs.ALIVE, jobs.number_of(host))``


def number_of(name: str) -> int:
    """A number for a host or kind, the same in every process (32 bits)."""
    return crc32(name.encode())


def shard_of(name: str) -> int:
    """The shard of a host, or of a kind of work that is for no host."""
    return number_of(name) % SHARDS


@quick
@dataclass(frozen=True, slots=True)
class Job:
    """One piece of work."""

    id: int
    key: str | None
    kind: str
    shard: int
    host: str
    activity_id: int | None
    payload: str
    due: int
    attempts: int
    promised: int


@quick
@dataclass(frozen=True, slots=True)
class NewJob:
    """Work to promise. The shard is that of ``host``, else of the kind, unless given."""

    kind: str
    payload: str = ""
    host: str = ""
    key: str | None = None
    activity_id: int | None = None
    shard: int | None = None
    due: int = NOW
    attempts: int = 0
    promised: int | None = None  # None: now

    def values(self, now: int) -> dict[str, Value]:
        """The row, for ``db.many``."""
        return {
            "key": self.key,
            "kind": self.kind,
            "shard": shard_of(self.host or self.kind) if self.shard is None else self.shard,
            "host": self.host,
            "activity_id": self.activity_id,
            "payload": self.payload,
            "due": self.due,
            "attempts": self.attempts,
            "promised": now if self.promised is None else self.promised,
        }


@dataclass(frozen=True, slots=True)
class Wait:
    """A job that is not done now: when to try it again, and as what."""

    job_id: int
    kind: str
    due: int  # PARKED: when the host answers again
    attempts: int


@dataclass(frozen=True, slots=True)
class Held:
    """The shards that a worker holds: shard to the epoch in which it got it."""

    owner: str
    epochs: dict[int, int]

    def ids(self) -> str:
        """Each lease as one number, as ``database.listed``."""
        return listed(epoch * SHARDS + shard for shard, epoch in self.epochs.items())


COLUMNS = "id, key, kind, shard, host, activity_id, payload, due, attempts, promised"


def _job(row: Row) -> Job:
    return Job(*row)


async def add(db: Writing, job: NewJob, *, now: int) -> bool:
    """Promise a piece of work; False when one of the same key is promised already."""
    added = await db.run(
        """
        INSERT INTO jobs (key, kind, shard, host, activity_id, payload, due, attempts, promised)
        VALUES (:key, :kind, :shard, :host, :activity_id, :payload, :due, :attempts, :promised)
        ON CONFLICT DO NOTHING
        """,
        **job.values(now),
    )
    return added == 1


async def add_many(db: Writing, promised: Sequence[NewJob], *, now: int) -> None:
    """Promise several pieces of work in one hop; those whose key is promised already stay as they are."""
    await db.many(
        """
        INSERT INTO jobs (key, kind, shard, host, activity_id, payload, due, attempts, promised)
        VALUES (:key, :kind, :shard, :host, :activity_id, :payload, :due, :attempts, :promised)
        ON CONFLICT DO NOTHING
        """,
        [job.values(now) for job in promised],
    )


async def split_off(db: Writing, deliveries: Sequence[NewJob], *, now: int) -> None:
    """Give deliveries of a fan-out rows of their own. Those of an activity that was cancelled meanwhile vanish."""
    await db.many(
        """
        INSERT INTO jobs (key, kind, shard, host, activity_id, payload, due, attempts, promised)
        SELECT :key, :kind, CAST(:shard AS BIGINT), :host, activities_out.id, :payload, CAST(:due AS BIGINT),
            CAST(:attempts AS BIGINT), CAST(:promised AS BIGINT)
        FROM activities_out WHERE activities_out.id = :activity_id
        ON CONFLICT DO NOTHING
        """,
        [job.values(now) for job in deliveries],
    )


async def deliveries(db: Reading, shards: Iterable[int], *, after: int, limit: int) -> list[Job]:
    """Deliveries that can be made at once, with ids above ``after``, in the order in which they were promised.

    Shards are bits of one number, so that this is one walk along ``jobs_ready`` from ``after``, which ends at the
    limit. With the shards as a list, or as columns of the index, all that waits is read and sorted each time.
    """
    rows = await db.rows(
        "SELECT " + COLUMNS + """
        FROM jobs
        WHERE due = 0 AND kind = 'deliver' AND id > :after
          AND (CAST(:shard_bits AS BIGINT) >> CAST(shard AS INTEGER)) & 1 = 1
        ORDER BY id LIMIT :limit
        """,
        shard_bits=_bits(shards),
        after=after,
        limit=limit,
    )  # fmt: skip
    return [_job(row) for row in rows]


async def delivery_ids(db: Reading, shards: Iterable[int], *, after: int, until: int) -> list[int]:
    """The ids of the ``deliveries`` above ``after`` and up to ``until``, in their order."""
    rows = await db.rows(
        """
        SELECT id FROM jobs
        WHERE due = 0 AND kind = 'deliver' AND id > :after AND id <= :until
          AND (CAST(:shard_bits AS BIGINT) >> CAST(shard AS INTEGER)) & 1 = 1
        ORDER BY id
        """,
        shard_bits=_bits(shards),
        after=after,
        until=until,
    )
    return [row["id"] for row in rows]


async def by_ids(db: Reading, ids: Sequence[int]) -> list[Job]:
    """These jobs, as far as they are there, in the order of their ids."""
    rows = await db.rows(
        "SELECT " + COLUMNS + " FROM jobs WHERE id IN (SELECT value FROM json_each(:ids)) ORDER BY id", ids=listed(ids)
    )
    return [_job(row) for row in rows]


def _bits(shards: Iterable[int]) -> int:
    """Shards as bits of a signed number of 64 bits.

    >>> _bits([0, 3]), _bits([63]), _bits(range(64))
    (9, -9223372036854775808, -1)
    """
    bits = sum(1 << shard for shard in set(shards))
    return bits - (bits >> 63 << 64)


async def due(
    db: Reading, shards: Iterable[int], *, now: int, limit: int, told: Iterable[str] = (), pushes: bool = True
) -> list[Job]:
    """Other work whose time has come, oldest first; deliveries that are tried alone too.

    Not for the push services ``told``, which are being told something: members choose them, and however much waits for
    a slow one must not hide other work. ``pushes`` False: for none of them.
    """
    rows = await db.rows(
        "SELECT " + COLUMNS + """
        FROM jobs
        WHERE shard IN (SELECT value FROM json_each(:shard_ids)) AND due <= :now AND kind <> 'deliver'
          AND NOT (kind = 'push' AND (:pushes = 0 OR host IN (SELECT value FROM json_each(:told))))
        ORDER BY due, id LIMIT :limit
        """,
        shard_ids=listed(shards),
        now=now,
        limit=limit,
        told=listed(told),
        pushes=int(pushes),
    )  # fmt: skip
    return [_job(row) for row in rows]


async def parked(db: Reading, hosts: Sequence[str], *, each: int) -> list[Job]:
    """Deliveries that wait for these hosts, ``each`` per host, in the order in which their activities were promised."""
    rows = await db.rows(
        "SELECT " + COLUMNS + """
        FROM (SELECT jobs.*, ROW_NUMBER() OVER (PARTITION BY host ORDER BY activity_id, id) AS place FROM jobs
              WHERE shard IN (SELECT value FROM json_each(:shard_ids)) AND due > 0 AND kind = 'deliver'
                AND host IN (SELECT value FROM json_each(:hosts))) AS waiting
        WHERE place <= :each ORDER BY activity_id, id
        """,
        shard_ids=listed({shard_of(host) for host in hosts}),
        hosts=listed(hosts),
        each=each,
    )  # fmt: skip
    return [_job(row) for row in rows]


async def waited_for(db: Reading, shards: Iterable[int]) -> dict[str, int]:
    """The hosts that parked deliveries wait for, each with the time when the oldest of them was promised."""
    rows = await db.rows(
        """
        SELECT host, MIN(promised) AS since FROM jobs
        WHERE shard IN (SELECT value FROM json_each(:shard_ids)) AND due > 0 AND kind = 'deliver'
        GROUP BY host
        """,
        shard_ids=listed(shards),
    )
    return {row["host"]: row["since"] for row in rows}


async def finish(db: Writing, ids: Iterable[int], held: Held) -> int:
    """Delete what was done, as far as its shard is still ours; how many went.

    The lease is a value looked up for each job: as a join PostgreSQL, which may have looked at the table when that was
    empty, has gone through the jobs once for each shard.
    """
    return await db.run(
        """
        DELETE FROM jobs WHERE id IN (SELECT value FROM json_each(:ids)) AND (
            SELECT shards.epoch * 64 + shards.shard FROM shards
            WHERE shards.shard = jobs.shard AND shards.owner = :owner
        ) IN (SELECT value FROM json_each(:lease_ids))
        """,
        ids=listed(ids),
        owner=held.owner,
        lease_ids=held.ids(),
    )


async def postpone(db: Writing, waits: Sequence[Wait]) -> None:
    """Let jobs wait."""
    await db.many(
        "UPDATE jobs SET kind = :kind, due = :due, attempts = :attempts WHERE id = :job_id",
        [{"job_id": one.job_id, "kind": one.kind, "due": one.due, "attempts": one.attempts} for one in waits],
    )


async def keep_rest(db: Writing, rests: Sequence[tuple[int, str]]) -> None:
    """Write back what is left of fan-outs: (job id, payload) each."""
    await db.many(
        "UPDATE jobs SET payload = :payload WHERE id = :job_id",
        [{"job_id": job_id, "payload": payload} for job_id, payload in rests],
    )


async def hold(db: Writing, like: Job, *, until: int) -> None:
    """Let what else is of the same kind and for the same host as this job wait until then, at least."""
    await db.run(
        """
        UPDATE jobs SET due = :until
        WHERE shard = :shard AND due < :until AND kind <> 'deliver' AND kind = :kind AND host = :host AND id <> :id
        """,
        id=like.id,
        until=until,
        shard=like.shard,
        kind=like.kind,
        host=like.host,
    )


async def hurry(db: Writing, hosts: Sequence[str], *, now: int) -> None:
    """These hosts answer again: what was to be tried alone later can be tried now."""
    await db.run(
        """
        UPDATE jobs SET due = :now
        WHERE shard IN (SELECT value FROM json_each(:shard_ids)) AND due > :now AND kind = 'redeliver'
          AND host IN (SELECT value FROM json_each(:hosts))
        """,
        now=now,
        shard_ids=listed({shard_of(host) for host in hosts}),
        hosts=listed(hosts),
    )


async def give_up(db: Writing, hosts: Sequence[str], *, before: int) -> list[tuple[str, int]]:
    """Delete the parked deliveries to these hosts that were promised before ``before``; host and activity of each."""
    rows = await db.rows(
        """
        DELETE FROM jobs
        WHERE shard IN (SELECT value FROM json_each(:shard_ids)) AND due > 0 AND kind = 'deliver' AND promised < :before
          AND host IN (SELECT value FROM json_each(:hosts))
        RETURNING host, activity_id
        """,
        shard_ids=listed({shard_of(host) for host in hosts}),
        before=before,
        hosts=listed(hosts),
    )
    return [(row["host"], row["activity_id"]) for row in rows]


async def count(db: Reading) -> dict[str, int]:
    """How many jobs there are, by kind."""
    rows = await db.rows("SELECT kind, COUNT(*) AS n FROM jobs GROUP BY kind")
    return {row["kind"]: row["n"] for row in rows}
