"""Whose a key is: from here, or asked of the server it names."""

from __future__ import annotations

from federation.documents import keys as documents
from federation.errors import Refused, Unsigned
from federation.fetching import actors as fetching
from federation.fetching import asking
from federation.site import Site
from storage import keys
from storage.actors import Actor
from storage.database import Database, Missing
from storage.keys import Key, KeyKind


async def owner(database: Database, site: Site, key_uri: str, *, refresh: bool = False) -> tuple[Key, Actor]:
    """The key of this id and the actor that lists it. Raises Unsigned, Refused, Gone, Forbidden, Unreachable.

    ``refresh`` asks its server even if we have it: after a signature that did not fit, the key may be a new one.
    """
    if site.ours(key_uri):
        raise Unsigned("a key of ours proves nothing from outside")
    if not refresh:
        async with database.reading() as db:
            try:
                return await keys.owner(db, key_uri)
            except Missing:
                pass
    document = await asking.document(database, site, key_uri.partition("#")[0])
    alone = documents.alone(document)
    if alone is None:
        actor = await fetching.keep(database, site, document)
    else:
        actor = await _owner_of(database, site, *alone)
    async with database.reading() as db:
        try:
            found, listed_by = await keys.owner(db, key_uri)
        except Missing as missing:
            raise Unsigned("the key's owner does not list it") from missing
    if listed_by.id != actor.id:
        raise Unsigned("the key belongs to another actor")
    return found, listed_by


async def _owner_of(database: Database, site: Site, owner_uri: str, key: documents.ListedKey) -> Actor:
    """The owner that a key standing alone names, if the owner's own document names the key (FEP-fe34)."""
    document = await asking.document(database, site, owner_uri)
    if key.uri not in documents.references(document):
        raise Refused("the key's owner does not list it")
    actor = await fetching.keep(database, site, document)
    async with database.writing() as db:
        await keys.put(db, Key(key.uri, actor.id, KeyKind(key.kind), key.public, None, site.clock()))
    return actor
