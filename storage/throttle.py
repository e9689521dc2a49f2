"""Throttle: how often something was tried lately, in windows of fixed length."""

from __future__ import annotations

from storage.database import Reading, Writing


async def count(db: Writing, subject: str, *, now: int, window: int) -> int:
    """Count one more try of ``subject``; how many there were in this window of ``window`` ms, this one included."""
    row = await db.row(
        """
        INSERT INTO attempts (subject, since, count) VALUES (:subject, :now, 1)
        ON CONFLICT (subject) DO UPDATE SET
            count = CASE WHEN attempts.since < :start THEN 1 ELSE attempts.count + 1 END,
            since = CASE WHEN attempts.since < :start THEN excluded.since ELSE attempts.since END
        RETURNING count
        """,
        subject=subject,
        now=now,
        start=now - window,
    )
    return 1 if row is None else row["count"]


async def so_far(db: Reading, subject: str, *, now: int, window: int) -> int:
    """How many tries of ``subject`` were counted in this window."""
    row = await db.row(
        "SELECT count FROM attempts WHERE subject = :subject AND since >= :start", subject=subject, start=now - window
    )
    return 0 if row is None else row["count"]


async def forget(db: Writing, subject: str) -> None:
    """It succeeded: earlier tries do not count any more."""
    await db.run("DELETE FROM attempts WHERE subject = :subject", subject=subject)


async def prune(db: Writing, *, before: int) -> int:
    """Forget windows that began before; how many went."""
    return await db.run("DELETE FROM attempts WHERE since < :before", before=before)
