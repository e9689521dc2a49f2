"""Actors, posts and activities of this node as other servers read them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from federation.documents import activities
from federation.documents import actors as actor_documents
from federation.documents import posts as post_documents
from federation.documents import quotes as quote_documents
from federation.documents.posts import Surroundings
from federation.site import Document, Site
from federation.vocabulary import CONTEXT
from storage import actors, attachments, events, experts, keys, mentions, polls, posts, quotes, tags
from storage.actors import Actor, ActorKind
from storage.database import Missing, Reading
from storage.kinds import Kind
from storage.posts import Post, Visibility


class Erased(Exception):
    """What was asked for was here and was deleted; ``tombstone`` is the document that says so (AS2 vocabulary)."""

    def __init__(self, uri: str) -> None:
        super().__init__(uri)
        self.tombstone: Document = {"@context": CONTEXT, "id": uri, "type": "Tombstone"}


async def actor_here(db: Reading, handle: str) -> Actor:
    """The actor of this node called so. Raises Missing; Erased when the account was closed."""
    found = await actors.by_handle(db, handle)
    if found.gone is not None:
        raise Erased(found.uri)
    if found.suspended is not None or found.kind is ActorKind.APPLICATION:
        raise Missing(handle)
    return found


async def actor(db: Reading, site: Site, found: Actor) -> Document:
    """The document of one of our actors."""
    return actor_documents.write(found, await keys.of(db, found.id), site, await experts.one(db, found.id))


async def post(db: Reading, site: Site, handle: str, post_id: int, *, reader_id: int) -> Document:
    """A post of this node, if the reader may see it. Raises Missing, Erased."""
    found, author = await _here(db, site, handle, post_id, reader_id=reader_id)
    if found.boost_of_id is not None:
        return await _announce(db, found, author)
    document = await _document(db, site, found, author)
    return {"@context": post_documents.context_of(found), **document}


async def activity(db: Reading, site: Site, handle: str, post_id: int, *, reader_id: int) -> Document:
    """The Create or Announce by which a post of this node came to be. Raises Missing, Erased."""
    found, author = await _here(db, site, handle, post_id, reader_id=reader_id)
    if found.boost_of_id is not None:
        return await _announce(db, found, author)
    return activities.create(found, author, await _document(db, site, found, author))


async def authorization(db: Reading, site: Site, handle: str, stamp_id: int, *, reader_id: int) -> Document:
    """What allows a quote of a post of this node, if the reader may see the post. Raises Missing; Erased when it was
    revoked."""
    stamp = await quotes.stamp_by_id(db, stamp_id)
    if stamp is None:
        raise Missing(str(stamp_id))
    quoted, author = await _here(db, site, handle, stamp.quoted_id, reader_id=reader_id)
    uri = site.stamp_uri(author.handle, stamp.id)
    if stamp.revoked is not None:
        raise Erased(uri)
    return quote_documents.authorization(uri, author, quoting_uri=stamp.quoting_uri, quoted_uri=quoted.uri)


async def _here(db: Reading, site: Site, handle: str, post_id: int, *, reader_id: int) -> tuple[Post, Actor]:
    author = await actors.by_handle(db, handle)
    try:
        found = await posts.by_id(db, post_id, reader_id=reader_id)
    except Missing as missing:
        uri = site.post_uri(author.handle, post_id)
        if await posts.buried(db, uri) is not None:
            raise Erased(uri) from missing
        raise
    if found.author_id != author.id or found.local is None or (found.visibility is Visibility.DIRECT and not reader_id):
        raise Missing(str(post_id))
    return found, author


async def _document(db: Reading, site: Site, found: Post, author: Actor) -> Document:
    around = (await surroundings(db, [found.id]))[found.id]
    if found.kind is Kind.EVENT:
        around = replace(around, when=await events.one(db, found.id))
    return post_documents.write(found, author, around, site)


async def _announce(db: Reading, boost: Post, booster: Actor) -> Document:
    original = await posts.any_by_id(db, boost.boost_of_id or 0)
    return activities.announce(boost, booster, original, await actors.by_id(db, original.author_id))


async def surroundings(db: Reading, post_ids: Sequence[int]) -> Mapping[int, Surroundings]:
    """What surrounds each of these posts; five queries at most for all."""
    named = await mentions.of(db, post_ids)
    tagged = await tags.of(db, post_ids)
    files = await attachments.of(db, post_ids)
    asked = await polls.of(db, post_ids)
    cited = await quotes.of(db, post_ids)
    return {
        one: Surroundings(named.get(one, ()), tagged.get(one, ()), files.get(one, ()), asked.get(one), cited.get(one))
        for one in post_ids
    }
