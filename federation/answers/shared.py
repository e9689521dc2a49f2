"""Shared measures of groups of this node as other servers read them."""

from __future__ import annotations

from federation.documents import collections
from federation.documents import shared as documents
from federation.site import Document, Site
from storage import actors, shared
from storage.actors import Actor
from storage.database import Missing, Reading

NOBODY = 0  # the reader: what everyone may see


async def one(db: Reading, site: Site, id: int, *, reader_id: int) -> Document:
    """A shared measure of a group of ours. Raises Missing."""
    found = await shared.by_id(db, id, reader_id=reader_id)
    if found is None or not site.ours(found.uri):
        raise Missing(str(id))
    return documents.write(found, await actors.by_id(db, found.group_id))


async def listed(db: Reading, group: Actor) -> Document:
    """The ids of those of a group that everybody may read."""
    found = await shared.of(db, group.id, reader_id=NOBODY)
    return collections.whole(documents.collection(group), [one.uri for one in found])
