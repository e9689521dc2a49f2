"""Lists of people: who follows somebody, whom they follow, who asks to follow the member."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from node import pages, sessions
from node.context import State
from node.requests import identifier
from node.web.members import reading
from node.web.reading import found_actor
from storage import follows
from storage.actors import Actor
from storage.database import Reading
from storage.ids import LAST
from storage.paging import Page

MOST = 40  # on one page


def _page(request: Request[State]) -> Page:
    return Page(before=identifier(request.query_params.get("max_id", "")) or LAST, limit=MOST)


def _older(request: Request[State], placed: list[tuple[int, Actor]]) -> str | None:
    return f"{request.url.path}?max_id={placed[-1][0]}" if len(placed) == MOST else None


async def followers(request: Request[State]) -> Response:
    """Who follows somebody, as far as it is known here."""
    return await _around(request, follows.followers, follow="followers")


async def following(request: Request[State]) -> Response:
    """Whom somebody follows, as far as it is known here."""
    return await _around(request, follows.following, follow="following")


async def _around(
    request: Request[State], listed: Callable[[Reading, int, Page], Awaitable[list[tuple[int, Actor]]]], *, follow: str
) -> Response:
    node = request.state["node"]
    me = await sessions.me(request)
    async with node.database.reading(stale=me is None) as db:
        actor = await found_actor(db, request.path_params["acct"], node.config.domain)
        placed = await listed(db, actor.id, _page(request))
    return pages.page(
        request,
        "around.html",
        me=me,
        actor=actor,
        people=[one for _, one in placed],
        older=_older(request, placed),
        which=follow,
    )


async def requests(request: Request[State]) -> Response:
    """Who asks to follow the member and waits for an answer."""
    me = await reading(request)
    async with request.state["node"].database.reading() as db:
        placed = await follows.wanting(db, me.id, _page(request))
    return pages.page(
        request, "requests.html", me=me, people=[one for _, one in placed], older=_older(request, placed)
    )  # fmt: skip


routes = [
    Route("/@{acct}/followers", followers),
    Route("/@{acct}/following", following),
    Route("/requests", requests),
]
