"""What members do with posts: /api/v1/statuses/:id/…, /api/v1/favourites, /api/v1/bookmarks.

https://docs.joinmastodon.org/methods/statuses/, https://docs.joinmastodon.org/methods/favourites/
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from node.api import auth, paging, people, rendering
from node.api.statuses import answer, seen
from node.context import Node, State
from node.errors import Invalid
from node.requests import bearer_of, params, text
from node.sharing import reactions as reacting
from node.surfacing.surface import Told, announce
from node.texts import _
from storage import actors, reactions, timelines
from storage.actors import Actor
from storage.database import Reading, Writing
from storage.paging import Page
from storage.posts import Visibility
from storage.retrying import retrying
from storage.timelines import Line

Act = Callable[[Writing, Node, Actor, int], Awaitable[list[Told]]]
Who = Callable[[Reading, int, Page], Awaitable[list[tuple[int, Actor]]]]


async def _act(request: Request[State], scope: str, act: Act) -> Response:
    """Do something with the post of the path; answer how it stands now."""
    node = request.state["node"]

    async def work(db: Writing) -> tuple[int, int, list[Told]]:
        caller = await auth.signed_in(request, db, scope)
        line = await seen(db, request.path_params["id"], reader_id=caller.id)
        actor = await actors.by_id(db, caller.id)
        return line.post_id, caller.id, await act(db, node, actor, line.post_id)

    return await _done(node, *await retrying(node.database, work, keyed=True))


async def _done(node: Node, post_id: int, reader_id: int, told: list[Told]) -> Response:
    announce(node, told)
    async with node.database.reading() as db:
        return Response(await answer(db, node, post_id, reader_id=reader_id), media_type=paging.JSON)


async def favourite(request: Request[State]) -> Response:
    """Thank for a post."""
    return await _act(request, "write:favourites", reacting.like)


async def unfavourite(request: Request[State]) -> Response:
    """Take thanks back."""
    return await _act(request, "write:favourites", reacting.unlike)


async def bookmark(request: Request[State]) -> Response:
    """Save a post."""
    return await _act(request, "write:bookmarks", reacting.bookmark)


async def unbookmark(request: Request[State]) -> Response:
    """Save it no longer."""
    return await _act(request, "write:bookmarks", reacting.unbookmark)


async def pin(request: Request[State]) -> Response:
    """Show one's own post first."""
    return await _act(request, "write:accounts", reacting.pin)


async def unpin(request: Request[State]) -> Response:
    """Show it in its place again."""
    return await _act(request, "write:accounts", reacting.unpin)


async def mute(request: Request[State]) -> Response:
    """Hear no more of a thread."""
    return await _act(request, "write:mutes", reacting.mute_thread)


async def unmute(request: Request[State]) -> Response:
    """Hear of it again."""
    return await _act(request, "write:mutes", reacting.unmute_thread)


async def unreblog(request: Request[State]) -> Response:
    """Pass a post on no longer."""
    return await _act(request, "write:statuses", reacting.unboost)


async def reblog(request: Request[State]) -> Response:
    """Pass a post on; the answer is the boost."""
    node = request.state["node"]
    wanted = text(await params(request), "visibility")
    try:
        visibility = Visibility.chosen(wanted) if wanted else None
    except ValueError as error:
        raise Invalid(_("There is no such visibility."), field="visibility") from error

    async def work(db: Writing) -> tuple[int, int, list[Told]]:
        caller = await auth.signed_in(request, db, "write:statuses")
        line = await seen(db, request.path_params["id"], reader_id=caller.id)
        boost, told = await reacting.boost(db, node, await actors.by_id(db, caller.id), line.post_id, visibility)
        return boost.id, caller.id, told

    return await _done(node, *await retrying(node.database, work, keyed=True))


async def favourited_by(request: Request[State]) -> Response:
    """Who thanked for a post."""
    return await _who(request, reactions.likers)


async def reblogged_by(request: Request[State]) -> Response:
    """Who passed a post on."""
    return await _who(request, reactions.boosters)


async def _who(request: Request[State], who: Who) -> Response:
    node = request.state["node"]
    page = people.wanted(request)
    async with node.database.reading(stale=bearer_of(request) is None) as db:
        reader_id = await auth.reader(request, db, "read:statuses")
        line = await seen(db, request.path_params["id"], reader_id=reader_id)
        placed = await who(db, line.post_id, page)
    return people.answer(request, page, placed)


async def favourites(request: Request[State]) -> Response:
    """What the member thanked for."""
    node = request.state["node"]
    page = paging.page(request.query_params)
    async with node.database.reading() as db:
        caller = await auth.signed_in(request, db, "read:favourites")
        placed = await timelines.liked(db, reader_id=caller.id, page=page)
        return await _placed(request, db, page, placed, caller.id)


async def bookmarks(request: Request[State]) -> Response:
    """What the member saved."""
    node = request.state["node"]
    page = paging.page(request.query_params)
    async with node.database.reading() as db:
        caller = await auth.signed_in(request, db, "read:bookmarks")
        placed = await timelines.bookmarked(db, reader_id=caller.id, page=page)
        return await _placed(request, db, page, placed, caller.id)


async def _placed(
    request: Request[State], db: Reading, page: Page, placed: Sequence[tuple[int, Line]], reader_id: int
) -> Response:
    node = request.state["node"]
    shown = await rendering.statuses(db, node, [line for _, line in placed], reader_id=reader_id)
    return paging.array(shown, paging.links(request, page, [place for place, _ in placed]))


_POSTS = {
    "favourite": favourite,
    "unfavourite": unfavourite,
    "reblog": reblog,
    "unreblog": unreblog,
    "bookmark": bookmark,
    "unbookmark": unbookmark,
    "pin": pin,
    "unpin": unpin,
    "mute": mute,
    "unmute": unmute,
}

routes = [
    *(Route(f"/api/v1/statuses/{{id}}/{name}", act, methods=["POST"]) for name, act in _POSTS.items()),
    Route("/api/v1/statuses/{id}/favourited_by", favourited_by),
    Route("/api/v1/statuses/{id}/reblogged_by", reblogged_by),
    Route("/api/v1/favourites", favourites),
    Route("/api/v1/bookmarks", bookmarks),
]
