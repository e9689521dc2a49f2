"""Whether what a member shared is still in place: the questions, the answers, and whether they want to be asked."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from node.api import auth, paging, statuses
from node.context import State
from node.errors import Invalid
from node.guarding import asking
from node.requests import flag, params, text
from node.sharing import lasting
from node.surfacing.surface import Told, announce
from node.texts import _
from storage import prompts
from storage.database import Reading, Writing
from storage.retrying import retrying

PATH = "/api/v1/sharewell/prompts"
MOST = 40  # questions that are listed


async def _entity(db: Reading, member_id: int) -> dict[str, Any]:
    """``asked``: whether the member wants to be; ``open``: what is not answered, each with ``status_id`` and ``months``
    (3, 6 or 12: the age that is asked about)."""
    found = await prompts.open_for(db, member_id, since=0, limit=MOST)
    return {
        "asked": await prompts.wanted(db, member_id),
        "open": [{"status_id": str(post.id), "months": months} for post, months in found if prompts.fits(post)],
    }


async def show(request: Request[State]) -> Response:
    """What is asked and not answered."""
    async with request.state["node"].database.reading() as db:
        caller = await auth.signed_in(request, db, "read:accounts")
        found = await _entity(db, caller.id)
    return JSONResponse(found)


async def keep(request: Request[State]) -> Response:
    """Ask (``asked`` true), or do not ask any more. Raises Invalid."""
    node, values = request.state["node"], await params(request)
    if "asked" not in values:
        raise Invalid(_("Say with asked whether you want to be asked."), field="asked")
    async with node.database.writing() as db:
        caller = await auth.signed_in(request, db, "write:accounts")
        await prompts.want(db, caller.id, asked=flag(values, "asked"), now=node.clock())
        found = await _entity(db, caller.id)
    return JSONResponse(found)


async def answer(request: Request[State]) -> Response:
    """Say how it stands: ``state`` (still, changed, stopped) and ``said``, a line of words. Raises Missing when nothing
    is asked of the post, Invalid."""
    node, values = request.state["node"], await params(request)
    async with node.database.reading() as db:
        caller = await auth.signed_in(request, db, "write:statuses")
        line = await statuses.seen(db, request.path_params["id"], reader_id=caller.id)

    async def work(db: Writing) -> list[Told]:
        again = await auth.signed_in(request, db, "write:statuses")
        return await lasting.answer(db, node, again.id, line.post_id, text(values, "state"), text(values, "said"))

    async with asking(node):
        told = await retrying(node.database, work, keyed=False)
    announce(node, told)
    async with node.database.reading() as db:
        shown = await statuses.answer(db, node, line.post_id, reader_id=caller.id)
    return Response(shown, media_type=paging.JSON)


routes = [
    Route(PATH, show),
    Route(PATH, keep, methods=["PUT"]),
    Route("/api/v1/sharewell/statuses/{id}/in_place", answer, methods=["POST"]),
]
