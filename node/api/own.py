"""What Mastodon has no word for: ``sharewell`` of a status, and of the request that writes one."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import orjson
from starlette.requests import Request

from node.api import auth
from node.context import Node, State
from node.errors import Invalid
from node.requests import Params, text
from node.sharing import growing, understanding
from node.sharing.drafts import Draft
from node.sharing.marking import NewMark
from node.texts import _
from node.words import vocabulary
from storage import marks
from storage.kinds import Kind
from storage.marks import InPlace, Mark
from storage.posts import Post

NEW = frozenset({"kind", "title", "fields", "as"})
MARKS = frozenset({"correction", "withdrawn"})  # of a post that is out


def fields(post: Post, *, now: int) -> dict[str, Any]:
    """``sharewell`` of a status. ``now`` 0: whether it may be out of date is not said."""
    said: dict[str, Any] = {"kind": post.kind.value}
    if post.title:
        said["title"] = post.title
    if post.fields:
        said["fields"] = marks.without(orjson.loads(post.fields))
    if post.fields and post.kind is not Kind.PLAIN:
        if now and vocabulary.outdated(said["fields"], now):
            said["outdated"] = True
        if understanding.was(post):
            said["understood"] = True
        bears = marks.of(post.fields)
        if bears.correction is not None:
            said["correction"] = _mark(bears.correction)
        if bears.withdrawn is not None:
            said["withdrawn"] = _mark(bears.withdrawn)
        if bears.in_place:
            said["in_place"] = [_place(one) for one in bears.in_place]
    return said


def _place(one: InPlace) -> dict[str, Any]:
    return {"months": one.months, "state": one.state, "said": one.said, "at": _time(one.at)}


def _time(at: int) -> str:
    return f"{datetime.fromtimestamp(at // 1000, UTC).isoformat()[:19]}.{at % 1000:03d}Z"


def _mark(mark: Mark) -> dict[str, Any]:
    return {
        "said": mark.said,
        "at": _time(mark.at),
        "by": "guardian" if mark.by_guardian else "author",
    }


def given(values: Params, allowed: frozenset[str] = NEW) -> Params:
    """``sharewell[…]`` of a request. Raises Invalid."""
    own = values.get("sharewell")
    if own is None:
        return {}
    if not isinstance(own, dict) or not own.keys() <= allowed:
        raise Invalid(_("sharewell has kind, title, fields and as."), field="sharewell")
    return own


async def bring_parents(request: Request[State], node: Node, values: Params) -> None:
    """Have what a draft builds on here. Other servers are asked for nobody who may not post."""
    fields = given(values, NEW | MARKS).get("fields")
    if isinstance(fields, dict) and growing.names_others(fields):
        async with node.database.reading() as db:
            await auth.signed_in(request, db, "write:statuses")
        await growing.bring(node, fields)


def mark(values: Params) -> NewMark | None:
    """The mark that an edit asks for. Raises Invalid."""
    own = given(values, NEW | MARKS)
    if not own.keys() & MARKS:
        return None
    return NewMark(*(text(own, name) if name in own else None for name in ("correction", "withdrawn")))


def naming(values: Params) -> str:
    """All words of a request in which handles name people."""
    own = given(values)
    said, kind = own.get("fields"), text(own, "kind")
    if not isinstance(said, dict) or kind not in {one.value for one in Kind}:
        return text(values, "status")
    return Draft(text(values, "status"), Kind(kind), fields=said).naming
