"""Muted threads: of which a member wants to hear no more. ``storage.notifications.add`` reads these rows."""

from __future__ import annotations

from collections.abc import Iterable

from storage.database import Reading, Writing, listed

DEPTH = 60  # posts looked at above one


async def add(db: Writing, *, member_id: int, post_id: int) -> None:
    """Mute the thread a post is in: its first post that is known, and all below."""
    await db.run(
        """
        INSERT INTO muted_threads (member_id, post_id)
        WITH RECURSIVE above (id, parent_id, depth) AS (
            SELECT posts.id, posts.in_reply_to_id, 0 FROM posts WHERE posts.id = :post_id
            UNION ALL
            SELECT posts.id, posts.in_reply_to_id, above.depth + 1
            FROM above JOIN posts ON posts.id = above.parent_id WHERE above.depth < :depth
        )
        SELECT CAST(:member_id AS BIGINT), above.id FROM above
        WHERE above.parent_id IS NULL OR above.depth = :depth
        ON CONFLICT DO NOTHING
        """,
        member_id=member_id,
        post_id=post_id,
        depth=DEPTH,
    )


async def remove(db: Writing, *, member_id: int, post_id: int) -> None:
    """Hear of the thread again that a post is in."""
    await db.run(
        """
        DELETE FROM muted_threads WHERE member_id = :member_id AND post_id IN (
            WITH RECURSIVE above (id, depth) AS (
                SELECT CAST(:post_id AS BIGINT), 0
                UNION ALL
                SELECT posts.in_reply_to_id, above.depth + 1 FROM above JOIN posts ON posts.id = above.id
                WHERE posts.in_reply_to_id IS NOT NULL AND above.depth < :depth
            )
            SELECT above.id FROM above)
        """,
        member_id=member_id,
        post_id=post_id,
        depth=DEPTH,
    )


async def of(db: Reading, *, member_id: int, post_ids: Iterable[int]) -> set[int]:
    """Which of ``post_ids`` are in threads that the member mutes; one look for who mutes none."""
    first = "SELECT post_id FROM muted_threads WHERE member_id = :member_id ORDER BY post_id LIMIT 1"
    if await db.row(first, member_id=member_id) is None:
        return set()
    rows = await db.rows(
        """
        WITH RECURSIVE above (post_id, id, depth) AS (
            SELECT value, value, 0 FROM json_each(:post_ids)
            UNION ALL
            SELECT above.post_id, posts.in_reply_to_id, above.depth + 1 FROM above JOIN posts ON posts.id = above.id
            WHERE posts.in_reply_to_id IS NOT NULL AND above.depth < :depth
        )
        SELECT DISTINCT above.post_id FROM above
        JOIN muted_threads ON muted_threads.member_id = :member_id AND muted_threads.post_id = above.id
        """,
        member_id=member_id,
        post_ids=listed(post_ids),
        depth=DEPTH,
    )
    return {row["post_id"] for row in rows}
