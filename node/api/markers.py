"""/api/v1/markers: https://docs.joinmastodon.org/methods/markers/"""

from __future__ import annotations

from collections.abc import Iterable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from node.api import auth, entities
from node.context import State
from node.errors import Invalid
from node.requests import Params, identifier, params, text, texts
from node.texts import _
from storage import markers
from storage.database import Writing
from storage.markers import Marker, Timeline
from storage.retrying import retrying


async def show(request: Request[State]) -> Response:
    """How far the member has read the timelines that are asked for."""
    asked = texts(await params(request), "timeline")
    wanted = [one for one in Timeline if one.value in asked]
    async with request.state["node"].database.reading() as db:
        caller = await auth.signed_in(request, db, "read:statuses")
        found = await markers.of(db, caller.id, wanted)
    return JSONResponse(_entity(found))


async def put(request: Request[State]) -> Response:
    """Keep how far the member has read."""
    node = request.state["node"]
    wanted = _wanted(await params(request))

    async def work(db: Writing) -> list[Marker]:
        caller = await auth.signed_in(request, db, "write:statuses")
        now = node.clock()
        return [await markers.put(db, caller.id, timeline, last, now=now) for timeline, last in wanted.items()]

    return JSONResponse(_entity(await retrying(node.database, work, keyed=True)))


def _wanted(values: Params) -> dict[Timeline, int]:
    found: dict[Timeline, int] = {}
    for timeline in Timeline:
        given = values.get(timeline.value)
        if given is None:
            continue
        last = identifier(text(given, "last_read_id")) if isinstance(given, dict) else 0
        if not last:
            raise Invalid(_("last_read_id must be an id."), field=timeline.value)
        found[timeline] = last
    return found


def _entity(found: Iterable[Marker]) -> dict[str, object]:
    return {
        one.timeline.value: {
            "last_read_id": str(one.last_read_id),
            "version": one.version,
            "updated_at": entities.time(one.updated),
        }
        for one in found
    }


routes = [Route("/api/v1/markers", show), Route("/api/v1/markers", put, methods=["POST"])]
