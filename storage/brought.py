"""Brought: entries of a feed that a member has here to share one by one. Nobody else sees them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from storage.database import Missing, Reading, Row, Writing

MOST = 200  # that wait, of one member
KEPT = 180 * 24 * 60 * 60 * 1000  # ms that one waits


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry that is not shared yet."""

    id: int
    title: str
    text: str
    link: str  # of the original; "": none
    published: int | None  # there
    key: bytes = b""


_COLUMNS = "id, title, text, link, published"


def _entry(row: Row) -> Entry:
    return Entry(*row)


async def add(db: Writing, member_id: int, entries: Sequence[Entry], *, now: int) -> int:
    """Keep those that were never brought before, the first of them last; how many. What is beyond ``MOST`` is left."""
    before = await count(db, member_id)
    await db.many(
        """
        INSERT INTO brought (member_id, key, title, text, link, published, at)
        SELECT CAST(:member_id AS BIGINT), :key, :title, :text, :link, CAST(:published AS BIGINT), CAST(:now AS BIGINT)
        WHERE (SELECT COUNT(*) FROM brought WHERE member_id = :member_id AND done IS NULL) < :most
        ON CONFLICT DO NOTHING
        """,
        [
            {"member_id": member_id, "key": one.key, "title": one.title, "text": one.text, "link": one.link,
             "published": one.published, "now": now, "most": MOST}
            for one in reversed(entries)
        ],
    )  # fmt: skip
    return await count(db, member_id) - before


async def count(db: Reading, member_id: int) -> int:
    """How many wait; at most ``MOST``."""
    row = await db.row(
        "SELECT COUNT(*) AS n FROM brought WHERE member_id = :member_id AND done IS NULL", member_id=member_id
    )
    return 0 if row is None else row["n"]


async def newest(db: Reading, member_id: int, *, before: int, limit: int) -> list[Entry]:
    """Those that wait, with ids below ``before``, the last brought first."""
    rows = await db.rows(
        "SELECT " + _COLUMNS + """
        FROM brought WHERE member_id = :member_id AND done IS NULL AND id < :before ORDER BY id DESC LIMIT :limit
        """,
        member_id=member_id,
        before=before,
        limit=limit,
    )  # fmt: skip
    return [_entry(row) for row in rows]


async def by_id(db: Reading, id: int, *, member_id: int) -> Entry:
    """One that waits. Raises Missing."""
    row = await db.row(
        "SELECT " + _COLUMNS + " FROM brought WHERE id = :id AND member_id = :member_id AND done IS NULL",
        id=id,
        member_id=member_id,
    )
    if row is None:
        raise Missing(str(id))
    return _entry(row)


async def finish(db: Writing, id: int, *, member_id: int, now: int) -> bool:
    """It is shared, or left: its words go. False when it was already, or is not theirs."""
    changed = await db.run(
        """
        UPDATE brought SET done = :now, title = '', text = '', link = '', published = NULL
        WHERE id = :id AND member_id = :member_id AND done IS NULL
        """,
        id=id,
        member_id=member_id,
        now=now,
    )
    return changed == 1


async def prune(db: Writing, *, now: int) -> int:
    """Forget what waited too long; it can be brought again."""
    return await db.run("DELETE FROM brought WHERE done IS NULL AND at < :before", before=now - KEPT)
