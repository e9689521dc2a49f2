"""Custom emoji of this node: small pictures that members write as ``:name:``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from storage.database import Reading, Writing, listed


@dataclass(frozen=True, slots=True)
class Emoji:
    """One picture and its name."""

    id: int
    shortcode: str
    category: str  # "": none
    url: str


async def put(db: Writing, *, shortcode: str, category: str, url: str) -> int:
    """Keep an emoji; one of this name gets the new picture. Its id."""
    row = await db.row(
        """
        INSERT INTO emojis (shortcode, category, url) VALUES (:shortcode, :category, :url)
        ON CONFLICT (shortcode) DO UPDATE SET category = excluded.category, url = excluded.url RETURNING id
        """,
        shortcode=shortcode,
        category=category,
        url=url,
    )
    return 0 if row is None else row["id"]


async def remove(db: Writing, shortcode: str) -> bool:
    """Forget an emoji; False when there is none of this name. Posts that have it show its name."""
    return await db.run("DELETE FROM emojis WHERE shortcode = :shortcode", shortcode=shortcode) == 1


async def everything(db: Reading) -> list[Emoji]:
    """All of them, by their names."""
    rows = await db.rows("SELECT id, shortcode, category, url FROM emojis ORDER BY shortcode")
    return [Emoji(*row) for row in rows]


async def named(db: Reading, shortcodes: Iterable[str]) -> list[Emoji]:
    """Those of these names that there are."""
    rows = await db.rows(
        """
        SELECT id, shortcode, category, url FROM emojis
        WHERE shortcode IN (SELECT value FROM json_each(:shortcodes)) ORDER BY shortcode
        """,
        shortcodes=listed(shortcodes),
    )
    return [Emoji(*row) for row in rows]
