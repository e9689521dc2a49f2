"""Who signed a request: the key it names, from here or asked of its server, and the proof."""

from __future__ import annotations

from functools import lru_cache

from federation import policies
from federation.errors import FederationError, Refused, Unreachable, Unsigned
from federation.fetching import asking
from federation.fetching import keys as fetching
from federation.signing import verify
from federation.signing.keys import load_public
from federation.signing.request import SignedRequest
from federation.signing.verify import Form
from federation.site import Site
from storage import keys
from storage.actors import Actor
from storage.database import Database, Missing, Reading, listed
from storage.keys import Key

FRESH = 60 * 1000  # ms: a key younger than this is not fetched again when a signature does not fit
TRIED = 2  # keys of one request


async def signer(database: Database, site: Site, request: SignedRequest) -> tuple[Actor, Form]:
    """Whose signature a request carries, and in which form. Raises Unsigned, Refused, Forbidden.

    Raises Gone, which is a Refused, when the key's server says that there is no such key (any more).
    """
    reason: FederationError = Unsigned("not signed")
    for key_uri in verify.claimed_keys(request)[:TRIED]:
        try:
            return await _prove(database, site, request, key_uri)
        except (Refused, Unsigned) as error:
            reason = error
        except Unreachable as error:
            reason = Unsigned("the key cannot be fetched now")
            reason.__cause__ = error
    raise reason


async def _prove(database: Database, site: Site, request: SignedRequest, key_uri: str) -> tuple[Actor, Form]:
    """A key that does not fit (any more) is asked for once more."""
    key, actor = await _known(database, site, key_uri)
    try:
        return actor, _check(site, request, key)
    except Unsigned:
        if key.fetched > site.clock() - FRESH:
            raise
    key, actor = await fetching.owner(database, site, key_uri, refresh=True)
    return actor, _check(site, request, key)


def _check(site: Site, request: SignedRequest, key: Key) -> Form:
    scheme, _, host = site.base_url.partition("://")
    return verify.check(request, key.uri, load_public(key.public), host=host, scheme=scheme, now=site.clock())


async def _known(database: Database, site: Site, key_uri: str) -> tuple[Key, Actor]:
    if site.ours(key_uri):
        raise Unsigned("a key of ours proves nothing from outside")
    found = await database.read(lambda db: _here(db, key_uri))
    return found or await fetching.owner(database, site, key_uri, refresh=True)


async def _here(db: Reading, key_uri: str) -> tuple[Key, Actor] | None:
    """None: not here, or of a server that is suspended, which is what whoever asks it is told."""
    try:
        return await keys.owner_unless_shut(db, key_uri, _names(asking.host_of(key_uri)))
    except Missing:
        return None


@lru_cache(4096)
def _names(host: str) -> str:
    return listed(policies.names(host))
