"""Reactions: likes ("thanks"), bookmarks ("save") and pins. Boosts are posts. Counters follow by trigger."""

from __future__ import annotations

from storage import actors
from storage.actors import Actor
from storage.database import Reading, Writing
from storage.paging import Page


async def like(db: Writing, *, actor_id: int, post_id: int, uri: str) -> bool:
    """Keep a like; False when this actor already likes the post."""
    added = await db.run(
        "INSERT INTO likes (actor_id, post_id, uri) VALUES (:actor_id, :post_id, :uri) ON CONFLICT DO NOTHING",
        actor_id=actor_id,
        post_id=post_id,
        uri=uri,
    )
    return added == 1


async def unlike(db: Writing, *, actor_id: int, post_id: int) -> str | None:
    """Take a like back; the uri it had, None when there was none."""
    row = await db.row(
        "DELETE FROM likes WHERE actor_id = :actor_id AND post_id = :post_id RETURNING uri",
        actor_id=actor_id,
        post_id=post_id,
    )
    return None if row is None else row["uri"]


async def liked_as(db: Reading, *, actor_id: int, uri: str) -> int | None:
    """The post that this actor's Like ``uri`` was for."""
    row = await db.row(
        "SELECT post_id FROM likes WHERE actor_id = :actor_id AND uri = :uri", actor_id=actor_id, uri=uri
    )
    return None if row is None else row["post_id"]


async def bookmark(db: Writing, *, actor_id: int, post_id: int) -> bool:
    """Save a post for its reader; False when it was saved before."""
    added = await db.run(
        "INSERT INTO bookmarks (actor_id, post_id) VALUES (:actor_id, :post_id) ON CONFLICT DO NOTHING",
        actor_id=actor_id,
        post_id=post_id,
    )
    return added == 1


async def unbookmark(db: Writing, *, actor_id: int, post_id: int) -> bool:
    """Take a saved post off the list; False when it was not on it."""
    removed = await db.run(
        "DELETE FROM bookmarks WHERE actor_id = :actor_id AND post_id = :post_id", actor_id=actor_id, post_id=post_id
    )
    return removed == 1


async def pin(db: Writing, *, actor_id: int, post_id: int) -> bool:
    """Show a post first on its author's page; False when it is there."""
    added = await db.run(
        "INSERT INTO pins (actor_id, post_id) VALUES (:actor_id, :post_id) ON CONFLICT DO NOTHING",
        actor_id=actor_id,
        post_id=post_id,
    )
    return added == 1


async def unpin(db: Writing, *, actor_id: int, post_id: int) -> bool:
    """Show it in its place again; False when it was not pinned."""
    removed = await db.run(
        "DELETE FROM pins WHERE actor_id = :actor_id AND post_id = :post_id", actor_id=actor_id, post_id=post_id
    )
    return removed == 1


async def likers(db: Reading, post_id: int, page: Page) -> list[tuple[int, Actor]]:
    """Who likes a post, newest first, each with the id to page by."""
    rows = await db.rows(
        "SELECT " + actors.COLUMNS + """, likes.id AS place
        FROM likes JOIN actors ON actors.id = likes.actor_id
        WHERE likes.post_id = :post_id AND likes.id < :before AND likes.id > :after AND actors.suspended IS NULL
        """ + (" ORDER BY likes.id LIMIT :limit" if page.rising else " ORDER BY likes.id DESC LIMIT :limit"),
        post_id=post_id, before=page.before, after=page.after, limit=page.limit,
    )  # fmt: skip
    return page.newest_first([(row["place"], actors.actor(row)) for row in rows])


async def boosters(db: Reading, post_id: int, page: Page) -> list[tuple[int, Actor]]:
    """Who passed a post on, newest first, each with the id to page by."""
    rows = await db.rows(
        "SELECT " + actors.COLUMNS + """, posts.id AS place
        FROM posts JOIN actors ON actors.id = posts.author_id
        WHERE posts.boost_of_id = :post_id AND posts.id < :before AND posts.id > :after
          AND posts.visibility IN ('public', 'unlisted') AND actors.suspended IS NULL
        """ + (" ORDER BY posts.id LIMIT :limit" if page.rising else " ORDER BY posts.id DESC LIMIT :limit"),
        post_id=post_id, before=page.before, after=page.after, limit=page.limit,
    )  # fmt: skip
    return page.newest_first([(row["place"], actors.actor(row)) for row in rows])


async def liked_uris(db: Reading, actor_id: int, *, before: int, limit: int) -> list[tuple[int, str]]:
    """What an actor thanked for, newest first: the id to page by, and the post's uri."""
    rows = await db.rows(
        """
        SELECT likes.id, posts.uri FROM likes JOIN posts ON posts.id = likes.post_id
        WHERE likes.actor_id = :actor_id AND likes.id < :before ORDER BY likes.id DESC LIMIT :limit
        """,
        actor_id=actor_id,
        before=before,
        limit=limit,
    )
    return [(row["id"], row["uri"]) for row in rows]


async def saved_uris(db: Reading, actor_id: int, *, before: int, limit: int) -> list[tuple[int, str]]:
    """What an actor saved, newest first: the id to page by, and the post's uri."""
    rows = await db.rows(
        """
        SELECT bookmarks.id, posts.uri FROM bookmarks JOIN posts ON posts.id = bookmarks.post_id
        WHERE bookmarks.actor_id = :actor_id AND bookmarks.id < :before ORDER BY bookmarks.id DESC LIMIT :limit
        """,
        actor_id=actor_id,
        before=before,
        limit=limit,
    )
    return [(row["id"], row["uri"]) for row in rows]


async def count_pins(db: Reading, *, actor_id: int) -> int:
    """How many posts an actor pinned, beside the notes of their highlights."""
    row = await db.row(
        """
        SELECT COUNT(*) AS n FROM pins WHERE actor_id = :actor_id
          AND NOT EXISTS (SELECT 1 FROM highlights WHERE highlights.note_id = pins.post_id)
        """,
        actor_id=actor_id,
    )
    return 0 if row is None else row["n"]


async def end_all_of(db: Writing, actor_id: int) -> None:
    """Take back all an actor thanked for, saved and pinned."""
    await db.run("DELETE FROM likes WHERE actor_id = :actor_id", actor_id=actor_id)
    await db.run("DELETE FROM bookmarks WHERE actor_id = :actor_id", actor_id=actor_id)
    await db.run("DELETE FROM pins WHERE actor_id = :actor_id", actor_id=actor_id)
