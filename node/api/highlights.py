"""/api/v1/sharewell/highlights: highlights of the month, and who chooses them. Mastodon has no word for it.

``as`` is the id of the team or alliance in whose list they are; without it, the node's own. To choose a post that is in
the list is to change why.
"""

from __future__ import annotations

from collections.abc import Sequence

import orjson
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from node.api import auth, entities, paging, rendering
from node.api.entities import Entity
from node.connecting.teams import KINDS
from node.context import Node, State
from node.guarding import asking
from node.requests import bearer_of, identifier, params, text
from node.review import highlighting as use
from node.surfacing.surface import Told, announce
from storage import actors, highlights, timelines
from storage.actors import Actor
from storage.database import Missing, Reading, Writing, listed
from storage.highlights import Highlight
from storage.retrying import retrying


async def _entities(db: Reading, node: Node, found: Sequence[Highlight], *, reader_id: int) -> list[Entity]:
    """Highlights with their posts; a fixed number of queries."""
    ids = [one.post_id for one in found if one.post_id is not None]
    lines = await timelines.some(db, listed(ids), reader_id=reader_id) if ids else {}
    shown = [orjson.loads(one) for one in await rendering.statuses(db, node, list(lines.values()), reader_id=reader_id)]
    statuses = {one["id"]: one for one in shown}
    owners = await actors.by_ids(db, {one.owner_id for one in found}) if found else {}
    return [
        _entity(node, one, statuses[str(one.post_id)], owners.get(one.owner_id))
        for one in found
        if str(one.post_id) in statuses
    ]


def _entity(node: Node, one: Highlight, status: Entity, owner: Actor | None) -> Entity:
    theirs = owner if owner is not None and owner.kind in KINDS else None
    return {
        "id": str(one.id),
        "month": one.month,
        "reason": one.reason,
        "status": status,
        "account": None if theirs is None else entities.account(theirs, node.site.base_url),
        "note_id": None if one.note_id is None else str(one.note_id),
        "url": f"{node.site.base_url}/highlights/{one.month}" if theirs is None else theirs.url or theirs.uri,
        "created_at": entities.time(one.chosen),
        "edited_at": None if one.changed is None else entities.time(one.changed),
    }


async def newest(request: Request[State]) -> Response:
    """Highlights, newest first; of ``month`` (2026-11), or page by page."""
    node, values = request.state["node"], await params(request)
    page, month = paging.page(values), text(values, "month")
    async with node.database.reading(stale=bearer_of(request) is None) as db:
        reader_id = await auth.reader(request, db, "read:statuses")
        owner_id = await _owner_id(db, node, text(values, "as"))
        if month:
            found = await highlights.of_month(db, owner_id, month, reader_id=reader_id)
        else:
            found = await highlights.newest(db, owner_id, reader_id=reader_id, page=page)
        shown = await _entities(db, node, found, reader_id=reader_id)
    links = {} if month else paging.links(request, page, [one.id for one in found])
    return JSONResponse(shown, headers=links)


async def _owner_id(db: Reading, node: Node, wanted: str) -> int:
    """Raises Missing."""
    if not wanted or wanted == use.NODE:
        return (await use.of_node(db, node)).owner.id
    return (await use.of_actor(db, node, await actors.by_id(db, identifier(wanted)))).owner.id


async def create(request: Request[State]) -> Response:
    """Have a public post (``status_id``) be a highlight of this month, and say why (``reason``)."""
    node, values = request.state["node"], await params(request)
    post_id, reason, wanted = identifier(text(values, "status_id")), text(values, "reason"), text(values, "as")

    async def work(db: Writing) -> tuple[Entity, list[Told]]:
        caller = await auth.signed_in(request, db, "write:statuses")
        me = await actors.by_id(db, caller.id)
        listing = use.named(await use.open_to(db, node, me, caller.member), wanted)
        one, told = await use.choose(db, node, me, caller.member, listing, post_id, reason)
        [shown] = await _entities(db, node, [one], reader_id=caller.id)
        return shown, told

    async with asking(node):
        shown, told = await retrying(node.database, work, keyed=True)
    announce(node, told)
    return JSONResponse(shown)


async def remove(request: Request[State]) -> Response:
    """Withdraw one; what was said of it is taken back."""
    node, id = request.state["node"], identifier(request.path_params["id"])

    async def work(db: Writing) -> list[Told]:
        caller = await auth.signed_in(request, db, "write:statuses")
        one = await highlights.one(db, id, reader_id=caller.id)
        if one is None:
            raise Missing(str(id))
        return await use.withdraw(db, node, await actors.by_id(db, caller.id), caller.member, one)

    announce(node, await retrying(node.database, work, keyed=True))
    return JSONResponse({})


routes = [
    Route("/api/v1/sharewell/highlights", newest),
    Route("/api/v1/sharewell/highlights", create, methods=["POST"]),
    Route("/api/v1/sharewell/highlights/{id}", remove, methods=["DELETE"]),
]
