"""POST /api/v1/sharewell/recognisable: anyone says that somebody is recognisable in a post."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from node.api import auth
from node.context import State
from node.requests import identifier, params, text
from node.review import recognising
from node.review.recognising import Concern
from node.surfacing.surface import Told, announce
from storage import actors
from storage.database import Writing
from storage.retrying import retrying


async def create(request: Request[State]) -> Response:
    """Hide a post (``status_id``) and have a guardian read it; ``comment`` is for them alone. No token is needed."""
    node = request.state["node"]
    values = await params(request)
    address = request.client.host if request.client is not None else ""

    async def work(db: Writing) -> tuple[bool, list[Told]]:
        member_id = await auth.reader(request, db, "write:reports")
        member = await actors.by_id(db, member_id) if member_id else None
        said = Concern(identifier(text(values, "status_id")), text(values, "comment"), member, address)
        return await recognising.report(db, node, said)

    is_hidden, told = await retrying(node.database, work, keyed=False)
    announce(node, told)
    return JSONResponse({"hidden": is_hidden})


routes = [Route("/api/v1/sharewell/recognisable", create, methods=["POST"])]
