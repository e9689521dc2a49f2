"""The worker: leases shards, delivers, and does what is due. One per process that has the role.

It is woken by ``database.signal(jobs.WAKE)``, and looks by itself every second. Every job may be done twice (a worker
that dies after the work and before the note of it), so handlers are repeatable.
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from federation.errors import FederationError, Paused
from federation.outbox import circuit
from federation.outbox.deliver import Deliveries
from node import erasure, sweeping
from node.connecting import badges, digests, leaving, registering
from node.connecting import mutes as muting
from node.context import Node
from node.learning import trending
from node.mentoring import standing
from node.review import highlighting, overdue, showing
from node.sharing import lasting, reminding
from storage import (
    activities_out,
    address_changes,
    audiences,
    brought,
    home,
    inquiries,
    jobs,
    members,
    passkeys,
    received,
    sessions,
    shards,
    sign_ins,
    throttle,
    tokens,
    warned,
)
from storage.database import Busy, Database, Unavailable
from storage.jobs import PUSH, REDELIVER, Held, Job, NewJob, Wait

log = logging.getLogger(__name__)

Handler = Callable[[Node, Job], Awaitable[None]]
Sleep = Callable[[float], Awaitable[None]]

LOOK = 1.0  # seconds between looks at the tables when nobody wakes us
GATHER = 0.02  # seconds between two turns: what comes meanwhile is done together
AT_ONCE = 8  # jobs that are no deliveries
PUSHES = 4  # of them may be for push services: members choose those, and some are slow
READ = 64  # of them, at once
HOMES = 200  # members whose home is tidied in one transaction
FINISH = 5.0  # seconds that what is under way has to finish when we stop
HAND_OVER = 12.0  # seconds, when shards go to another worker: longer than a request may take
COUNTED = 24 * 60 * 60 * 1000  # ms that tries are kept, longer than any window they are counted in
FORMER = 8 * 24 * 60 * 60 * 1000  # ms that an address is kept which a member wants, and the one of before
GIVEN_UP = 2 * 24 * 60 * 60 * 1000  # ms after it was promised


async def prune(node: Node, job: Job) -> None:
    """Forget what is not needed any more: ids of activities, bodies sent, tries, workers, and what ended."""
    now = node.clock()
    async with node.database.writing() as db:
        await received.prune(db, now=now)
        await activities_out.prune(db, now=now)
        await tokens.prune_codes(db, before=now)
        await sessions.prune(db, now=now)
        await sign_ins.prune(db, now=now)
        await passkeys.prune_challenges(db, now=now)
        await address_changes.prune(db, before=now - FORMER)
        await shards.forget_workers(db, now=now)
        await throttle.prune(db, before=now - COUNTED)
        await warned.prune(db, now=now)
        if await inquiries.prune(db, now=now) + await brought.prune(db, now=now):
            await erasure.promise(db, now=now)
    await registering.prune(node)
    await leaving.promise_overdue(node)
    while await node.database.write(lambda db: muting.end_due(db, now=now)):
        continue


async def tidy_homes(node: Node, job: Job) -> None:
    """Keep the newest rows of each home timeline, and none of members who are away: they are rebuilt at sign-in."""
    before = node.clock() - home.AWAY
    async with node.database.reading() as db:
        away = await members.away(db, before=before, limit=HOMES)
    async with node.database.writing() as db:
        for member_id in away:
            await home.drop(db, member_id=member_id)
            await members.leave_home(db, member_id)
    after = 0
    while True:
        async with node.database.writing() as db:
            trimmed = await home.trim_some(db, after=after, limit=HOMES)
        if not trimmed:
            return
        after = trimmed[-1]


async def forget_audiences(node: Node, job: Job) -> None:
    """Forget sets of inboxes that no post went to any more."""
    while await node.database.write(lambda db: audiences.prune(db, now=node.clock())):
        continue


@dataclass(frozen=True, slots=True)
class Recurring:
    """Work that is done again and again, by one worker of all."""

    work: Handler
    every: int  # ms


RECURRING: Mapping[str, Recurring] = {
    "prune": Recurring(prune, 10 * 60 * 1000),
    "sweep-cases": Recurring(overdue.sweep, 60 * 60 * 1000),
    "forget-audiences": Recurring(forget_audiences, 24 * 60 * 60 * 1000),
    "sweep-hidden": Recurring(showing.sweep, 60 * 60 * 1000),
    "sweep-highlights": Recurring(highlighting.end, 60 * 60 * 1000),
    "lapse": Recurring(sweeping.lapse, 60 * 60 * 1000),
    "sweep-media": Recurring(sweeping.sweep, 60 * 60 * 1000),
    "divide-sitemap": Recurring(sweeping.divide, 10 * 60 * 1000),
    "remind-mentoring": Recurring(standing.remind, 60 * 60 * 1000),
    "count-trends": Recurring(trending.count, 10 * 60 * 1000),
    "promise-digests": Recurring(digests.promise, 10 * 60 * 1000),
    "ask-what-lasts": Recurring(lasting.ask, 60 * 60 * 1000),
    "remind-of-events": Recurring(reminding.sweep, 60 * 60 * 1000),
    "settle-badges": Recurring(badges.sweep, 60 * 60 * 1000),
    "tidy-homes": Recurring(tidy_homes, 60 * 60 * 1000),
}


def _own_name(database: Database) -> str:
    """On SQLite there is never another worker: one that died is followed at once, without waiting for its lease."""
    return "only" if database.dialect == "sqlite" else f"{socket.gethostname()}:{os.getpid()}"


class Worker:
    """One worker. ``sleep`` and the node's clock are the only time it knows."""

    def __init__(
        self,
        node: Node,
        name: str = "",
        *,
        kinds: Mapping[str, Handler],
        recurring: Mapping[str, Recurring] = RECURRING,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self.name = name or node.config.cluster.name or _own_name(node.database)
        self._node = node
        self._database = node.database
        self._kinds = {**kinds, **{kind: one.work for kind, one in recurring.items()}}
        self._recurring = recurring
        self._sleep = sleep
        self._wake = asyncio.Event()
        self._deliveries = Deliveries(node.database, node.site, wanted=self._wake.set, sleep=sleep)
        self._held = Held(self.name, {})
        self._until = 0
        self._next_end: int | None = None  # of a lease of another worker
        self._leaving: set[int] = set()
        self._handing: asyncio.Task[None] | None = None
        self._leases = asyncio.Lock()  # what we hold, here and in the table, changes as one
        self._busy: dict[int, tuple[Job, asyncio.Task[None]]] = {}

    async def run(self, stop: asyncio.Event) -> None:
        """Work until ``stop``, then finish what is under way and hand the shards over."""
        unheard = [
            self._database.listen(jobs.WAKE, lambda _: self._wake.set()),
            self._database.listen(jobs.ALIVE, self._deliveries.heard),
            self._database.listen(jobs.STOPPED, self._deliveries.stopped),
        ]
        loops = [asyncio.create_task(self._leasing()), asyncio.create_task(self._working())]
        try:
            stopping = asyncio.create_task(stop.wait())
            await asyncio.wait([*loops, stopping], return_when=asyncio.FIRST_COMPLETED)
            stopping.cancel()
        finally:
            for end in unheard:
                end()
            running = [*loops, *([self._handing] if self._handing is not None else [])]
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)
            await self._end()

    async def _leasing(self) -> None:
        """Renew the leases for ever; hand over what is more than our share."""
        begun = False
        while True:
            try:
                if not begun:
                    await self._begin()
                    begun = True
                extra = await self._lease()
                self._wake.set()
                if extra and (self._handing is None or self._handing.done()):
                    self._handing = asyncio.create_task(self._hand_over(extra))
                await self._sleep(self._pause() / 1000)
            except (Busy, Unavailable) as error:
                log.warning("leases not renewed: %s", error)
                await self._sleep(LOOK)

    async def _begin(self) -> None:
        """Free what a dead worker of our name held; promise what recurs."""
        now = self._node.clock()
        async with self._database.writing() as db:
            await shards.leave(db, self.name, now=now)
            for kind in self._recurring:
                await jobs.add(db, NewJob(kind, key=f"recurring {kind}"), now=now)

    async def _lease(self) -> list[int]:
        """Renew, and take what is free up to our share; the shards that are more than that."""
        async with self._leases:
            now = self._node.clock()
            async with self._database.writing() as db:
                epochs = await shards.renew(db, self.name, now=now)
                share = await shards.fair_share(db, now=now)
                if len(epochs) < share:
                    epochs |= await shards.take(db, self.name, most=share - len(epochs), now=now)
                self._next_end = await shards.next_end(db, self.name, now=now)
            self._hold(epochs, now + shards.LEASE)
        return sorted(epochs)[share:]

    def _pause(self) -> int:
        """Ms until leases are renewed; less when another worker's lease ends before, for it may have died."""
        if self._next_end is None:
            return shards.RENEWED
        return min(shards.RENEWED, max(0, self._next_end - self._node.clock()))

    def _hold(self, epochs: dict[int, int], until: int) -> None:
        self._held, self._until = Held(self.name, epochs), until
        self._deliveries.hold(self._held, until)

    async def _hand_over(self, extra: list[int]) -> None:
        """Release shards, when nothing of theirs is under way any more."""
        self._leaving.update(extra)
        try:
            ours = [task for job, task in self._busy.values() if job.shard in self._leaving]
            if ours:
                await asyncio.wait(ours, timeout=HAND_OVER)
            await self._deliveries.leave(extra, wait=HAND_OVER)
            async with self._leases:
                async with self._database.writing() as db:
                    await shards.release(db, self.name, extra)
                left = {shard: epoch for shard, epoch in self._held.epochs.items() if shard not in self._leaving}
                self._hold(left, self._until)
        except (Busy, Unavailable) as error:
            log.warning("shards not handed over: %s", error)
        finally:
            self._leaving.difference_update(extra)

    async def _working(self) -> None:
        """Turn after turn."""
        while True:
            await self._rest()
            self._wake.clear()
            try:
                await self._deliveries.turn()
                await self._do_due()
                await self._sleep(GATHER)
            except (Busy, Unavailable) as error:
                log.warning("cannot work now: %s", error)
                await self._sleep(LOOK)
            except Exception:
                log.exception("a turn of the worker failed")
                await self._sleep(LOOK)

    async def _rest(self) -> None:
        """Wait until woken, until a host's pause is over, or for a second."""
        pause = self._deliveries.pause()
        seconds = LOOK if pause is None else min(LOOK, max(0.0, (pause - self._node.clock()) / 1000))
        waits = [asyncio.ensure_future(self._sleep(seconds)), asyncio.ensure_future(self._wake.wait())]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()

    async def _do_due(self) -> None:
        """Begin what is due, the oldest first; of one kind for one host one at a time, in order."""
        mine = [shard for shard in self._held.epochs if shard not in self._leaving]
        told = {job.host for job, _ in self._busy.values() if job.kind == PUSH}
        more = len(told) < PUSHES
        # What ends while we read stands in what we read, but is not due any more: the next turn sees how it is.
        before = set(self._busy)
        async with self._database.reading() as db:
            found = await jobs.due(db, mine, now=self._node.clock(), limit=READ, told=told, pushes=more)
        alone = [job.id for job in found if job.kind == REDELIVER]
        if alone:
            await self._deliveries.take(alone)
        under_way = {(job.kind, job.host) for job, _ in self._busy.values() if job.host}
        for job in found:
            ours = job.shard in self._held.epochs and job.shard not in self._leaving  # may have ended while we read
            if job.kind == REDELIVER or job.id in before or not ours or len(self._busy) >= AT_ONCE:
                continue
            if job.kind == PUSH and sum(kind == PUSH for kind, _ in under_way) >= PUSHES:
                continue
            if (job.kind, job.host) not in under_way:
                self._busy[job.id] = (job, asyncio.create_task(self._do(job)))
                if job.host:
                    under_way.add((job.kind, job.host))

    async def _do(self, job: Job) -> None:
        """Do one job, and write down that it is done, or when to try again."""
        try:
            try:
                handler = self._kinds[job.kind]  # a newer version's kinds wait for a newer worker
                await handler(self._node, job)
                wait = self._again(job)
            except FederationError as error:
                log.info("job waits kind=%s id=%d attempts=%d cause=%r", job.kind, job.id, job.attempts + 1, error)
                wait = self._later(job, error.after if isinstance(error, Paused) else 0)
            except Exception:
                log.exception("job failed kind=%s id=%d attempts=%d", job.kind, job.id, job.attempts + 1)
                wait = self._later(job)
            async with self._database.writing() as db:
                if wait is None:
                    await jobs.finish(db, [job.id], self._held)
                else:
                    await jobs.postpone(db, [wait])
        except (Busy, Unavailable) as error:
            log.warning("not written down kind=%s id=%d: %s", job.kind, job.id, error)
        finally:
            del self._busy[job.id]
            self._wake.set()

    def _again(self, job: Job) -> Wait | None:
        recurring = self._recurring.get(job.kind)
        return None if recurring is None else Wait(job.id, job.kind, self._node.clock() + recurring.every, 0)

    def _later(self, job: Job, after: int = 0) -> Wait | None:
        """When to try a job again that failed, ``after`` so many ms at least; None when it is given up."""
        now = self._node.clock()
        if job.kind not in self._recurring and now - job.promised > GIVEN_UP:
            log.warning("given up after two days kind=%s id=%d", job.kind, job.id)
            return None
        return Wait(job.id, job.kind, now + max(circuit.later(job.attempts), after), job.attempts + 1)

    async def _end(self) -> None:
        """Let what is under way finish, for a few seconds, and hand everything over."""
        self._leaving.update(self._held.epochs)
        if self._busy:
            _, late = await asyncio.wait([task for _, task in self._busy.values()], timeout=FINISH)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        try:
            await self._deliveries.leave(list(self._held.epochs), wait=FINISH)
            await self._deliveries.stop()
            async with self._database.writing() as db:
                await shards.leave(db, self.name, now=self._node.clock())
        except (Busy, Unavailable) as error:
            log.warning("leases not handed over, they end by themselves: %s", error)
