"""Actors of other servers: found, checked, kept, and read again when they are old."""

from __future__ import annotations

from collections.abc import Sequence

from federation import hiding
from federation.documents import actors as documents
from federation.documents import reading
from federation.documents.keys import ListedKey
from federation.errors import Gone, Refused
from federation.fetching import asking, webfinger
from federation.site import Document, Site
from storage import actors, experts, keys, posts
from storage.actors import Actor
from storage.database import Database, Missing, Writing, listed
from storage.keys import Key, KeyKind


async def by_uri(database: Database, site: Site, uri: str, *, refresh: bool = False) -> Actor:
    """The actor of this id, from here or its home. Raises Refused, Gone, Forbidden, Unreachable."""
    if not refresh or site.ours(uri):
        async with database.reading() as db:
            try:
                return await actors.by_uri(db, uri)
            except Missing as missing:
                if site.ours(uri):
                    raise Refused("nobody here is called so") from missing
    return await keep(database, site, await asking.document(database, site, uri))


async def by_handle(database: Database, site: Site, handle: str) -> Actor:
    """The actor of ``name@domain``, from here or by WebFinger. Raises Refused, Gone, Forbidden, Unreachable."""
    name, domain = webfinger.split(handle)
    async with database.reading() as db:
        try:
            return await actors.by_handle(db, name, "" if domain == site.domain else domain)
        except Missing as missing:
            if domain == site.domain:
                raise Refused("nobody here is called so") from missing
    return await by_uri(database, site, await webfinger.actor_uri(database, site, name, domain))


async def anew(database: Database, site: Site, address: str) -> Actor:
    """The actor of ``name@domain``, or of an id, as its server has it now: WebFinger and the actor are asked again.

    Raises as ``by_handle``, Missing.
    """
    if address.startswith(("https://", "http://")):
        return await by_uri(database, site, address, refresh=True)
    name, domain = webfinger.split(address)
    if domain == site.domain:
        async with database.reading() as db:
            return await actors.by_handle(db, name)
    uri = await webfinger.actor_uri(database, site, name, domain)
    return await by_uri(database, site, uri, refresh=True)


async def keep(database: Database, site: Site, document: Document) -> Actor:
    """Keep the actor of a document that was found at its own id. Raises Refused."""
    uri = reading.uri(document)
    if site.ours(uri):
        raise Refused("an actor of ours")
    name = reading.text(document.get("preferredUsername"))
    if not documents.handle_fine(name):
        raise Refused("preferredUsername cannot be used")
    async with database.reading() as db:
        try:
            domain = (await actors.by_uri(db, uri)).domain
        except Missing:
            domain = ""
    domain = domain or await webfinger.domain_of(database, site, uri, name)
    remote = documents.read(document, domain=domain, now=site.clock(), limits=site.limits)
    async with database.writing() as db:
        return await _put(db, site, remote)


async def _put(db: Writing, site: Site, remote: documents.RemoteActor) -> Actor:
    now, profile = site.clock(), hiding.profile(site, remote.profile)
    if await posts.buried(db, profile.uri) is not None:
        raise Gone("this actor was deleted")
    if not await actors.refresh(db, profile, now=now):
        await actors.step_aside(db, handle=profile.handle, domain=profile.domain, uri=profile.uri)
        await actors.add(db, profile, now=now)
    actor = await actors.by_uri(db, profile.uri)
    await put_keys(db, actor, remote.keys, now=now)
    await experts.put(db, actor.id, remote.expertise)
    return actor


async def put_keys(db: Writing, actor: Actor, found: Sequence[ListedKey], *, now: int) -> None:
    """Keep the keys an actor lists, and no others of it."""
    for one in found:
        await keys.put(db, Key(one.uri, actor.id, KeyKind(one.kind), one.public, None, now))
    if found:
        await keys.drop_others(db, actor.id, kept=listed(one.uri for one in found))
