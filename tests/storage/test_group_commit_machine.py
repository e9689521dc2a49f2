"""Random histories of callers that share commits: acknowledged is on disk, failed is not, nobody waits for ever."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import tempfile
from collections.abc import Coroutine
from contextlib import closing, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    MultipleResults,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    rule,
)

from storage.committing import Committer
from storage.database import Busy, Unavailable
from storage.lines import Here, Line, Session, whole

BUSY_TIMEOUT = 0.02  # seconds
LONG = 10.0  # seconds: who waits longer waits for ever
ROOM = 4  # pages that are left when the disk is said to be full: one word or two


class Order(StrEnum):
    """What a caller is told to do next."""

    WRITE = "write"
    SWALLOW = "write, and go on when it fails"
    RAISE = "raise"
    END = "end"


WRITES = st.sampled_from([Order.WRITE, Order.WRITE, Order.SWALLOW])


class Trouble(StrEnum):
    """What is wrong with the machine."""

    NONE = "none"
    FULL = "the disk is nearly full"
    LOCKED = "another process has the file"


class Outcome(StrEnum):
    """What a caller was told in the end."""

    WAITING = "waiting"
    ACKNOWLEDGED = "acknowledged"
    FAILED = "failed"
    UNKNOWN = "cancelled when all was said: kept or not, but nothing in between"


@dataclass(eq=False)
class Caller:
    """One transaction, done order by order."""

    name: str
    committer: Committer
    orders: asyncio.Queue[Order] = field(default_factory=asyncio.Queue)
    words: list[str] = field(default_factory=list)
    inside: bool = False
    said_all: bool = False
    outcome: Outcome = Outcome.WAITING

    async def errand(self, orders: list[Order], db: Session) -> None:
        """All of it at once."""
        self.words.clear()
        for order in orders:
            if order is Order.RAISE:
                raise LookupError(self.name)
            word = f"{self.name} {len(self.words)} {'x' * 3000}"
            self.words.append(word)
            try:
                await db.run("INSERT INTO words (word) VALUES (:word)", word=word)
            except (sqlite3.OperationalError, Unavailable):
                if order is not Order.SWALLOW:
                    raise
                self.words.pop()

    async def send(self, orders: list[Order], *, long: bool) -> None:
        """Send the errand."""
        self.said_all = True
        work = partial(self.errand, orders)
        await self._told(self.committer.run(lambda db: whole(work, Here(db)), long=long))

    async def run(self) -> None:
        """Have a turn, and obey."""
        await self._told(self._turn())

    async def _turn(self) -> None:
        async with self.committer.transaction() as db:
            self.inside = True
            while (order := await self.orders.get()) is not Order.END:
                await self._obey(db, order)
            self.said_all = True

    async def _told(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except asyncio.CancelledError:
            self.outcome = Outcome.UNKNOWN if self.said_all else Outcome.FAILED
        except (Busy, Unavailable, LookupError):
            self.outcome = Outcome.FAILED
        else:
            self.outcome = Outcome.ACKNOWLEDGED

    async def _obey(self, db: Session, order: Order) -> None:
        if order is Order.RAISE:
            raise LookupError(self.name)
        word = f"{self.name} {len(self.words)} {'x' * 3000}"
        self.words.append(word)
        try:
            await db.run("INSERT INTO words (word) VALUES (:word)", word=word)
        except (Busy, Unavailable):
            # To swallow a database's error within a transaction is wrong; what is kept must be right all the same.
            if order is not Order.SWALLOW:
                raise
            self.words.pop()


def _limit(trouble: Trouble, db: sqlite3.Connection) -> None:
    pages = db.execute("PRAGMA page_count").fetchall()[0][0]
    db.execute(f"PRAGMA max_page_count = {pages + ROOM if trouble is Trouble.FULL else 1_000_000}").fetchall()


class Callers(RuleBasedStateMachine):
    """Callers that come, write, fail and go away, on a disk that fills up and a file that others lock."""

    callers = Bundle("callers")

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        with closing(self._connect()) as db:
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("CREATE TABLE words (word TEXT PRIMARY KEY)")
        self.other = self._connect()
        self.runner = asyncio.Runner()
        self.all: list[tuple[Caller, asyncio.Task[None]]] = []
        self.line: Line
        self.committer: Committer
        self._run(self._open())

    async def _open(self) -> None:
        self.line = Line(self._connect)
        await self.line
        await self.line.hop(lambda db: db.execute("PRAGMA synchronous = OFF"))  # no power is cut here
        self.committer = Committer(self.line, clock=lambda: 0.0)  # groups grow as long as somebody waits

    def _connect(self) -> sqlite3.Connection:
        path = self.folder / "words.db"
        return sqlite3.connect(path, timeout=BUSY_TIMEOUT, isolation_level=None, check_same_thread=False)

    def _run(self, work: Coroutine[Any, Any, object]) -> None:
        self.runner.run(asyncio.wait_for(work, LONG))

    async def _settle(self, moments: int = 3) -> None:
        """Let what can happen now happen, without waiting for what must wait."""
        for _ in range(moments):
            await asyncio.sleep(0.0005)

    @initialize(target=callers)
    def some_begin(self) -> MultipleResults[Caller]:
        return multiple(*(self._begin([Order.WRITE]) for _ in range(3)))

    @rule(target=callers, first=st.lists(WRITES, max_size=2))
    def begin(self, first: list[Order]) -> Caller:
        return self._begin(first)

    def _begin(self, first: list[Order]) -> Caller:
        async def begin() -> Caller:
            caller = Caller(f"caller {len(self.all)}", self.committer)
            for order in first:
                caller.orders.put_nowait(order)
            self.all.append((caller, asyncio.create_task(caller.run())))
            await self._settle()
            return caller

        return self.runner.run(begin())

    @rule(
        target=callers,
        orders=st.lists(WRITES, min_size=1, max_size=3),
        fails=st.booleans(),
        long=st.booleans(),
        soon=st.booleans(),
    )
    def send(self, orders: list[Order], fails: bool, long: bool, soon: bool) -> Caller:
        """An errand."""

        async def send() -> Caller:
            caller = Caller(f"caller {len(self.all)}", self.committer)
            task = asyncio.create_task(caller.send([*orders, Order.RAISE] if fails else orders, long=long))
            self.all.append((caller, task))
            await self._settle(0 if soon else 3)
            return caller

        return self.runner.run(send())

    @rule(caller=callers, order=WRITES, soon=st.booleans())
    def write(self, caller: Caller, order: Order, soon: bool) -> None:
        caller.orders.put_nowait(order)
        self._run(self._settle(0 if soon else 3))

    @rule(caller=consumes(callers), order=st.sampled_from([Order.END, Order.END, Order.RAISE]), soon=st.booleans())
    def finish(self, caller: Caller, order: Order, soon: bool) -> None:
        caller.orders.put_nowait(order)
        self._run(self._settle(0 if soon else 3))

    @rule(
        caller=consumes(callers),
        last=st.sampled_from([None, Order.WRITE, Order.END, Order.END]),
        turns=st.integers(0, 6),
    )
    def cancel(self, caller: Caller, last: Order | None, turns: int) -> None:
        """Cancel before its turn, in its body, within a statement, or while it waits for the commit."""

        async def cancel() -> None:
            if last is not None:
                caller.orders.put_nowait(last)
            for _ in range(turns):
                await asyncio.sleep(0)
            self._task(caller).cancel()
            await self._settle()

        self._run(cancel())

    @rule(trouble=st.sampled_from(Trouble))
    def come_trouble(self, trouble: Trouble) -> None:
        if trouble is Trouble.LOCKED and not self.other.in_transaction:
            with suppress(sqlite3.OperationalError):  # a group has it
                self.other.execute("BEGIN IMMEDIATE")
        elif trouble is not Trouble.LOCKED and self.other.in_transaction:
            self.other.execute("ROLLBACK")
        self._run(self.line.hop(partial(_limit, trouble)))

    @invariant()
    def acknowledged_is_on_disk_and_failed_is_not(self) -> None:
        with closing(self._connect()) as db:
            kept = {row[0] for row in db.execute("SELECT word FROM words")}
        for caller, _ in self.all:
            here = [word in kept for word in caller.words]
            if caller.outcome is Outcome.ACKNOWLEDGED:
                assert all(here), f"{caller.name} was acknowledged and is lost"
            elif caller.outcome is Outcome.FAILED:
                assert not any(here), f"{caller.name} failed and was kept"
            else:
                assert all(here) or not any(here), f"{caller.name} was kept in part"

    def teardown(self) -> None:
        async def end() -> None:
            for caller, task in self.all:
                if not task.done():
                    caller.orders.put_nowait(Order.END)
            await asyncio.gather(*(task for _, task in self.all))
            await self.committer.close()
            await self.line.close()

        if self.other.in_transaction:
            self.other.execute("ROLLBACK")
        try:
            self._run(end())
            self.acknowledged_is_on_disk_and_failed_is_not()
        finally:
            self.runner.close()
            self.other.close()
            shutil.rmtree(self.folder)

    def _task(self, caller: Caller) -> asyncio.Task[None]:
        return next(task for one, task in self.all if one is caller)


TestCallers = Callers.TestCase
TestCallers.settings = settings(
    max_examples=25, stateful_step_count=30, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
