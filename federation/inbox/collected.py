"""Collections of recommended accounts (FEP-7aa9): what others say of theirs, and their answers about ours.

Of a collection elsewhere nothing that an activity brings is kept: it is read at its own id, by a job.
"""

from __future__ import annotations

from federation.documents import activities, featuring, reading
from federation.documents.featuring import ASKED, AUTHORIZATION, COLLECTION, ITEM, REQUEST
from federation.documents.keys import same_origin
from federation.errors import Refused
from federation.featuring import verdict
from federation.fetching.asking import host_of
from federation.happenings import Collected, Happening, Uncollected
from federation.inbox.activity import Activity, inner, object_uri
from federation.outbox.promise import promise
from federation.site import Site
from storage import actors, collections, follows, jobs
from storage.actors import Actor
from storage.collections import Collection, Item, State
from storage.consents import Verdict
from storage.database import Missing, Reading, Writing
from storage.jobs import NewJob

READ = "collection-read"  # the job
WINDOW = 2_000  # ms in which one collection is read once; it is read when they are over


async def told(db: Writing, site: Site, activity: Activity) -> bool:
    """Whether a Create, Update or Add tells of a collection or of who is in it: then it is read, if anybody here
    follows its owner or is in it. Raises Refused."""
    document, target = inner(activity), reading.uri(activity.document.get("target"))
    types = reading.types(document)
    if COLLECTION in types:
        uri = reading.uri(document)
    elif ITEM in types and activity.type == "Add":
        uri = target
    else:
        return False
    if not uri or not same_origin(uri, activity.actor.uri) or site.ours(uri):
        raise Refused("FeaturedCollection of another")
    if COLLECTION in types and reading.uris(document.get("attributedTo"), 2) != [activity.actor.uri]:
        raise Refused("FeaturedCollection of another")
    kept = await _of(db, uri, activity.actor)
    if kept is not None or await follows.has_follower_here(db, activity.actor.id):
        await _promise(db, uri, now=activity.received)
    return True


async def _of(db: Reading, uri: str, owner: Actor) -> Collection | None:
    """The collection of this id, if it is here. Raises Refused when it is another's."""
    try:
        found = await collections.by_uri(db, uri)
    except Missing:
        return None
    if found.owner_id != owner.id:
        raise Refused("FeaturedCollection of another")
    return found


async def _promise(db: Writing, uri: str, *, now: int) -> None:
    window = now // WINDOW
    due = (window + 1) * WINDOW
    new = NewJob(READ, payload=uri, host=host_of(uri), key=f"{READ} {window} {uri}", due=due)
    await jobs.add(db, new, now=now)


async def removed(db: Writing, activity: Activity) -> list[Happening] | None:
    """What a Remove or Delete of a collection, or of who is in it, does; None: it is about none that is here."""
    uri, target = object_uri(activity), reading.uri(activity.document.get("target"))
    try:
        kept = await collections.by_uri(db, uri)
    except Missing:
        return await _taken_out(db, activity, uri, target)
    if kept.owner_id != activity.actor.id or kept.here:
        raise Refused("Remove of another's collection")
    await collections.remove(db, kept.id)
    return []


async def _taken_out(db: Writing, activity: Activity, uri: str, target: str) -> list[Happening] | None:
    kept = await _of(db, target, activity.actor) if target and same_origin(target, activity.actor.uri) else None
    if kept is None or kept.here:
        return None
    found = [one for one in await collections.every(db, kept.id) if one.uri == uri and one.state is not State.REVOKED]
    await collections.drop(db, [one.id for one in found])
    return [Uncollected(kept.id, one.actor_id) for one in found]


async def request(db: Writing, site: Site, activity: Activity) -> list[Happening]:
    """Somebody elsewhere asks whether one of ours wants to be in a collection: answered as their page says. Raises
    Refused."""
    target, kept = await _asked(db, site, activity)
    item = await collections.place(db, collection_id=kept.id, actor_id=target.id)
    fresh = item is None
    if item is None and await verdict(db, target, activity.actor) is Verdict.AUTOMATIC:
        new = Item(0, kept.id, target.id, State.ACCEPTED, activity.received)
        try:
            item = await collections.put(db, new, most=featuring.MOST)
        except Missing:
            item = None
    asked = dict(activity.document)
    if item is None or item.state is not State.ACCEPTED:
        said, fresh = activities.reject_feature(target, asked), False
    else:
        stamp = site.feature_stamp_uri(target.handle, item.id)
        said = activities.accept_feature(target, asked, stamp)
    await promise(db, site, said, signer=target, inboxes=[activity.actor.inbox])
    return [Collected(activity.actor, kept, [target.id])] if fresh else []


