"""What a page shows of a post: from lines to cards in a fixed number of queries."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from node.pages import words
from node.texts import N_, _
from storage import actors, attachments, posts
from storage.actors import Actor
from storage.attachments import Attachment
from storage.database import Reading
from storage.kinds import Kind
from storage.posts import Post
from storage.timelines import Line

FACTS = (
    ("evidence", N_("Evidence")),
    ("strength", N_("Strength")),
    ("cost", N_("Cost")),
    ("event_kind", N_("Seen as")),
    ("licence", N_("Licence")),
    ("review_by", N_("Review by")),
)


class Fields(dict[str, Any]):
    """The fields of a kind; one that is absent is nothing."""

    def __missing__(self, key: str) -> None:
        return None


@dataclass(frozen=True, slots=True)
class Card:
    """One post as a page shows it."""

    post: Post
    author: Actor
    booster: Actor | None
    kind: str
    title: str
    fields: Fields
    files: Sequence[Attachment]
    href: str

    @property
    def html(self) -> Markup:
        """The text; it was made safe before it was kept."""
        return Markup(self.post.html)  # noqa: S704

    @property
    def topics(self) -> list[str]:
        """Ids of topics."""
        return [one for one in self.fields["topics"] or () if isinstance(one, str)]

    @property
    def settings(self) -> list[str]:
        """Where it was seen, in words."""
        return [words(one) for one in self.fields["settings"] or () if isinstance(one, str)]

    @property
    def facts(self) -> list[tuple[str, str]]:
        """Details for the side of the page."""
        return [(_(label), words(str(self.fields[name]))) for name, label in FACTS if self.fields[name]]


def href(post: Post, author: Actor) -> str:
    """Where this node shows the post."""
    return f"/@{author.acct}/{post.id}"


def card(post: Post, author: Actor, booster: Actor | None, files: Sequence[Attachment]) -> Card:
    """The card of one post."""
    kind = post.kind.value
    if post.kind is Kind.PLAIN and post.in_reply_to_uri:
        kind = "reply"
    fields = Fields(json.loads(post.fields)) if post.fields else Fields()
    return Card(post, author, booster, kind, post.title, fields, files, href(post, author))


async def cards(db: Reading, lines: Sequence[Line]) -> list[Card]:
    """The card of each line, in order; three queries whatever their number."""
    if not lines:
        return []
    ids = [line.post_id for line in lines]
    found = await posts.by_ids(db, ids)
    who: Mapping[int, Actor] = await actors.by_ids(
        db, {line.author_id for line in lines} | {line.booster_id for line in lines if line.booster_id is not None}
    )
    files = await attachments.of(db, ids)
    return [
        card(
            found[line.post_id],
            who[line.author_id],
            None if line.booster_id is None else who.get(line.booster_id),
            files.get(line.post_id, ()),
        )
        for line in lines
        if line.post_id in found and line.author_id in who
    ]


@dataclass(frozen=True, slots=True)
class Branch:
    """A reply with the replies to it."""

    card: Card
    below: list[Branch]


def tree(root_id: int, below: Sequence[tuple[int, Line]], shown: Sequence[Card]) -> list[Branch]:
    """Replies as a tree; what hangs on a post the reader may not see hangs on the root."""
    by_id = {one.post.id: Branch(one, []) for one in shown}
    top: list[Branch] = []
    for parent_id, line in below:
        branch = by_id.get(line.post_id)
        if branch is None:
            continue
        parent = by_id.get(parent_id)
        (top if parent is None or parent_id == root_id else parent.below).append(branch)
    return top
