"""Correcting: tell members that a post which they did something with bears a new mark."""

from __future__ import annotations

from storage.database import Writing
from storage.notifications import UNMUTED


async def tell(db: Writing, *, post_id: int, actor_id: int, now: int) -> list[tuple[int, int]]:
    """Tell the members who passed a post on, saved it, answered it or built on it; (notification id, member id) of
    each. Those who were told of an earlier change are told anew."""
    await db.run(
        "DELETE FROM notifications WHERE post_id = :post_id AND reason = 'update'",
        post_id=post_id,
    )
    rows = await db.rows(
        """
        INSERT INTO notifications (member_id, reason, actor_id, post_id, created)
        SELECT members.actor_id, 'update', CAST(:actor_id AS BIGINT), CAST(:post_id AS BIGINT), CAST(:now AS BIGINT)
        FROM members WHERE members.actor_id IN (
            SELECT author_id FROM posts WHERE boost_of_id = :post_id
            UNION SELECT author_id FROM posts WHERE in_reply_to_id = :post_id
            UNION SELECT author_id FROM lineage WHERE parent_id = :post_id AND outcome <> 'same'
            UNION SELECT actor_id FROM bookmarks WHERE post_id = :post_id)
          AND members.actor_id <> :actor_id AND """
        + UNMUTED
        + """
        ON CONFLICT DO NOTHING RETURNING id, member_id
        """,
        post_id=post_id,
        actor_id=actor_id,
        now=now,
    )
    return [(row["id"], row["member_id"]) for row in rows]
