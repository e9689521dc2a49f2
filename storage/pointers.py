"""Pointers: what a structured post points at by name, so that what points at the same is found."""

from __future__ import annotations

import json
from collections.abc import Mapping
from urllib.parse import urlsplit

from storage.database import Reading, Value, Writing, listed
from storage.posts import COLUMNS, VISIBLE, Post, post

SUPERSEDED_BY, SOURCE, REVIEW_BY = "superseded_by", "source", "review_by"  # fields of a kind
LAPSED = 200  # posts that are said to be out of date at a time


def of(fields: str) -> Mapping[str, str]:
    """Where kept fields point; a day as it is written."""
    if not any(f'"{term}":' in fields for term in (SUPERSEDED_BY, SOURCE, REVIEW_BY)):
        return {}
    kept = json.loads(fields)
    found = {term: kept.get(term) for term in (SUPERSEDED_BY, SOURCE, REVIEW_BY)}
    said = {term: one for term, one in found.items() if isinstance(one, str) and one}
    return {term: page(one) if term == SOURCE else one for term, one in said.items()}


def page(address: str) -> str:
    """A web address without what does not say which page it is: the scheme, ``www.``, a slash at the end."""
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").removeprefix("www.")
        return f"{host}:{parts.port or ''}{parts.path.rstrip('/')}?{parts.query}"
    except ValueError:
        return address


async def keep(db: Writing, post_id: int, fields: str, *, before: str = "") -> None:
    """Keep where a post points now; ``before``: its fields until now. Without any that is no query."""
    had, has = of(before), of(fields)
    if had == has:
        return
    if had:
        await db.run("DELETE FROM pointers WHERE post_id = :post_id", post_id=post_id)
    rows: list[dict[str, Value]] = [
        {"post_id": post_id, "term": term, "target": target} for term, target in has.items()
    ]
    await db.many(
        """
        INSERT INTO pointers (post_id, term, target) VALUES (CAST(:post_id AS BIGINT), :term, :target)
        ON CONFLICT (post_id, term) DO UPDATE SET target = excluded.target
        """,
        rows,
    )


async def at(db: Reading, term: str, target: str, *, reader_id: int, limit: int) -> list[Post]:
    """Posts that the reader may see and that point there, newest first."""
    rows = await db.rows(
        "SELECT " + COLUMNS + """
        FROM pointers JOIN posts ON posts.id = pointers.post_id
        WHERE pointers.term = :term AND pointers.target = :target AND """ + VISIBLE + """
        ORDER BY pointers.post_id DESC LIMIT :limit
        """,
        term=term, target=target, reader_id=reader_id, limit=limit,
    )  # fmt: skip
    return [post(row) for row in rows]


async def lapsing(db: Reading, *, today: str) -> list[int]:
    """Ids of some posts whose day to be looked at again is over, and of which that was not said yet."""
    rows = await db.rows(
        """
        SELECT post_id FROM pointers WHERE term = 'review_by' AND target < :today
        ORDER BY target, post_id LIMIT :limit
        """,
        today=today,
        limit=LAPSED,
    )
    return [row["post_id"] for row in rows]


async def lapse(db: Writing, *, today: str) -> int:
    """Say of posts whose day to be looked at again is over that what readers see changed; of how many. Each once."""
    ids = await lapsing(db, today=today)
    gone = await db.rows(
        """
        DELETE FROM pointers WHERE term = 'review_by' AND post_id IN (SELECT value FROM json_each(:ids))
        RETURNING post_id
        """,
        ids=listed(ids),
    )
    await db.run(
        "UPDATE posts SET changed = changed + 1 WHERE id IN (SELECT value FROM json_each(:ids))",
        ids=listed(row["post_id"] for row in gone),
    )
    return len(ids)
