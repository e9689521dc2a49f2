"""Collections of recommended accounts, and who agreed to be in one, as other servers read them (FEP-7aa9)."""

from __future__ import annotations

from federation.documents import actors as actor_documents
from federation.documents import collections as lists
from federation.documents import featuring as documents
from federation.documents.context import FEATURING
from federation.site import Document, Site
from storage import collections
from storage.actors import Actor
from storage.collections import Collection, State
from storage.database import Missing, Reading
from storage.paging import Page

LISTED = 100  # collections of one actor: more than anybody may have
NOBODY = 0  # the reader: what everyone may see


async def listed(db: Reading, actor: Actor) -> Document:
    """The collections of one of ours that are on its page, by their ids."""
    found = await collections.of(db, actor.id, Page(limit=LISTED), reader_id=NOBODY)
    return lists.whole(actor_documents.featured_collections(actor), [one.uri for one in found])


async def whole(db: Reading, site: Site, actor: Actor, uri: str) -> Document:
    """One collection of ours, with who agreed to be in it. Raises Missing."""
    kept = await _ours(db, actor, uri)
    placed = await collections.accounts(db, kept.id, reader_id=NOBODY)
    return {"@context": FEATURING, **documents.write(kept, actor, placed, site)}


async def _ours(db: Reading, actor: Actor, uri: str) -> Collection:
    found = await collections.by_uri(db, uri)
    if found.owner_id != actor.id or not found.here:
        raise Missing(uri)
    return found


async def item(db: Reading, site: Site, actor: Actor, uri: str, item_id: int) -> Document:
    """One account in a collection of ours. Raises Missing."""
    kept = await _ours(db, actor, uri)
    for one, target in await collections.accounts(db, kept.id, reader_id=NOBODY):
        if one.id == item_id:
            return {"@context": FEATURING, **documents.item_terms(kept, one, target, site)}
    raise Missing(str(item_id))


async def authorization(db: Reading, site: Site, actor: Actor, item_id: int) -> Document:
    """That one of ours agreed to be in a collection. Raises Missing, also once they took it back."""
    found = await collections.item(db, item_id)
    if found.actor_id != actor.id or found.state is not State.ACCEPTED:
        raise Missing(str(item_id))
    kept = await collections.by_id(db, found.collection_id, reader_id=actor.id)
    return documents.authorization(site.feature_stamp_uri(actor.handle, found.id), actor, kept.uri)


async def by_page(db: Reading, collection_id: int) -> str:
    """The id of the collection whose page has this number. Raises Missing."""
    found = await collections.by_id(db, collection_id, reader_id=NOBODY)
    return found.uri
