"""Mentions: who is named in a post."""

from __future__ import annotations

from collections.abc import Iterable

from storage import actors
from storage.actors import Actor
from storage.database import Reading, Writing, listed


async def put(db: Writing, post_id: int, actor_ids: Iterable[int]) -> None:
    """Name these actors in a post, beside those already named."""
    await db.many(
        "INSERT INTO mentions (post_id, actor_id) VALUES (:post_id, :actor_id) ON CONFLICT DO NOTHING",
        [{"post_id": post_id, "actor_id": actor_id} for actor_id in actor_ids],
    )


async def replace(db: Writing, post_id: int, actor_ids: Iterable[int]) -> None:
    """Name these actors and no others (an edit)."""
    await db.run("DELETE FROM mentions WHERE post_id = :post_id", post_id=post_id)
    await put(db, post_id, actor_ids)


async def of(db: Reading, post_ids: Iterable[int]) -> dict[int, list[Actor]]:
    """Who is named in each of these posts; one query for all."""
    rows = await db.rows(
        "SELECT " + actors.COLUMNS + """, mentions.post_id
        FROM mentions JOIN actors ON actors.id = mentions.actor_id
        WHERE mentions.post_id IN (SELECT value FROM json_each(:post_ids)) ORDER BY mentions.post_id, actors.id
        """,
        post_ids=listed(post_ids),
    )  # fmt: skip
    found: dict[int, list[Actor]] = {}
    for row in rows:
        found.setdefault(row["post_id"], []).append(actors.actor(row))
    return found
