"""Where a post came from and where it went, across nodes: a fixed number of queries, whatever the size of the tree."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from storage import actors, ideas, lineage, posts
from storage.actors import Actor
from storage.database import Reading
from storage.kinds import Kind
from storage.lineage import NONE, PARENTS, Counts, Link, Outcome
from storage.paging import Page
from storage.posts import Post

CHILDREN = 20  # of a post, on one page
SAME = 10  # posts about the same problem


@dataclass(frozen=True, slots=True)
class Entry:
    """A post in the tree."""

    post: Post
    author: Actor
    outcome: Outcome  # what it is to the post above it

    @property
    def fields(self) -> Mapping[str, Any]:
        """What it says in its own words."""
        return self.fields_of(self.post)

    @staticmethod
    def fields_of(post: Post) -> Mapping[str, Any]:
        """What a post says in the fields of its kind."""
        found: dict[str, Any] = json.loads(post.fields or "{}")
        return found

    @property
    def said(self) -> list[str]:
        """What changed, how it went, why it ended; nothing of what is behind a warning."""
        if self.post.summary:
            return []
        return [one for name in ("what_changed", "result", "reason") if isinstance(one := self.fields.get(name), str)]


@dataclass(frozen=True, slots=True)
class Branch:
    """A post with what builds on it, as far as it is shown."""

    entry: Entry
    below: list[Branch] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Ancestor:
    """What a post builds on: ``entry`` None when it is not here, or not for this reader."""

    uri: str
    entry: Entry | None


@dataclass(frozen=True, slots=True)
class Tree:
    """Lineage of one post."""

    counts: Counts
    above: Sequence[Ancestor]  # the nearest first
    branches: Sequence[Branch]  # the newest first
    same: Sequence[Entry]
    older: int | None  # to ask for the next page of branches by

    @property
    def shown(self) -> list[int]:
        """Ids of the posts below, as deep as it goes."""
        found: list[int] = []
        waiting = [*self.branches]
        while waiting:
            one = waiting.pop()
            found.append(one.entry.post.id)
            waiting += one.below
        return found

    def __bool__(self) -> bool:
        return bool(self.counts or self.above or self.branches or self.same)


NOTHING = Tree(NONE, (), (), (), None)


def can_be_built_on(post: Post) -> bool:
    """Whether others can say that they tried it, or have its problem too."""
    return post.kind in PARENTS and post.public and post.boost_of_id is None


async def of(db: Reading, post: Post, *, reader_id: int, page: Page) -> Tree:
    """The lineage of a post: none for one of no kind, seven queries at most for others."""
    if not post.fields or post.kind is Kind.PLAIN:
        return NOTHING
    counts = (await lineage.counts(db, [post.id])).get(post.id, NONE)
    origins = await lineage.above(db, post.id, reader_id=reader_id)
    children = await lineage.children(db, post.id, reader_id=reader_id, page=page)
    top = [one for one in children if one.outcome is not Outcome.SAME and one.child_id != post.id]
    deeper = await lineage.below(db, [one.child_id for one in top], reader_id=reader_id) if top else []
    alike = await lineage.same(db, post.id, reader_id=reader_id, limit=SAME)
    ids = {one.child_id for one in (*top, *deeper)} | {one for origin in origins if (one := origin.post_id)} | {*alike}
    found = await posts.by_ids(db, ids) if ids else {}
    who = await actors.by_ids(db, {one.author_id for one in found.values()}) if found else {}

    def entry(post_id: int | None, outcome: Outcome) -> Entry | None:
        shown = found.get(post_id or 0)
        author = None if shown is None else who.get(shown.author_id)
        return None if shown is None or author is None else Entry(shown, author, outcome)

    known = {one.child_id: made for one in (*top, *deeper) if (made := entry(one.child_id, one.outcome)) is not None}
    return Tree(
        counts,
        [Ancestor(one.uri, entry(one.post_id, one.outcome)) for one in origins],
        _branches(post.id, top, deeper, known),
        [made for one in alike if (made := entry(one, Outcome.SAME)) is not None],
        children[-1].child_id if len(children) == page.limit else None,
    )


async def answers(db: Reading, call: Post, *, reader_id: int, now: int) -> list[Entry]:
    """The newest ideas that answer a call; three queries."""
    ids = await ideas.answering(db, call.uri, reader_id=reader_id, page=Page(limit=CHILDREN), now=now)
    found = await posts.by_ids(db, ids) if ids else {}
    who = await actors.by_ids(db, {one.author_id for one in found.values()}) if found else {}
    shown = [found[one] for one in ids if one in found]
    return [Entry(one, who[one.author_id], Outcome.BUILT) for one in shown if one.author_id in who]


def _branches(root_id: int, top: Sequence[Link], deeper: Sequence[Link], known: Mapping[int, Entry]) -> list[Branch]:
    made = {root_id: Branch(next(iter(known.values())))} if known else {}
    for one in (*top, *deeper):
        if one.child_id in known and one.parent_id in made and one.child_id not in made:
            branch = made[one.child_id] = Branch(known[one.child_id])
            made[one.parent_id].below.append(branch)
    return made[root_id].below if made else []
