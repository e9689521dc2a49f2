"""Follow: somebody elsewhere asks to see what one of ours shares."""

from __future__ import annotations

from federation.documents import activities
from federation.errors import Refused
from federation.fetching.asking import host_of
from federation.happenings import Followed, Happening, Requested
from federation.inbox.activity import Activity, object_uri
from federation.outbox.promise import promise
from federation.site import Site
from storage import actors, allies, blocks, domain_blocks, follows, peers
from storage.actors import ActorKind
from storage.database import Missing, Writing


async def repeated(db: Writing, site: Site, activity: Activity) -> list[Happening]:
    """Answer a Follow again that holds still: the peer may have lost our first Accept. One that ended stays ended."""
    for target in (await actors.by_uris(db, [object_uri(activity)])).values():
        follow = await follows.between(db, follower_id=activity.actor.id, target_id=target.id)
        if follow is not None and follow.accepted is not None and target.here:
            accept = activities.accept(target, dict(activity.document))
            await promise(db, site, accept, signer=target, inboxes=[activity.actor.inbox])
    return []


async def receive(db: Writing, site: Site, activity: Activity) -> list[Happening]:
    """Keep the follow; accept it unless the target answers by hand. Who has moved is followed by nobody new, as in
    Mastodon. Raises Refused when there is nobody to follow."""
    try:
        target = await actors.by_uri(db, object_uri(activity))
    except Missing as missing:
        raise Refused("Follow of someone who is not here") from missing
    away = target.gone is not None or target.suspended is not None
    if not target.here or away or (target.kind is ActorKind.APPLICATION and not await _ally(db, activity)):
        raise Refused("Follow of someone who is not here")
    document = dict(activity.document)
    shut = await domain_blocks.of(db, member_id=target.id, domains=[activity.actor.domain])
    if shut or target.moved_to or await blocks.either(db, activity.actor.id, target.id):
        reject = activities.reject(target, document)
        await promise(db, site, reject, signer=target, inboxes=[activity.actor.inbox])
        return []
    follow, new = await follows.ask(
        db,
        follower_id=activity.actor.id,
        target_id=target.id,
        uri=activity.id,
        now=activity.received,
        accepted=None if target.locked is not None and target.kind is not ActorKind.APPLICATION else activity.received,
    )
    if follow.accepted is None:
        return [Requested(activity.actor, target)] if new else []
    # Answer a repeated Follow too: the peer may have lost our first Accept.
    await promise(db, site, activities.accept(target, document), signer=target, inboxes=[activity.actor.inbox])
    if target.kind is ActorKind.APPLICATION and new:  # it may have refused us before it knew us as allied
        await allies.promise(db, host_of(activity.actor.uri), now=activity.received)
    return [Followed(activity.actor, target)] if new else []


async def _ally(db: Writing, activity: Activity) -> bool:
    """Whether the actor of an allied node asks: the node itself is followed by those alone."""
    return activity.actor.kind is ActorKind.APPLICATION and await peers.allied(db, host_of(activity.actor.uri))
