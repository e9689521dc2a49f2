"""Attachments: pictures, films, sounds and files of posts, with what they show in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from storage.database import Reading, Row, Writing, listed
from storage.records import quick


@quick
@dataclass(frozen=True, slots=True)
class Attachment:
    """One file of a post; remote ones stay where they are."""

    id: int
    post_id: int | None
    actor_id: int
    place: int
    media_type: str
    url: str
    preview_url: str = ""
    alt: str = ""
    blurhash: str = ""
    width: int | None = None
    height: int | None = None
    focus: str = ""  # JSON [x, y], each -1 to 1; "": none


COLUMNS = "id, post_id, actor_id, place, media_type, url, preview_url, alt, blurhash, width, height, focus"


def _attachment(row: Row) -> Attachment:
    return Attachment(*row)


async def put(db: Writing, new: Sequence[Attachment]) -> None:
    """Keep the files of a new post; their ids are made here."""
    await db.many(
        """
        INSERT INTO attachments (post_id, actor_id, place, media_type, url, preview_url, alt, blurhash, width, height,
            focus)
        VALUES (:post_id, :actor_id, :place, :media_type, :url, :preview_url, :alt, :blurhash, :width, :height, :focus)
        """,
        [
            {
                "post_id": one.post_id, "actor_id": one.actor_id, "place": one.place, "media_type": one.media_type,
                "url": one.url, "preview_url": one.preview_url, "alt": one.alt, "blurhash": one.blurhash,
                "width": one.width, "height": one.height, "focus": one.focus,
            }
            for one in new
        ],
    )  # fmt: skip


async def drop(db: Writing, post_id: int) -> None:
    """Forget the files of a post (an edit brings them anew)."""
    await db.run("DELETE FROM attachments WHERE post_id = :post_id", post_id=post_id)


async def of(db: Reading, post_ids: Iterable[int]) -> dict[int, list[Attachment]]:
    """The files of each of these posts in order; one query for all."""
    rows = await db.rows(
        "SELECT " + COLUMNS + """
        FROM attachments WHERE post_id IN (SELECT value FROM json_each(:post_ids)) ORDER BY post_id, place
        """,
        post_ids=listed(post_ids),
    )  # fmt: skip
    found: dict[int, list[Attachment]] = {}
    for row in rows:
        found.setdefault(row["post_id"], []).append(_attachment(row))
    return found
