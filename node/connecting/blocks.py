"""Block: see nothing of somebody, and be seen by them no more."""

from __future__ import annotations

from federation.documents import activities
from federation.happenings import Blocked
from federation.outbox.promise import promise
from node.connecting import follows as following
from node.context import Node
from node.errors import NotAllowed
from node.surfacing.surface import Told, surface
from node.texts import _
from storage import blocks
from storage.actors import Actor
from storage.database import Writing


def _uri(member: Actor, target: Actor) -> str:
    return f"{member.uri}#blocks/{target.id}"


async def block(db: Writing, node: Node, member: Actor, target: Actor) -> list[Told]:
    """Block somebody; follows both ways end. Raises NotAllowed."""
    if target.id == member.id:
        raise NotAllowed(_("You cannot block yourself."))
    if not await blocks.add(db, actor_id=member.id, target_id=target.id, uri=_uri(member, target)):
        return []
    told = await following.unfollow(db, node, member, target)
    told += await following.reject(db, node, member, target)
    if not target.here:
        said = activities.block(member, target, _uri(member, target))
        await promise(db, node.site, said, signer=member, inboxes=[target.inbox])
    return told + await surface(db, node, [Blocked(member, target)])


async def unblock(db: Writing, node: Node, member: Actor, target: Actor) -> list[Told]:
    """End a block."""
    if await blocks.remove(db, actor_id=member.id, target_id=target.id) and not target.here:
        said = activities.undo(member, activities.block(member, target, _uri(member, target)))
        await promise(db, node.site, said, signer=member, inboxes=[target.inbox])
    return []
