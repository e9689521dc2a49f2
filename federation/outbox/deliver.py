"""Deliver what was promised: the hosts of the shards that this worker holds, in memory.

The worker calls ``turn`` when it was woken, and at least every second: what was sent is written off, what waits for
hosts that are back is read, then what is new; then as much is sent as may be. Everything else happens between turns, in
one task per request. Nothing is begun in the last seconds of a lease (SCALE rule 7).
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable, Sequence
from weakref import WeakValueDictionary

import orjson

from federation.outbox import circuit
from federation.outbox.intake import Intake
from federation.outbox.lanes import WAITING, Body, Entry, Lane, Lanes
from federation.outbox.ledger import GIVEN_UP, Ledger
from federation.outbox.promise import host_of, object_of
from federation.outbox.sending import TIMEOUT, Answer, Outcome, attempt
from federation.policies import suspended
from federation.signing import digest
from federation.site import Site
from storage import activities_out, jobs, peers
from storage.activities_out import Outgoing
from storage.database import Database, Reading
from storage.jobs import REDELIVER, Held, Job
from storage.peers import Policy
from storage.recalls import Standing
from storage.shards import MARGIN

log = logging.getLogger(__name__)

IN_HAND = 10_000  # jobs; more stay in the table
BROKEN_TRIES = 3  # of one activity at one host, before what comes after it may go first
DOUBTED_TRIES = 4
POLICIES_READ = 5_000  # ms between looks at whom we do not talk to
CANCELLED = 10_000  # objects of which we remember that what was said of them earlier does not matter any more


class Deliveries:
    """The deliveries of one worker. ``wanted`` is called when a turn is needed before the next second."""

    def __init__(
        self,
        database: Database,
        site: Site,
        *,
        wanted: Callable[[], None],
        timeout: float = TIMEOUT,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._database = database
        self._site = site
        self._wanted = wanted
        self._timeout = timeout
        self._sleep = sleep
        self._lanes = Lanes()
        self._ledger = Ledger()
        self._bodies: WeakValueDictionary[int, Body] = WeakValueDictionary()
        self._cancelled: OrderedDict[tuple[int, str], tuple[int, str]] = OrderedDict()
        self._stopped: OrderedDict[int, int] = OrderedDict()  # the newest activity that is meant
        self._policies: dict[str, Policy] = {}
        self._policies_read = 0
        self._held = Held("", {})
        self._until = 0
        self._leaving: set[int] = set()
        self._new: set[int] = set()
        self._intake = Intake(site.clock)
        self._tasks: set[asyncio.Task[None]] = set()
        # What was read is lined up before anything is written off: a row that is gone must not be taken up again.
        self._turns = asyncio.Lock()

    def hold(self, held: Held, until: int) -> None:
        """These shards are ours until ``until`` (ms). What is not among them any more is forgotten."""
        lost = [shard for shard, epoch in self._held.epochs.items() if held.epochs.get(shard) != epoch]
        gained = [shard for shard, epoch in held.epochs.items() if self._held.epochs.get(shard) != epoch]
        self._lanes.close(lost)
        self._ledger.forget(lost, keep=False)
        self._leaving.difference_update(lost)
        self._lanes.open(gained)
        self._new.difference_update(lost)
        self._new.update(gained)
        if gained:
            self._intake.anew()
        self._held, self._until = held, until

    async def leave(self, shards: Sequence[int], *, wait: float) -> None:
        """Begin nothing more in these shards, wait for what is under way, write all down: they can be released."""
        self._leaving.update(shards)
        self._lanes.close(shards)
        for _ in range(max(1, int(wait / 0.05))):
            if not self._lanes.flying_in(shards):
                break
            await self._sleep(0.05)
        async with self._turns:
            self._ledger.forget(shards, keep=True)
            await self._ledger.write(self._database, self._held, now=self._site.clock())

    async def stop(self) -> None:
        """End what is still under way; its jobs stay in the table."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def heard(self, number: int) -> None:
        """The host of this ``storage.jobs.number_of`` was seen alive."""
        if self._lanes.heard(number, self._site.clock()):
            self._wanted()

    def stopped(self, number: int) -> None:
        """What is in hand about the object of this ``storage.jobs.number_of`` is not sent: its rows were deleted."""
        self._stopped[number] = max(self._bodies, default=0)
        if len(self._stopped) > CANCELLED:
            self._stopped.popitem(last=False)

    def pause(self) -> int | None:
        """When (ms) the next host that pauses may be tried again."""
        return self._lanes.next_pause

    async def turn(self) -> None:
        """Write off, read on, send. Raises Busy, Unavailable: call it again."""
        async with self._turns:
            now = self._site.clock()
            await self._ledger.write(self._database, self._held, now=now)
            await self._look_back(now)
            self._lanes.wake(now)
            await self._feed()
            while await self._read():
                self._send()
            self._send()

    async def take(self, ids: Sequence[int]) -> None:
        """Take up jobs that are to be tried alone, as far as they still are: they are read again."""
        async with self._turns:
            now = self._site.clock()
            async with self._database.reading() as db:
                found = await jobs.by_ids(db, ids)
                await self._expand(db, [job for job in found if job.kind == REDELIVER and job.due <= now])
            self._send()

    async def _look_back(self, now: int) -> None:
        """Once in a while: whom we do not talk to; and, after others, which hosts are away."""
        if now - self._policies_read >= POLICIES_READ:
            async with self._database.reading() as db:
                self._policies = await peers.policies(db)
            self._policies_read = now
        if self._new:
            gained, self._new = self._new, set()
            async with self._database.reading() as db:
                for host, since in (await jobs.waited_for(db, gained)).items():
                    lane = self._lanes.lane(host)
                    lane.backlog = True
                    lane.circuit.resume(now, since=since)
                    self._lanes.line_up(lane, now)

    async def _feed(self) -> None:
        """Read for hosts that can be sent more; for those that failed just one delivery to try."""
        lanes = self._lanes.to_feed()
        if not lanes:
            return
        suspects = [lane.host for lane in lanes if lane.suspect]
        well = [lane.host for lane in lanes if not lane.suspect]
        async with self._database.reading() as db:
            found = await jobs.parked(db, suspects, each=1) if suspects else []
            more = await jobs.parked(db, well, each=WAITING) if well else []
            read: dict[str, int] = {}
            for job in [*found, *more]:
                read[job.host] = read.get(job.host, 0) + 1
            await self._expand(db, [*found, *more], fed=True)
        now = self._site.clock()
        for lane in lanes:
            whole = read.get(lane.host, 0) < (1 if lane.suspect else WAITING)
            if whole and not self._ledger.parks_for(lane.host):
                lane.backlog = False
            self._lanes.fed(lane, now)

    async def _read(self) -> bool:
        """Read what is new; whether there may be more."""
        shards = [shard for shard in self._held.epochs if shard not in self._leaving]
        if not shards or len(self._ledger) >= IN_HAND:
            return False
        async with self._database.reading() as db:
            found = await self._intake.read(db, shards, self._ledger.has)
            if found:
                await self._expand(db, found)
        self._intake.taken(found)
        return self._intake.more

    async def _expand(self, db: Reading, found: Sequence[Job], *, fed: bool = False) -> None:
        """Line up the inboxes of jobs with their hosts."""
        bodies = await self._load(db, found)
        sent = [(job, body, _inboxes(job, body)) for job in found for body in [bodies.get(job.activity_id or 0)]]
        hosts = {host_of(inbox) for _job, _body, inboxes in sent for inbox in inboxes}
        fresh = sorted(hosts - self._lanes.hosts.keys())
        forms = await peers.forms(db, fresh) if fresh else {}
        touched: dict[str, Lane] = {}
        for job, body, inboxes in sent:  # nothing is waited for from here on: all of it is lined up, or nothing
            ours = job.shard in self._held.epochs and job.shard not in self._leaving  # may have ended while we read
            if not ours or not self._ledger.take(job, inboxes) or body is None:
                continue
            for inbox in inboxes:
                host = host_of(inbox)
                lane = touched[host] = self._lanes.lane(host)
                lane.form = lane.form or forms.get(host, "")
                entry = Entry(job.id, body, host, inbox, job.promised, job.attempts, job.kind == REDELIVER)
                self._put(lane, entry, fed=fed)
        now = self._site.clock()
        for lane in touched.values():
            self._lanes.line_up(lane, now)

    def _put(self, lane: Lane, entry: Entry, *, fed: bool) -> None:
        full = lane.backlog or lane.circuit.open or lane.waiting >= WAITING
        if fed or not full:
            lane.put(entry)
        elif entry.alone:
            self._ledger.aside(entry, due=self._site.clock() + circuit.alone(entry.attempts))
        else:
            lane.backlog = True
            self._ledger.park(entry)
            self._wanted()

    async def _load(self, db: Reading, found: Iterable[Job]) -> dict[int, Body]:
        """The activities of jobs, each read once however many jobs and hosts share it."""
        wanted = {job.activity_id for job in found if job.activity_id is not None}
        bodies = {id: body for id in wanted if (body := self._bodies.get(id)) is not None}
        missing = sorted(wanted - bodies.keys())
        if missing:
            for outgoing in await activities_out.by_ids(db, missing):
                bodies[outgoing.id] = self._bodies[outgoing.id] = self._body(outgoing)
        return bodies

    def _body(self, outgoing: Outgoing) -> Body:
        document = orjson.loads(outgoing.body)
        body = Body(
            id=outgoing.id,
            uri=outgoing.uri,
            type=str(document.get("type")),
            about=object_of(document),
            object_uri=outgoing.object_uri,
            signer_id=outgoing.signer_id,
            signer_uri=outgoing.signer_uri,
            data=outgoing.body,
            digest=digest.make(outgoing.body),
            key_uri=outgoing.key_uri,
            private=outgoing.private,
            recall_id=outgoing.recall_id,
        )
        if body.type in ("Delete", "Undo", "Update"):
            self._cancelled[body.signer_id, body.about] = (body.id, body.type)
            if len(self._cancelled) > CANCELLED:
                self._cancelled.popitem(last=False)
        return body

    def _off(self, body: Body) -> bool:
        """Whether something said later makes this not worth sending: its row was deleted when that was promised."""
        if self._stopped and self._stopped.get(jobs.number_of(body.object_uri), 0) >= body.id:
            return True
        for about in (body.object_uri, body.uri, body.signer_uri):
            id, type = self._cancelled.get((body.signer_id, about), (0, ""))
            if id > body.id and (body.type == "Update" and about == body.object_uri if type == "Update" else True):
                return True
        return False

    def _send(self) -> None:
        """Begin every request that may be under way."""
        while True:
            now = self._site.clock()
            left = self._until - now
            if left <= MARGIN or (entry := self._lanes.next(now)) is None:
                return
            lane = self._lanes.hosts[entry.host]
            barred = bool(self._policies) and suspended(self._policies, entry.host)
            off = barred or self._off(entry.body)
            if off or not self._ledger.holds(entry):
                self._lanes.land(lane, entry)
                if off and self._ledger.holds(entry):
                    self._ledger.report(entry, Standing.BARRED if barred else Standing.SUPERSEDED, 0, now=now)
                    self._ledger.done(entry)
                self._lanes.line_up(lane, now)
                continue
            task = asyncio.create_task(self._fly(lane, entry, min(self._timeout, left / 1000)))
            self._tasks.add(task)
            task.add_done_callback(self._ended)

    async def _fly(self, lane: Lane, entry: Entry, timeout: float) -> None:
        answer: Answer | None = Answer(Outcome.FAULT)
        try:
            answer = await attempt(self._site, entry.body, entry.inbox, lane.form, timeout=timeout)
        except asyncio.CancelledError:
            answer = None
            raise
        finally:
            self._landed(lane, entry, answer)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("a delivery failed in a way we do not know", exc_info=error)

    def _landed(self, lane: Lane, entry: Entry, answer: Answer | None) -> None:
        """The entry was answered; None: this process is ending."""
        self._lanes.land(lane, entry)
        if answer is None:
            return
        now = self._site.clock()
        if self._ledger.holds(entry):
            self._judge(lane, entry, answer, now)
        self._lanes.line_up(lane, now)
        if self._ledger.waiting or self._lanes.hungry:
            self._wanted()
        self._send()

    def _judge(self, lane: Lane, entry: Entry, answer: Answer, now: int) -> None:
        if answer.form:
            lane.form = answer.form
            self._ledger.takes(lane.host, answer.form)
        failed = answer.outcome in (Outcome.DOWN, Outcome.BROKEN, Outcome.FAULT, Outcome.DOUBTED)
        if failed and now - entry.promised > GIVEN_UP:
            log.warning("given up after two days host=%s activity=%s", lane.host, entry.body.uri)
            self._ledger.too_long(lane.host)
            self._ledger.done(entry)
        if entry.body.recall_id is not None:
            self._ledger.report(entry, _standing(entry, answer, now), answer.status, now=now)
        match answer.outcome:
            case Outcome.TAKEN | Outcome.REFUSED | Outcome.GONE | Outcome.DOUBTED:
                self._answered(lane, entry, answer, now)
            case Outcome.DOWN | Outcome.BROKEN:
                self._failed(lane, entry, answer, now)
            case Outcome.FAULT:
                self._aside(entry, now)

    def _answered(self, lane: Lane, entry: Entry, answer: Answer, now: int) -> None:
        if lane.circuit.open:
            self._ledger.back(lane.host)
        lane.circuit.answered()
        lane.proven = True
        if answer.outcome is Outcome.DOUBTED and entry.attempts + 1 < DOUBTED_TRIES:
            self._aside(entry, now)
            return
        if answer.outcome is not Outcome.TAKEN:
            log.warning("refused status=%d inbox=%s activity=%s", answer.status, entry.inbox, entry.body.uri)
        if answer.outcome is Outcome.GONE:
            self._ledger.gone(entry)
        if self._ledger.holds(entry):
            self._ledger.done(entry)

    def _failed(self, lane: Lane, entry: Entry, answer: Answer, now: int) -> None:
        log.info("failed status=%d inbox=%s activity=%s", answer.status, entry.inbox, entry.body.uri)
        broken = answer.outcome is Outcome.BROKEN
        if broken and entry.alone:
            self._aside(entry, now)  # the host answers: it is about this one
            return
        lane.circuit.failed(now, after=answer.after)
        entry.attempts += broken
        if self._ledger.holds(entry):
            if entry.alone or (broken and entry.attempts >= BROKEN_TRIES):
                self._aside(entry, now)
            else:
                lane.put(entry)
        if lane.circuit.open:
            self._clear(lane, now)

    def _clear(self, lane: Lane, now: int) -> None:
        """Let everything for the host wait in the table."""
        for entry in lane.empty():
            if not self._ledger.holds(entry):
                continue
            if entry.alone:
                self._aside(entry, now)
            else:
                lane.backlog = True
                self._ledger.park(entry)

    def _aside(self, entry: Entry, now: int) -> None:
        if self._ledger.holds(entry):
            entry.attempts += 1
            self._ledger.aside(entry, due=now + circuit.alone(max(0, entry.attempts - BROKEN_TRIES)))


def _inboxes(job: Job, body: Body | None) -> list[str]:
    """Where a job is to be sent; nowhere when its activity is gone."""
    inboxes: list[str] = orjson.loads(job.payload) if body is not None else []
    return inboxes


def _standing(entry: Entry, answer: Answer, now: int) -> Standing:
    """How it is with an inbox after this answer."""
    if answer.outcome is Outcome.TAKEN:
        return Standing.CONFIRMED
    doubted = answer.outcome is Outcome.DOUBTED and entry.attempts + 1 >= DOUBTED_TRIES
    if doubted or answer.outcome in (Outcome.REFUSED, Outcome.GONE):
        return Standing.REFUSED
    return Standing.GIVEN_UP if now - entry.promised > GIVEN_UP else Standing.PROMISED
