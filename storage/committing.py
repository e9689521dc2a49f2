"""Group commit: callers' transactions are savepoints in one transaction, which a task of ours begins and commits.

A group's members run one after the other; they share one BEGIN, one COMMIT and so one fsync, and return when it is
done. A caller may be cancelled at any point: what it asked for runs on the connection's thread in the order it was
asked, and its savepoint is undone after that. Nothing that belongs to others is ever done by a caller.

A transaction that needs nobody but the database is an errand. The committer does it in its turn, and unless it is long
on the event loop's thread: once a group has begun no statement waits for anything (what is written goes to the system's
memory), and with two threads each statement would be a fight for the interpreter's lock. What may wait, for others or
for the disk, is BEGIN and COMMIT: the connection's thread does them.
"""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections import deque
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, TypeVar

from storage.database import Busy, Unavailable
from storage.lines import Line, Session, Work, ours, rolled_back

MOST = 64  # members of a group
LONGEST = 0.010  # seconds from BEGIN until nobody more is let in

T = TypeVar("T")
Outcome = tuple[Any, Exception | None]  # what an errand returned, or what it raised


class Lost(Exception):
    """SQLite gave up the whole transaction, not only a statement: every member of the group has failed."""

    def __init__(self, cause: Exception | None = None) -> None:
        super().__init__(str(cause or "the database gave up the transaction"))
        self.cause = cause


class Member:
    """One caller: waits for its turn, has it, leaves, and learns what became of it. Errors are told as values."""

    __slots__ = ("alone", "left", "outcome", "turn")

    def __init__(self, *, alone: bool) -> None:
        loop = asyncio.get_running_loop()
        self.alone = alone
        self.turn: asyncio.Future[Exception | None] = loop.create_future()
        self.left: asyncio.Future[bool] = loop.create_future()  # True: keep what it did
        self.outcome: asyncio.Future[Exception | None] = loop.create_future()

    def leave(self, *, keep: bool) -> None:
        """End its turn. Only the first word counts."""
        if not self.left.done():
            self.left.set_result(keep)

    def tell(self, error: Exception | None) -> None:
        """What became of it."""
        self.outcome.set_result(error)


class Errand:
    """One caller with all it wants done."""

    __slots__ = ("long", "outcome", "turn", "work")

    def __init__(self, work: Work[Any], *, long: bool) -> None:
        self.work = work
        self.long = long
        self.outcome: Outcome = (None, None)
        # An error: nothing of the errand was kept. None: it was done, and what it came to is its outcome.
        self.turn: asyncio.Future[Exception | None] = asyncio.get_running_loop().create_future()

    def tell(self, error: Exception | None) -> None:
        """What became of it; its caller may have gone away."""
        if not self.turn.done():
            self.turn.set_result(error)


Waiting = TypeVar("Waiting", Member, Errand)


