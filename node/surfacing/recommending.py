"""Who leaves a collection of ours, and who takes back that they are in another's: said to those it concerns."""

from __future__ import annotations

from collections.abc import Sequence

from federation.documents import activities, featuring
from federation.outbox.promise import promise
from federation.site import Document
from node.context import Node
from storage import actors, collections, follows, notifications
from storage.actors import Actor
from storage.collections import Collection, Item, State
from storage.database import Reading, Writing


async def followers(db: Reading, owner: Actor, *more: Actor) -> list[str]:
    """The inboxes of who follows the owner of a collection, and of others whom it concerns."""
    return [*await follows.follower_inboxes(db, owner.id), *(one.delivery_inbox for one in more if not one.here)]


async def document(db: Reading, node: Node, kept: Collection, owner: Actor) -> Document:
    """A collection of ours as other servers read it."""
    return featuring.write(kept, owner, await collections.accounts(db, kept.id, reader_id=0), node.site)


async def removed(db: Writing, node: Node, owner: Actor, kept: Collection, item: Item, actor: Actor) -> None:
    """Tell other servers that an account is in a collection of ours no longer. Of one that never agreed, its own."""
    said = activities.take_item(owner, kept, featuring.item_uri(kept, item))
    inboxes: Sequence[str] = [actor.delivery_inbox] if not actor.here else []
    if item.state is State.ACCEPTED:
        inboxes = await followers(db, owner, actor)
    await promise(db, node.site, said, signer=owner, inboxes=inboxes)


async def withdrawn(db: Writing, node: Node, actor: Actor, kept: Collection, item: Item) -> None:
    """Tell the server of a collection elsewhere that one of ours wants to be in it no longer."""
    owner = await actors.by_id(db, kept.owner_id)
    said = activities.delete_feature(node.site.feature_stamp_uri(actor.handle, item.id), actor, kept.uri)
    await promise(db, node.site, said, signer=actor, inboxes=await followers(db, actor, owner))


async def part(db: Writing, node: Node, one: Actor, other: Actor) -> None:
    """Take two accounts, of which one blocks the other, out of each other's collections."""
    for owner, actor in ((one, other), (other, one)):
        found = await collections.featured_by(db, owner_id=owner.id, actor_id=actor.id)
        for item, kept in found:
            if owner.here:
                await removed(db, node, owner, kept, item, actor)
            elif actor.here:
                await withdrawn(db, node, actor, kept, item)
            await notifications.forget_collected(db, member_id=actor.id, collection_id=kept.id)
        if found:
            await collections.drop(db, [item.id for item, _ in found])
