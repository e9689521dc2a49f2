"""Which post replaces another: its author says so, and both say it to their readers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from node.errors import Invalid
from node.texts import _
from storage import actors, pointers, posts
from storage.actors import Actor
from storage.database import Missing, Reading
from storage.kinds import load
from storage.posts import Post
from storage.shapes.common import Shape

SHOWN = 3  # posts that one replaces
_PAGE = re.compile(r"/@[^/?#]+/([0-9]{1,19})/?")


@dataclass(frozen=True, slots=True)
class Versions:
    """The post that replaces one, where it is known here; and those of the same author that it replaces."""

    newer: Post | None = None
    newer_by: Actor | None = None
    address: str = ""  # of the newer one
    older: Sequence[Post] = ()


async def named(db: Reading, author: Actor, given: Shape | None, *, post_id: int | None) -> Shape | None:
    """The fields with the id of the post whose page they name as newer. Raises Invalid."""
    if given is None or not given.superseded_by:
        return given
    newer = await _found(db, given.superseded_by, author.id, pages_of=author.uri)
    if newer is None:
        return given
    if newer.id == post_id:
        raise Invalid(_("A post cannot replace itself."), field="superseded_by")
    return replace(given, superseded_by=newer.uri)


async def _found(db: Reading, address: str, reader_id: int, *, pages_of: str) -> Post | None:
    """The post with this id, or whose page here has this address, if the reader may see it."""
    root = "/".join(pages_of.split("/")[:3])
    page = _PAGE.fullmatch(address.removeprefix(root)) if address.startswith(f"{root}/") else None
    try:
        found = await posts.any_by_id(db, int(page[1])) if page is not None else await posts.by_uri(db, address)
        return await posts.by_id(db, found.id, reader_id=reader_id)
    except Missing:
        return None


async def versions(db: Reading, post: Post, *, reader_id: int) -> Versions:
    """What replaces a post and what it replaces, as far as the reader may see that. Without any: one query."""
    if not post.fields:
        return Versions()
    given = load(post.kind, post.fields)
    address = "" if given is None else given.superseded_by
    newer = await _found(db, address, reader_id, pages_of="") if address else None
    newer_by = None if newer is None else await actors.by_id(db, newer.author_id)
    found = await pointers.at(db, pointers.SUPERSEDED_BY, post.uri, reader_id=reader_id, limit=SHOWN * 2)
    older = [one for one in found if one.author_id == post.author_id]
    return Versions(newer, newer_by, address, older[:SHOWN])
