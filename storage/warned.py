"""Warned: texts at which an author was asked to look again, as keyed hashes; the next try passes."""

from __future__ import annotations

from storage.database import Reading, Writing


async def keep(db: Writing, author_id: int, digest: str, *, until: int) -> None:
    """Remember that the author was asked."""
    await db.run(
        """
        INSERT INTO warned (author_id, digest, until) VALUES (:author_id, :digest, :until)
        ON CONFLICT (author_id, digest) DO UPDATE SET until = excluded.until
        """,
        author_id=author_id,
        digest=digest,
        until=until,
    )


async def was(db: Reading, author_id: int, digest: str, *, now: int) -> bool:
    """Whether the author was asked lately."""
    row = await db.row(
        "SELECT 1 AS yes FROM warned WHERE author_id = :author_id AND digest = :digest AND until > :now",
        author_id=author_id,
        digest=digest,
        now=now,
    )
    return row is not None


async def forget(db: Writing, author_id: int) -> None:
    """Forget of what an author was asked: they shared it under another name."""
    await db.run("DELETE FROM warned WHERE author_id = :author_id", author_id=author_id)


async def prune(db: Writing, *, now: int) -> None:
    """Forget what is over."""
    await db.run("DELETE FROM warned WHERE until <= :now", now=now)
