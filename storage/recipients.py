"""Recipients: for whom a post is that is not public. ``storage.posts.VISIBLE`` reads these rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from storage.database import Reading, Writing


class Circle(StrEnum):
    """Which people around an actor are meant."""

    SELF = "self"
    FOLLOWERS = "followers"
    MEMBERS = "members"


@dataclass(frozen=True, slots=True)
class Recipient:
    """``circle`` of ``actor_id``."""

    actor_id: int
    circle: Circle


async def add(db: Writing, post_id: int, recipients: Iterable[Recipient]) -> None:
    """Say for whom a post is; repeated rows are one."""
    await db.many(
        """
        INSERT INTO recipients (post_id, actor_id, circle) VALUES (:post_id, :actor_id, :circle) ON CONFLICT DO NOTHING
        """,
        [{"post_id": post_id, "actor_id": one.actor_id, "circle": one.circle.value} for one in recipients],
    )


async def of(db: Reading, post_id: int) -> list[Recipient]:
    """For whom a post is."""
    rows = await db.rows("SELECT actor_id, circle FROM recipients WHERE post_id = :post_id", post_id=post_id)
    return [Recipient(row["actor_id"], Circle(row["circle"])) for row in rows]
