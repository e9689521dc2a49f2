"""Short readings of a SQLite file, done at once on the event loop's thread.

Nearly everything that is read is found in memory within 0.1 ms. Asking another thread for it costs as much again, and
with every row the two fight for the interpreter's lock: 0.95 CPU ms instead of 0.7 for a home page, and half as many in
a second. What turns out to be long is broken off and belongs on a thread after all.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any, TypeVar

from storage.lines import Here, Line, Session, Work, rolled_back, telling, whole

LONGEST = 0.010  # seconds that one statement may take
LOOK = 2_000  # instructions of SQLite's machine between looks at the clock: about 0.1 ms

T = TypeVar("T")


class TooLong(Exception):
    """A statement would have held up everybody: nothing came of it, the same reading can be begun elsewhere."""


class Short:
    """A line whose own thread is left alone."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._until = 0.0
        line.here(lambda db: db.set_progress_handler(self._overdue, LOOK))

    def read(self, work: Callable[[Session], Coroutine[Any, Any, T]]) -> T:
        """What ``work`` finds in a view of its own. Raises TooLong."""
        with telling():
            return self._line.here(partial(self._viewed, work))

    def _viewed(self, work: Callable[[Session], Coroutine[Any, Any, T]], db: sqlite3.Connection) -> T:
        self._until = time.monotonic() + LONGEST
        db.execute("BEGIN")
        try:
            return whole(work, _Watched(self, db))
        finally:
            self._until = float("inf")
            rolled_back(db)

    def run(self, work: Work[T], db: sqlite3.Connection) -> T:
        """One statement. Raises TooLong."""
        self._until = time.monotonic() + LONGEST
        try:
            return work(db)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT:
                raise TooLong from error
            raise

    def _overdue(self) -> bool:
        return time.monotonic() > self._until


class _Watched(Here):
    def __init__(self, short: Short, db: sqlite3.Connection) -> None:
        super().__init__(db)
        self._short = short

    async def hop(self, work: Work[T], /) -> T:
        return await super().hop(partial(self._short.run, work))
