"""Files: one row for each file of the folder of media, and what it belongs to.

What is erased takes its attachment along, and the row of the file stays behind, belonging to nothing, until the file is
removed too: after a crash nothing is forgotten.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from storage.database import Reading, Writing, listed


class Role(StrEnum):
    """What a file is of its attachment, or of its actor."""

    SENT = "sent"  # as a member sent it, until the pictures are made
    ORIGINAL = "original"
    SMALL = "small"
    AVATAR = "avatar"
    HEADER = "header"
    CARD = "card"  # the image of a linked page
    EMOJI = "emoji"


@dataclass(frozen=True, slots=True)
class File:
    """One file on disk."""

    name: str
    role: Role
    size: int
    attachment_id: int | None = None
    actor_id: int | None = None
    card_id: int | None = None
    emoji_id: int | None = None


async def put(db: Writing, new: Sequence[File], *, now: int) -> None:
    """Keep the rows of files that are in their places."""
    await db.many(
        """
        INSERT INTO files (name, role, attachment_id, actor_id, card_id, emoji_id, size, created)
        VALUES (:name, :role, :attachment_id, :actor_id, :card_id, :emoji_id, :size, :now)
        """,
        [
            {
                "name": one.name, "role": one.role.value, "attachment_id": one.attachment_id,
                "actor_id": one.actor_id, "card_id": one.card_id, "emoji_id": one.emoji_id, "size": one.size,
                "now": now,
            }
            for one in new
        ],
    )  # fmt: skip


async def sent(db: Reading, attachment_id: int) -> str | None:
    """The file of an upload whose pictures are not made yet."""
    row = await db.row(
        "SELECT name FROM files WHERE attachment_id = :attachment_id AND role = 'sent'", attachment_id=attachment_id
    )
    return None if row is None else row[0]


async def let_go(db: Writing, *, attachment_id: int, role: Role) -> None:
    """A file of an attachment is not needed any more."""
    await db.run(
        "UPDATE files SET attachment_id = NULL WHERE attachment_id = :attachment_id AND role = :role",
        attachment_id=attachment_id,
        role=role.value,
    )


async def let_go_of_actor(db: Writing, actor_id: int, roles: Iterable[Role] = (Role.AVATAR, Role.HEADER)) -> None:
    """Pictures of an actor are not needed any more."""
    await db.run(
        """
        UPDATE files SET actor_id = NULL
        WHERE actor_id = :actor_id AND role IN (SELECT value FROM json_each(:roles))
        """,
        actor_id=actor_id,
        roles=listed(one.value for one in roles),
    )


async def let_go_of_card(db: Writing, card_id: int) -> None:
    """The image of a card is not needed any more."""
    await db.run("UPDATE files SET card_id = NULL WHERE card_id = :card_id", card_id=card_id)


async def let_go_of_emoji(db: Writing, emoji_id: int) -> None:
    """The picture of an emoji is not needed any more."""
    await db.run("UPDATE files SET emoji_id = NULL WHERE emoji_id = :emoji_id", emoji_id=emoji_id)


async def loose(db: Reading, *, limit: int) -> list[str]:
    """Files that belong to nothing any more."""
    rows = await db.rows(
        """
        SELECT name FROM files
        WHERE attachment_id IS NULL AND actor_id IS NULL AND card_id IS NULL AND emoji_id IS NULL AND name > ''
        ORDER BY name LIMIT :limit
        """,
        limit=limit,
    )
    return [row[0] for row in rows]


async def forget(db: Writing, names: Iterable[str]) -> None:
    """Their files are removed."""
    await db.run("DELETE FROM files WHERE name IN (SELECT value FROM json_each(:names))", names=listed(names))


async def known(db: Reading, names: Iterable[str]) -> set[str]:
    """Those of ``names`` that have a row."""
    rows = await db.rows(
        "SELECT name FROM files WHERE name IN (SELECT value FROM json_each(:names))", names=listed(names)
    )
    return {row[0] for row in rows}


async def some(db: Reading, *, after: str, before: int, limit: int) -> list[tuple[str, Role, int | None]]:
    """Names after ``after`` in their order, of files kept before: each with its role and attachment."""
    rows = await db.rows(
        """
        SELECT name, role, attachment_id FROM files WHERE name > :after AND created < :before
        ORDER BY name LIMIT :limit
        """,
        after=after,
        before=before,
        limit=limit,
    )
    return [(row[0], Role(row[1]), row[2]) for row in rows]
