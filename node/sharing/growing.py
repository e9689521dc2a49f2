"""What a post builds on: found before it is shared, named in its text, told to who shared it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from federation.documents import lineage as documents
from federation.errors import FederationError
from federation.fetching import posts as fetching
from node.context import Node
from node.errors import Invalid
from node.surfacing.surface import announce, surface
from node.texts import _
from storage import actors, posts
from storage.actors import Actor
from storage.database import Missing, Reading
from storage.lineage import PARENTS
from storage.posts import Post
from storage.shapes.addresses import ADDRESS
from storage.shapes.common import Shape

FETCHED = 4  # posts that one draft may have this node ask other servers for


@dataclass(frozen=True, slots=True)
class Grown:
    """What a post builds on, and who shared that."""

    parent: Post
    author: Actor

    def html(self) -> str:
        """The paragraph that says so to everybody."""
        words = self.parent.title or _("a post")
        return documents.content(self.parent, self.author, words)


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
    given = [fields.get("derived_from"), *(same if isinstance(same, list | tuple) else [same])]
    return [one.strip() for one in given if isinstance(one, str) and ADDRESS.fullmatch(one.strip())]


async def wanted(db: Reading, me: Actor, structured: Shape | None, *, out: bool, own: str = "") -> Grown | None:
    """What a draft builds on, if it may; None for nothing. ``out``: it waited or is out already, so that what it names
    may be gone by now. ``own``: its own id. Raises Invalid."""
    if structured is None:
        return None
    for uri in structured.same_problem:
        await _found(db, me, uri, "same_problem", out=out, own=own)
    if not structured.derived_from:
        return None
    parent = await _found(db, me, structured.derived_from, "derived_from", out=out, own=own)
    return None if parent is None else Grown(parent, await actors.by_id(db, parent.author_id))


async def _found(db: Reading, me: Actor, uri: str, field: str, *, out: bool, own: str) -> Post | None:
    if uri == own:
        raise Invalid(_("A post cannot build on itself."), field=field)
    try:
        post = await posts.by_uri(db, uri)
        post = await posts.by_id(db, post.id, reader_id=me.id)
    except Missing:
        if out:
            return None
        raise Invalid(_("There is no such post that you can see."), field=field) from None
    if not post.public and not out:
        raise Invalid(_("Only what everybody may read can be built on."), field=field)
    if post.kind not in PARENTS or post.boost_of_id is not None:
        raise Invalid(
            _("Only ideas, safety notes, case studies, resources and what builds on them can be."), field=field
        )
    return post


def named(grown: Grown | None, me: Actor) -> Sequence[Actor]:
    """Who is told: who shared what it builds on."""
    return [] if grown is None or grown.author.id == me.id or grown.author.gone is not None else [grown.author]
