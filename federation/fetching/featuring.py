"""Collections of recommended accounts elsewhere: read at their own id, with who provably agreed to be in them."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from federation.documents import featuring as documents
from federation.documents import reading
from federation.documents.featuring import RemoteCollection, RemoteItem
from federation.errors import FederationError, Forbidden, Refused, Unreachable
from federation.fetching import actors as fetch_actors
from federation.fetching import asking
from federation.site import Site
from storage import actors, collections
from storage.actors import Actor
from storage.collections import Collection, Item, State
from storage.database import Database, Missing, Writing

COLLECTIONS = 100  # of one actor elsewhere that are kept
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Read:
    """A collection as it is kept now."""

    owner: Actor
    kept: Collection
    said: RemoteCollection
    changed: bool  # it was here, and says something else of itself


async def collection(database: Database, site: Site, uri: str) -> Read:
    """The collection of this id, kept without who is in it. Raises Refused, Gone, Forbidden, Unreachable."""
    document = await asking.document(database, site, uri)
    named = reading.uris(document.get("attributedTo"), 2)
    if len(named) != 1 or site.ours(named[0]):
        raise Refused("FeaturedCollection of nobody, or of several")
    owner = await fetch_actors.by_uri(database, site, named[0])
    if owner.suspended is not None or owner.gone is not None:
        raise Forbidden("not welcome here")
    said = documents.read(document, owner, now=site.clock())
    async with database.writing() as db:
        kept, changed = await _keep(db, owner, said, now=site.clock())
    return Read(owner, kept, said, changed)


async def _keep(db: Writing, owner: Actor, said: RemoteCollection, *, now: int) -> tuple[Collection, bool]:
    """Raises Refused."""
    try:
        old = await collections.by_uri(db, said.uri)
    except Missing:
        old = Collection(0, said.uri, owner.id, "", "", "", "", "", None, None, said.published, now)
    if old.owner_id != owner.id:
        raise Refused("FeaturedCollection of another")
    new = Collection(
        old.id, old.uri, old.owner_id, said.url, said.name, said.description, said.language, said.tag,
        now if said.sensitive else None, now if said.discoverable else None, old.created, now, now,
    )  # fmt: skip
    if old.id:
        await collections.change(db, new)
        return new, (old.name, old.description, old.tag) != (new.name, new.description, new.tag)
    try:
        made = await collections.add(db, new, most=COLLECTIONS)
    except Missing as full:
        raise Refused("too many FeaturedCollections of one actor") from full
    return made or await collections.by_uri(db, said.uri), False


async def items(database: Database, site: Site, read: Read) -> None:
    """Keep who is in a collection: those of ours who agreed, and those elsewhere whose own server says so.

    What cannot be asked now is left as it was. Raises Unreachable, once all others are done.
    """
    async with database.writing() as db:
        known = await _sorted_out(db, read)
    late: Unreachable | None = None
    for one in read.said.items:
        held = known.get(one.actor_uri)
        if site.ours(one.actor_uri) or (held is not None and (held.stamp == one.stamp or held.state is State.REVOKED)):
            continue
        try:
            await _take_in(database, site, read.kept, one)
        except Unreachable as error:
            late = error
        except FederationError as error:
            log.info("not in collection=%s actor=%s cause=%s", read.kept.uri, one.actor_uri, error)
    if late is not None:
        raise late


async def _sorted_out(db: Writing, read: Read) -> dict[str, Item]:
    """Who is known to be in it, by id; those whom the collection no longer has are taken out. One of ours whom it does
    not have yet stays: their answer is on its way."""
    had = await collections.every(db, read.kept.id)
    who = await actors.by_ids(db, [one.actor_id for one in had])
    said = {one.actor_uri: one for one in read.said.items}
    gone = [
        one.id for one in had if one.state is not State.REVOKED and one.uri and who[one.actor_id].uri not in said
    ]  # fmt: skip
    await collections.drop(db, gone)
    for one in had:
        found = said.get(who[one.actor_id].uri)
        if found is not None and who[one.actor_id].here and found.uri != one.uri:
            await collections.name_item(db, one.id, uri=found.uri, stamp="")
    return {who[one.actor_id].uri: one for one in had if one.id not in gone}


async def _take_in(database: Database, site: Site, kept: Collection, one: RemoteItem) -> None:
    """Raises Refused, Gone, Forbidden, Unreachable."""
    if not one.stamp:
        raise Refused("no FeatureAuthorization of its own server")
    found = await asking.document(database, site, one.stamp)
    if not documents.authorizes(found, actor_uri=one.actor_uri, collection_uri=kept.uri):
        raise Refused("FeatureAuthorization of another, or for another collection")
    actor = await fetch_actors.by_uri(database, site, one.actor_uri)
    async with database.writing() as db:
        held = await collections.place(db, collection_id=kept.id, actor_id=actor.id)
        if held is not None:
            await collections.name_item(db, held.id, uri=one.uri, stamp=one.stamp)
            return
        new = Item(0, kept.id, actor.id, State.ACCEPTED, site.clock(), one.uri, one.stamp)
        try:
            await collections.put(db, new, most=documents.MOST)
        except Missing as full:
            raise Refused("collection is full, or gone") from full
