"""Guardians: members who read what waits. Moderators and admins are guardians too."""

from __future__ import annotations

from storage import actors
from storage.actors import Actor
from storage.database import Reading

MOST = 100  # that are told


async def all_of_them(db: Reading) -> list[Actor]:
    """All who may act, the longest here first."""
    rows = await db.rows(
        "SELECT " + actors.COLUMNS + """
        FROM members JOIN actors ON actors.id = members.actor_id
        WHERE members.role <> 'member' AND members.confirmed IS NOT NULL AND members.approved IS NOT NULL
          AND members.disabled IS NULL AND members.leaving IS NULL
        ORDER BY members.actor_id LIMIT :most
        """,
        most=MOST,
    )  # fmt: skip
    return [actors.actor(row) for row in rows]


async def others(db: Reading, *, but: set[int]) -> bool:
    """Whether there is a guardian beside these."""
    return any(one.id not in but for one in await all_of_them(db))
