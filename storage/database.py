"""One database in two dialects: begin reading or writing, run SQL, get rows.

SQL is written once, in the subset that SQLite 3.40 and PostgreSQL 15 share, with ``:name`` parameters.
The ``sql`` arguments are ``LiteralString``: a query put together from a request is a type error.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Literal, LiteralString, Protocol

Value = str | int | bytes | None
Dialect = Literal["sqlite", "postgres"]


class Missing(LookupError):
    """No such record, or none that this reader may see: callers must not be able to tell which."""


class Busy(Exception):
    """Others hold what we need (lock, deadlock, serialisation): nothing was kept, the same work may be tried again."""


class Unavailable(Exception):
    """The database cannot take this now (gone, read-only, full disk): nothing was acknowledged; answer 503."""


class Row(Protocol):
    """One row: ``row["column"]``. Columns come as ``str``, ``int``, ``bytes`` or ``None``."""

    def __getitem__(self, key: Any, /) -> Any: ...


class Reading(Protocol):
    """A consistent view of the database for the length of one ``async with``."""

    @property
    def dialect(self) -> Dialect:
        """Which SQL this database speaks, for the few queries (full-text search) that cannot be the same."""
        ...

    async def rows(self, sql: LiteralString, /, **values: Value) -> Sequence[Row]:
        """Every row of the answer."""
        ...

    async def row(self, sql: LiteralString, /, **values: Value) -> Row | None:
        """The first row of the answer, or None."""
        ...


class Writing(Reading, Protocol):
    """A transaction: everything run through it is kept together or not at all."""

    async def run(self, sql: LiteralString, /, **values: Value) -> int:
        """Run a statement; the number of rows it changed."""
        ...

    async def many(self, sql: LiteralString, rows: Sequence[Mapping[str, Value]], /) -> None:
        """Run a statement once for each of ``rows``, in one hop."""
        ...


class Database(Protocol):
    """An open database. ``open_sqlite`` and ``open_postgres`` make one."""

    @property
    def dialect(self) -> Dialect: ...

    def reading(self, *, stale: bool = False) -> AbstractAsyncContextManager[Reading]:
        """A view. ``stale=True`` may be a replica: public timelines, search, profiles, feeds, exports only."""
        ...

    def writing(self) -> AbstractAsyncContextManager[Writing]:
        """A transaction. When the block ends without an error, what it did is on disk."""
        ...

    async def script(self, sql: str) -> None:
        """Run the statements of one migration file in one transaction."""
        ...

    def migrating(self) -> AbstractAsyncContextManager[None]:
        """Hold the one lock under which migrations run; other processes wait."""
        ...

    def signal(self, topic: str, id: int = 0) -> None:
        """Tell every process's listeners of ``topic``; call it after the commit. Lost signals are made good by
        looking at the tables (SCALE rule 12)."""
        ...

    def listen(self, topic: str, hear: Callable[[int], None]) -> Callable[[], None]:
        """Call ``hear(id)`` in this process for every signal of ``topic``; the answer stops it. ``hear`` is quick
        and never raises."""
        ...

    async def close(self) -> None: ...


Work = Callable[[Writing], Awaitable[Any]]
