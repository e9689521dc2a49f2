"""What a post builds on: found before it is shared, named in its text, told to who shared it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from federation.documents import lineage as documents
from federation.documents.reading import iso
from federation.errors import FederationError
from federation.fetching import posts as fetching
from node.context import Node
from node.errors import Invalid
from node.surfacing.surface import announce, surface
from node.texts import _
from storage import actors, posts
from storage.actors import Actor
from storage.database import Missing, Reading
from storage.kinds import Kind, load
from storage.lineage import PARENTS
from storage.posts import Post
from storage.shapes.addresses import ADDRESS
from storage.shapes.challenge import Challenge
from storage.shapes.common import Shape
from storage.shapes.idea import Idea

BUILDS_ON, ANSWERS = "Builds on", "Answers"
FETCHED = 4  # posts that one draft may have this node ask other servers for


@dataclass(frozen=True, slots=True)
class Grown:
    """What a post builds on or answers, and who shared that."""

    parent: Post
    author: Actor
    words: str = BUILDS_ON

    def html(self) -> str:
        """The paragraph that says so to everybody."""
        return documents.content(self.words, self.parent, self.author, self.parent.title or _("a post"))


def names_others(fields: Mapping[str, Any]) -> bool:
    """Whether a draft names other posts."""
    return bool(_addresses(fields))


async def bring(node: Node, fields: Mapping[str, Any]) -> None:
    """Ask other servers for the posts that a draft names and that are not here; before the transaction. What cannot be
    had is told when the draft is checked."""
    asked = [one for one in _addresses(fields) if not node.site.ours(one)][:FETCHED]
    for uri in asked:
        try:
            _post, happenings = await fetching.by_uri(node.database, node.site, uri)
        except FederationError:
            continue
        if happenings:
            async with node.database.writing() as db:
                told = await surface(db, node, happenings)
            announce(node, told)


def _addresses(fields: Mapping[str, Any]) -> list[str]:
    same = fields.get("same_problem")
    given = [fields.get("derived_from"), fields.get("challenge"), *(same if isinstance(same, list | tuple) else [same])]
    return [one.strip() for one in given if isinstance(one, str) and ADDRESS.fullmatch(one.strip())]


async def wanted(db: Reading, me: Actor, structured: Shape | None, *, out: bool, own: int | None) -> list[Grown]:
    """What a draft builds on and answers, if it may. ``out``: it waited or is out already, so that what it names may be
    gone by now. ``own``: its own number, once it is out. Raises Invalid."""
    if structured is None:
        return []
    find = _Finding(db, me, out, own)
    for uri in structured.same_problem:
        await find.parent(uri, "same_problem")
    found: list[Grown] = []
    if structured.derived_from:
        parent = await find.parent(structured.derived_from, "derived_from")
        found += [] if parent is None else [Grown(parent, await actors.by_id(db, parent.author_id))]
    if isinstance(structured, Idea) and structured.challenge:
        call = await find.call(structured.challenge)
        found += [] if call is None else [Grown(call, await actors.by_id(db, call.author_id), ANSWERS)]
    return found


@dataclass(frozen=True, slots=True)
class _Finding:
    """Who looks for posts that a draft names, and for which draft."""

    db: Reading
    me: Actor
    out: bool
    own: int | None

    async def parent(self, uri: str, field: str) -> Post | None:
        """What can be built on."""
        post = await self._post(uri, field)
        if post is not None and (post.kind not in PARENTS or post.boost_of_id is not None):
            words = _("Only ideas, safety notes, case studies, resources and what builds on them can be built on.")
            raise Invalid(words, field=field)
        return post

    async def call(self, uri: str) -> Post | None:
        """A call for ideas."""
        post = await self._post(uri, "challenge")
        if post is not None and post.kind is not Kind.CHALLENGE:
            raise Invalid(_("That is no call for ideas."), field="challenge")
        return post

    async def _post(self, uri: str, field: str) -> Post | None:
        try:
            post = await posts.by_uri(self.db, uri)
            post = await posts.by_id(self.db, post.id, reader_id=self.me.id)
        except Missing:
            if self.out:
                return None
            raise Invalid(_("There is no such post that you can see."), field=field) from None
        if post.id == self.own:
            raise Invalid(_("A post cannot build on itself."), field=field)
        if post.public:
            return post
        if self.out:
            return None
        raise Invalid(_("Only what everybody may read can be built on."), field=field)


def named(grown: Sequence[Grown], me: Actor) -> Sequence[Actor]:
    """Who is told: who shared what it builds on or answers."""
    return [one.author for one in grown if one.author.id != me.id and one.author.gone is None]


def is_open(call: Post, now: int) -> bool:
    """Whether a call for ideas can be answered: its last day is not over, in UTC."""
    said = load(call.kind, call.fields)
    return isinstance(said, Challenge) and (not said.until or said.until >= iso(now)[:10])


def check_open(grown: Sequence[Grown], now: int) -> None:
    """Raises Invalid when what a new post answers is closed."""
    if any(one.parent.kind is Kind.CHALLENGE and not is_open(one.parent, now) for one in grown):
        raise Invalid(_("This call for ideas is closed."), field="challenge")
