"""Connections that only read. A statement is done at once on the event loop's thread; one that turns out to be long is
broken off and done again on the connection's own.

Nearly everything that is read is found in memory within 0.1 ms. Asking another thread for it costs as much again, and
with every row the two fight for the interpreter's lock: 0.95 CPU ms instead of 0.7 for a home page, and half as many in
a second.
"""

from __future__ import annotations

import asyncio
import math
import sqlite3
import time
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any, TypeVar

from storage.lines import Here, Line, Session, Work, rolled_back, telling, whole

LONGEST = 0.010  # seconds that a statement may hold up the event loop
GIVE_WAY = 0.002  # seconds of statements after which others have their turn on the event loop
LOOK = 2_000  # instructions of SQLite's machine between looks at the clock: about 0.1 ms

T = TypeVar("T")


class TooLong(Exception):
    """A statement would have held up everybody. Nothing came of it."""


class Reader(Line):
    """One connection that reads."""

    def __init__(self, connect: Callable[[], sqlite3.Connection]) -> None:
        super().__init__(self._watched(connect))
        self._until = math.inf
        self.held = 0.0  # seconds that statements held up the event loop since it was last given way

    def briefly(self, work: Work[T], /) -> T:
        """What ``work``, one statement, returns; on the caller's thread. Raises TooLong, or SQLite's own error."""
        begun = time.monotonic()
        self._until = begun + LONGEST
        try:
            return self.here(work)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT:
                raise TooLong from error
            raise
        finally:
            self._until = math.inf
            self.held += time.monotonic() - begun

    async def give_way(self) -> None:
        """Let others have the event loop: who reads on and on would never leave it."""
        self.held = 0.0
        await asyncio.sleep(0)

    def read(self, work: Callable[[Session], Coroutine[Any, Any, T]]) -> T:
        """What ``work`` finds in a view of its own, on the caller's thread. Raises TooLong."""
        with telling():
            self.here(_begun)
            try:
                return self.here(lambda db: whole(work, _Brief(self, db)))
            finally:
                self.here(rolled_back)

    def _watched(self, connect: Callable[[], sqlite3.Connection]) -> Callable[[], sqlite3.Connection]:
        def connecting() -> sqlite3.Connection:
            db = connect()
            db.set_progress_handler(lambda: time.monotonic() > self._until, LOOK)
            return db

        return connecting


class _Brief(Here):
    def __init__(self, reader: Reader, db: sqlite3.Connection) -> None:
        super().__init__(db)
        self._reader = reader

    async def hop(self, work: Work[T], /) -> T:
        return self._reader.briefly(work)


class View:
    """One reading: it begins with its first statement and is a consistent view from then on."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._over = False

    async def hop(self, work: Work[T], /) -> T:
        """What ``work`` returns."""
        if self._over:
            raise RuntimeError("this reading is over")
        run = partial(self._run, work)
        if self._reader.held > GIVE_WAY:
            await self._reader.give_way()
        try:
            with telling():
                return self._reader.briefly(run)
        except TooLong:
            return await self._reader.hop(run)

    def end(self) -> None:
        """No statement of it begins any more."""
        self._over = True

    def _run(self, work: Work[T], db: sqlite3.Connection) -> T:
        if self._over:  # cancelled while this waited for the thread
            raise sqlite3.OperationalError("interrupted")
        if not db.in_transaction:
            _begun(db)
        return work(db)


def viewed(work: Callable[[Session], Coroutine[Any, Any, T]], db: sqlite3.Connection) -> T:
    """``whole`` in a view of its own, on the connection's thread."""
    _begun(db)
    try:
        return whole(work, Here(db))
    finally:
        rolled_back(db)


def _begun(db: sqlite3.Connection) -> None:
    db.execute("BEGIN")
