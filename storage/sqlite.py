"""The SQLite dialect: one connection that writes, a few that read, WAL in between."""

from __future__ import annotations

import asyncio
import fcntl
import sqlite3
from collections.abc import AsyncGenerator, Callable, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, LiteralString, TypeVar

import aiosqlite

from storage.database import Busy, Dialect, Row, Unavailable, Value
from storage.signals import Signals

READERS = 4
BUSY_TIMEOUT = 5.0  # seconds a statement waits for another process's lock
PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA cache_size = -8192",
    "PRAGMA mmap_size = 268435456",
)

T = TypeVar("T")


class Line(aiosqlite.Connection):
    """A connection on a thread of its own; ``hop`` runs a function there."""

    async def hop(self, work: Callable[[sqlite3.Connection], T], /) -> T:
        """What ``work`` returns, run on the connection's thread. SQLite's errors come as ours."""
        try:
            return await self._execute(work, self._conn)
        except sqlite3.OperationalError as error:
            raise _ours(error) from error


def _ours(error: sqlite3.OperationalError) -> Exception:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return Busy(str(error))
    if code in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN):
        return Unavailable(str(error))
    return error


class Session:
    """Runs SQL on one connection, a hop a call. Satisfies ``Reading`` and ``Writing``."""

    def __init__(self, line: Line) -> None:
        self._line = line

    @property
    def dialect(self) -> Dialect:
        return "sqlite"

    async def rows(self, sql: LiteralString, /, **values: Value) -> Sequence[Row]:
        return await self._line.hop(lambda db: db.execute(sql, values).fetchall())

    async def row(self, sql: LiteralString, /, **values: Value) -> Row | None:
        found = await self.rows(sql, **values)
        return found[0] if found else None

    async def run(self, sql: LiteralString, /, **values: Value) -> int:
        return await self._line.hop(lambda db: db.execute(sql, values).rowcount)

    async def many(self, sql: LiteralString, rows: Sequence[Mapping[str, Value]], /) -> None:
        await self._line.hop(lambda db: db.executemany(sql, rows))


class SqliteDatabase:
    """Satisfies ``Database``."""

    def __init__(self, path: Path, writer: Line, readers: list[Line]) -> None:
        self._path = path
        self._writer = writer
        self._writing = asyncio.Lock()
        self._readers = readers
        self._idle: asyncio.Queue[Line] = asyncio.Queue()
        for reader in readers:
            self._idle.put_nowait(reader)
        self._signals = Signals()

    @property
    def dialect(self) -> Dialect:
        return "sqlite"

    @asynccontextmanager
    async def reading(self, *, stale: bool = False) -> AsyncGenerator[Session]:
        line = await self._idle.get()
        try:
            await line.hop(lambda db: db.execute("BEGIN"))
            yield Session(line)
        finally:
            await _whole(_end_reading(line, self._idle))

    @asynccontextmanager
    async def writing(self) -> AsyncGenerator[Session]:
        async with self._writing:
            try:
                await self._writer.hop(lambda db: db.execute("BEGIN IMMEDIATE"))
                yield Session(self._writer)
                await _whole(self._writer.hop(lambda db: db.execute("COMMIT")))
            finally:
                await _whole(self._writer.hop(_rollback))

    async def script(self, sql: str) -> None:
        parts = statements(sql.replace("BIGINT PRIMARY KEY", "INTEGER PRIMARY KEY"))
        async with self.writing():
            await self._writer.hop(lambda db: [db.execute(part) for part in parts] and None)

    @asynccontextmanager
    async def migrating(self) -> AsyncGenerator[None]:
        with Path(f"{self._path}.migrating").open("w") as file:  # noqa: ASYNC230 - opens at once
            await asyncio.to_thread(fcntl.flock, file, fcntl.LOCK_EX)
            yield

    def signal(self, topic: str, id: int = 0) -> None:
        self._signals.tell(topic, id)

    def listen(self, topic: str, hear: Callable[[int], None]) -> Callable[[], None]:
        return self._signals.listen(topic, hear)

    async def scrub(self) -> None:
        async with self.writing() as db:
            await db.run("INSERT INTO posts_search (posts_search) VALUES ('optimize')")
        async with self._writing:
            await self._writer.hop(lambda db: db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall())

    async def close(self) -> None:
        for line in [*self._readers, self._writer]:
            await line.close()


def statements(script: str) -> list[str]:
    """The statements of ``script``, one by one; a trigger's body stays whole.

    >>> statements("SELECT ';'; -- one; two" + chr(10) + "SELECT 2")
    ["SELECT ';';", '-- one; two\\nSELECT 2']
    """
    found: list[str] = []
    part = ""
    for piece in script.split(";"):
        part += piece + ";"
        if sqlite3.complete_statement(part):
            found.append(part.strip())
            part = ""
    rest = part.removesuffix(";").strip()
    return [*found, rest] if rest else found


def _rollback(db: sqlite3.Connection) -> None:
    if db.in_transaction:
        db.execute("ROLLBACK")


async def _end_reading(line: Line, idle: asyncio.Queue[Line]) -> None:
    try:
        await line.hop(_rollback)
    finally:
        idle.put_nowait(line)


async def _whole(work: Coroutine[Any, Any, Any]) -> None:
    """Do ``work`` to its end, even when the caller is cancelled meanwhile."""
    task = asyncio.ensure_future(work)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        raise


async def open_sqlite(path: Path) -> SqliteDatabase:
    """Open the database file, making it and its folder when absent. Raises Unavailable."""
    path.parent.mkdir(parents=True, exist_ok=True)

    async def connect() -> Line:
        line = Line(_connector(path), 64)
        await line
        await line.hop(lambda db: [db.execute(pragma).fetchall() for pragma in PRAGMAS] and None)
        return line

    try:
        writer = await connect()
        return SqliteDatabase(path, writer, [await connect() for _ in range(READERS)])
    except sqlite3.OperationalError as error:
        raise Unavailable(f"{path}: {error}") from error


def _connector(path: Path) -> Callable[[], sqlite3.Connection]:
    def connect() -> sqlite3.Connection:
        db = sqlite3.connect(path, timeout=BUSY_TIMEOUT, isolation_level=None, check_same_thread=False)
        db.row_factory = sqlite3.Row
        return db

    return connect
