"""What deliveries came to, gathered and written in batches: a few statements for hundreds of inboxes."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass, field

import orjson

from federation.outbox.lanes import Entry
from storage import follows, jobs, peers, recalls
from storage.database import Database, Writing
from storage.jobs import DELIVER, PARKED, REDELIVER, Held, Job, NewJob, Wait, shard_of
from storage.recalls import Report, Standing

log = logging.getLogger(__name__)

GIVEN_UP = 2 * 24 * 60 * 60 * 1000  # ms after it was promised


@dataclass(slots=True)
class _Row:
    """A job in hand."""

    left: set[str]  # inboxes
    shard: int
    single: bool  # one inbox: the row itself can wait
    parked: bool
    settled: bool = False  # what became of it stands in the batch


@dataclass(slots=True)
class _Batch:
    """What is to be written."""

    finished: list[int] = field(default_factory=list)
    waits: list[Wait] = field(default_factory=list)
    splits: list[NewJob] = field(default_factory=list)
    rests: list[tuple[int, str]] = field(default_factory=list)
    gone: set[tuple[int, str]] = field(default_factory=set)
    forms: dict[str, str] = field(default_factory=dict)
    back: set[str] = field(default_factory=set)  # hosts
    too_long: set[str] = field(default_factory=set)  # hosts
    parking: set[str] = field(default_factory=set)  # hosts
    reports: list[Report] = field(default_factory=list)  # in the order in which it happened

    def __bool__(self) -> bool:
        return bool(
            self.finished or self.waits or self.splits or self.rests or self.gone or self.forms or self.back
            or self.too_long or self.reports
        )  # fmt: skip

    def after(self, earlier: _Batch) -> _Batch:
        """Both, when ``earlier`` could not be written."""
        return _Batch(
            earlier.finished + self.finished, earlier.waits + self.waits, earlier.splits + self.splits,
            earlier.rests + self.rests, earlier.gone | self.gone, earlier.forms | self.forms,
            earlier.back | self.back, earlier.too_long | self.too_long, earlier.parking | self.parking,
            earlier.reports + self.reports,
        )  # fmt: skip


class Ledger:
    """The delivery jobs in hand."""

    def __init__(self) -> None:
        self._rows: dict[int, _Row] = {}
        self._batch = _Batch()

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def waiting(self) -> bool:
        """Whether there is something to write."""
        return bool(self._batch)

    def take(self, job: Job, inboxes: Iterable[str]) -> bool:
        """Take a job in hand; False when it is already, or there is nothing to do for it."""
        if job.id in self._rows:
            return False
        left = set(inboxes)
        self._rows[job.id] = _Row(left, job.shard, len(left) == 1 and job.host != "", job.due == PARKED)
        if not left:
            self._finish(job.id)
        return bool(left)

    def has(self, job_id: int) -> bool:
        """Whether a job is in hand, or was and is not written off yet."""
        return job_id in self._rows

    def holds(self, entry: Entry) -> bool:
        """Whether what becomes of the entry is still ours to say."""
        row = self._rows.get(entry.job_id)
        return row is not None and entry.inbox in row.left

    def parks_for(self, host: str) -> bool:
        """Whether deliveries to the host are about to be parked."""
        return host in self._batch.parking

    def done(self, entry: Entry) -> None:
        """The entry needs nothing more."""
        row = self._rows[entry.job_id]
        row.left.discard(entry.inbox)
        if not row.left:
            self._finish(entry.job_id)

    def park(self, entry: Entry) -> None:
        """Let the entry wait in the table until its host answers again."""
        row = self._rows[entry.job_id]
        if row.single and row.parked and not entry.attempts:
            del self._rows[entry.job_id]
        else:
            self._wait(entry, row, DELIVER, PARKED)
            self._batch.parking.add(entry.host)

    def aside(self, entry: Entry, *, due: int) -> None:
        """Try the entry alone at ``due``."""
        self._wait(entry, self._rows[entry.job_id], REDELIVER, max(due, 1))

    def _wait(self, entry: Entry, row: _Row, kind: str, due: int) -> None:
        if row.single:
            self._batch.waits.append(Wait(entry.job_id, kind, due, entry.attempts))
            row.left.clear()
            row.settled = True
            return
        self._batch.splits.append(
            NewJob(
                kind=kind,
                payload=orjson.dumps([entry.inbox]).decode(),
                host=entry.host,
                # One row, however often the fan-out is begun anew after a crash.
                key=f"{entry.body.uri} {entry.inbox}",
                activity_id=entry.body.id,
                shard=shard_of(entry.host),
                due=due,
                attempts=entry.attempts,
                promised=entry.promised,
            )
        )
        self.done(entry)

    def _finish(self, job_id: int) -> None:
        self._rows[job_id].settled = True
        self._batch.finished.append(job_id)

    def gone(self, entry: Entry) -> None:
        """The inbox is no more."""
        self._batch.gone.add((entry.body.signer_id, entry.inbox))

    def takes(self, host: str, form: str) -> None:
        """The host takes this form of signature."""
        self._batch.forms[host] = form

    def back(self, host: str) -> None:
        """The host answers again after an outage."""
        self._batch.back.add(host)

    def too_long(self, host: str) -> None:
        """Something to this host was given up: what waits as long goes too."""
        self._batch.too_long.add(host)

    def report(self, entry: Entry, standing: Standing, status: int, *, now: int) -> None:
        """Note what became of an attempt to take something back."""
        if entry.body.recall_id is not None:
            self._batch.reports.append(Report(entry.body.recall_id, entry.inbox, standing, status, now))

    def forget(self, shards: Iterable[int], *, keep: bool) -> None:
        """Let go of what is in hand of these shards; ``keep`` writes back what is left of fan-outs."""
        wanted = set(shards)
        for job_id, row in list(self._rows.items()):
            if row.shard not in wanted or row.settled:
                continue
            if keep and not row.single:
                self._batch.rests.append((job_id, orjson.dumps(sorted(row.left)).decode()))
            del self._rows[job_id]

    async def write(self, database: Database, held: Held, *, now: int) -> None:
        """Write what was gathered, in one transaction. Raises Busy, Unavailable: then it stays gathered."""
        batch, self._batch = self._batch, _Batch()
        if not batch:
            return
        try:
            async with database.writing() as db:
                await _write(db, batch, held, now)
        except BaseException:
            self._batch = self._batch.after(batch)
            raise
        for job_id in batch.finished:
            self._rows.pop(job_id, None)
        for wait in batch.waits:
            self._rows.pop(wait.job_id, None)


async def _write(db: Writing, batch: _Batch, held: Held, now: int) -> None:
    if batch.splits:
        await jobs.split_off(db, batch.splits, now=now)
    if batch.waits:
        await jobs.postpone(db, batch.waits)
    if batch.rests:
        await jobs.keep_rest(db, batch.rests)
    if batch.finished:
        await jobs.finish(db, sorted(batch.finished), held)
    if batch.back:
        await jobs.hurry(db, sorted(batch.back), now=now)
    if batch.reports:
        await recalls.report(db, batch.reports)
    if batch.too_long:
        await _give_up(db, batch, now)
    for host, form in batch.forms.items():
        await peers.takes(db, host, form, now=now)
    for signer_id, inbox in batch.gone:
        await follows.inbox_gone(db, signer_id, inbox)


async def _give_up(db: Writing, batch: _Batch, now: int) -> None:
    given_up = await jobs.give_up(db, sorted(batch.too_long), before=now - GIVEN_UP)
    for host, activity_id in given_up:
        log.warning("given up after two days host=%s activity=%s", host, activity_id)
    await recalls.give_up(db, given_up, now=now)
