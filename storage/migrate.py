"""Bring a database up to the newest schema: run the numbered files it has not run yet, in order."""

from __future__ import annotations

from pathlib import Path

from storage.database import Database

FOLDER = Path(__file__).parent / "migrations"


async def migrate(database: Database, folder: Path = FOLDER) -> list[str]:
    """Run what is missing; the names of the files that ran. Safe to call at every start, by several at once.

    ``NNNN_what.sql`` is for both databases; ``NNNN_what.sqlite.sql`` or ``NNNN_what.postgres.sql`` runs right after it
    in the same transaction. Raises Unavailable, or the database's own error when a file is wrong.
    """
    steps = sorted(file for file in folder.glob("[0-9]*.sql") if file.name.count(".") == 1)
    async with database.migrating():
        await database.script("CREATE TABLE IF NOT EXISTS migrations (name TEXT PRIMARY KEY)")
        async with database.reading() as db:
            done = {row["name"] for row in await db.rows("SELECT name FROM migrations")}
        missing = [step for step in steps if step.stem not in done]
        for step in missing:
            own = step.with_suffix(f".{database.dialect}.sql")
            texts = [step.read_text(), own.read_text() if own.exists() else ""]
            # The record of the step is written in the step's own transaction: a crash leaves neither.
            record = f"INSERT INTO migrations (name) VALUES ('{step.stem}')"
            await database.script("\n;\n".join([*texts, record]))
    return [step.stem for step in missing]
