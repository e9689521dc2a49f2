"""/api/v1/sharewell/recalls: take a post back everywhere, and what each server said. Mastodon has no word for it."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from node.api import auth, entities
from node.api.entities import Entity
from node.context import Node, State
from node.requests import identifier, number, params, text
from node.review import recalling
from node.review.recalling import View
from node.surfacing.surface import Told, announce
from node.words.vocabulary import standing
from storage import recalls
from storage.database import Reading, Writing
from storage.ids import LAST
from storage.recalls import OPEN, Host, Recall, Standing
from storage.retrying import retrying

MOST = 40  # in one answer


def _entity(view: View) -> Entity:
    recall = view.recall
    return {
        "id": str(recall.id),
        "status_id": str(recall.post_id),
        "uri": recall.uri,
        "kind": recall.kind,
        "act": recall.act.value,
        "reason": recall.reason.value or None,
        "why": recalling.reason_words(recall) or None,
        "by_author": recall.by_id == recall.author_id,
        "created_at": entities.time(recall.created),
        "trying_until": entities.time(view.until) if view.pending else None,
        "pending": view.pending > 0,
        "counts": {"servers": view.total, **{one.value: view.counts.get(one, 0) for one in Standing}},
    }


def _server(view: View, host: Host) -> Entity:
    return {
        "host": host.host,
        "state": host.standing.value,
        "said": standing(host.standing, host.status),
        "status": host.status or None,
        "tries": host.tries,
        "inboxes": host.inboxes,
        "changed_at": entities.time(host.at),
        "trying_until": entities.time(view.until) if host.standing in OPEN else None,
    }


async def _whole(db: Reading, node: Node, recall: Recall, after: str) -> Entity:
    view = await recalling.view_one(db, node, recall, after=after)
    last = view.hosts[-1].host if len(view.hosts) == recalling.HOSTS else None
    return {**_entity(view), "servers": [_server(view, one) for one in view.hosts], "servers_after": last}


async def create(request: Request[State]) -> Response:
    """Take a post back everywhere."""
    node = request.state["node"]
    values = await params(request)
    post_id = identifier(text(values, "status_id"))

    async def work(db: Writing) -> tuple[Entity, list[Told]]:
        caller = await auth.signed_in(request, db, "write:statuses")
        recall, told = await recalling.take_back(db, node, caller.member, post_id, text(values, "reason"))
        return await _whole(db, node, recall, ""), told

    shown, told = await retrying(node.database, work, keyed=True)
    announce(node, told)
    return JSONResponse(shown)


async def listed(request: Request[State]) -> Response:
    """Those of one's own posts, of everyone's for guardians; newest first, below ``max_id``."""
    node = request.state["node"]
    values = await params(request)
    before = identifier(text(values, "max_id")) or LAST
    limit = min(max(number(values, "limit", MOST), 1), MOST)
    async with node.database.reading() as db:
        caller = await auth.signed_in(request, db, "read:statuses")
        if recalling.guards(caller.member):
            found = await recalls.newest(db, before=before, limit=limit)
        else:
            found = await recalls.newest_of(db, caller.id, before=before, limit=limit)
        views = await recalling.view(db, node, found)
    return JSONResponse([_entity(one) for one in views])


async def show(request: Request[State]) -> Response:
    """How one stands, with its servers behind ``after``."""
    node = request.state["node"]
    values = await params(request)
    async with node.database.reading() as db:
        caller = await auth.signed_in(request, db, "read:statuses")
        recall = await recalling.visible(db, caller.member, identifier(request.path_params["id"]))
        return JSONResponse(await _whole(db, node, recall, text(values, "after")))


routes = [
    Route("/api/v1/sharewell/recalls", create, methods=["POST"]),
    Route("/api/v1/sharewell/recalls", listed),
    Route("/api/v1/sharewell/recalls/{id}", show),
]
