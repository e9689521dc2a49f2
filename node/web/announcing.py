"""What the operator announces, on a member's home page: read it, and it is gone."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from node.context import State
from node.requests import identifier
from node.sharing import announcements
from node.web.members import acting


async def dismiss(request: Request[State]) -> Response:
    """The member has read it. Raises Missing."""
    node = request.state["node"]
    me, _values = await acting(request)
    async with node.database.writing() as db:
        await announcements.dismiss(db, node, me.id, identifier(request.path_params["id"]))
    return RedirectResponse("/", 303)


routes = [Route("/announcements/{id}/dismiss", dismiss, methods=["POST"])]
