"""Concerned: members who did something with a post that was taken back, and are still to be told."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from storage.database import Reading, Writing


class Did(StrEnum):
    """What a member did with a post, for which they are told."""

    BOOSTED = "boosted"
    SAVED = "saved"
    ANSWERED = "answered"
    QUOTED = "quoted"
    ADOPTED = "adopted"  # tried it, plans to, or built on it


async def note(db: Writing, recall_id: int, post_id: int, *, but: Sequence[int]) -> None:
    """Note which members did something with a post, each once, except ``but``: before it is erased."""
    first, second = (*but, 0, 0)[:2]
    await db.run(
        """
        INSERT INTO recall_members (recall_id, member_id, did)
        SELECT CAST(:recall_id AS BIGINT), members.actor_id, did FROM (
            SELECT actor_id, did, ROW_NUMBER() OVER (PARTITION BY actor_id ORDER BY place) AS nth FROM (
                SELECT author_id AS actor_id, 'adopted' AS did, 0 AS place FROM lineage
                WHERE parent_id = :post_id AND outcome <> 'same'
                UNION ALL
                SELECT author_id, 'boosted', 1 FROM posts WHERE boost_of_id = :post_id
                UNION ALL
                SELECT author_id, 'answered', 2 FROM posts WHERE in_reply_to_id = :post_id
                UNION ALL
                SELECT posts.author_id, 'quoted', 3 FROM quotes JOIN posts ON posts.id = quotes.post_id
                WHERE quotes.quoted_id = :post_id
                UNION ALL
                SELECT actor_id, 'saved', 4 FROM bookmarks WHERE post_id = :post_id
            ) AS deeds
        ) AS concerned JOIN members ON members.actor_id = concerned.actor_id
        WHERE nth = 1 AND concerned.actor_id NOT IN (:first, :second)
        ON CONFLICT DO NOTHING
        """,
        recall_id=recall_id,
        post_id=post_id,
        first=first,
        second=second,
    )


async def to_tell(db: Reading, recall_id: int, *, after: int, limit: int) -> list[tuple[int, Did]]:
    """Members still to be told, and what each did."""
    rows = await db.rows(
        """
        SELECT member_id, did FROM recall_members WHERE recall_id = :recall_id AND member_id > :after
        ORDER BY member_id LIMIT :limit
        """,
        recall_id=recall_id,
        after=after,
        limit=limit,
    )
    return [(row["member_id"], Did(row["did"])) for row in rows]


async def told(db: Writing, recall_id: int, member_ids: str) -> None:
    """These were told; ``member_ids`` as ``database.listed``."""
    await db.run(
        """
        DELETE FROM recall_members WHERE recall_id = :recall_id
          AND member_id IN (SELECT value FROM json_each(:member_ids))
        """,
        recall_id=recall_id,
        member_ids=member_ids,
    )
