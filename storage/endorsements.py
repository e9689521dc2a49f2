"""Endorsements: whom a member shows on their page as worth following."""

from __future__ import annotations

from collections.abc import Sequence

from storage import actors
from storage.actors import Actor
from storage.database import Reading, Writing, listed
from storage.paging import Page


async def add(db: Writing, *, member_id: int, target_id: int) -> bool:
    """Show somebody; False when they are shown already."""
    added = await db.run(
        "INSERT INTO endorsements (member_id, target_id) VALUES (:member_id, :target_id) ON CONFLICT DO NOTHING",
        member_id=member_id,
        target_id=target_id,
    )
    return added == 1


async def remove(db: Writing, *, member_id: int, target_id: int) -> bool:
    """Show somebody no longer; False when they were not shown."""
    removed = await db.run(
        "DELETE FROM endorsements WHERE member_id = :member_id AND target_id = :target_id",
        member_id=member_id,
        target_id=target_id,
    )
    return removed == 1


async def of(db: Reading, *, member_id: int, target_ids: Sequence[int]) -> set[int]:
    """Whom among ``target_ids`` the member shows."""
    rows = await db.rows(
        """
        SELECT target_id FROM endorsements
        WHERE member_id = :member_id AND target_id IN (SELECT value FROM json_each(:target_ids))
        """,
        member_id=member_id,
        target_ids=listed(target_ids),
    )
    return {row["target_id"] for row in rows}


_NEWEST = " ORDER BY endorsements.id DESC LIMIT :limit"
_OLDEST = " ORDER BY endorsements.id LIMIT :limit"


async def newest(db: Reading, member_id: int, page: Page) -> list[tuple[int, Actor]]:
    """Whom a member shows, newest first, each with the id to page by."""
    rows = await db.rows(
        "SELECT " + actors.COLUMNS + """, endorsements.id AS place
        FROM endorsements JOIN actors ON actors.id = endorsements.target_id
        WHERE endorsements.member_id = :member_id AND endorsements.id < :before AND endorsements.id > :after
          AND actors.suspended IS NULL AND actors.gone IS NULL
        """ + (_OLDEST if page.rising else _NEWEST),
        member_id=member_id, before=page.before, after=page.after, limit=page.limit,
    )  # fmt: skip
    return page.newest_first([(row["place"], actors.actor(row)) for row in rows])
