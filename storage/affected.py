"""Affected: who has the problem of a post, too. Counters follow by trigger."""

from __future__ import annotations

from storage.database import Reading, Writing


async def add(db: Writing, *, post_id: int, actor_id: int) -> bool:
    """Count somebody; False when they are counted already."""
    added = await db.run(
        "INSERT INTO affected (post_id, actor_id) VALUES (:post_id, :actor_id) ON CONFLICT DO NOTHING",
        post_id=post_id,
        actor_id=actor_id,
    )
    return added == 1


async def remove(db: Writing, *, post_id: int, actor_id: int) -> bool:
    """Count them no longer; False when they were not counted."""
    removed = await db.run(
        "DELETE FROM affected WHERE post_id = :post_id AND actor_id = :actor_id", post_id=post_id, actor_id=actor_id
    )
    return removed == 1


async def said(db: Reading, *, post_id: int, actor_id: int) -> bool:
    """Whether somebody said so."""
    row = await db.row(
        "SELECT 1 AS yes FROM affected WHERE post_id = :post_id AND actor_id = :actor_id",
        post_id=post_id,
        actor_id=actor_id,
    )
    return row is not None


async def forget_all_of(db: Writing, actor_id: int) -> None:
    """Count somebody nowhere."""
    await db.run("DELETE FROM affected WHERE actor_id = :actor_id", actor_id=actor_id)
