"""Who may be sent what, when: the hosts of a worker's shards, in memory and without I/O.

A host gets what one author says strictly in the order of promising: the next is sent when the one before was answered.
Different authors' activities go side by side, once the host has answered at all. A host that fails is tried with
one delivery at a time, and all failing hosts together get no more than ``SUSPECT`` of the ``LANES`` that send.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from heapq import heappop, heappush

from federation.outbox.circuit import Circuit
from storage.jobs import number_of, shard_of

LANES = 200  # requests under way at once
SUSPECT = 50  # of them to hosts whose last delivery failed
EACH = 4  # requests under way at once to one host
WAITING = 1000  # deliveries to one host in memory; more wait in the table


@dataclass(frozen=True, slots=True, weakref_slot=True, eq=False)
class Body:
    """An activity as it is sent."""

    id: int
    uri: str
    type: str
    about: str  # the id of its object
    object_uri: str  # what a later Delete of it means
    signer_id: int
    signer_uri: str
    data: bytes
    digest: str  # its Digest header, the same for all inboxes
    key_uri: str
    private: str  # PEM
    recall_id: int | None = None  # what becomes of each inbox is noted there


@dataclass(slots=True, eq=False)
class Entry:
    """One activity for one inbox."""

    job_id: int
    body: Body
    host: str
    inbox: str
    promised: int
    attempts: int = 0
    alone: bool = False  # tried by itself, out of order

    @property
    def turn(self) -> int:
        """What this waits behind: its author's other activities, or nothing."""
        return -self.job_id if self.alone else self.body.signer_id


class Lane:
    """One host: what waits for it and how it answers."""

    __slots__ = (
        "backlog", "circuit", "flying", "form", "host", "lined", "pausing", "proven", "queues", "shard", "waiting"
    )  # fmt: skip

    def __init__(self, host: str) -> None:
        self.host = host
        self.shard = shard_of(host)
        self.circuit = Circuit()
        self.queues: dict[int, deque[Entry]] = {}  # by turn
        self.flying: dict[int, Entry] = {}  # by turn
        self.waiting = 0  # entries in queues
        self.proven = False  # has answered since the lane was made
        self.backlog = False  # more waits in the table, and what comes new goes there too
        self.lined = False  # stands in a line of ``Lanes``, or waits to be fed
        self.pausing = 0  # the end of the pause for which it stands in ``Lanes``
        self.form = ""  # of signature it takes, as storage.peers

    @property
    def suspect(self) -> bool:
        """Whether the last delivery failed."""
        return self.circuit.failures > 0

    @property
    def room(self) -> bool:
        """Whether another request may be under way."""
        return len(self.flying) < (EACH if self.proven and not self.suspect else 1)

    @property
    def idle(self) -> bool:
        """Nothing waits and nothing is under way: there is nothing to remember."""
        return not (self.waiting or self.flying or self.backlog or self.lined)

    def put(self, entry: Entry) -> None:
        """Line an entry up behind what its author promised before, and before what was promised after it."""
        queue = self.queues.setdefault(entry.turn, deque())
        if queue and queue[-1].body.id > entry.body.id:
            ordered = sorted([*queue, entry], key=_promised)
            queue.clear()
            queue.extend(ordered)
        else:
            queue.append(entry)
        self.waiting += 1

    def take(self) -> Entry | None:
        """The next entry whose turn has nothing under way; it is under way now."""
        turn = next((turn for turn in self.queues if turn not in self.flying), None)
        if turn is None:
            return None
        queue = self.queues.pop(turn)
        entry = queue.popleft()
        if queue:
            self.queues[turn] = queue  # behind the others
        self.flying[turn] = entry
        self.waiting -= 1
        return entry

    def empty(self) -> list[Entry]:
        """Forget what waits; what that was, in the order of promising."""
        found = sorted((entry for queue in self.queues.values() for entry in queue), key=_promised)
        self.queues.clear()
        self.waiting = 0
        return found


def _promised(entry: Entry) -> int:
    return entry.body.id


