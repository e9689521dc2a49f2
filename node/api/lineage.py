"""Where a post came from and where it went; who has its problem too. No words of Mastodon's for these."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from node.api import auth, entities, paging, statuses
from node.api.entities import Entity
from node.context import Node, State
from node.learning import lineage as trees
from node.learning.lineage import CHILDREN, Ancestor, Branch, Entry
from node.requests import bearer_of, params
from node.sharing import affecting
from node.surfacing.surface import Told, announce
from storage import actors, affected, lineage, posts
from storage.actors import Actor
from storage.database import Writing
from storage.ids import LAST
from storage.lineage import NONE
from storage.paging import Page
from storage.retrying import retrying

_SAID = ("what_changed", "result", "reason")


async def show(request: Request[State]) -> Response:
    """What a post builds on, and what builds on it, newest first; counts of each outcome."""
    node = request.state["node"]
    asked = paging.page(await params(request))
    page = Page(before=asked.before or LAST, limit=min(asked.limit, CHILDREN))
    async with node.database.reading(stale=bearer_of(request) is None) as db:
        reader_id = await auth.reader(request, db, "read:statuses")
        line = await statuses.seen(db, request.path_params["id"], reader_id=reader_id)
        post = await posts.by_id(db, line.post_id, reader_id=reader_id)
        tree = await trees.of(db, post, reader_id=reader_id, page=page)
        mine = reader_id != 0 and await affected.said(db, post_id=post.id, actor_id=reader_id)
    body = {
        "id": str(post.id),
        "counts": asdict(tree.counts),
        "affected": mine,
        "parents": [_ancestor(node, one) for one in tree.above],
        "children": [_branch(node, one) for one in tree.branches],
        "same_problem": [_entry(node, one) for one in tree.same],
    }
    headers = {}
    if tree.older is not None:
        headers["link"] = f'<{node.site.base_url}{request.url.path}?max_id={tree.older}>; rel="next"'
    return JSONResponse(body, headers=headers)


def _ancestor(node: Node, one: Ancestor) -> Entity:
    return {"uri": one.uri} if one.entry is None else _entry(node, one.entry)


def _branch(node: Node, one: Branch) -> Entity:
    return {**_entry(node, one.entry), "children": [_branch(node, each) for each in one.below]}


def _entry(node: Node, one: Entry) -> Entity:
    fields: dict[str, Any] = {} if one.post.summary else {name: one.fields.get(name) for name in _SAID}
    return {
        "id": str(one.post.id),
        "uri": one.post.uri,
        "url": one.post.url or one.post.uri,
        "created_at": entities.time(one.post.published),
        "kind": one.post.kind.value,
        "outcome": one.outcome.value,
        "title": one.post.title,
        "spoiler_text": one.post.summary,
        **{name: said for name, said in fields.items() if said},
        "account": entities.account(one.author, node.site.base_url),
    }


Deed = Callable[[Writing, Node, Actor, int], Awaitable[list[Told]]]


async def _say(request: Request[State], deed: Deed) -> Response:
    node = request.state["node"]

    async def work(db: Writing) -> tuple[int, int, list[Told]]:
        caller = await auth.signed_in(request, db, "write:favourites")
        line = await statuses.seen(db, request.path_params["id"], reader_id=caller.id)
        return line.post_id, caller.id, await deed(db, node, await actors.by_id(db, caller.id), line.post_id)

    post_id, reader_id, told = await retrying(node.database, work, keyed=True)
    announce(node, told)
    async with node.database.reading() as db:
        counts = (await lineage.counts(db, [post_id])).get(post_id, NONE)
        mine = await affected.said(db, post_id=post_id, actor_id=reader_id)
    return JSONResponse({"id": str(post_id), "affected": mine, "count": counts.affected})


async def add(request: Request[State]) -> Response:
    """Say that one has the problem of a post too; counted once."""
    return await _say(request, affecting.add)


async def remove(request: Request[State]) -> Response:
    """Say so no longer."""
    return await _say(request, affecting.remove)


routes = [
    Route("/api/v1/sharewell/statuses/{id}/lineage", show),
    Route("/api/v1/sharewell/statuses/{id}/affected", add, methods=["POST"]),
    Route("/api/v1/sharewell/statuses/{id}/affected", remove, methods=["DELETE"]),
]
