"""Digests: which members want a weekly mail, and when the next is due."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from storage.database import Reading, Row, Writing


@dataclass(frozen=True, slots=True)
class Digest:
    """The weekly mail of a member."""

    member_id: int
    weekday: int  # 0: Monday
    hour: int  # 0 to 23
    due: int  # ms


_COLUMNS = "member_id, weekday, hour, due"


def _digest(row: Row) -> Digest:
    return Digest(*row)


async def of(db: Reading, member_id: int) -> Digest | None:
    """The digest of a member; None: they want none."""
    row = await db.row("SELECT " + _COLUMNS + " FROM digests WHERE member_id = :member_id", member_id=member_id)
    return None if row is None else _digest(row)


async def put(db: Writing, member_id: int, *, weekday: int, hour: int, due: int) -> None:
    """Let a member have a digest, or have it at another time."""
    await db.run(
        """
        INSERT INTO digests (member_id, weekday, hour, due) VALUES (:member_id, :weekday, :hour, :due)
        ON CONFLICT (member_id) DO UPDATE SET weekday = excluded.weekday, hour = excluded.hour, due = excluded.due
        """,
        member_id=member_id,
        weekday=weekday,
        hour=hour,
        due=due,
    )


async def remove(db: Writing, member_id: int) -> bool:
    """Send a member no more; whether they had one."""
    return await db.run("DELETE FROM digests WHERE member_id = :member_id", member_id=member_id) == 1


async def due(db: Reading, *, now: int, limit: int) -> list[Digest]:
    """Those whose time has come, the longest waiting first."""
    rows = await db.rows(
        "SELECT " + _COLUMNS + " FROM digests WHERE due <= :now ORDER BY due LIMIT :limit", now=now, limit=limit
    )
    return [_digest(row) for row in rows]


async def promise_next(db: Writing, nexts: Sequence[tuple[Digest, int]]) -> None:
    """Set when the one after this is due: (the digest as it was read, ms) each; what was changed meanwhile stays."""
    await db.many(
        "UPDATE digests SET due = :due WHERE member_id = :member_id AND due = :was",
        [{"member_id": one.member_id, "due": due, "was": one.due} for one, due in nexts],
    )
