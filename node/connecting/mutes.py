"""Mute: not stumble over somebody, for a while or for good. Nobody but the member learns of it."""

from __future__ import annotations

from node.context import Node
from node.errors import NotAllowed
from node.surfacing.surface import Told
from node.texts import _
from storage import home, mutes
from storage.actors import Actor
from storage.database import Writing
from storage.ids import LAST

LONGEST = 100 * 365 * 24 * 60 * 60  # seconds; longer is for good
AT_ONCE = 50  # mutes that end in one transaction


async def mute(
    db: Writing, node: Node, member: Actor, target: Actor, *, notifications: bool = True, duration: int = 0
) -> list[Told]:
    """Mute somebody for ``duration`` seconds (0: for good); again: on other terms. Raises NotAllowed."""
    if target.id == member.id:
        raise NotAllowed(_("You cannot mute yourself."))
    now = node.clock()
    await mutes.put(
        db,
        member_id=member.id,
        target_id=target.id,
        notifications=now if notifications else None,
        ends=now + duration * 1000 if 0 < duration <= LONGEST else LAST,
    )
    await home.forget(db, member_id=member.id, author_id=target.id)
    return []


async def unmute(db: Writing, node: Node, member: Actor, target: Actor) -> list[Told]:
    """See somebody again, at home too if the member follows them."""
    if await mutes.remove(db, member_id=member.id, target_id=target.id):
        await home.backfill(db, member_id=member.id, author_id=target.id, now=node.clock())
    return []


async def end_due(db: Writing, *, now: int) -> int:
    """End some of the mutes whose time is over; how many. Lists show the muted from that time on by themselves."""
    ended = await mutes.end_due(db, now=now, limit=AT_ONCE)
    for member_id, target_id in ended:
        await home.backfill(db, member_id=member_id, author_id=target_id, now=now)
    return len(ended)
