"""Blocks: who does not want to see, or be seen by, whom."""

from __future__ import annotations

from collections.abc import Sequence

from storage import actors
from storage.actors import Actor
from storage.database import Reading, Writing, listed
from storage.paging import Page


async def add(db: Writing, *, actor_id: int, target_id: int, uri: str = "") -> bool:
    """Keep a block; False when it is here already. Follows both ways are the caller's to end."""
    added = await db.run(
        "INSERT INTO blocks (actor_id, target_id, uri) VALUES (:actor_id, :target_id, :uri) ON CONFLICT DO NOTHING",
        actor_id=actor_id,
        target_id=target_id,
        uri=uri,
    )
    return added == 1


async def remove(db: Writing, *, actor_id: int, target_id: int) -> bool:
    """End a block; False when there was none."""
    removed = await db.run(
        "DELETE FROM blocks WHERE actor_id = :actor_id AND target_id = :target_id",
        actor_id=actor_id,
        target_id=target_id,
    )
    return removed == 1


async def either(db: Reading, one_id: int, other_id: int) -> bool:
    """Whether one of the two blocks the other."""
    row = await db.row(
        """
        SELECT 1 AS yes FROM blocks WHERE actor_id = :one_id AND target_id = :other_id
        UNION ALL SELECT 1 FROM blocks WHERE actor_id = :other_id AND target_id = :one_id LIMIT 1
        """,
        one_id=one_id,
        other_id=other_id,
    )
    return row is not None


async def of(db: Reading, *, actor_id: int, target_ids: Sequence[int]) -> set[int]:
    """Whom among ``target_ids`` the actor blocks."""
    rows = await db.rows(
        """
        SELECT target_id FROM blocks
        WHERE actor_id = :actor_id AND target_id IN (SELECT value FROM json_each(:target_ids))
        """,
        actor_id=actor_id,
        target_ids=listed(target_ids),
    )
    return {row["target_id"] for row in rows}


async def by(db: Reading, *, target_id: int, actor_ids: Sequence[int]) -> set[int]:
    """Who among ``actor_ids`` blocks the target."""
    rows = await db.rows(
        """
        SELECT actor_id FROM blocks
        WHERE target_id = :target_id AND actor_id IN (SELECT value FROM json_each(:actor_ids))
        """,
        target_id=target_id,
        actor_ids=listed(actor_ids),
    )
    return {row["actor_id"] for row in rows}


async def newest(db: Reading, actor_id: int, page: Page) -> list[tuple[int, Actor]]:
    """Whom an actor blocks, newest first, each with the id to page by."""
    rows = await db.rows(
        "SELECT " + actors.COLUMNS + """, blocks.id AS place
        FROM blocks JOIN actors ON actors.id = blocks.target_id
        WHERE blocks.actor_id = :actor_id AND blocks.id < :before AND blocks.id > :after
        """ + (" ORDER BY blocks.id LIMIT :limit" if page.rising else " ORDER BY blocks.id DESC LIMIT :limit"),
        actor_id=actor_id, before=page.before, after=page.after, limit=page.limit,
    )  # fmt: skip
    return page.newest_first([(row["place"], actors.actor(row)) for row in rows])
