"""Bring a database up to the newest schema: run the numbered files it has not run yet, in order."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

from storage.database import Database, Dialect

FOLDER = Path(__file__).parent / "migrations"


@dataclass(frozen=True, slots=True)
class Step:
    """One numbered migration."""

    name: str
    script: str


async def migrate(database: Database, folder: Path = FOLDER) -> list[str]:
    """Run what is missing; the names of the files that ran. Safe to call at every start, by several at once.

    ``NNNN_what.sql`` is for both databases; ``NNNN_what.sqlite.sql`` or ``NNNN_what.postgres.sql`` runs right after it
    in the same transaction. Raises Unavailable, or the database's own error when a file is wrong.
    """
    steps = await asyncio.to_thread(read, folder, database.dialect)
    async with database.migrating():
        await database.script("CREATE TABLE IF NOT EXISTS migrations (name TEXT PRIMARY KEY)")
        async with database.reading() as db:
            done = {row["name"] for row in await db.rows("SELECT name FROM migrations")}
        missing = [step for step in steps if step.name not in done]
        for step in missing:
            # The record of the step is written in the step's own transaction: a crash leaves neither.
            record = f"INSERT INTO migrations (name) VALUES ('{step.name}')"
            await database.script(f"{step.script}\n;\n{record}")
    return [step.name for step in missing]


def read(folder: Path, dialect: Dialect) -> list[Step]:
    """The migrations in ``folder`` as ``dialect`` runs them, in order."""
    return [
        Step(
            file.stem,
            "\n;\n".join(one.read_text() for one in (file, file.with_suffix(f".{dialect}.sql")) if one.exists()),
        )
        for file in sorted(folder.glob("[0-9]*.sql"))
        if file.name.count(".") == 1
    ]
