"""QuoteRequest: somebody elsewhere asks to quote a post of ours (FEP-044f)."""

from __future__ import annotations

from federation import hiding
from federation.documents import activities, reading
from federation.documents import posts as documents
from federation.documents.keys import same_origin
from federation.errors import Refused
from federation.happenings import Happening, Quoted
from federation.inbox.activity import Activity, object_uri
from federation.keeping import keep_post
from federation.outbox.promise import promise
from federation.quoting import allowed
from federation.site import Site
from storage import actors, posts, quotes
from storage.database import Missing, Writing
from storage.posts import Post
from storage.quotes import State


async def request(db: Writing, site: Site, activity: Activity) -> list[Happening]:
    """Answer at once, as the author of the post said beforehand; again, when asked again. Raises Refused.

    The post that quotes comes with the question; it is kept as if it had come by a Create.
    """
    quoted = await _quoted(db, activity)
    author = await actors.by_id(db, quoted.author_id)
    came, post = await _quoting(db, site, activity, quoted)
    answer = await allowed(db, site, activity.actor, post, quoted)
    asked = dict(activity.document)
    if answer.state is not State.ACCEPTED:
        await quotes.end(db, post.id, State.REJECTED)
        said = activities.reject_quote(author, asked)
    else:
        if await quotes.accept(db, post.id, quoted_id=quoted.id, stamp=answer.stamp):
            came.append(Quoted(activity.actor, post, quoted))
        said = activities.accept_quote(author, asked, answer.stamp)
    await promise(db, site, said, signer=author, inboxes=[activity.actor.inbox], object_uri=quoted.uri)
    return came


async def _quoted(db: Writing, activity: Activity) -> Post:
    """The post of ours that is to be quoted."""
    try:
        found = await posts.by_uri(db, object_uri(activity))
        found = await posts.by_id(db, found.id, reader_id=activity.actor.id)
    except Missing as missing:
        raise Refused("QuoteRequest of a post that is not here") from missing
    if found.local is None or found.boost_of_id is not None:
        raise Refused("QuoteRequest of a post that is not ours")
    return found


async def _quoting(db: Writing, site: Site, activity: Activity, quoted: Post) -> tuple[list[Happening], Post]:
    """The post of the actor that quotes, and what its coming made happen."""
    given = activity.document.get("instrument")
    uri = reading.uri(given)
    if not uri or not same_origin(uri, activity.actor.uri) or site.ours(uri):
        raise Refused("QuoteRequest without a post of its actor")
    came: list[Happening] = []
    if isinstance(given, dict) and reading.type_among(given, documents.POSTS):
        remote = documents.read(given, activity.actor, now=activity.received, limits=site.limits)
        if remote.quotes == quoted.uri:
            posted = await keep_post(db, site, activity.actor, hiding.judged(site, remote))
            came += [] if posted is None else [posted]
    try:
        post = await posts.by_uri(db, uri)
    except Missing as missing:
        raise Refused("QuoteRequest for a post that is not here") from missing
    quote = None if post.author_id != activity.actor.id else await quotes.one(db, post.id)
    if quote is None or quote.quoted_uri != quoted.uri:
        raise Refused("QuoteRequest for a post that does not quote it, or another's")
    return came, post
