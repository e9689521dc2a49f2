"""Quote a post: whether its author lets one, what is kept of that, and the question to the author's server."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass, replace
from html import escape

from federation import quoting, sanitize
from federation.documents import activities
from federation.outbox.promise import promise
from federation.site import Document, Site
from node.errors import Invalid
from node.texts import _
from storage import actors, posts, quotes
from storage.actors import Actor
from storage.database import Missing, Reading, Writing
from storage.posts import Post, Visibility
from storage.quotes import Quote, State, Verdict

_WIDE = (Visibility.PUBLIC, Visibility.UNLISTED)


@dataclass(frozen=True, slots=True)
class Quoting:
    """What a post quotes, or is about to."""

    quote: Quote
    link: str  # where people read it
    quoted: Post | None = None  # None: it is gone
    author: Actor | None = None


async def wanted(
    db: Reading, me: Actor, quoted_id: int | None, visibility: Visibility, *, named: Container[int]
) -> Quoting | None:
    """What a draft quotes, if it may; None for nothing. ``named``: ids of those whom the draft names. Raises Missing,
    Invalid."""
    if quoted_id is None:
        return None
    quoted = await posts.by_id(db, quoted_id, reader_id=me.id)
    if quoted.boost_of_id is not None:
        quoted = await posts.by_id(db, quoted.boost_of_id, reader_id=me.id)
    if quoted.visibility is Visibility.HIDDEN:
        raise Invalid(
            _("What you quote waits for a guardian. Quote it when it is shown again."), field="quoted_status_id"
        )
    if quoted.visibility is Visibility.DIRECT:
        raise Invalid(_("A direct message cannot be quoted."), field="quoted_status_id")
    mine = quoted.author_id == me.id
    if not mine and quoted.visibility is Visibility.PRIVATE:
        raise Invalid(_("Only its author can quote a post for followers only."), field="quoted_status_id")
    found = await quoting.verdict(db, quoted, me)
    if found is Verdict.DENIED or (quoted.local is not None and found is not Verdict.AUTOMATIC):
        raise Invalid(_("Its author does not let you quote this post."), field="quoted_status_id")
    if not mine and visibility is Visibility.DIRECT and quoted.author_id not in named:
        raise Invalid(_("A post for those it names only can quote only those it names."), field="quoted_status_id")
    state = State.ACCEPTED if mine or quoted.local is not None else State.PENDING
    author = await actors.by_id(db, quoted.author_id)
    return Quoting(Quote(0, quoted.id, quoted.uri, state), quoted.url or quoted.uri, quoted, author)


async def had(db: Reading, post: Post) -> Quoting | None:
    """What a post quotes already."""
    quote = None if post.quoting is None else await quotes.one(db, post.id)
    if quote is None:
        return None
    try:
        quoted = await posts.by_uri(db, quote.quoted_uri)
    except Missing:
        return Quoting(quote, quote.quoted_uri)
    return Quoting(quote, quoted.url or quoted.uri, quoted)


def shown_to(cited: Quoting | None, visibility: Visibility) -> Visibility:
    """Who may see a post: whoever quotes a post of theirs for followers only does not write to more."""
    if cited is None or cited.quoted is None or cited.quoted.public or visibility not in _WIDE:
        return visibility
    return Visibility.PRIVATE


def with_link(cited: Quoting, html: str) -> str:
    """The text with a link for those who cannot read quotes, where it has none; who can leaves it out by its class."""
    link = escape(cited.link)
    if f'href="{link}"' in html:
        return html
    return f'<p class="quote-inline">RE: <a href="{link}" rel="{sanitize.REL}">{link}</a></p>{html}'


async def keep(db: Writing, site: Site, me: Actor, post: Post, cited: Quoting) -> Quote:
    """Keep what a new post quotes."""
    return (await quoting.keep(db, site, me, post, uri=cited.quote.quoted_uri, stamp="")).quote


def shown(cited: Quoting | None, quote: Quote | None) -> Post | None:
    """What is quoted, where it may be shown at once."""
    return None if cited is None or quote is None or quote.state is not State.ACCEPTED else cited.quoted


async def ask(db: Writing, site: Site, me: Actor, post: Post, cited: Quoting, document: Document) -> bool:
    """Ask the server of who wrote what a new post quotes; False when nobody has to be asked."""
    if cited.author is None or cited.author.here:
        return False
    said = activities.quote_request(post, me, document, quoted_uri=cited.quote.quoted_uri, asked=cited.author)
    inboxes = [cited.author.inbox]
    await promise(db, site, said, signer=me, inboxes=inboxes, object_uri=post.uri, post_id=post.id)
    return True


async def asked(db: Reading, post: Post) -> list[str]:
    """The inbox of whoever was asked about a quote: their server has the post."""
    quote = None if post.quoting is None else await quotes.one(db, post.id)
    if quote is None or quote.quoted_id is None:
        return []
    quoted = await posts.any_by_id(db, quote.quoted_id)
    author = await actors.by_id(db, quoted.author_id)
    return [] if author.here else [author.delivery_inbox]


def of(post_id: int, cited: Quoting | None) -> Quoting | None:
    """The same, as of a post with this id."""
    return None if cited is None else replace(cited, quote=replace(cited.quote, post_id=post_id))
