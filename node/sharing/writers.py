"""Who writes what another name stands over."""

from __future__ import annotations

from dataclasses import dataclass

from node.context import Node
from storage import audit, recipients
from storage.database import Writing
from storage.posts import Post
from storage.recipients import Circle, Recipient


@dataclass(frozen=True, slots=True)
class Writer:
    """A member who writes, and the actor whose name stands over it: themselves, a team, or nobody (``unnamed``)."""

    id: int
    name_id: int
    unnamed: bool = False

    @property
    def aside(self) -> bool:
        """Another name than their own stands over it."""
        return self.id != self.name_id


async def note(db: Writing, node: Node, post: Post, *, writer_id: int) -> None:
    """Write down who wrote a post that came out under another name: ``audit`` alone knows. Who is in a team reads what
    the team shares with few."""
    await audit.note(db, audit.WROTE, post.uri, actor_id=writer_id, now=node.clock())
    if not post.public:
        await recipients.add(db, post.id, [Recipient(post.author_id, Circle.MEMBERS)])
