"""Open the database that the settings name, in whichever dialect it speaks."""

from __future__ import annotations

from pathlib import Path

from storage.database import Database
from storage.migrate import migrate
from storage.sqlite import open_sqlite

DEFAULT = Path("data/sharewell.db")


async def open_database(where: str | Path = "", *, command: bool = False) -> Database:
    """The database at ``where``, brought up to date: ``""`` or a path is a SQLite file, ``postgresql://…`` a server.

    ``command``: for a command that runs beside a serving process. Raises Unavailable.
    """
    database = await _open(where, command=command)
    try:
        await migrate(database)
    except BaseException:
        await database.close()
        raise
    return database


async def _open(where: str | Path, *, command: bool) -> Database:
    if str(where).startswith(("postgresql://", "postgres://")):
        from storage.postgres import open_postgres  # a node on SQLite does without asyncpg: 80 ms and 5 MB

        return await open_postgres(str(where))
    return await open_sqlite(Path(where) if where else DEFAULT, command=command)
