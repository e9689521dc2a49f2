"""The SQLite dialect: one connection that writes, a few that read, WAL in between."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from storage import locks, scrubbing
from storage.committing import Committer
from storage.database import Busy, Dialect, Unavailable
from storage.lines import Here, Line, Session, rolled_back, whole
from storage.locks import FileLock
from storage.readers import GIVE_WAY, Reader, TooLong, View, viewed
from storage.signals import Signals

T = TypeVar("T")

READERS = 4  # one of them for ``read``
BUSY_TIMEOUT = 5.0  # seconds a statement waits for another process's lock
PATIENCE = 1.0  # seconds a writer queues at the turnstile before it goes past it
STATEMENTS = 256  # that a connection keeps prepared
# No mmap: each connection maps the whole file anew (408 MB resident at 100,000 posts, against 38), and reads no faster.
# A page that is not in these small caches is a read from the system's: 1 µs, in the noise of every query measured.
PRAGMAS = (
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA journal_size_limit = 67108864",
)
AGAIN = 0.02  # seconds until a setting that found the file locked is tried again
# KiB: a large group fits. Pages of the log: most commits write the same ones again, which go to the file once.
WRITER = ("PRAGMA journal_mode = WAL", *PRAGMAS, "PRAGMA cache_size = -4096", "PRAGMA wal_autocheckpoint = 4000")
READER = ("PRAGMA query_only = ON", *PRAGMAS, "PRAGMA cache_size = -1024")


class SqliteDatabase:
    """Satisfies ``Database``."""

    def __init__(self, path: Path, writer: Line, readers: list[Reader], locks: list[FileLock]) -> None:
        self._path = path
        self._writer = writer
        self._readers = readers
        self._locks = locks
        self._turnstile = locks[0]
        self._committer = Committer(writer, begin=self._begin, finish=self._finish)
        self._idle: asyncio.LifoQueue[Reader] = asyncio.LifoQueue()
        self._short = readers[0]  # nobody waits for it: what it does is over at once
        for reader in readers[1:]:
            self._idle.put_nowait(reader)
        self._scrubbing = asyncio.Lock()
        self._signals = Signals()
        self._searchable = False  # whether this file has ``unsearched``, which a migration makes

    @property
    def dialect(self) -> Dialect:
        return "sqlite"

    @asynccontextmanager
    async def reading(self, *, stale: bool = False) -> AsyncGenerator[Session]:
        async with self._free() as line:
            view = View(line)
            try:
                yield Session(view)
            finally:
                view.end()
            line.here(rolled_back)

    async def read(self, work: Callable[[Session], Coroutine[Any, Any, T]], /, *, stale: bool = False) -> T:
        if self._short.held > GIVE_WAY:
            await self._short.give_way()
        try:
            return self._short.read(work)
        except TooLong:
            async with self._free() as line:
                return await line.hop(partial(viewed, work))

    @asynccontextmanager
    async def _free(self) -> AsyncGenerator[Reader]:
        line = await self._idle.get()
        try:
            yield line
        except BaseException:
            # A caller that was cancelled may have left a long query running: the next one gets a line that is free.
            line.break_off()
            line.ask(rolled_back).add_done_callback(lambda _: self._idle.put_nowait(line))
            raise
        self._idle.put_nowait(line)

    def writing(self) -> AbstractAsyncContextManager[Session]:
        return self._committer.transaction()

    async def write(self, work: Callable[[Session], Coroutine[Any, Any, T]], /, *, long: bool = False) -> T:
        return await self._committer.run(lambda db: whole(work, Here(db)), long=long)

    def _begin(self, db: sqlite3.Connection) -> None:
        # IMMEDIATE takes the write lock now: a transaction that read first and wrote later could otherwise fail with
        # SQLITE_BUSY_SNAPSHOT, which no busy_timeout waits for. https://www.sqlite.org/lang_transaction.html
        # A process that commits and begins again at once would starve others, whose waiting is only looking again now
        # and then: who waits holds the turnstile, and nobody else begins before it.
        rolled_back(db)
        with locks.passing(self._turnstile, patience=PATIENCE):
            db.execute("BEGIN IMMEDIATE")

    def _finish(self, db: sqlite3.Connection) -> None:
        if not self._searchable:
            found = db.execute("SELECT COUNT(*) FROM sqlite_master WHERE name = 'unsearched'").fetchall()
            self._searchable = found[0][0] == 1
        if self._searchable:
            let_in(db)

    async def script(self, sql: str) -> None:
        parts = statements(sql.replace("BIGINT PRIMARY KEY", "INTEGER PRIMARY KEY"))

        def run(db: sqlite3.Connection) -> None:
            for part in parts:
                db.execute(part)

        async with self.writing() as db:
            await db.hop(run)

    def migrating(self) -> AbstractAsyncContextManager[None]:
        return locks.holding(_beside(self._path, "migrating"))

    def signal(self, topic: str, id: int = 0) -> None:
        self._signals.tell(topic, id)

    def listen(self, topic: str, hear: Callable[[int], None]) -> Callable[[], None]:
        return self._signals.listen(topic, hear)

    async def scrub(self) -> None:
        async with self._scrubbing:
            await scrubbing.scrub(self._committer)

    async def close(self) -> None:
        try:
            await self._committer.close()
        finally:
            await _close([*self._readers, self._writer], self._locks)


def let_in(db: sqlite3.Connection) -> None:
    """Put the words of new posts into the search index, all at once; see migration 0005."""
    db.execute(
        """
        INSERT INTO posts_search (rowid, text)
        SELECT posts.id, posts.text FROM unsearched JOIN posts ON posts.id = unsearched.post_id
        """
    )
    db.execute("DELETE FROM unsearched")


def statements(script: str) -> list[str]:
    """The statements of ``script``, one by one; a trigger's body stays whole.

    >>> statements("SELECT ';'; -- one; two" + chr(10) + "SELECT 2")
    ["SELECT ';';", '-- one; two\\nSELECT 2;']
    """
    found: list[str] = []
    part = ""
    for piece in script.split(";"):
        part += piece + ";"
        if sqlite3.complete_statement(part):
            found.append(part.strip())
            part = ""
    return [one for one in [*found, part.removesuffix(";").strip()] if one not in ("", ";")]


async def open_sqlite(path: Path, *, command: bool = False) -> SqliteDatabase:
    """Open the database file, making it and its folder when absent. Raises Unavailable.

    One process serves a file: another one's ``open_sqlite`` fails, except a ``command``'s, which works beside it.
    """
    lines: list[Line] = []
    held: list[FileLock] = []
    connect = partial(_connected, path)
    writer, readers = Line(connect), [Reader(connect) for _ in range(READERS)]
    try:
        await asyncio.to_thread(path.parent.mkdir, parents=True, exist_ok=True)
        held.append(FileLock(_beside(path, "turn")))
        if not command:
            held.append(_only_one(path))
        for line in (writer, *readers):
            await line
            lines.append(line)
            await line.hop(partial(_set, WRITER if line is writer else READER))
    except BaseException as error:
        await _close(lines, held)
        if isinstance(error, sqlite3.Error | Busy | OSError):
            raise Unavailable(f"{path}: {error}") from error
        raise
    return SqliteDatabase(path, writer, readers, held)


def _beside(path: Path, what: str) -> Path:
    return path.with_name(f"{path.name}.{what}")


def _only_one(path: Path) -> FileLock:
    lock = FileLock(_beside(path, "serving"))
    if not lock.taken():
        lock.close()
        raise Unavailable(f"another process serves {path}: SQLite allows only one")
    return lock


def _connected(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(
        path, BUSY_TIMEOUT, isolation_level=None, check_same_thread=False, cached_statements=STATEMENTS
    )
    db.row_factory = sqlite3.Row
    return db


def _set(pragmas: tuple[str, ...], db: sqlite3.Connection) -> None:
    """On the connection's thread. Who makes a new file WAL while another does is told at once that it is locked,
    whatever the timeout says: https://www.sqlite.org/c3ref/busy_handler.html"""
    until = time.monotonic() + BUSY_TIMEOUT
    for one in pragmas:
        while not _done(one, db, last=time.monotonic() > until):
            time.sleep(AGAIN)


def _done(pragma: str, db: sqlite3.Connection, *, last: bool) -> bool:
    try:
        db.execute(pragma).fetchall()
    except sqlite3.OperationalError as error:
        if last or error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
            raise
        return False
    return True


async def _close(lines: list[Line], held: list[FileLock]) -> None:
    try:
        for line in lines:
            await line.close()
    finally:
        for lock in held:
            lock.close()
