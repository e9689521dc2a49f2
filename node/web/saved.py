"""What a member saved for later."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from node import pages
from node.context import State
from node.requests import identifier
from node.web.entries import entries
from node.web.members import reading
from storage import timelines
from storage.ids import LAST
from storage.paging import Page

PAGE = 20


async def show(request: Request[State]) -> Response:
    """The latest saved first."""
    me = await reading(request)
    page = Page(before=identifier(request.query_params.get("max_id", "")) or LAST, limit=PAGE)
    node = request.state["node"]
    async with node.database.reading() as db:
        placed = await timelines.bookmarked(db, reader_id=me.id, page=page)
        shown = await entries(db, node, [line for _, line in placed], reader_id=me.id, level=2)
    older = f"{request.url.path}?max_id={placed[-1][0]}" if len(placed) == PAGE else None
    return pages.page(request, "saved.html", me=me, entries=shown, older=older, first=page.before == LAST)


routes = [Route("/saved", show)]
