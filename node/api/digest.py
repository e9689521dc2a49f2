"""/api/v1/sharewell/digest: the weekly mail of the member."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from federation.documents.reading import iso
from node.api import auth
from node.connecting import digests as use
from node.context import State
from node.requests import number, params
from storage import digests
from storage.digests import Digest

PATH = "/api/v1/sharewell/digest"


def _entity(found: Digest | None) -> dict[str, Any]:
    """``weekday`` 0 is Monday; ``hour`` is of the UK; ``next`` is when the next one is due."""
    if found is None:
        return {"weekly": False, "weekday": None, "hour": None, "next": None}
    return {"weekly": True, "weekday": found.weekday, "hour": found.hour, "next": iso(found.due)}


async def show(request: Request[State]) -> Response:
    """Whether and when it comes."""
    async with request.state["node"].database.reading() as db:
        caller = await auth.signed_in(request, db, "read:accounts")
        found = await digests.of(db, caller.id)
    return JSONResponse(_entity(found))


async def keep(request: Request[State]) -> Response:
    """Send it at that time from now on. Raises Invalid."""
    node = request.state["node"]
    values = await params(request)
    async with node.database.writing() as db:
        caller = await auth.signed_in(request, db, "write:accounts")
        made = await use.choose(
            db, node, caller.id, weekday=number(values, "weekday", 4), hour=number(values, "hour", 7)
        )
    return JSONResponse(_entity(made))


async def end(request: Request[State]) -> Response:
    """Send no more."""
    async with request.state["node"].database.writing() as db:
        caller = await auth.signed_in(request, db, "write:accounts")
        await digests.remove(db, caller.id)
    return JSONResponse(_entity(None))


routes = [
    Route(PATH, show),
    Route(PATH, keep, methods=["PUT"]),
    Route(PATH, end, methods=["DELETE"]),
]
