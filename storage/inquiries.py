"""Inquiries: what anybody wrote to those who run the node. They are erased when somebody saw to them."""

from __future__ import annotations

from dataclasses import dataclass

from storage.database import Missing, Reading, Row, Writing

KEPT = 90 * 24 * 60 * 60 * 1000  # ms that one is kept to which nobody sees
SHOWN = 20  # at once; what is seen to makes room
MOST = 1_000  # that wait; until somebody sees to them no more are taken


@dataclass(frozen=True, slots=True)
class Inquiry:
    """One of them."""

    id: int
    email: str  # where an answer goes; "": nowhere
    text: str
    written: int


_COLUMNS = "id, email, text, written"


def _inquiry(row: Row) -> Inquiry:
    return Inquiry(*row)


async def add(db: Writing, *, email: str, text: str, now: int) -> Inquiry:
    """Keep one."""
    row = await db.row(
        "INSERT INTO inquiries (email, text, written) VALUES (:email, :text, :now) RETURNING " + _COLUMNS,
        email=email,
        text=text,
        now=now,
    )
    if row is None:
        raise Missing("inquiry")
    return _inquiry(row)


async def by_id(db: Reading, id: int) -> Inquiry:
    """One of them. Raises Missing when somebody saw to it."""
    row = await db.row("SELECT " + _COLUMNS + " FROM inquiries WHERE id = :id", id=id)
    if row is None:
        raise Missing(str(id))
    return _inquiry(row)


async def oldest(db: Reading) -> list[Inquiry]:
    """Those that wait longest, at most ``SHOWN``."""
    rows = await db.rows("SELECT " + _COLUMNS + " FROM inquiries WHERE id > 0 ORDER BY id LIMIT :limit", limit=SHOWN)
    return [_inquiry(row) for row in rows]


async def count(db: Reading) -> int:
    """How many wait, counted up to ``MOST``."""
    row = await db.row(
        "SELECT COUNT(*) AS n FROM (SELECT 1 AS one FROM inquiries WHERE id > 0 ORDER BY id LIMIT :most) AS waiting",
        most=MOST,
    )
    return 0 if row is None else row["n"]


async def erase(db: Writing, id: int) -> bool:
    """Erase one; False when another did. Call ``Database.scrub`` after the commit."""
    return await db.run("DELETE FROM inquiries WHERE id = :id", id=id) == 1


async def prune(db: Writing, *, now: int) -> int:
    """Erase those that nobody saw to for too long; how many."""
    return await db.run("DELETE FROM inquiries WHERE written < :before", before=now - KEPT)
