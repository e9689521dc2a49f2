"""Followed hashtags: whose public posts come to a member's home timeline. ``storage.home`` reads these rows."""

from __future__ import annotations

from collections.abc import Iterable

from storage.database import Reading, Writing, listed
from storage.paging import Page


async def add(db: Writing, *, member_id: int, tag_id: int) -> bool:
    """Follow a hashtag; False when it is followed already."""
    added = await db.run(
        "INSERT INTO tag_follows (member_id, tag_id) VALUES (:member_id, :tag_id) ON CONFLICT DO NOTHING",
        member_id=member_id,
        tag_id=tag_id,
    )
    return added == 1


async def remove(db: Writing, *, member_id: int, tag_id: int) -> bool:
    """Follow it no longer; False when it was not followed."""
    removed = await db.run(
        "DELETE FROM tag_follows WHERE member_id = :member_id AND tag_id = :tag_id",
        member_id=member_id,
        tag_id=tag_id,
    )
    return removed == 1


async def of(db: Reading, *, member_id: int, tag_ids: Iterable[int]) -> set[int]:
    """Which of ``tag_ids`` the member follows."""
    rows = await db.rows(
        """
        SELECT tag_id FROM tag_follows
        WHERE member_id = :member_id AND tag_id IN (SELECT value FROM json_each(:tag_ids))
        """,
        member_id=member_id,
        tag_ids=listed(tag_ids),
    )
    return {row["tag_id"] for row in rows}


async def count(db: Reading, member_id: int) -> int:
    """How many hashtags a member follows."""
    row = await db.row("SELECT COUNT(*) AS n FROM tag_follows WHERE member_id = :member_id", member_id=member_id)
    return 0 if row is None else row["n"]


async def newest(db: Reading, member_id: int, page: Page) -> list[tuple[int, tuple[int, str]]]:
    """The hashtags a member follows, newest first: the id to page by, and the tag's id and name."""
    rows = await db.rows(
        """
        SELECT tag_follows.id AS place, tags.id, tags.name
        FROM tag_follows JOIN tags ON tags.id = tag_follows.tag_id
        WHERE tag_follows.member_id = :member_id AND tag_follows.id < :before AND tag_follows.id > :after
        """ + (_OLDEST if page.rising else _NEWEST),
        member_id=member_id, before=page.before, after=page.after, limit=page.limit,
    )  # fmt: skip
    return page.newest_first([(row["place"], (row["id"], row["name"])) for row in rows])


_NEWEST = " ORDER BY tag_follows.id DESC LIMIT :limit"
_OLDEST = " ORDER BY tag_follows.id LIMIT :limit"
