"""What becomes of quotes after they were written: asked about, told of, revoked."""

from __future__ import annotations

import logging
from dataclasses import replace

from federation.documents import activities
from federation.errors import Forbidden, Gone, Refused
from federation.fetching import posts as fetch_posts
from federation.fetching import quotes as fetch_quotes
from federation.happenings import Answered, Happening, Posted, Quoted
from federation.outbox.promise import promise
from node.context import Node
from node.sharing import editing
from node.sharing.posts import own_post
from node.surfacing.surface import Told, announce, surface
from storage import actors, follows, jobs, posts, quotes
from storage.actors import Actor
from storage.database import Missing, Writing
from storage.jobs import Job
from storage.posts import Post
from storage.quotes import Quote, State

log = logging.getLogger(__name__)


async def verify(node: Node, job: Job) -> None:
    """Ask whether a post elsewhere may show what it quotes; what is quoted is fetched first. Raises Unreachable."""
    post_id, _, errand = job.payload.partition(" ")
    known = await _open(node, int(post_id))
    if known is None:
        return
    post, quote = known
    came: list[Happening] = []
    try:
        quoted, found = await fetch_posts.by_uri(node.database, node.site, quote.quoted_uri)
        came = [replace(one, errand=int(errand or 0) + 1) if isinstance(one, Posted) else one for one in found]
        allowed = await _allowed(node, post, quote, quoted)
        gone = False
    except Gone:
        quoted, allowed, gone = None, False, True
    except (Refused, Forbidden) as error:
        log.info("quote not followed post=%s quotes=%s cause=%s", post.uri, quote.quoted_uri, error)
        quoted, allowed, gone = None, False, False
    async with node.database.writing() as db:
        if quoted is not None and allowed:
            came += await _accept(db, post, quote, quoted)
        elif quoted is not None:
            await quotes.find(db, post.id, quoted_id=quoted.id)
        elif gone:
            await quotes.end(db, post.id, State.DELETED)
        told = await surface(db, node, came)
    announce(node, told)


async def _open(node: Node, post_id: int) -> tuple[Post, Quote] | None:
    """The post of another server and what it quotes, while that is open."""
    async with node.database.reading() as db:
        try:
            post = await posts.any_by_id(db, post_id)
        except Missing:
            return None
        quote = await quotes.one(db, post.id)
    return None if quote is None or quote.state is not State.PENDING or post.local is not None else (post, quote)


async def _allowed(node: Node, post: Post, quote: Quote, quoted: Post) -> bool:
    """Whether the quoted author says so. One may quote oneself. Raises Unreachable."""
    if quoted.boost_of_id is not None or quoted.local is not None:
        return False
    if quoted.author_id == post.author_id:
        return quoted.quote_policy != quotes.NEVER
    if not quote.stamp:
        return False
    async with node.database.reading() as db:
        author = await actors.by_id(db, quoted.author_id)
    try:
        await fetch_quotes.check(
            node.database, node.site, quote.stamp, author=author, quoting_uri=post.uri, quoted_uri=quoted.uri
        )
    except (Gone, Refused, Forbidden) as error:
        log.info("quote not allowed post=%s authorization=%s cause=%s", post.uri, quote.stamp, error)
        return False
    return True


async def _accept(db: Writing, post: Post, quote: Quote, quoted: Post) -> list[Happening]:
    if not await quotes.accept(db, post.id, quoted_id=quoted.id, stamp=quote.stamp):
        return []
    return [Quoted(await actors.by_id(db, post.author_id), post, quoted)]


async def tell(node: Node, job: Job) -> None:
    """Tell a post of ours again to whoever got it: whether it may show what it quotes was decided."""
    async with node.database.writing() as db:
        try:
            post = await posts.any_by_id(db, int(job.payload))
            author = await actors.by_id(db, post.author_id)
        except Missing:
            return
        await editing.tell_again(db, node, author, post)
    node.database.signal(jobs.WAKE)


async def revoke(db: Writing, node: Node, me: Actor, post_id: int, quoting_id: int) -> tuple[Post, list[Told]]:
    """Allow a quote of one's own post no longer; the post that quotes. Raises Missing, NotAllowed."""
    mine = await own_post(db, me.id, post_id)
    post = await posts.by_id(db, quoting_id, reader_id=me.id)
    quote = await quotes.one(db, post.id)
    if quote is None or quote.quoted_id != mine.id:
        raise Missing(str(quoting_id))
    now = node.clock()
    ended = await quotes.end(db, post.id, State.REVOKED)
    stamp = await quotes.revoke(db, quoted_id=mine.id, quoting_uri=post.uri, now=now)
    if stamp is not None:
        author = await actors.by_id(db, post.author_id)
        said = activities.delete_authorization(
            node.site.stamp_uri(me.handle, stamp.id), me, quoting_uri=post.uri, quoted_uri=mine.uri
        )
        inboxes = await follows.follower_inboxes(db, me.id)
        inboxes = inboxes if author.here else [author.delivery_inbox, *inboxes]
        await promise(db, node.site, said, signer=me, inboxes=inboxes)
    return post, [] if ended is None else await surface(db, node, [Answered(post)])
