"""Keep what a post quotes, and decide for posts of ours who may: in the transaction of whoever keeps the post."""

from __future__ import annotations

from dataclasses import dataclass

from federation.site import Site
from storage import actors, follows, posts, quotes
from storage.actors import Actor
from storage.database import Missing, Reading, Writing
from storage.posts import Post
from storage.quotes import NEVER, Quote, State, Verdict


async def verdict(db: Reading, quoted: Post, quoter: Actor) -> Verdict:
    """Whether an actor may quote a post; that they may see it is another question."""
    mine = quoted.author_id == quoter.id
    if not mine and not quoted.public:
        return Verdict.DENIED
    automatic, manual = quotes.parts(quoted.quote_policy)
    follows_them = False
    if not mine and "followers" in (*automatic, *manual):
        follow = await follows.between(db, follower_id=quoter.id, target_id=quoted.author_id)
        follows_them = follow is not None and follow.accepted is not None
    return quotes.verdict(quoted.quote_policy, mine=mine, follows=follows_them)


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of a quote when its post is kept."""

    quote: Quote
    quoted: Post | None  # that is here, and may be shown


async def keep(db: Writing, site: Site, quoter: Actor, post: Post, *, uri: str, stamp: str) -> Told:
    """Keep that a post of ``quoter`` quotes ``uri``. What only another server can allow stays open."""
    try:
        quoted = await posts.by_uri(db, uri)
    except Missing:
        quoted = None
    if quoted is not None and quoted.boost_of_id is not None:
        quoted = None
    found = await _judged(db, site, quoter, post, uri, stamp, quoted)
    await quotes.add(db, found)
    return Told(found, quoted if found.state is State.ACCEPTED else None)


async def _judged(
    db: Writing, site: Site, quoter: Actor, post: Post, uri: str, stamp: str, quoted: Post | None
) -> Quote:
    if quoted is None:
        gone = await posts.buried(db, uri) is not None
        return Quote(post.id, None, uri, State.DELETED if gone else State.PENDING, "" if gone else stamp)
    if quoted.author_id == quoter.id and quoted.quote_policy != NEVER:
        return Quote(post.id, quoted.id, uri, State.ACCEPTED)
    if quoted.local is None:
        return Quote(post.id, quoted.id, uri, State.PENDING, stamp)
    return await allowed(db, site, quoter, post, quoted)


async def allowed(db: Writing, site: Site, quoter: Actor, post: Post, quoted: Post) -> Quote:
    """Our own answer for a post of ours: what its author allows everybody needs nobody's question. What was answered
    before stays so when the policy changes."""
    given = await quotes.stamp_for(db, quoted_id=quoted.id, quoting_uri=post.uri)
    if given is None:
        if await verdict(db, quoted, quoter) is not Verdict.AUTOMATIC or not await _sees(db, quoted, quoter):
            return Quote(post.id, quoted.id, quoted.uri, State.PENDING)
        given = await quotes.allow(db, quoted_id=quoted.id, quoting_uri=post.uri, actor_id=quoter.id, now=site.clock())
    if given.revoked is not None:
        return Quote(post.id, quoted.id, quoted.uri, State.REVOKED)
    author = await actors.by_id(db, quoted.author_id)
    return Quote(post.id, quoted.id, quoted.uri, State.ACCEPTED, site.stamp_uri(author.handle, given.id))


async def _sees(db: Reading, quoted: Post, quoter: Actor) -> bool:
    try:
        await posts.by_id(db, quoted.id, reader_id=quoter.id)
    except Missing:
        return False
    return True
