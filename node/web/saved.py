"""What a member keeps for themselves: posts saved for later, posts they thanked for, and lists of accounts."""

from __future__ import annotations

from typing import Protocol

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from node import pages
from node.context import State
from node.requests import identifier
from node.web.entries import entries
from node.web.members import reading
from storage import lists, timelines
from storage.database import Reading
from storage.ids import LAST
from storage.paging import Page
from storage.timelines import Line

PAGE = 20


class Listed(Protocol):
    """A list of posts of a member's, each with the id to page by."""

    async def __call__(self, db: Reading, *, reader_id: int, page: Page) -> list[tuple[int, Line]]: ...


def _page(request: Request[State]) -> Page:
    return Page(before=identifier(request.query_params.get("max_id", "")) or LAST, limit=PAGE)


async def show(request: Request[State]) -> Response:
    """The latest saved first."""
    return await _listed(request, timelines.bookmarked, "saved.html")


async def thanked(request: Request[State]) -> Response:
    """What they thanked for, the latest first."""
    return await _listed(request, timelines.liked, "thanked.html")


async def _listed(request: Request[State], some: Listed, template: str) -> Response:
    me, page, node = await reading(request), _page(request), request.state["node"]
    async with node.database.reading() as db:
        placed = await some(db, reader_id=me.id, page=page)
        shown = await entries(db, node, [line for _, line in placed], reader_id=me.id, level=2)
    older = f"{request.url.path}?max_id={placed[-1][0]}" if len(placed) == PAGE else None
    return pages.page(request, template, me=me, entries=shown, older=older, first=page.before == LAST)


async def all_lists(request: Request[State]) -> Response:
    """Their lists, in the order they were made."""
    me = await reading(request)
    async with request.state["node"].database.reading() as db:
        found = await lists.of(db, me.id)
    return pages.page(request, "lists.html", me=me, lists=found)


async def one_list(request: Request[State]) -> Response:
    """What the accounts of a list shared. Raises Missing when it is another's."""
    me, page, node = await reading(request), _page(request), request.state["node"]
    async with node.database.reading() as db:
        chosen = await lists.by_id(db, identifier(request.path_params["id"]), member_id=me.id)
        lines = await timelines.of_list(db, chosen, page=page, now=node.clock())
        shown = await entries(db, node, lines, reader_id=me.id, level=2)
    older = f"{request.url.path}?max_id={lines[-1].id}" if len(lines) == PAGE else None
    first = page.before == LAST
    return pages.page(request, "list.html", me=me, chosen=chosen, entries=shown, older=older, first=first)


routes = [
    Route("/saved", show),
    Route("/thanked", thanked),
    Route("/lists", all_lists),
    Route("/lists/{id}", one_list),
]
