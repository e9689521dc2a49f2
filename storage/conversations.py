"""Conversations: direct posts of a member, by who else takes part."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from storage.database import Missing, Reading, Row, Writing, listed
from storage.paging import Page


@dataclass(frozen=True, slots=True)
class Conversation:
    """One member's conversation with these others."""

    id: int
    people: Sequence[int]
    last_post_id: int
    unread: int | None


COLUMNS = "id, people, last_post_id, unread"


def _conversation(row: Row) -> Conversation:
    id, people, last_post_id, unread = row
    return Conversation(id, [int(one) for one in people.split(",") if one], last_post_id, unread)


async def add(db: Writing, member_id: int, others: Iterable[int], post_id: int, *, unread: int | None) -> None:
    """Put a post into the member's conversation with these others; ``unread``: since when, None for one's own."""
    row = await db.row(
        """
        INSERT INTO conversations (member_id, people, unread)
        SELECT members.actor_id, :people, CAST(:unread AS BIGINT) FROM members WHERE members.actor_id = :member_id
        ON CONFLICT (member_id, people) DO UPDATE SET unread = excluded.unread RETURNING id
        """,
        member_id=member_id,
        people=",".join(str(one) for one in sorted(set(others) - {member_id})),
        unread=unread,
    )
    if row is None:
        return  # not a member
    await db.run(
        "INSERT INTO conversation_posts (conversation_id, post_id) VALUES (:id, :post_id) ON CONFLICT DO NOTHING",
        id=row["id"],
        post_id=post_id,
    )


async def newest(db: Reading, member_id: int, page: Page) -> list[Conversation]:
    """The member's conversations, the one with the newest post first; paged by the ids of their newest posts."""
    mine = (
        "SELECT " + COLUMNS + """ FROM conversations
        WHERE member_id = :member_id AND last_post_id IS NOT NULL
          AND last_post_id < :before AND last_post_id > :after ORDER BY last_post_id """
    )  # fmt: skip
    values = {"member_id": member_id, "before": page.before, "after": page.after, "limit": page.limit}
    if page.rising:
        return [_conversation(row) for row in await db.rows(mine + "LIMIT :limit", **values)][::-1]
    return [_conversation(row) for row in await db.rows(mine + "DESC LIMIT :limit", **values)]


async def some(db: Reading, member_id: int, ids: Iterable[int]) -> dict[int, Conversation]:
    """Those of these conversations that are the member's and not empty, by id."""
    rows = await db.rows(
        "SELECT " + COLUMNS + """ FROM conversations
        WHERE id IN (SELECT value FROM json_each(:ids)) AND member_id = :member_id AND last_post_id IS NOT NULL""",
        ids=listed(ids),
        member_id=member_id,
    )  # fmt: skip
    return {row["id"]: _conversation(row) for row in rows}


async def holding(db: Reading, post_ids: Iterable[int], member_ids: Iterable[int]) -> list[tuple[int, int]]:
    """The conversations of these members that these posts are in, the oldest post first: (id, member id) of each."""
    rows = await db.rows(
        """
        SELECT conversations.id, conversations.member_id FROM conversation_posts
        JOIN conversations ON conversations.id = conversation_posts.conversation_id
        WHERE conversation_posts.post_id IN (SELECT value FROM json_each(:post_ids))
          AND conversations.member_id IN (SELECT value FROM json_each(:member_ids))
        ORDER BY conversation_posts.post_id
        """,
        post_ids=listed(post_ids),
        member_ids=listed(member_ids),
    )
    return [(row["id"], row["member_id"]) for row in rows]


_GOT = """SELECT recipients.post_id AS id FROM recipients JOIN posts ON posts.id = recipients.post_id
    WHERE recipients.actor_id = :actor_id AND recipients.circle = 'self' AND posts.visibility = 'direct'
      AND recipients.post_id < :before AND recipients.post_id > :after ORDER BY recipients.post_id"""
_WROTE = """SELECT posts.id FROM posts WHERE posts.author_id = :actor_id AND posts.visibility = 'direct'
    AND posts.id < :before AND posts.id > :after ORDER BY posts.id"""


async def posts_of(db: Reading, actor_id: int, page: Page) -> list[int]:
    """The direct posts that an actor wrote or got, the newest first."""
    values = {"actor_id": actor_id, "before": page.before, "after": page.after, "limit": page.limit}
    if page.rising:
        rows = await db.rows(
            "SELECT id FROM (SELECT * FROM (" + _GOT + " LIMIT :limit) AS got UNION SELECT * FROM (" + _WROTE
            + " LIMIT :limit) AS wrote) AS mine ORDER BY id LIMIT :limit", **values,
        )  # fmt: skip
    else:
        rows = await db.rows(
            "SELECT id FROM (SELECT * FROM (" + _GOT + " DESC LIMIT :limit) AS got UNION SELECT * FROM (" + _WROTE
            + " DESC LIMIT :limit) AS wrote) AS mine ORDER BY id DESC LIMIT :limit", **values,
        )  # fmt: skip
    return page.newest_first([row["id"] for row in rows])


async def mark(db: Writing, member_id: int, conversation_id: int, *, unread: int | None) -> Conversation:
    """Say that it was read, or since when it was not. Raises Missing."""
    row = await db.row(
        """
        UPDATE conversations SET unread = :unread
        WHERE id = :id AND member_id = :member_id AND last_post_id IS NOT NULL RETURNING """
        + COLUMNS,
        id=conversation_id,
        member_id=member_id,
        unread=unread,
    )
    if row is None:
        raise Missing(str(conversation_id))
    return _conversation(row)


async def forget(db: Writing, member_id: int, conversation_id: int) -> None:
    """Take it off the member's list; a new post brings it back. Raises Missing."""
    mine = "DELETE FROM conversations WHERE id = :id AND member_id = :member_id"
    if await db.run(mine, id=conversation_id, member_id=member_id) == 0:
        raise Missing(str(conversation_id))


async def forget_all_of(db: Writing, member_id: int) -> None:
    """Forget all of a member's."""
    await db.run("DELETE FROM conversations WHERE member_id = :member_id", member_id=member_id)
