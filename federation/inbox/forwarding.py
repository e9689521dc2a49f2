"""Inbox forwarding (ActivityPub 7.1.2): what one server passes on of another is asked of the other before it counts.

What was passed on only says where to look. What is taken in is what is found there, as an activity of its author; it
is asked for once, without what it answers and whom it names, so that nobody can send us on long errands.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from federation.documents import reading
from federation.documents.keys import same_origin
from federation.errors import Forbidden, Gone, Refused
from federation.fetching import actors as fetch_actors
from federation.fetching import asking
from federation.inbox.activity import Activity, Forwarded
from federation.site import Document, Site
from storage import actors, follows, posts
from storage.actors import Actor
from storage.database import Database, Missing, Reading
from storage.posts import Post

TYPES = frozenset({"Announce", "Create", "Delete", "Update"})  # what an origin can be asked about
NAMED = 64  # actors of ``to``, ``cc`` and ``tag``, each


async def allowed(database: Database, site: Site, forwarded: Forwarded) -> Forwarded:
    """The same, if it may be asked about and somebody here has to do with it. Raises Refused, Forbidden."""
    if forwarded.type not in TYPES or not same_origin(forwarded.origin, forwarded.actor_uri):
        raise Forbidden("signed by another than its actor")
    await asking.allowed(database, site, forwarded.actor_uri)
    if not await database.read(lambda db: _concerns(db, site, forwarded, forwarded.document)):
        raise Forbidden("signed by another than its actor, and nothing to anybody here")
    return forwarded


async def proven(database: Database, site: Site, forwarded: Forwarded) -> Activity:
    """What the origin says, as an activity of its author. Raises Refused when that is nothing new, Unreachable."""
    if forwarded.type == "Delete":
        return await _deleted(database, site, forwarded)
    if forwarded.type == "Create" and await database.read(lambda db: _public(db, forwarded.origin)) is not None:
        raise Refused("this post is here")
    found = await asking.document(database, site, forwarded.origin)
    said = found if forwarded.type == "Announce" else {"object": found}
    if reading.uri(found.get("actor" if forwarded.type == "Announce" else "attributedTo")) != forwarded.actor_uri:
        raise Refused("its origin says that it is another's")
    if forwarded.type == "Announce" and "Announce" not in reading.types(found):
        raise Refused("its origin says that it is no Announce")
    if not await database.read(lambda db: _concerns(db, site, forwarded, said)):
        raise Refused("nothing to anybody here, as its origin says it")
    if forwarded.type == "Update" and not await database.read(lambda db: _newer(db, found, site.clock())):
        raise Refused("its origin has nothing newer")
    author = _welcome(await fetch_actors.by_uri(database, site, forwarded.actor_uri))
    return _activity(forwarded, author, said)


async def _deleted(database: Database, site: Site, forwarded: Forwarded) -> Activity:
    try:
        found = await asking.document(database, site, forwarded.origin)
        if "Tombstone" not in reading.types(found):
            raise Refused("its origin still has it")
    except Gone:
        pass
    async with database.reading() as db:
        post = await _public(db, forwarded.origin)
        author = None if post is None else await actors.by_id(db, post.author_id)
    if author is None or author.uri != forwarded.actor_uri:
        raise Refused("not here, or another's")
    return _activity(forwarded, _welcome(author), {"object": forwarded.origin})


def _activity(forwarded: Forwarded, author: Actor, said: Document) -> Activity:
    """An Announce was found at its id; the id of anything else was not proven, and is not remembered."""
    told = {"type": forwarded.type, "actor": author.uri, **said}
    return Activity(forwarded.type, reading.uri(said), author, told, forwarded.received)


def _welcome(author: Actor) -> Actor:
    if author.here or author.suspended is not None or author.gone is not None:
        raise Refused("not of somebody we hear elsewhere")
    return author


async def _concerns(db: Reading, site: Site, forwarded: Forwarded, said: Mapping[str, Any]) -> bool:
    """Whether somebody here has to do with it: follows its author, is named or answered, or it is about a post here.

    Only of public posts: to others a server may answer 404 though they exist, and whether they are here is no
    stranger's business.
    """
    about = await _public(db, reading.uri(said.get("object")))
    if forwarded.type == "Delete":
        return about is not None and about.boost_of_id is None
    if forwarded.type == "Announce":
        return (about is not None and about.local is not None) or await _followed(db, forwarded.actor_uri)
    if about is not None or await _followed(db, forwarded.actor_uri):
        return True
    given = said.get("object")
    if not isinstance(given, dict):
        return False
    return await _public(db, reading.uri(given.get("inReplyTo"))) is not None or await _named(db, site, given)


async def _public(db: Reading, uri: str) -> Post | None:
    """The post here that everyone may see."""
    try:
        post = await posts.by_uri(db, uri) if uri else None
    except Missing:
        return None
    return post if post is not None and post.public else None


async def _followed(db: Reading, actor_uri: str) -> bool:
    try:
        return await follows.has_follower_here(db, (await actors.by_uri(db, actor_uri)).id)
    except Missing:
        return False


async def _named(db: Reading, site: Site, post: Document) -> bool:
    said = [*reading.uris(post.get("to"), NAMED), *reading.uris(post.get("cc"), NAMED)]
    said += [reading.uri(one.get("href")) for one in reading.objects(post.get("tag"), NAMED)]
    ours = [uri for uri in said if uri and site.ours(uri)]
    return bool(ours) and bool(await actors.by_uris(db, ours))


async def _newer(db: Reading, found: Document, now: int) -> bool:
    """Whether these are other words than those here. The time is the origin's: repeating an Update changes nothing."""
    here = await _public(db, reading.uri(found))
    edited = reading.moment(found.get("updated"))
    return here is None or (edited is not None and (here.edited or 0) < edited <= now)
