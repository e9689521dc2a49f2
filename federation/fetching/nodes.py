"""The actor of another node itself (FEP-2677): whom a node speaks to when it speaks to no one in particular."""

from __future__ import annotations

from federation.documents import reading
from federation.errors import Refused
from federation.fetching import actors, asking
from federation.site import Site
from federation.vocabulary import CONTEXT
from storage.actors import Actor, ActorKind
from storage.database import Database

APPLICATION = CONTEXT + "#Application"


async def by_host(database: Database, site: Site, host: str) -> Actor:
    """The actor of the node at ``host``. Raises Refused when it names none of its own, Gone, Unreachable."""
    scheme = "http" if site.base_url.startswith("http://") else "https"
    url = f"{scheme}://{host}/.well-known/nodeinfo"
    await asking.allowed(database, site, url)
    found = (await site.out.get_json(url, accept="application/json")).document
    for link in reading.objects(found.get("links"), 32):
        uri = reading.uri(link.get("href"))
        if link.get("rel") == APPLICATION and asking.host_of(uri) == host:
            actor = await actors.by_uri(database, site, uri)
            if actor.kind is ActorKind.APPLICATION:
                return actor
    raise Refused("names no actor of its own")
