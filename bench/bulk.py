"""The storage code on one SQLite connection without threads: 100,000 posts are kept within a minute or two."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import LiteralString

from storage.database import Dialect, Row, Value
from storage.sqlite import let_in


class Bulk:
    """Satisfies ``Writing``: everything in one transaction, in the caller's thread. Not durable before ``close``."""

    def __init__(self, file: Path) -> None:
        self._db = sqlite3.connect(file, isolation_level=None)
        self._db.row_factory = sqlite3.Row
        for pragma in ("synchronous = OFF", "foreign_keys = ON", "cache_size = -262144", "temp_store = MEMORY"):
            self._db.execute(f"PRAGMA {pragma}")
        self._db.execute("BEGIN IMMEDIATE")

    @property
    def dialect(self) -> Dialect:
        return "sqlite"

    async def rows(self, sql: LiteralString, /, **values: Value) -> Sequence[Row]:
        return self._db.execute(sql, values).fetchall()

    async def row(self, sql: LiteralString, /, **values: Value) -> Row | None:
        found = self._db.execute(sql, values).fetchall()
        return found[0] if found else None

    async def run(self, sql: LiteralString, /, **values: Value) -> int:
        return self._db.execute(sql, values).rowcount

    async def many(self, sql: LiteralString, rows: Sequence[Mapping[str, Value]], /) -> None:
        self._db.executemany(sql, rows)

    def close(self) -> None:
        """Commit, and fold the log into the file."""
        let_in(self._db)
        self._db.execute("COMMIT")
        self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._db.close()