class Lanes:
    """All hosts of a worker."""

    def __init__(self) -> None:
        self.hosts: dict[str, Lane] = {}
        self.hungry: list[Lane] = []  # could be sent more, which waits in the table
        self.flying = 0
        self._suspects_flying: set[Entry] = set()
        self._well: deque[Lane] = deque()
        self._suspect: deque[Lane] = deque()
        self._pauses: list[tuple[int, str]] = []
        self._numbers: dict[int, str] = {}
        self._closed: set[int] = set()

    def lane(self, host: str) -> Lane:
        """The host's lane."""
        found = self.hosts.get(host)
        if found is None:
            found = self.hosts[host] = Lane(host)
        return found

    def line_up(self, lane: Lane, now: int) -> None:
        """After any change of a lane: let it be served, now or after its pause; forget it when it is idle."""
        if lane.lined or lane.shard in self._closed or self.hosts.get(lane.host) is not lane:
            return
        if lane.idle:
            del self.hosts[lane.host]
            self._numbers.pop(number_of(lane.host), None)
        elif not lane.room or not (lane.waiting or lane.backlog):
            return
        elif lane.circuit.until > now:
            if lane.pausing != lane.circuit.until:
                lane.pausing = lane.circuit.until
                self._numbers[number_of(lane.host)] = lane.host
                heappush(self._pauses, (lane.pausing, lane.host))
        else:
            lane.lined = True
            if lane.waiting:
                (self._suspect if lane.suspect else self._well).append(lane)
            else:
                self.hungry.append(lane)

    @property
    def next_pause(self) -> int | None:
        """When the next of the pauses is over; None when no host pauses."""
        return self._pauses[0][0] if self._pauses else None

    def wake(self, now: int) -> None:
        """Line up the hosts whose pause is over."""
        while self._pauses and self._pauses[0][0] <= now:
            until, host = heappop(self._pauses)
            lane = self.hosts.get(host)
            if lane is not None and lane.pausing == until:
                lane.pausing = 0
                self.line_up(lane, now)

    def next(self, now: int) -> Entry | None:
        """What to send next, under way from now on; None when nothing may be sent."""
        while self.flying < LANES:
            if self._well:
                lane = self._well.popleft()
            elif self._suspect and len(self._suspects_flying) < SUSPECT:
                lane = self._suspect.popleft()
            else:
                return None
            lane.lined = False
            ready = lane.room and lane.circuit.until <= now and lane.shard not in self._closed
            entry = lane.take() if ready else None
            if entry is not None:
                self.flying += 1
                if lane.suspect:
                    self._suspects_flying.add(entry)
                if any(turn not in lane.flying for turn in lane.queues):
                    self.line_up(lane, now)
                return entry
            if not ready:
                self.line_up(lane, now)
        return None

    def land(self, lane: Lane, entry: Entry) -> None:
        """The entry is not under way any more; ``line_up`` follows, when the circuit has heard how it went."""
        self.flying -= 1
        self._suspects_flying.discard(entry)
        lane.flying.pop(entry.turn, None)

    def to_feed(self) -> list[Lane]:
        """The hungry lanes, of suspects no more than may be tried; say ``fed`` of each."""
        places = SUSPECT - len(self._suspects_flying) - len(self._suspect)
        chosen: list[Lane] = []
        left: list[Lane] = []
        for lane in self.hungry:
            if lane.shard in self._closed:
                continue
            places -= lane.suspect
            (left if lane.suspect and places < 0 else chosen).append(lane)
        self.hungry = left
        return chosen

    def fed(self, lane: Lane, now: int) -> None:
        """What a hungry lane asked for was put into it, or there was nothing."""
        lane.lined = False
        self.line_up(lane, now)

    def heard(self, number: int, now: int) -> bool:
        """The host of this ``storage.jobs.number_of`` was seen alive; whether it will be tried earlier."""
        lane = self.hosts.get(self._numbers.get(number, ""))
        if lane is None or not lane.circuit.heard(now):
            return False
        self.line_up(lane, now)
        return True

    def close(self, shards: Iterable[int]) -> None:
        """Begin nothing more in these shards; what waited in them is forgotten."""
        self._closed.update(shards)
        for host, lane in list(self.hosts.items()):
            if lane.shard in self._closed:
                lane.empty()
                if not lane.flying:
                    del self.hosts[host]

    def open(self, shards: Iterable[int]) -> None:
        """These shards are ours: forget what was known of their hosts."""
        mine = set(shards)
        for host in [host for host, lane in self.hosts.items() if lane.shard in mine]:
            del self.hosts[host]
        self._closed -= mine

    def flying_in(self, shards: Iterable[int]) -> int:
        """How many requests are under way to hosts of these shards."""
        wanted = set(shards)
        return sum(len(lane.flying) for lane in self.hosts.values() if lane.shard in wanted)
