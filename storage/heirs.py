"""Heirs: posts whose text names another by its title, since they build on it or answer it.

When what is named is hidden, shown again or erased, triggers on ``posts`` promise the job ``RETITLE`` with its id.
"""

from __future__ import annotations

from dataclasses import dataclass

from storage.database import Reading, Writing
from storage.posts import Post

RETITLE = "retitle-heirs"


@dataclass(frozen=True, slots=True)
class Version:
    """What a post said before it was edited."""

    id: int
    title: str
    html: str
    fields: str


async def of(db: Reading, uri: str, *, after: int, limit: int) -> list[tuple[int, bool]]:
    """Posts here that name what has, or had, this id, and whether they answer it; those with ids above ``after``."""
    rows = await db.rows(
        """
        SELECT post_id, answers FROM heirs WHERE uri = :uri AND post_id > :after ORDER BY post_id LIMIT :limit
        """,
        uri=uri,
        after=after,
        limit=limit,
    )
    return [(row["post_id"], row["answers"] == 1) for row in rows]


async def hold(db: Writing, post_id: int) -> None:
    """Have the post, and that no version of it is made, until the transaction ends."""
    await db.run("UPDATE posts SET changed = changed WHERE id = :post_id", post_id=post_id)


async def reword(db: Writing, new: Post) -> None:
    """Keep the new ``title``, ``html``, ``text`` and ``edited`` of a post: no new version, since the one before names
    what must not be named any more."""
    await db.run(
        """
        UPDATE posts SET title = :title, html = :html, text = :text, edited = :edited, changed = changed + 1
        WHERE id = :id
        """,
        id=new.id,
        title=new.title,
        html=new.html,
        text=new.text,
        edited=new.edited,
    )


async def versions(db: Reading, post_id: int) -> list[Version]:
    """Every version that a post had before the one it has."""
    rows = await db.rows("SELECT id, title, html, fields FROM edits WHERE post_id = :post_id", post_id=post_id)
    return [Version(*row) for row in rows]


async def reword_version(db: Writing, version_id: int, title: str, html: str) -> None:
    """Keep the new words of a version."""
    await db.run("UPDATE edits SET title = :title, html = :html WHERE id = :id", id=version_id, title=title, html=html)
