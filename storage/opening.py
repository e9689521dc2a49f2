"""Open the database that the settings name, in whichever dialect it speaks."""

from __future__ import annotations

from pathlib import Path

from storage.database import Database
from storage.postgres import open_postgres
from storage.sqlite import open_sqlite

DEFAULT = Path("data/sharewell.db")


async def open_database(where: str | Path = "") -> Database:
    """The database at ``where``: ``""`` or a path is a SQLite file, ``postgresql://…`` a server. Raises Unavailable."""
    if str(where).startswith(("postgresql://", "postgres://")):
        return await open_postgres(str(where))
    return await open_sqlite(Path(where) if where else DEFAULT)
