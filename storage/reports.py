"""Reports: somebody found that an account or posts should be looked at."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from storage.database import Reading, Row, Writing


class Category(StrEnum):
    """Why somebody reports; the words of the Mastodon API."""

    OTHER = "other"
    SPAM = "spam"
    LEGAL = "legal"
    VIOLATION = "violation"  # of the node's rules
    RECOGNISABLE = "recognisable"  # somebody is, in a post: no word of the Mastodon API


@dataclass(frozen=True, slots=True)
class Report:
    """One report. ``reporter_id`` is a member, or who sent a Flag."""

    id: int
    reporter_id: int | None
    target_id: int
    post_uris: str  # JSON
    comment: str
    category: Category
    created: int
    forwarded: int | None  # to the server of ``target_id``
    resolved: int | None


async def add(
    db: Writing,
    *,
    uri: str | None,
    reporter_id: int | None,
    target_id: int,
    post_uris: str,
    comment: str,
    now: int,
    category: Category = Category.OTHER,
    forwarded: int | None = None,
) -> int | None:
    """Keep a report; its id, or None when it is here already. ``uri`` is that of the Flag it came or goes as."""
    row = await db.row(
        """
        INSERT INTO reports (uri, reporter_id, target_id, post_uris, comment, category, created, forwarded)
        VALUES (:uri, :reporter_id, :target_id, :post_uris, :comment, :category, :now, :forwarded)
        ON CONFLICT DO NOTHING RETURNING id
        """,
        uri=uri,
        reporter_id=reporter_id,
        target_id=target_id,
        post_uris=post_uris,
        comment=comment,
        category=category.value,
        now=now,
        forwarded=forwarded,
    )
    return None if row is None else row["id"]


async def open_ones(db: Reading, *, limit: int) -> list[Report]:
    """Reports nobody has dealt with, oldest first."""
    rows = await db.rows(
        """
        SELECT id, reporter_id, target_id, post_uris, comment, category, created, forwarded, resolved FROM reports
        WHERE resolved IS NULL ORDER BY id LIMIT :limit
        """,
        limit=limit,
    )
    return [_report(row) for row in rows]


def _report(row: Row) -> Report:
    id, reporter_id, target_id, post_uris, comment, category, created, forwarded, resolved = row
    return Report(id, reporter_id, target_id, post_uris, comment, Category(category), created, forwarded, resolved)
