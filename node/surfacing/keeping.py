"""Tell who keeps a group of this node that somebody asks to be in it, and that a post waits for them."""

from __future__ import annotations

from federation.documents.actors import GROUPS
from federation.happenings import Applied, Requested
from storage import groups, notices, teams
from storage.actors import Actor
from storage.database import Writing
from storage.notifications import Reason
from storage.posts import Post


async def asked(db: Writing, happening: Applied | Requested, *, now: int) -> list[tuple[int, int]]:
    """Notification and member of each who is told. To follow a private group is to ask to be in it."""
    if isinstance(happening, Applied):
        return await _tell(db, happening.group, Reason.JOIN_ASKED, happening.actor, None, now)
    group = happening.target
    if group.kind not in GROUPS or not group.here or (await groups.of(db, group.id)).private is None:
        return []
    return await _tell(db, group, Reason.JOIN_ASKED, happening.actor, None, now)


async def waits(db: Writing, group: Actor, author: Actor, post: Post, *, now: int) -> list[tuple[int, int]]:
    """As ``asked``, for a post that was sent to the group."""
    return await _tell(db, group, Reason.POST_WAITS, author, post.id, now)


async def _tell(
    db: Writing, group: Actor, reason: Reason, actor: Actor, post_id: int | None, now: int
) -> list[tuple[int, int]]:
    keepers = [one.id for one in await teams.moderators(db, group.id)]
    return await notices.tell(db, keepers, reason=reason, actor_id=actor.id, post_id=post_id, now=now)
