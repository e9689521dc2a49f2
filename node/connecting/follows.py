"""Follow, be followed, and end it. Each answers whom to tell after the commit."""

from __future__ import annotations

from federation.documents import activities
from federation.happenings import Followed, Requested, Unfollowed
from federation.outbox.promise import promise
from federation.site import Document
from node import away
from node.context import Node
from node.errors import NotAllowed
from node.surfacing.surface import Told, surface
from node.texts import _
from storage import blocks, domain_blocks, follows
from storage.actors import Actor
from storage.database import Writing
from storage.follows import Follow


async def follow(
    db: Writing, node: Node, member: Actor, target: Actor, *, boosts: bool | None = None, notify: bool | None = None
) -> list[Told]:
    """Follow somebody here or elsewhere; again: change how. Raises NotAllowed.

    ``boosts`` and ``notify`` None: as before; at first boosts are shown, and single posts are not told of.
    """
    if target.id == member.id:
        raise NotAllowed(_("You cannot follow yourself."))
    away.check_stays(member)
    if await blocks.either(db, member.id, target.id):
        raise NotAllowed(_("One of you has blocked the other."))
    if await domain_blocks.of(db, member_id=member.id, domains=[target.domain]):
        raise NotAllowed(_("You have blocked that server."))
    now = node.clock()
    at_once = target.here and target.locked is None
    before = await follows.between(db, follower_id=member.id, target_id=target.id)
    if before is None:
        away.check_takes(target)
    uri = f"{member.uri}#follows/{target.id}/{now}" if before is None else before.uri
    _kept, new = await follows.ask(
        db, follower_id=member.id, target_id=target.id, uri=uri, now=now, accepted=now if at_once else None
    )
    boosts = (before is None or before.boosts is not None) if boosts is None else boosts
    notify = (before is not None and before.notify is not None) if notify is None else notify
    await follows.tune(
        db, follower_id=member.id, target_id=target.id, boosts=now if boosts else None, notify=now if notify else None
    )
    if not new:
        return []
    if target.here:
        return await surface(db, node, [Followed(member, target) if at_once else Requested(member, target)])
    said = activities.follow(member, target, uri)
    await promise(db, node.site, said, signer=member, inboxes=[target.inbox])
    return []


async def unfollow(db: Writing, node: Node, member: Actor, target: Actor) -> list[Told]:
    """End a follow, or take the request back."""
    ended = await follows.remove(db, follower_id=member.id, target_id=target.id)
    if ended is None:
        return []
    if not target.here:
        said = activities.undo(member, activities.follow(member, target, ended.uri))
        await promise(db, node.site, said, signer=member, inboxes=[target.inbox])
    return await surface(db, node, [Unfollowed(member, target)])


def _document(follower: Actor, target: Actor, follow: Follow) -> Document:
    return activities.follow(follower, target, follow.uri)


async def accept(db: Writing, node: Node, member: Actor, follower: Actor) -> list[Told]:
    """Let somebody follow who asked."""
    if not await follows.accept(db, follower_id=follower.id, target_id=member.id, now=node.clock()):
        return []
    found = await follows.between(db, follower_id=follower.id, target_id=member.id)
    if found is not None and not follower.here:
        said = activities.accept(member, _document(follower, member, found))
        await promise(db, node.site, said, signer=member, inboxes=[follower.inbox])
    return await surface(db, node, [Followed(follower, member)])


async def reject(db: Writing, node: Node, member: Actor, follower: Actor) -> list[Told]:
    """Do not let somebody follow, or no longer."""
    ended = await follows.remove(db, follower_id=follower.id, target_id=member.id)
    if ended is None:
        return []
    if not follower.here:
        said = activities.reject(member, _document(follower, member, ended))
        await promise(db, node.site, said, signer=member, inboxes=[follower.inbox])
    return await surface(db, node, [Unfollowed(follower, member)])


async def remove_follower(db: Writing, node: Node, member: Actor, follower: Actor) -> list[Told]:
    """Let somebody follow no longer."""
    return await reject(db, node, member, follower)
