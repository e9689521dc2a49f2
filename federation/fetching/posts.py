"""Posts of other servers: found, checked, kept with their authors."""

from __future__ import annotations

from federation import hiding
from federation.documents import posts as documents
from federation.documents import reading
from federation.errors import FederationError, Refused
from federation.fetching import actors as fetching
from federation.fetching import asking
from federation.happenings import Happening
from federation.keeping import keep_edit, keep_post
from federation.site import Document, Site
from storage import actors, posts
from storage.database import Database, Missing
from storage.posts import Post

ANCESTORS = 20  # posts fetched above one


async def by_uri(database: Database, site: Site, uri: str) -> tuple[Post, list[Happening]]:
    """The post of this id, from here or its home, and what its coming made happen.

    Raises Refused, Gone, Forbidden, Unreachable.
    """
    async with database.reading() as db:
        try:
            return await posts.by_uri(db, uri), []
        except Missing as missing:
            if site.ours(uri):
                raise Refused("there is no such post here") from missing
    return await keep(database, site, await asking.document(database, site, uri))


async def keep(database: Database, site: Site, document: Document) -> tuple[Post, list[Happening]]:
    """Keep the post of a document that was found at its own id. Raises as ``by_uri``."""
    uri = reading.uri(document)
    authors = reading.uris(document.get("attributedTo"), 8)
    if not authors or not reading.type_among(document, documents.POSTS):
        raise Refused("not a post we can read")
    author = await fetching.by_uri(database, site, authors[0])
    if author.here or author.suspended is not None:
        raise Refused("not a post of somebody elsewhere")
    judged = await hiding.judge(site, documents.read(document, author, now=site.clock(), limits=site.limits))
    async with database.writing() as db:
        posted = await keep_post(db, site, author, judged)
        try:
            return await posts.by_uri(db, uri), [] if posted is None else [posted]
        except Missing as missing:
            raise Refused("this post was deleted") from missing


async def refresh(database: Database, site: Site, post: Post) -> list[Happening]:
    """Ask a post's own server what it says now, and keep that. Raises as ``by_uri``."""
    document = await asking.document(database, site, post.uri)
    async with database.reading() as db:
        author = await actors.by_id(db, post.author_id)
    judged = await hiding.judge(site, documents.read(document, author, now=site.clock(), limits=site.limits))
    async with database.writing() as db:
        edited = await keep_edit(db, site, author, judged, now=site.clock())
    return [] if edited is None else [edited]


async def ancestors(database: Database, site: Site, uri: str) -> list[Happening]:
    """Fetch what a post answers, and what that answers, until something is here or cannot be had."""
    happenings: list[Happening] = []
    for _ in range(ANCESTORS):
        if not uri or site.ours(uri):
            break
        try:
            post, came = await by_uri(database, site, uri)
        except FederationError:
            break
        happenings += came
        if not came:
            break
        uri = post.in_reply_to_uri
    return happenings
