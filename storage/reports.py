"""Reports: somebody found that an account or posts should be looked at."""

from __future__ import annotations

from dataclasses import dataclass

from storage.database import Reading, Writing


@dataclass(frozen=True, slots=True)
class Report:
    """One report."""

    id: int
    reporter_id: int | None
    target_id: int
    post_uris: str  # JSON
    comment: str
    created: int
    resolved: int | None


async def add(
    db: Writing, *, uri: str | None, reporter_id: int | None, target_id: int, post_uris: str, comment: str, now: int
) -> int | None:
    """Keep a report; its id, or None when it is here already."""
    row = await db.row(
        """
        INSERT INTO reports (uri, reporter_id, target_id, post_uris, comment, created)
        VALUES (:uri, :reporter_id, :target_id, :post_uris, :comment, :now) ON CONFLICT DO NOTHING RETURNING id
        """,
        uri=uri,
        reporter_id=reporter_id,
        target_id=target_id,
        post_uris=post_uris,
        comment=comment,
        now=now,
    )
    return None if row is None else row["id"]


async def open_ones(db: Reading, *, limit: int) -> list[Report]:
    """Reports nobody has dealt with, oldest first."""
    rows = await db.rows(
        """
        SELECT id, reporter_id, target_id, post_uris, comment, created, resolved FROM reports
        WHERE resolved IS NULL ORDER BY id LIMIT :limit
        """,
        limit=limit,
    )
    return [Report(*row) for row in rows]
