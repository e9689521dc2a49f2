"""Sitemaps: what search engines may know of this node, in pages that begin at ids of posts and stay as they are."""

from __future__ import annotations

from dataclasses import dataclass

from storage.database import Reading, Writing
from storage.ids import LAST
from storage.posts import VISIBLE

SIZE = 1_000  # posts of a page when it is full
MOST = 2 * SIZE  # entries of a page at most: the last one grows until the worker begins another
PAGES = 40_000  # of an index, which may name 50,000 (sitemaps.org/protocol.html)
TEAMS = 2_000  # teams and alliances of the one page that they have


@dataclass(frozen=True, slots=True)
class Place:
    """One page of the node that may be found."""

    handle: str
    post_id: int  # 0: the page of the account itself
    changed: int  # ms


_FULL = """
    SELECT id FROM posts
    WHERE visibility = 'public' AND boost_of_id IS NULL AND local IS NOT NULL AND id >= :first
    ORDER BY id LIMIT :limit
"""


async def firsts(db: Reading) -> list[int]:
    """The posts at which pages begin, oldest first; the first page begins at 0."""
    rows = await db.rows("SELECT first FROM sitemap_pages ORDER BY first LIMIT :limit", limit=PAGES - 1)
    return [0, *(row["first"] for row in rows)]


async def divide(db: Writing) -> bool:
    """Begin another page where the last one is full; whether it was."""
    row = await db.row("SELECT COALESCE(MAX(first), 0) AS first, COUNT(*) AS n FROM sitemap_pages")
    if row is None or row["n"] >= PAGES - 1:
        return False
    found = await db.rows(_FULL, first=row["first"], limit=SIZE + 1)
    if len(found) <= SIZE:
        return False
    new = "INSERT INTO sitemap_pages (first) VALUES (:first) ON CONFLICT DO NOTHING"
    return await db.run(new, first=found[-1]["id"]) == 1


async def end_of(db: Reading, first: int) -> int | None:
    """The post at which the page after the one that begins at ``first`` does; None: no page begins there."""
    row = await db.row(
        """
        SELECT EXISTS (SELECT 1 FROM sitemap_pages WHERE first = :first) AS known,
            (SELECT MIN(first) FROM sitemap_pages WHERE first > :first) AS following
        """,
        first=first,
    )
    if row is None or not (row["known"] or first == 0):
        return None
    return row["following"] or LAST


async def posts(db: Reading, *, first: int, end: int) -> list[Place]:
    """Public posts of accounts here that want to be found by search engines, oldest first."""
    rows = await db.rows(
        """
        SELECT author.handle, posts.id, COALESCE(posts.edited, posts.published) AS changed
        FROM posts JOIN actors AS author ON author.id = posts.author_id
        WHERE posts.visibility = 'public' AND posts.boost_of_id IS NULL AND posts.local IS NOT NULL
          AND posts.id >= :first AND posts.id < :end AND author.indexable IS NOT NULL AND author.gone IS NULL AND
        """
        + VISIBLE
        + " ORDER BY posts.id LIMIT :limit",
        first=first, end=end, limit=MOST, reader_id=0,
    )  # fmt: skip
    return [Place(*row) for row in rows]


async def teams(db: Reading) -> list[Place]:
    """Teams and alliances of this node that want to be found, the first made first; at most ``TEAMS``."""
    rows = await db.rows(
        """
        SELECT handle, 0 AS post_id, COALESCE(last_post, published) AS changed FROM actors
        WHERE domain = '' AND kind IN ('Group', 'Organization') AND indexable IS NOT NULL AND discoverable IS NOT NULL
          AND suspended IS NULL AND gone IS NULL
        ORDER BY id LIMIT :limit
        """,
        limit=TEAMS,
    )
    return [Place(*row) for row in rows]
