"""Connections to a SQLite file, each on a thread of its own, and the SQL that runs there: one hop a call."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Coroutine, Generator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any, LiteralString, Protocol, TypeVar

import aiosqlite

from storage.database import Busy, Dialect, Row, Unavailable, Value

T = TypeVar("T")
Work = Callable[[sqlite3.Connection], T]

BUSY = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL})
UNAVAILABLE = frozenset(
    {
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_NOTADB,
        sqlite3.SQLITE_PERM,
    }
)


def ours(error: Exception) -> Exception:
    """What callers are told: Busy, Unavailable, or ``error`` itself when the statement was wrong."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the upper bits say more than we ask
    if code in BUSY:
        return Busy(str(error))
    if code in UNAVAILABLE or isinstance(error, MemoryError):
        return Unavailable(str(error) or "out of memory")
    return error


@contextmanager
def telling() -> Generator[None]:
    """SQLite's errors come as ours."""
    try:
        yield
    except (sqlite3.Error, MemoryError) as error:
        told = ours(error)
        if told is error:
            raise
        raise told from error


class Line(aiosqlite.Connection):
    """One connection. Its thread does what it is asked in the order it was asked, also for callers that have gone."""

    def __init__(self, connect: Callable[[], sqlite3.Connection]) -> None:
        super().__init__(connect, iter_chunk_size=64)
        self._thread.daemon = True  # a process that failed before it could close its database ends all the same

    def ask(self, work: Work[T], /) -> asyncio.Future[T]:
        """Have ``work`` done; SQLite's own errors come as they are. Raises Unavailable when closed."""
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._tx.put_nowait((future, partial(work, self._open())))
        return future

    def post(self, work: Work[object], /) -> None:
        """Have ``work`` done; nobody waits, and its errors are dropped."""
        self._tx.put_nowait((None, partial(work, self._open())))

    async def hop(self, work: Work[T], /) -> T:
        """What ``work`` returns. SQLite's errors come as ours."""
        with telling():
            return await self.ask(work)

    def here(self, work: Work[T], /) -> T:
        """What ``work`` returns, run at once on the caller's thread: the connection's own must have nothing to do."""
        return work(self._open())

    def break_off(self) -> None:
        """Stop the statement that is running now, if there is one."""
        self._open().interrupt()

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            raise Unavailable("the database is closed")
        return self._connection


class Hops(Protocol):
    """Where a session's statements run: a reading, or a transaction."""

    async def hop(self, work: Work[T], /) -> T:
        """What ``work`` returns, run on the connection's thread."""
        ...


class Here:
    """The connection, for who may use it on the thread they are on: a statement is a call."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    async def hop(self, work: Work[T], /) -> T:
        """What ``work`` returns. Never outside a transaction, which SQLite may have given up: see ``committing``."""
        if not self._db.in_transaction:
            raise Unavailable("the database gave up the transaction")
        return work(self._db)


def whole(work: Callable[[Session], Coroutine[Any, Any, T]], here: Here) -> T:
    """All of ``work`` at once: it waits for nothing but its session."""
    begun = work(Session(here))
    try:
        begun.send(None)
    except StopIteration as done:
        return done.value  # type: ignore[no-any-return]
    begun.close()
    raise RuntimeError("work on a database waits for nothing else")


def rolled_back(db: sqlite3.Connection) -> None:
    """Run on a connection's thread: whatever it was in, it is in no transaction any more."""
    if db.in_transaction:
        db.execute("ROLLBACK")


class Session:
    """SQL, one hop a call. Satisfies ``Reading`` and ``Writing``."""

    def __init__(self, hops: Hops) -> None:
        self._hops = hops

    @property
    def dialect(self) -> Dialect:
        return "sqlite"

    async def rows(self, sql: LiteralString, /, **values: Value) -> Sequence[Row]:
        found: list[Row] = await self._hops.hop(lambda db: db.execute(sql, values).fetchall())
        return found

    async def row(self, sql: LiteralString, /, **values: Value) -> Row | None:
        found = await self.rows(sql, **values)
        return found[0] if found else None

    async def run(self, sql: LiteralString, /, **values: Value) -> int:
        return await self._hops.hop(lambda db: db.execute(sql, values).rowcount)

    async def many(self, sql: LiteralString, rows: Sequence[Mapping[str, Value]], /) -> None:
        await self._hops.hop(lambda db: db.executemany(sql, rows))

    async def hop(self, work: Work[T], /) -> T:
        """Whatever ``work`` does with the connection, in one hop: for what is no single statement."""
        return await self._hops.hop(work)
