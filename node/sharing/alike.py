"""Say on a page that a post is about the same problem as another, here or elsewhere; apps send it with the post."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import urlsplit

from federation.errors import FederationError
from federation.fetching import posts as fetching
from node.context import Node
from node.errors import Invalid
from node.sharing import behalf
from node.sharing.restating import restate
from node.surfacing.surface import Told, announce, surface
from node.texts import _
from storage import actors, posts
from storage.actors import Actor
from storage.database import Missing, Reading, Writing
from storage.kinds import load
from storage.lineage import PARENTS
from storage.posts import Post
from storage.shapes.common import Shape
from storage.shapes.rules import MANY

FIELD = "same"
_PAGE = re.compile(r"/@[^/]+/([0-9]{1,18})")  # of a post on this node


def may_be(post: Post) -> bool:
    """Whether a post can be said to have the same problem as another."""
    return post.kind in PARENTS and post.public and post.boost_of_id is None


async def named(node: Node, me: Actor, said: str) -> str:
    """The id of the post that an address names, or a number of one here; asked of its server where it is not known. No
    transaction may be open. Raises Invalid."""
    said = said.strip()
    async with node.database.reading() as db:
        found = await _here(db, node, me, said)
    if found is None and said.startswith(("https://", "http://")) and not node.site.ours(said):
        try:
            found, happenings = await fetching.by_uri(node.database, node.site, said)
        except FederationError:
            raise _nowhere() from None
        if happenings:
            async with node.database.writing() as db:
                told = await surface(db, node, happenings)
            announce(node, told)
    if found is None:
        raise _nowhere()
    if not may_be(found):
        raise Invalid(_("Only public ideas, safety notes, case studies and resources can be named."), field=FIELD)
    return found.uri


def _nowhere() -> Invalid:
    return Invalid(_("There is no such post that you can see."), field=FIELD)


async def _here(db: Reading, node: Node, me: Actor, said: str) -> Post | None:
    parts = urlsplit(said)
    page = _PAGE.fullmatch(parts.path)
    ours = not parts.netloc or f"{parts.scheme}://{parts.netloc}" == node.site.base_url
    id = int(page[1]) if page and ours else int(said) if re.fullmatch(r"[0-9]{1,18}", said) else 0
    try:
        id = id or (await posts.by_uri(db, said)).id
        return await posts.by_id(db, id, reader_id=me.id)
    except Missing:
        return None


async def add(db: Writing, node: Node, me: Actor, post_id: int, uri: str) -> list[Told]:
    """Say that one's post has the same problem as the post of this id. Raises Missing, NotAllowed, Invalid."""
    post, given, author = await _own(db, me, post_id)
    if uri == post.uri:
        raise Invalid(_("Name another post than this one."), field=FIELD)
    if uri not in given.same_problem and len(given.same_problem) >= MANY:
        raise Invalid(_("At most %s.") % MANY, field=FIELD)
    return await restate(db, node, author, post, replace(given, same_problem=_with(given, uri)))


def _with(given: Shape, uri: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys([*given.same_problem, uri]))


async def take_back(db: Writing, node: Node, me: Actor, post_id: int, uri: str) -> list[Told]:
    """Say so no longer. Raises Missing, NotAllowed, Invalid."""
    post, given, author = await _own(db, me, post_id)
    rest = tuple(one for one in given.same_problem if one != uri)
    return await restate(db, node, author, post, replace(given, same_problem=rest))


async def _own(db: Reading, me: Actor, post_id: int) -> tuple[Post, Shape, Actor]:
    post = await behalf.own_post(db, me.id, post_id)
    given = load(post.kind, post.fields)
    if given is None or not may_be(post):
        raise Invalid(_("Only public ideas, safety notes, case studies and resources can be named."), field=FIELD)
    return post, given, await actors.by_id(db, post.author_id)
