"""Accept and Reject: somebody elsewhere answers one of ours, who asked to follow or to quote."""

from __future__ import annotations

from federation.documents import quotes, reading
from federation.documents.keys import same_origin
from federation.errors import Refused
from federation.happenings import Accepted, Answered, Happening, Unfollowed
from federation.inbox import attending, collected, joining, paired
from federation.inbox.activity import Activity, inner
from federation.site import Site
from storage import actors, follows, posts
from storage import quotes as kept
from storage.actors import Actor
from storage.attendance import State as Place
from storage.database import Missing, Writing
from storage.posts import Post
from storage.quotes import State


async def accept(db: Writing, site: Site, activity: Activity) -> list[Happening]:
    """The follow holds now, or the quote may be shown. Nothing happens when none of ours asked this very actor."""
    said = await collected.answered(db, site, activity)
    if said is None:
        said = await attending.answered(db, site, activity, Place.JOINED)
    if said is None:
        said = await joining.answered(db, site, activity, yes=True)
    if said is None:
        said = await paired.accepted(db, site, activity)
    if said is not None:
        return said
    post = await _quoting(db, site, activity)
    if post is not None:
        return await _allow(db, activity, post)
    follower = await _follower(db, site, activity)
    if follower is None:
        return []
    held = await follows.accept(db, follower_id=follower.id, target_id=activity.actor.id, now=activity.received)
    return [Accepted(follower, activity.actor)] if held else []


async def reject(db: Writing, site: Site, activity: Activity) -> list[Happening]:
    """The follow, the quote, or the wish for it, ends."""
    said = await collected.answered(db, site, activity)
    if said is None:
        said = await attending.answered(db, site, activity, Place.REFUSED)
    if said is None:
        said = await joining.answered(db, site, activity, yes=False)
    if said is None:
        said = await paired.rejected(db, activity)
    if said is not None:
        return said
    post = await _quoting(db, site, activity)
    if post is not None:
        return await _refuse(db, post)
    follower = await _follower(db, site, activity)
    if follower is None:
        return []
    ended = await follows.remove(db, follower_id=follower.id, target_id=activity.actor.id)
    return [] if ended is None else [Unfollowed(follower, activity.actor)]


async def _follower(db: Writing, site: Site, activity: Activity) -> Actor | None:
    """Whose Follow of ``activity.actor`` this answers: by the Follow's id, or by whom it names. None: nobody's."""
    document = inner(activity)
    uri = reading.uri(document)
    if uri and site.ours(uri):
        found = await follows.by_sent_uri(db, target_id=activity.actor.id, uri=uri)
        if found is not None:
            return await actors.by_id(db, found.follower_id)
    named = reading.uri(document.get("actor"))
    if not named or not site.ours(named):
        return None
    try:
        return await actors.by_uri(db, named)
    except Missing:
        return None


async def _quoting(db: Writing, site: Site, activity: Activity) -> Post | None:
    """The post of ours whose quote of a post of ``activity.actor`` this answers. None: it answers no QuoteRequest."""
    document = inner(activity)
    types, uri = reading.types(document), reading.uri(document)
    if quotes.REQUEST not in types and (types or not uri.endswith(quotes.ASKED)):
        return None
    uri = uri.removesuffix(quotes.ASKED) if uri.endswith(quotes.ASKED) else reading.uri(document.get("instrument"))
    if not site.ours(uri):
        raise Refused("answer to a QuoteRequest that is not ours")
    try:
        post = await posts.by_uri(db, uri)
        quote = await kept.one(db, post.id)
        quoted = None if quote is None else await posts.by_uri(db, quote.quoted_uri)
    except Missing as missing:
        raise Refused("answer for a post that is not here") from missing
    if quoted is None or quoted.author_id != activity.actor.id:
        raise Refused("answer of another than the author of what is quoted")
    return post


async def _allow(db: Writing, activity: Activity, post: Post) -> list[Happening]:
    stamp = reading.uri(activity.document.get("result"))
    if not stamp or not same_origin(stamp, activity.actor.uri):
        raise Refused("Accept of a QuoteRequest without a QuoteAuthorization of its own server")
    quote = await kept.one(db, post.id)
    quoted_id = None if quote is None else (await posts.by_uri(db, quote.quoted_uri)).id
    if quoted_id is None or not await kept.accept(db, post.id, quoted_id=quoted_id, stamp=stamp):
        return []
    return [Answered(post)]


async def _refuse(db: Writing, post: Post) -> list[Happening]:
    """Refused before it was shown, or allowed no longer."""
    if await kept.end(db, post.id, State.REJECTED) is State.PENDING:
        return []
    return [Answered(post)]
