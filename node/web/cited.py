"""What a page shows of a post that another quotes: a card within the card, or a line that says why there is none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from federation import sanitize
from storage import actors, posts, quotes
from storage.actors import Actor
from storage.database import Missing, Reading
from storage.posts import Post, Visibility
from storage.quotes import State, Verdict
from storage.timelines import Line

EXCERPT = 240  # characters of what is quoted


@dataclass(frozen=True, slots=True)
class Cited:
    """What a post quotes, as one reader sees it."""

    state: str  # storage.quotes.Shown
    post: Post | None = None  # None: they see no more than the state
    author: Actor | None = None

    @property
    def kind(self) -> str:
        """What kind of post it is."""
        return "" if self.post is None else self.post.kind.value

    @property
    def href(self) -> str:
        """Where this node shows it."""
        return "" if self.post is None or self.author is None else f"/@{self.author.acct}/{self.post.id}"

    @property
    def words(self) -> str:
        """Its first words; of a post behind a warning, the warning."""
        if self.post is None:
            return ""
        text = self.post.summary or sanitize.plain(sanitize.unquoted(self.post.html))
        text = " ".join(text.split())
        return text if len(text) <= EXCERPT else text[:EXCERPT].rsplit(" ", 1)[0] + "…"


def without_link(post: Post, cited: Cited | None) -> Post:
    """The post without the link that stands for what it quotes, where the reader is shown or told about that."""
    if cited is None or cited.state == State.PENDING:
        return post
    return replace(post, html=sanitize.unquoted(post.html))


def may_be_quoted(post: Post, line: Line, me: Actor) -> bool:
    """Whether the reader is offered to quote it."""
    mine = post.author_id == me.id
    if post.visibility is Visibility.DIRECT or not (mine or post.public):
        return False
    return quotes.verdict(line.quote_policy, mine=mine, follows=line.follows) is not Verdict.DENIED


async def of(db: Reading, lines: Sequence[Line], *, reader_id: int, now: int) -> dict[int, Cited]:
    """What the posts of these lines quote: three queries for all, none when none quotes."""
    quoting = {line.post_id for line in lines if line.quotes}
    if not quoting:
        return {}
    found = await quotes.shown_to(db, quoting, reader_id=reader_id, now=now)
    ids = {one.quoted_id for one in found.values() if one.quoted_id is not None and one.state == State.ACCEPTED}
    written = await posts.by_ids(db, ids) if ids else {}
    who = await actors.by_ids(db, {one.author_id for one in written.values()}) if written else {}
    return {id: _cited(one.state, written.get(one.quoted_id or 0), who) for id, one in found.items()}


def _cited(state: str, post: Post | None, who: dict[int, Actor]) -> Cited:
    author = None if post is None else who.get(post.author_id)
    return Cited(state) if author is None else Cited(state, post, author)


async def about_to(db: Reading, me: Actor, post_id: int) -> Cited | None:
    """What a member is about to quote; None when they may not see it."""
    try:
        post = await posts.by_id(db, post_id, reader_id=me.id)
        if post.boost_of_id is not None:
            post = await posts.by_id(db, post.boost_of_id, reader_id=me.id)
    except Missing:
        return None
    return Cited(State.ACCEPTED.value, post, await actors.by_id(db, post.author_id))
