"""Attachments: pictures, films, sounds and files of posts, with what they show in words.

A member's upload has no post until one takes it: a post, or one that waits. Nobody but that member may name it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from storage.database import Missing, Reading, Row, Writing, listed
from storage.records import quick


@quick
@dataclass(frozen=True, slots=True)
class Attachment:
    """One file of a post; remote ones stay where they are. An upload without ``url`` is still being worked on."""

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
    uploaded: int | None = None  # by a member of this node; None: of another server
    pending_id: int | None = None  # of a post that is not out yet
    refused: str = ""  # why it cannot be shown
    small_width: int | None = None  # of what preview_url shows
    small_height: int | None = None
    playing: str = ""  # JSON of a film or sound: duration (s), bitrate, frame_rate, audio, audio_rate, audio_channels

    @property
    def plays(self) -> bool:
        """A film or a sound."""
        return self.media_type.startswith(("video/", "audio/"))


COLUMNS = (
    "id, post_id, actor_id, place, media_type, url, preview_url, alt, blurhash, width, height, focus, uploaded,"
    " pending_id, refused, small_width, small_height, playing"
)


def _attachment(row: Row) -> Attachment:
    return Attachment(*row)


async def put(db: Writing, new: Sequence[Attachment]) -> None:
    """Keep the files of a new post; their ids are made here."""
    await db.many(
        """
        INSERT INTO attachments (post_id, actor_id, place, media_type, url, preview_url, alt, blurhash, width, height,
            focus, playing)
        VALUES (:post_id, :actor_id, :place, :media_type, :url, :preview_url, :alt, :blurhash, :width, :height, :focus,
            :playing)
        """,
        [
            {
                "post_id": one.post_id, "actor_id": one.actor_id, "place": one.place, "media_type": one.media_type,
                "url": one.url, "preview_url": one.preview_url, "alt": one.alt, "blurhash": one.blurhash,
                "width": one.width, "height": one.height, "focus": one.focus,
                "playing": one.playing,
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


async def add_upload(db: Writing, *, actor_id: int, media_type: str, alt: str, focus: str, now: int) -> int:
    """Keep what a member sent; its id."""
    row = await db.row(
        """
        INSERT INTO attachments (actor_id, media_type, url, alt, focus, uploaded)
        VALUES (:actor_id, :media_type, '', :alt, :focus, :now) RETURNING id
        """,
        actor_id=actor_id,
        media_type=media_type,
        alt=alt,
        focus=focus,
        now=now,
    )
    if row is None:
        raise Missing(str(actor_id))
    return int(row[0])


async def show(db: Writing, made: Attachment) -> bool:
    """An upload is made; False when it is gone, or was made before. A small picture that it has already stays."""
    changed = await db.run(
        """
        UPDATE attachments SET media_type = :media_type, url = :url, blurhash = :blurhash, width = :width,
            height = :height, playing = :playing, preview_url = COALESCE(NULLIF(preview_url, ''), :preview_url),
            small_width = COALESCE(small_width, :small_width), small_height = COALESCE(small_height, :small_height)
        WHERE id = :id AND url = '' AND refused = ''
        """,
        id=made.id, media_type=made.media_type, url=made.url, preview_url=made.preview_url, blurhash=made.blurhash,
        width=made.width, height=made.height, small_width=made.small_width, small_height=made.small_height,
        playing=made.playing,
    )  # fmt: skip
    return changed == 1


async def of_pending(db: Reading, pending_ids: Collection[int]) -> dict[int, list[Attachment]]:
    """The files of posts that are not out, in their order, by the ids of these."""
    rows = await db.rows(
        "SELECT " + COLUMNS + """
        FROM attachments WHERE pending_id IN (SELECT value FROM json_each(:pending_ids)) ORDER BY pending_id, place
        """,
        pending_ids=listed(pending_ids),
    )  # fmt: skip
    found: dict[int, list[Attachment]] = {}
    for one in map(_attachment, rows):
        found.setdefault(one.pending_id or 0, []).append(one)
    return found


async def refuse(db: Writing, id: int, why: str) -> None:
    """An upload cannot be shown."""
    await db.run("UPDATE attachments SET refused = :why WHERE id = :id AND url = ''", id=id, why=why)


async def upload(db: Reading, id: int, *, actor_id: int) -> Attachment:
    """The member's own upload that no post has. Raises Missing: it is nobody else's to see."""
    row = await db.row(
        "SELECT " + COLUMNS + """
        FROM attachments
        WHERE id = :id AND actor_id = :actor_id AND uploaded IS NOT NULL AND post_id IS NULL AND pending_id IS NULL
        """,
        id=id,
        actor_id=actor_id,
    )  # fmt: skip
    if row is None:
        raise Missing(str(id))
    return _attachment(row)


async def any_upload(db: Reading, id: int) -> Attachment | None:
    """An upload whose pictures are to be made."""
    row = await db.row("SELECT " + COLUMNS + " FROM attachments WHERE id = :id AND uploaded IS NOT NULL", id=id)
    return None if row is None else _attachment(row)


async def uploads(db: Reading, ids: Iterable[int], *, actor_id: int) -> dict[int, Attachment]:
    """Those of ``ids`` that this member sent, with a post or without; one query."""
    rows = await db.rows(
        "SELECT " + COLUMNS + """
        FROM attachments
        WHERE id IN (SELECT value FROM json_each(:ids)) AND actor_id = :actor_id AND uploaded IS NOT NULL
        """,
        ids=listed(ids),
        actor_id=actor_id,
    )  # fmt: skip
    return {row[0]: _attachment(row) for row in rows}


async def describe(db: Writing, id: int, *, alt: str, focus: str) -> None:
    """What it shows in words, and which point of it must be seen."""
    await db.run("UPDATE attachments SET alt = :alt, focus = :focus WHERE id = :id", id=id, alt=alt, focus=focus)


async def describe_all(db: Writing, changed: Sequence[Attachment]) -> None:
    """As ``describe``, for each of these."""
    await db.many(
        "UPDATE attachments SET alt = :alt, focus = :focus WHERE id = :id",
        [{"id": one.id, "alt": one.alt, "focus": one.focus} for one in changed],
    )


async def show_small(db: Writing, id: int, *, preview_url: str, width: int, height: int) -> None:
    """Another small picture for it."""
    await db.run(
        """
        UPDATE attachments SET preview_url = :preview_url, small_width = :width, small_height = :height
        WHERE id = :id
        """,
        id=id,
        preview_url=preview_url,
        width=width,
        height=height,
    )


async def attach(
    db: Writing,
    ids: Sequence[int],
    *,
    actor_id: int,
    post_id: int | None = None,
    pending_id: int | None = None,
    waited_id: int | None = None,
) -> bool:
    """Give uploads, in this order, to a post, or to one that waits; False when one is not the member's, or taken.

    Those that the post has stay with it; ``waited_id``: as whom it waited, and had them.
    """
    given = await db.run(
        """
        UPDATE attachments SET post_id = :post_id, pending_id = :pending_id
        WHERE id IN (SELECT value FROM json_each(:ids)) AND actor_id = :actor_id AND uploaded IS NOT NULL
          AND url <> '' AND (post_id IS NULL OR post_id = :post_id) AND (pending_id IS NULL OR pending_id = :waited_id)
        """,
        ids=listed(ids),
        actor_id=actor_id,
        post_id=post_id,
        pending_id=pending_id,
        waited_id=waited_id,
    )
    await db.many(
        "UPDATE attachments SET place = :place WHERE id = :id",
        [{"place": place, "id": id} for place, id in enumerate(ids)],
    )
    return given == len(ids)


async def hand_over(db: Writing, ids: Sequence[int], *, of: int, to: int) -> None:
    """Let uploads that no post has be another's, as if they had been theirs from the start."""
    await db.run(
        """
        UPDATE attachments SET actor_id = :to
        WHERE id IN (SELECT value FROM json_each(:ids)) AND actor_id = :of AND uploaded IS NOT NULL
          AND post_id IS NULL AND pending_id IS NULL
        """,
        ids=listed(ids),
        of=of,
        to=to,
    )


async def erase(db: Writing, ids: Iterable[int]) -> None:
    """Forget attachments; their files are loose then."""
    await db.run("DELETE FROM attachments WHERE id IN (SELECT value FROM json_each(:ids))", ids=listed(ids))


async def erase_uploads_of(db: Writing, actor_id: int) -> None:
    """Forget what a member sent and no post has."""
    await db.run(
        """
        DELETE FROM attachments
        WHERE actor_id = :actor_id AND uploaded IS NOT NULL AND post_id IS NULL
        """,
        actor_id=actor_id,
    )


async def prune(db: Writing, *, before: int) -> int:
    """Forget uploads that no post took; how many."""
    return await db.run(
        """
        DELETE FROM attachments
        WHERE uploaded IS NOT NULL AND uploaded < :before AND post_id IS NULL AND pending_id IS NULL
        """,
        before=before,
    )
