"""Concerns: cases about posts that are out, opened by the privacy guard or by people, and what these said.

What people wrote is for guardians alone: it is gone when the case is decided, and with the post.
"""

from __future__ import annotations

from collections.abc import Collection

from storage.cases import COLUMNS, INBOUND, REPORTED, URGENT, Case, case
from storage.database import Reading, Writing, listed


async def open(
    db: Writing, *, post_id: int, author_id: int, found: str, version: int, urgent: bool, reported: bool, now: int
) -> Case:
    """Open a case about a post, or add to the one that is open."""
    place = URGENT if urgent else REPORTED if reported else INBOUND
    row = await db.row(
        """
        INSERT INTO cases (post_id, author_id, found, version, place, opened, reported)
        VALUES (:post_id, :author_id, :found, :version, :place, :now, :reported)
        ON CONFLICT (post_id) WHERE post_id IS NOT NULL AND closed IS NULL DO UPDATE SET
            found = excluded.found, version = excluded.version, reported = cases.reported + excluded.reported,
            place = CASE WHEN excluded.place < cases.place THEN excluded.place ELSE cases.place END
        RETURNING """
        + COLUMNS,
        post_id=post_id,
        author_id=author_id,
        found=found,
        version=version,
        place=place,
        reported=int(reported),
        now=now,
    )
    if row is None:
        raise RuntimeError("an upsert returns its row")
    return case(row)


async def add(db: Writing, case_id: int, post_id: int, comment: str, *, now: int) -> None:
    """Keep what somebody said of a post."""
    await db.run(
        "INSERT INTO concerns (case_id, post_id, comment, at) VALUES (:case_id, :post_id, :comment, :now)",
        case_id=case_id,
        post_id=post_id,
        comment=comment,
        now=now,
    )


async def comments(db: Reading, case_ids: Collection[int], *, each: int) -> dict[int, list[str]]:
    """What people said, by case, the first first; at most ``each`` of one."""
    rows = await db.rows(
        """
        SELECT case_id, comment FROM (
            SELECT id, case_id, comment, ROW_NUMBER() OVER (PARTITION BY case_id ORDER BY id) AS n FROM concerns
            WHERE case_id IN (SELECT value FROM json_each(:ids))) AS said
        WHERE n <= :each ORDER BY id
        """,
        ids=listed(case_ids),
        each=each,
    )
    found: dict[int, list[str]] = {}
    for row in rows:
        found.setdefault(row["case_id"], []).append(row["comment"])
    return found


async def forget(db: Writing, case_id: int) -> None:
    """Erase what people said: it is decided."""
    await db.run("DELETE FROM concerns WHERE case_id = :case_id", case_id=case_id)


async def read_before(db: Reading, post_id: int, *, version: int) -> bool:
    """Whether a guardian read this version of a post and found nobody recognisable in it."""
    row = await db.row(
        "SELECT 1 FROM cases WHERE post_id = :post_id AND outcome = 'shown' AND version = :version LIMIT 1",
        post_id=post_id,
        version=version,
    )
    return row is not None


async def flag(db: Writing, case_id: int, *, now: int) -> bool:
    """Say that the post's own server is told; False when it was before."""
    told = "UPDATE cases SET flagged = :now WHERE id = :id AND flagged IS NULL"
    return await db.run(told, id=case_id, now=now) == 1


async def waits(db: Reading, post_id: int) -> bool:
    """Whether guardians still have to decide on a post."""
    row = await db.row("SELECT 1 FROM cases WHERE post_id = :post_id AND closed IS NULL", post_id=post_id)
    return row is not None