async def _asked(db: Reading, site: Site, activity: Activity) -> tuple[Actor, Collection]:
    """Raises Refused."""
    uri = object_uri(activity)
    try:
        target = await actors.by_uri(db, uri)
        kept = await collections.by_uri(db, reading.uri(activity.document.get("instrument")))
    except Missing as missing:
        raise Refused("FeatureRequest of an account or for a collection that is not here") from missing
    if not target.here or target.gone is not None or target.suspended is not None:
        raise Refused("FeatureRequest of an account that is not ours")
    if kept.owner_id != activity.actor.id or kept.here:
        raise Refused("FeatureRequest for another's collection")
    return target, kept


async def answered(db: Writing, site: Site, activity: Activity) -> list[Happening] | None:
    """What an Accept or Reject of a FeatureRequest of ours does; None: it answers none. Raises Refused."""
    document = inner(activity)
    types, uri = reading.types(document), reading.uri(document)
    if REQUEST not in types and (types or not uri.endswith(ASKED)):
        return None
    place = uri.removesuffix(ASKED)
    above, _, number = place.rpartition("/items/")
    try:
        kept = await collections.by_uri(db, above)
        item = await collections.item(db, _number(number))
    except Missing as missing:
        raise Refused("answer to a FeatureRequest that is not ours") from missing
    if item.collection_id != kept.id or item.actor_id != activity.actor.id or not kept.here:
        raise Refused("answer of another than whom was asked")
    owner = await actors.by_id(db, kept.owner_id)
    if activity.type == "Accept":
        return await _agreed(db, site, activity, owner, kept, item)
    if item.state is State.PENDING:
        await collections.drop(db, [item.id])
    elif await collections.revoke(db, item.id):
        await _say_left(db, site, owner, kept, item, activity.actor)
    return []


def _number(written: str) -> int:
    """The number of an id of ours; 0, which nothing has, for anything else."""
    return int(written) if written.isascii() and written.isdigit() and len(written) < 19 else 0


async def _agreed(
    db: Writing, site: Site, activity: Activity, owner: Actor, kept: Collection, item: Item
) -> list[Happening]:
    stamp = reading.uri(activity.document.get("result"))
    if not stamp or not same_origin(stamp, activity.actor.uri):
        raise Refused("Accept of a FeatureRequest without a FeatureAuthorization of its own server")
    if await collections.accept(db, item.id, stamp=stamp):
        item = await collections.item(db, item.id)
        said = activities.put_item(owner, kept, featuring.item_terms(kept, item, activity.actor, site))
        inboxes = [*await follows.follower_inboxes(db, owner.id), activity.actor.delivery_inbox]
        await promise(db, site, said, signer=owner, inboxes=inboxes)
    return []


async def _say_left(db: Writing, site: Site, owner: Actor, kept: Collection, item: Item, actor: Actor) -> None:
    said = activities.take_item(owner, kept, featuring.item_uri(kept, item))
    inboxes = [*await follows.follower_inboxes(db, owner.id), actor.delivery_inbox]
    await promise(db, site, said, signer=owner, inboxes=inboxes)


async def revoked(db: Writing, site: Site, activity: Activity) -> list[Happening] | None:
    """What the Delete of a FeatureAuthorization of the actor does; None: it is none that is known here."""
    types = reading.types(inner(activity))
    if types and AUTHORIZATION not in types:
        return None
    ended = await collections.revoke_stamp(db, object_uri(activity), actor_id=activity.actor.id)
    for item in ended:
        kept = await collections.by_id(db, item.collection_id, reader_id=activity.actor.id)
        if kept.here:
            await _say_left(db, site, await actors.by_id(db, kept.owner_id), kept, item, activity.actor)
    return [] if ended else None
