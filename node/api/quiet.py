"""/api/v1/sharewell/quiet_times: when nothing is pushed or mailed to the member."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from federation.documents.reading import iso
from node.api import auth
from node.connecting import quiet as use
from node.context import State
from node.requests import params, text, texts
from storage import quiet_times
from storage.quiet_times import NIGHTS, Quiet

PATH = "/api/v1/sharewell/quiet_times"


def _entity(found: Quiet | None, now: int) -> dict[str, Any]:
    """``starts`` and ``ends`` on the clocks of ``zone``, null when only whole ``days`` (0 is Monday) are quiet;
    ``until``: when it is over, while it is quiet."""
    if found is None:
        return {"starts": None, "ends": None, "days": [], "zone": None, "until": None}
    hours = (None, None) if found.starts == found.ends else (use.written(found.starts), use.written(found.ends))
    until = found.until(now)
    return {
        "starts": hours[0], "ends": hours[1], "days": sorted(found.days), "zone": found.zone,
        "until": None if until is None else iso(until),
    }  # fmt: skip


async def show(request: Request[State]) -> Response:
    """When it is quiet."""
    node = request.state["node"]
    async with node.database.reading() as db:
        caller = await auth.signed_in(request, db, "read:accounts")
        found = await quiet_times.of(db, caller.id)
    return JSONResponse(_entity(found, node.clock()))


async def keep(request: Request[State]) -> Response:
    """Be quiet at these times from now on. Raises Invalid."""
    node, values = request.state["node"], await params(request)
    async with node.database.writing() as db:
        caller = await auth.signed_in(request, db, "write:accounts")
        made = await use.choose(
            db, caller.id, starts=text(values, "starts"), ends=text(values, "ends"), days=texts(values, "days"),
            zone=text(values, "zone") or NIGHTS.zone,
        )  # fmt: skip
    return JSONResponse(_entity(made, node.clock()))


async def end(request: Request[State]) -> Response:
    """Tell the member of everything at once."""
    node = request.state["node"]
    async with node.database.writing() as db:
        caller = await auth.signed_in(request, db, "write:accounts")
        await quiet_times.remove(db, caller.id)
    return JSONResponse(_entity(None, node.clock()))


routes = [
    Route(PATH, show),
    Route(PATH, keep, methods=["PUT"]),
    Route(PATH, end, methods=["DELETE"]),
]
