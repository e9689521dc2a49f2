"""Mutes: whom a member does not want to see, for a while or until they say so; nobody else is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

from storage import actors
from storage.actors import Actor
from storage.database import Reading, Writing, listed
from storage.ids import LAST
from storage.paging import Page
from storage.records import quick

# Beside ``posts.VISIBLE`` where a reader looks at what many share, at ``:now``. Not where they look at one account or
# ask for one post: muting is not to stumble over somebody.
UNMUTED = """NOT EXISTS (
    SELECT 1 FROM mutes
    WHERE mutes.member_id = :reader_id AND mutes.target_id = posts.author_id AND mutes.ends > :now
)"""


@quick
@dataclass(frozen=True, slots=True)
class Mute:
    """``member_id`` does not want to see ``target_id``."""

    id: int
    member_id: int
    target_id: int
    notifications: int | None  # None: still told of what the target does
    ends: int  # ms since 1970 UTC; ``storage.ids.LAST``: when the member says so

    @property
    def until(self) -> int | None:
        """When it ends by itself; None: it does not."""
        return None if self.ends == LAST else self.ends


COLUMNS = "mutes.id, mutes.member_id, mutes.target_id, mutes.notifications, mutes.ends"
_WIDTH = len(fields(Mute))


async def put(db: Writing, *, member_id: int, target_id: int, notifications: int | None, ends: int) -> None:
    """Keep a mute; one that is here takes the new terms."""
    await db.run(
        """
        INSERT INTO mutes (member_id, target_id, notifications, ends)
        VALUES (:member_id, :target_id, :notifications, :ends)
        ON CONFLICT (member_id, target_id) DO UPDATE SET notifications = excluded.notifications, ends = excluded.ends
        """,
        member_id=member_id,
        target_id=target_id,
        notifications=notifications,
        ends=ends,
    )


async def remove(db: Writing, *, member_id: int, target_id: int) -> bool:
    """End a mute; False when there was none."""
    removed = await db.run(
        "DELETE FROM mutes WHERE member_id = :member_id AND target_id = :target_id",
        member_id=member_id,
        target_id=target_id,
    )
    return removed == 1


async def of(db: Reading, *, member_id: int, target_ids: Sequence[int], now: int) -> dict[int, Mute]:
    """The member's mutes among ``target_ids`` that hold now, by target."""
    rows = await db.rows(
        "SELECT " + COLUMNS + """
        FROM mutes
        WHERE member_id = :member_id AND target_id IN (SELECT value FROM json_each(:target_ids)) AND ends > :now
        """,
        member_id=member_id,
        target_ids=listed(target_ids),
        now=now,
    )  # fmt: skip
    return {row["target_id"]: Mute(*row) for row in rows}


async def newest(db: Reading, member_id: int, page: Page, *, now: int) -> list[tuple[Mute, Actor]]:
    """Whom a member mutes now, newest first, to page by the mute's id."""
    rows = await db.rows(
        "SELECT " + actors.COLUMNS + ", " + COLUMNS + """
        FROM mutes JOIN actors ON actors.id = mutes.target_id
        WHERE mutes.member_id = :member_id AND mutes.id < :before AND mutes.id > :after AND mutes.ends > :now
        """ + (" ORDER BY mutes.id LIMIT :limit" if page.rising else " ORDER BY mutes.id DESC LIMIT :limit"),
        member_id=member_id, before=page.before, after=page.after, limit=page.limit, now=now,
    )  # fmt: skip
    return page.newest_first([(Mute(*tuple(row)[-_WIDTH:]), actors.actor(row)) for row in rows])


async def end_due(db: Writing, *, now: int, limit: int) -> list[tuple[int, int]]:
    """End mutes whose time is over, the longest over first; each as (member id, target id)."""
    rows = await db.rows(
        """
        DELETE FROM mutes WHERE id IN (
            SELECT due.id FROM mutes AS due
            WHERE due.ends <= :now AND due.ends < 9223372036854775807 ORDER BY due.ends LIMIT :limit)
        RETURNING member_id, target_id
        """,
        now=now,
        limit=limit,
    )
    return [(row["member_id"], row["target_id"]) for row in rows]
