"""Whether a post elsewhere may be quoted: asked of the server of its author, who alone can say."""

from __future__ import annotations

from federation.documents import quotes as documents
from federation.documents.keys import same_origin
from federation.errors import Refused
from federation.fetching import asking
from federation.site import Site
from storage.actors import Actor
from storage.database import Database


async def check(
    database: Database, site: Site, stamp: str, *, author: Actor, quoting_uri: str, quoted_uri: str
) -> None:
    """Nothing, if ``author`` allows the one post to quote the other. Raises Refused, Gone, Forbidden, Unreachable.

    Whoever quotes names the document; it counts only where the author of what is quoted answers for it.
    """
    if not same_origin(stamp, author.uri):
        raise Refused("QuoteAuthorization of another server")
    found = await asking.document(database, site, stamp)
    if not documents.authorizes(found, author=author, quoting_uri=quoting_uri, quoted_uri=quoted_uri):
        raise Refused("QuoteAuthorization of another, or for another post")
