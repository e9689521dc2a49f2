"""Hashtags of posts."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from storage.database import Missing, Reading, Writing, listed


def name_of(shown: str) -> str:
    """The tag's key: NFKC, lower case, without #."""
    return unicodedata.normalize("NFKC", shown).lstrip("#").lower()


async def put(db: Writing, post_id: int, shown: Iterable[str]) -> None:
    """Tag a post; ``shown`` as written, without #."""
    names = {name_of(one): one.lstrip("#") for one in shown}
    names.pop("", None)
    if not names:
        return
    await db.many(
        "INSERT INTO tags (name, shown) VALUES (:name, :shown) ON CONFLICT DO NOTHING",
        [{"name": name, "shown": one} for name, one in sorted(names.items())],
    )
    await db.run(
        """
        INSERT INTO post_tags (tag_id, post_id)
        SELECT tags.id, CAST(:post_id AS BIGINT) FROM tags WHERE tags.name IN (SELECT value FROM json_each(:names))
        ON CONFLICT DO NOTHING
        """,
        post_id=post_id,
        names=listed(names),
    )


async def replace(db: Writing, post_id: int, shown: Iterable[str]) -> None:
    """Tag a post with these and no others (an edit)."""
    await db.run("DELETE FROM post_tags WHERE post_id = :post_id", post_id=post_id)
    await put(db, post_id, shown)


async def of(db: Reading, post_ids: Iterable[int]) -> dict[int, list[str]]:
    """The tags of each of these posts, as first written anywhere; one query for all."""
    rows = await db.rows(
        """
        SELECT post_tags.post_id, tags.shown FROM post_tags JOIN tags ON tags.id = post_tags.tag_id
        WHERE post_tags.post_id IN (SELECT value FROM json_each(:post_ids)) ORDER BY post_tags.post_id, tags.id
        """,
        post_ids=listed(post_ids),
    )
    found: dict[int, list[str]] = {}
    for row in rows:
        found.setdefault(row["post_id"], []).append(row["shown"])
    return found


async def starting(db: Reading, start: str, *, limit: int) -> list[tuple[int, str]]:
    """Tags that start with ``start`` (a ``name_of``): id and name."""
    rows = await db.rows(
        "SELECT id, name FROM tags WHERE name >= :start AND name < :end ORDER BY name LIMIT :limit",
        start=start,
        end=start + "\U0010ffff",
        limit=limit,
    )
    return [(row["id"], row["name"]) for row in rows]


async def by_name(db: Reading, shown: str) -> int:
    """The id of a tag. Raises Missing."""
    row = await db.row("SELECT id FROM tags WHERE name = :name", name=name_of(shown))
    if row is None:
        raise Missing(shown)
    return int(row["id"])


async def known(db: Writing, shown: str) -> int:
    """The id of a tag, which is made when no post had it yet."""
    await db.run(
        "INSERT INTO tags (name, shown) VALUES (:name, :shown) ON CONFLICT DO NOTHING",
        name=name_of(shown),
        shown=shown,
    )
    return await by_name(db, shown)


async def prune(db: Writing) -> int:
    """Forget tags that no post has any more: a word of an erased post can say who it was about; how many went.

    What a member follows or shows on their page is theirs, and stays.
    """
    return await db.run(
        """
        DELETE FROM tags WHERE NOT EXISTS (SELECT 1 FROM post_tags WHERE post_tags.tag_id = tags.id)
          AND NOT EXISTS (SELECT 1 FROM tag_follows WHERE tag_follows.tag_id = tags.id)
          AND NOT EXISTS (SELECT 1 FROM featured_tags WHERE featured_tags.tag_id = tags.id)
        """
    )