class Committer:
    """The one that begins and commits on the writing connection. Its task lives while somebody waits."""

    def __init__(
        self,
        line: Line,
        *,
        begin: Callable[[sqlite3.Connection], object] = lambda db: db.execute("BEGIN IMMEDIATE"),
        finish: Callable[[sqlite3.Connection], object] = lambda _: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.commits = 0
        self._line = line
        self._begin = begin
        self._finish = finish  # what is done once for a whole group, just before its COMMIT
        self._clock = clock
        self._waiting: deque[Member | Errand] = deque()
        self._active: Member | None = None
        self._task: asyncio.Task[None] | None = None
        self._steps: list[str] = []  # between members, run in the next one's first hop
        self._threaded = False  # whether a member's statements were sent to the thread since it was seen idle
        self._lost: Exception | None = None
        self._closed = False

    @asynccontextmanager
    async def transaction(self) -> AsyncGenerator[Session]:
        """All or nothing; on disk when it ends without an error. Raises Busy, Unavailable: then nothing was kept."""
        member = self._enter(Member(alone=False))
        try:
            _pass(await member.turn)
            yield Session(_Inside(self, member))
        except BaseException:
            member.leave(keep=False)
            raise
        member.leave(keep=True)
        _pass(await asyncio.shield(member.outcome))
        if not member.left.result():
            raise Unavailable("the database was closed")

    async def run(self, work: Work[T], /, *, long: bool = False) -> T:
        """What ``work`` returns when it is on disk. Raises what it raises, Busy, Unavailable: then nothing was kept.

        ``long`` work is done on the connection's thread.
        """
        errand = Errand(work, long=long)
        self._enter(errand)
        _pass(await errand.turn)
        found: T
        found, error = errand.outcome
        if error is not None:
            raise error
        return found

    async def alone(self, work: Work[T], /) -> T:
        """What ``work`` returns, run between two groups and outside any transaction."""
        member = self._enter(Member(alone=True))
        try:
            _pass(await member.turn)
            return await self._line.hop(work)
        finally:
            member.leave(keep=False)

    async def close(self) -> None:
        """Commit who has left, fail who has not."""
        self._closed = True
        self._refuse_all(Unavailable("the database is closed"))
        if self._active is not None:
            self._active.leave(keep=False)
        if self._task is not None:
            await asyncio.wait([self._task])

    async def hop(self, member: Member, work: Work[T], /) -> T:
        """A statement of the member whose turn it is."""
        if member.left.done():
            raise Unavailable("this transaction is over")
        steps, self._steps = self._steps, []
        self._threaded = True
        try:
            return await self._line.hop(partial(_inside, steps, work))
        except Lost as lost:
            self._lost = _told(lost)
            raise self._lost from lost

    def _enter(self, member: Waiting) -> Waiting:
        if self._closed:
            raise Unavailable("the database is closed")
        self._waiting.append(member)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._work())
        return member

    def _next(self) -> Member | Errand | None:
        """The first in the queue; who went away while waiting is dropped."""
        while self._waiting and self._waiting[0].turn.done():
            self._waiting.popleft()
        return self._waiting[0] if self._waiting else None

    async def _work(self) -> None:
        """Group after group, until nobody waits."""
        try:
            while (member := self._next()) is not None:
                if isinstance(member, Member) and member.alone:
                    self._waiting.popleft()
                    await self._give_turn(member)
                else:
                    await self._group()
        finally:
            self._refuse_all(Unavailable("the database is closing"))

    async def _group(self) -> None:
        """Begin, let who waits do its work, commit, tell."""
        self._steps, self._lost = [], None
        members: list[Member | Errand] = []
        try:
            await self._line.hop(self._begin)
            await self._gather(members)
        except (Busy, Unavailable, sqlite3.Error) as error:
            self._refuse_all(_told(error))  # it could not begin
            return
        except BaseException:  # the event loop is being shut down
            self._line.post(rolled_back)
            self._tell(members, Unavailable("the database is closing"))
            raise
        # Told by a callback: the outcome reaches every member, also when this task is cancelled now.
        ending = self._line.ask(partial(_commit, self._steps, self._finish))
        ending.add_done_callback(partial(self._ended, members))
        await asyncio.wait([ending])

    async def _gather(self, members: list[Member | Errand]) -> None:
        """Let one after the other do its work, until nobody waits or the group is full, old or lost."""
        closing = self._clock() + LONGEST
        while (member := self._next()) is not None and not (isinstance(member, Member) and member.alone):
            self._waiting.popleft()
            members.append(member)
            if isinstance(member, Errand):
                await self._do(member)
                await asyncio.sleep(0)  # others want the loop too, and may bring more
            else:
                self._steps.append("SAVEPOINT member")
                keep = await self._give_turn(member)
                self._steps += ("RELEASE member",) if keep else ("ROLLBACK TO member", "RELEASE member")
            if self._lost is not None or len(members) >= MOST or self._clock() >= closing:
                return

    async def _do(self, errand: Errand) -> None:
        steps, self._steps = [*self._steps, "SAVEPOINT member"], ["RELEASE member"]
        work = partial(_inside, steps, errand.work)
        try:
            if errand.long:
                errand.outcome = await self._line.ask(work), None
                return
            if self._threaded:  # what a caller asked for that was cancelled may still be running there
                await self._line.ask(lambda _: None)
                self._threaded = False
            errand.outcome = self._line.here(work), None
        except Lost as lost:
            self._lost = _told(lost)
        except Exception as error:  # noqa: BLE001 - it is its caller's
            errand.outcome = None, ours(error)
            self._steps = ["ROLLBACK TO member", "RELEASE member"]

    async def _give_turn(self, member: Member) -> bool:
        """Whether what it did is to be kept."""
        self._active = member
        member.turn.set_result(None)
        try:
            return await member.left
        finally:
            member.leave(keep=False)
            self._active = None

    def _ended(self, members: list[Member | Errand], ending: asyncio.Future[None]) -> None:
        error = ending.exception()
        if error is None:
            self.commits += 1
        self._tell(members, None if error is None else self._lost or _told(error))

    def _tell(self, members: list[Member | Errand], error: Exception | None) -> None:
        for member in members:
            member.tell(error)

    def _refuse_all(self, error: Exception) -> None:
        while (member := self._next()) is not None:
            member.turn.set_result(error)


class _Inside:
    """The hops of one member's transaction."""

    def __init__(self, committer: Committer, member: Member) -> None:
        self._committer = committer
        self._member = member

    async def hop(self, work: Work[T], /) -> T:
        return await self._committer.hop(self._member, work)


def _inside(steps: list[str], work: Work[T], db: sqlite3.Connection) -> T:
    """Never outside the group's transaction, where each statement would be kept by itself."""
    if not db.in_transaction:
        raise Lost
    try:
        for step in steps:
            db.execute(step)
    except Exception as error:
        rolled_back(db)
        raise Lost(error) from error
    try:
        return work(db)
    except Exception as error:
        # Full disk, I/O, memory, busy: SQLite may have rolled back everything. https://www.sqlite.org/lang_transaction.html
        if not db.in_transaction:
            raise Lost(error) from error
        raise


def _commit(steps: list[str], finish: Work[object], db: sqlite3.Connection) -> None:
    try:
        if not db.in_transaction:
            raise Lost
        for step in steps:
            db.execute(step)
        finish(db)
        db.execute("COMMIT")
    finally:
        rolled_back(db)


def _told(error: BaseException) -> Exception:
    """Busy or Unavailable: what everybody is told whose work was lost by another's doing."""
    if isinstance(error, Lost):
        return _told(error.cause) if error.cause is not None else Unavailable(str(error))
    told = ours(error) if isinstance(error, Exception) else error
    return told if isinstance(told, Busy | Unavailable) else Unavailable(str(error))


def _pass(error: Exception | None) -> None:
    """Raise a caller's own copy of ``error``: one raised in several tasks would mix up their tracebacks."""
    if error is not None:
        raise type(error)(*error.args) from error
