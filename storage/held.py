"""Of whom notifications are held back: requests, which a member lets through or not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from storage.database import Missing, Reading, Row, Writing, listed
from storage.paging import Page

COUNTED = 100  # notifications of one request are counted up to this
SUMMED = 1_000  # and those of all


@dataclass(frozen=True, slots=True)
class Request:
    """One account of which notifications are held back."""

    id: int
    actor_id: int
    created: int
    updated: int
    count: int  # notifications, up to ``COUNTED``
    post_id: int | None  # of the newest of them that is about a post


async def note(db: Writing, *, member_id: int, actor_id: int, now: int) -> None:
    """One more was held back."""
    await db.run(
        """
        INSERT INTO notification_requests (member_id, actor_id, created, updated)
        VALUES (:member_id, :actor_id, :now, :now)
        ON CONFLICT (member_id, actor_id) DO UPDATE SET updated = :now
        """,
        member_id=member_id,
        actor_id=actor_id,
        now=now,
    )


# What was undone meanwhile, and whom the member blocked or the node hides, asks for nothing.
_OPEN = """
    FROM notification_requests AS asked JOIN actors ON actors.id = asked.actor_id AND actors.suspended IS NULL
    WHERE asked.member_id = :member_id AND EXISTS (
        SELECT 1 FROM notifications WHERE notifications.member_id = asked.member_id
        AND notifications.actor_id = asked.actor_id AND notifications.filtered IS NOT NULL)
    AND NOT EXISTS (SELECT 1 FROM blocks WHERE blocks.actor_id = :member_id AND blocks.target_id = asked.actor_id)
"""
_SHOWN = """SELECT asked.id, asked.actor_id, asked.created, asked.updated, (
        SELECT COUNT(*) FROM (SELECT 1 AS one FROM notifications WHERE notifications.member_id = asked.member_id
            AND notifications.actor_id = asked.actor_id AND notifications.filtered IS NOT NULL LIMIT 100) AS taken
    ) AS held, (
        SELECT notifications.post_id FROM notifications WHERE notifications.member_id = asked.member_id
            AND notifications.actor_id = asked.actor_id AND notifications.filtered IS NOT NULL
            AND notifications.post_id IS NOT NULL ORDER BY notifications.id DESC LIMIT 1
    ) AS post_id"""


def _request(row: Row) -> Request:
    return Request(*row)


async def newest(db: Reading, member_id: int, page: Page) -> list[Request]:
    """Requests to a member, newest first."""
    rows = await db.rows(
        _SHOWN + _OPEN + " AND asked.id < :before AND asked.id > :after "
        + ("ORDER BY asked.id LIMIT :limit" if page.rising else "ORDER BY asked.id DESC LIMIT :limit"),
        member_id=member_id, before=page.before, after=page.after, limit=page.limit,
    )  # fmt: skip
    return page.newest_first([_request(row) for row in rows])


async def by_id(db: Reading, member_id: int, request_id: int) -> Request:
    """One request to a member. Raises Missing."""
    row = await db.row(_SHOWN + _OPEN + " AND asked.id = :request_id", member_id=member_id, request_id=request_id)
    if row is None:
        raise Missing(str(request_id))
    return _request(row)


async def count(db: Reading, member_id: int) -> tuple[int, int]:
    """How many requests and held notifications a member has, each up to ``SUMMED``."""
    requests = await db.row(
        "SELECT COUNT(*) AS n FROM (SELECT 1 AS one" + _OPEN + " LIMIT :most) AS taken",
        member_id=member_id,
        most=SUMMED,
    )
    held = await db.row(
        """
        SELECT COUNT(*) AS n FROM (SELECT 1 AS one FROM notifications
            WHERE member_id = :member_id AND filtered IS NOT NULL LIMIT :most) AS taken
        """,
        member_id=member_id,
        most=SUMMED,
    )
    return (0 if requests is None else requests["n"], 0 if held is None else held["n"])


_CHOSEN = """(SELECT actor_id FROM notification_requests
    WHERE member_id = :member_id AND id IN (SELECT value FROM json_each(:ids)))"""


async def let_through(db: Writing, member_id: int, ids: Iterable[int]) -> None:
    """Tell the member what was held back of these requests, and hold nothing of their accounts back from now on."""
    chosen = listed(ids)
    await db.run(
        "INSERT INTO notification_permissions (member_id, actor_id) SELECT CAST(:member_id AS BIGINT), chosen.actor_id"
        " FROM " + _CHOSEN + " AS chosen WHERE 1 = 1 ON CONFLICT DO NOTHING",
        member_id=member_id,
        ids=chosen,
    )
    await db.run(
        "UPDATE notifications SET filtered = NULL"
        " WHERE member_id = :member_id AND filtered IS NOT NULL AND actor_id IN " + _CHOSEN,
        member_id=member_id,
        ids=chosen,
    )
    await _close(db, member_id, chosen)


async def dismiss(db: Writing, member_id: int, ids: Iterable[int]) -> None:
    """Forget what was held back of these requests."""
    chosen = listed(ids)
    await db.run(
        "DELETE FROM notifications WHERE member_id = :member_id AND filtered IS NOT NULL AND actor_id IN " + _CHOSEN,
        member_id=member_id,
        ids=chosen,
    )
    await _close(db, member_id, chosen)


async def _close(db: Writing, member_id: int, chosen: str) -> None:
    await db.run(
        """
        DELETE FROM notification_requests
        WHERE member_id = :member_id AND id IN (SELECT value FROM json_each(:ids))
        """,
        member_id=member_id,
        ids=chosen,
    )


async def forget_all_of(db: Writing, actor_id: int) -> None:
    """Forget what an actor held back and let through, and what others did of it."""
    await db.run("DELETE FROM notification_requests WHERE member_id = :actor_id", actor_id=actor_id)
    await db.run("DELETE FROM notification_requests WHERE actor_id = :actor_id", actor_id=actor_id)
    await db.run("DELETE FROM notification_permissions WHERE member_id = :actor_id", actor_id=actor_id)
    await db.run("DELETE FROM notification_permissions WHERE actor_id = :actor_id", actor_id=actor_id)
