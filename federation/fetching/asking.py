"""Ask another server for a document, in the node's own name, and believe only what is its own to say."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import urlsplit

from federation import policies
from federation.documents import reading
from federation.documents.keys import same_origin
from federation.errors import Forbidden, Refused
from federation.signing.cavage import sign_request
from federation.site import Document, Signer, Site
from storage import peers
from storage.database import Database


def signer(site: Site) -> Signer:
    """Signs GETs with the key of the node's own actor."""
    key_id, private_pem = site.node_key

    def sign(method: str, url: str, body: bytes | None) -> Mapping[str, str]:
        return sign_request(method, url, body, key_id=key_id, private_pem=private_pem, now=site.clock())

    return sign


@lru_cache(4096)
def host_of(uri: str) -> str:
    """host[:port] of a uri, as it is written after an @."""
    return urlsplit(uri).netloc.lower()


async def allowed(database: Database, site: Site, uri: str) -> None:
    """Raises Refused for what is not on the web or is ours, Forbidden for a server we do not talk to."""
    if not reading.web(uri) or site.ours(uri):
        raise Refused("not an address of another server")
    async with database.reading() as db:
        known = await peers.policies(db)
    if policies.suspended(known, host_of(uri)):
        raise Forbidden("server is suspended here")


async def document(database: Database, site: Site, uri: str) -> Document:
    """The document whose id is ``uri``. Raises Refused, Gone, Forbidden, Unreachable.

    A document says its own id: it is believed only if that is the address it was found at. One found elsewhere (a page
    that answers with its object) is asked for once more, by its id, of the same server (FEP-fe34, CVE-2024-23832).
    """
    await allowed(database, site, uri)
    found = await site.out.get_document(uri, signer=signer(site))
    if found.url != uri:
        await allowed(database, site, found.url)
    said = reading.uri(found.document)
    if said == found.url:
        return found.document
    if not said or not same_origin(said, found.url):
        raise Refused("document has the id of another server")
    await allowed(database, site, said)
    again = await site.out.get_document(said, signer=signer(site))
    if reading.uri(again.document) != said or again.url != said:
        raise Refused("document is not found at its own id")
    return again.document
