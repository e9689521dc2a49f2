"""Badges: that a member's address is one of those that the operator knows to be of a workplace."""

from __future__ import annotations

from dataclasses import dataclass

from storage.database import Reading, Writing


@dataclass(frozen=True, slots=True)
class Badge:
    """What a member could wear, and does."""

    member_id: int
    email: str  # "": not confirmed, or not theirs
    hidden: bool  # they do not want it
    work: str  # the domain that is shown; "": none


_CLAIMED = "members.confirmed IS NOT NULL AND members.email_key = LOWER(members.email)"
_SHOWN = (
    "members.actor_id, CASE WHEN " + _CLAIMED + " THEN members.email ELSE '' END AS email,"
    " members.work_hidden IS NOT NULL AS hidden, actors.work"
    " FROM members JOIN actors ON actors.id = members.actor_id"
)


async def of(db: Reading, member_id: int) -> Badge | None:
    """That of a member; None for teams, alliances and who is no member."""
    row = await db.row(
        "SELECT " + _SHOWN + " WHERE members.actor_id = :member_id AND actors.kind = 'Person'", member_id=member_id
    )
    return None if row is None else Badge(row[0], row[1], bool(row[2]), row[3])


async def worn(db: Reading, *, after: int, limit: int) -> list[Badge]:
    """Those that are shown, of members with ids above ``after``."""
    rows = await db.rows(
        "SELECT " + _SHOWN + " WHERE actors.work <> '' AND actors.id > :after ORDER BY actors.id LIMIT :limit",
        after=after,
        limit=limit,
    )
    return [Badge(row[0], row[1], bool(row[2]), row[3]) for row in rows]


async def put(db: Writing, member_id: int, work: str, *, now: int) -> None:
    """Show this domain from now on; "": none."""
    await db.run(
        """
        UPDATE actors SET work = :work, work_since = :since, changed = changed + 1
        WHERE id = :member_id AND work <> :work
        """,
        member_id=member_id,
        work=work,
        since=now if work else None,
    )


async def hide(db: Writing, member_id: int, *, hidden: bool, now: int) -> None:
    """Keep whether the member wants it shown."""
    await db.run(
        "UPDATE members SET work_hidden = :at WHERE actor_id = :member_id",
        member_id=member_id,
        at=now if hidden else None,
    )
