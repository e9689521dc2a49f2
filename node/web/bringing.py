"""Bring a blog from its feed: a form, and what was brought, to look through and share one by one."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from node import erasure, pages
from node.context import State
from node.errors import Invalid
from node.portability import feeds
from node.portability.feeds import Outcome
from node.requests import identifier, text
from node.web.cards import cut
from node.web.members import acting, reading
from node.web.paths import saying
from storage import brought
from storage.actors import Actor
from storage.database import Missing
from storage.ids import LAST

PAGE = "/brought"
SHOWN = 20  # entries of one page
EXCERPT = 200  # characters of each


async def show(request: Request[State]) -> Response:
    """What waits to be shared, and the form. Raises Unauthenticated."""
    return await _page(request, await reading(request))


async def _page(
    request: Request[State],
    me: Actor,
    written: Mapping[str, str] | None = None,
    wrong: Mapping[str, str] | None = None,
    outcome: Outcome | None = None,
) -> Response:
    before = identifier(request.query_params.get("max_id", "")) or LAST
    async with request.state["node"].database.reading() as db:
        found = await brought.newest(db, me.id, before=before, limit=SHOWN)
        count = await brought.count(db, me.id)
    return pages.page(
        request, "brought.html", me=me, status=422 if wrong else 200, written=written or {}, wrong=wrong or {},
        outcome=outcome, found=[(one, cut(one.text, EXCERPT)) for one in found], count=count, most=brought.MOST,
        older=f"{PAGE}?max_id={found[-1].id}" if len(found) == SHOWN else None,
    )  # fmt: skip


async def bring(request: Request[State]) -> Response:
    """Read a feed. What is wrong is said beside what was typed. Raises Unauthenticated, TooMany."""
    me, values = await acting(request)
    typed = {"url": text(values, "url").strip(), "pasted": text(values, "pasted")}
    try:
        outcome = await feeds.bring(request.state["node"], me, url=typed["url"], pasted=typed["pasted"])
    except Invalid as error:
        return await _page(request, me, typed, {error.field: str(error)})
    return await _page(request, me, outcome=outcome)


async def leave(request: Request[State]) -> Response:
    """Do not share one; it is not brought again. Raises Unauthenticated, Missing."""
    node = request.state["node"]
    me, _values = await acting(request)
    now = node.clock()
    async with node.database.writing() as db:
        if not await brought.finish(db, identifier(request.path_params["id"]), member_id=me.id, now=now):
            raise Missing(request.path_params["id"])
        await erasure.promise(db, now=now)
    return RedirectResponse(saying(PAGE, "entry-left"), 303)


routes = [
    Route(PAGE, show),
    Route(PAGE, bring, methods=["POST"]),
    Route(f"{PAGE}/{{id}}/leave", leave, methods=["POST"]),
]
