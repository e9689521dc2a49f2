"""/api/v1/tags, /api/v1/followed_tags and /api/v1/featured_tags.

https://docs.joinmastodon.org/methods/tags/, https://docs.joinmastodon.org/methods/featured_tags/
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from node.api import auth, entities, paging, people
from node.api.entities import Entity
from node.connecting import tags as use
from node.context import Node, State
from node.errors import Invalid
from node.requests import identifier, params, text
from node.texts import _
from storage import featured_tags, tag_follows, tags
from storage.database import Missing, Reading, Writing
from storage.featured_tags import Featured
from storage.retrying import retrying

MOST = 200
SUGGESTED = 10


async def _tag(db: Reading, node: Node, tag_id: int, name: str, member_id: int) -> Entity:
    """A Tag, with what the member does with it."""
    if not member_id:
        return entities.found_tag((tag_id, name), node.site.base_url)
    followed = await tag_follows.of(db, member_id=member_id, tag_ids=[tag_id])
    featured = {one.tag_id for one in await featured_tags.of(db, member_id)}
    return {
        **entities.found_tag((tag_id, name), node.site.base_url, following=tag_id in followed),
        "featuring": tag_id in featured,
    }


async def show(request: Request[State]) -> Response:
    """One hashtag; one that nobody used yet is shown, too, since it can be followed."""
    node = request.state["node"]
    name = use.named(request.path_params["name"])
    async with node.database.reading() as db:
        reader_id = await auth.reader(request, db, "read:follows")
        try:
            tag_id = await tags.by_name(db, name)
        except Missing:
            tag_id = 0
        shown = await _tag(db, node, tag_id, name, reader_id)
    return JSONResponse(shown)


async def _act(request: Request[State], scope: str, act: Callable[[Writing, int, str], Awaitable[int]]) -> Response:
    """Do something with the hashtag of the path; answer how it stands now."""
    node = request.state["node"]
    name = use.named(request.path_params["name"])

    async def work(db: Writing) -> Entity:
        caller = await auth.signed_in(request, db, scope)
        return await _tag(db, node, await act(db, caller.id, name), name, caller.id)

    return JSONResponse(await retrying(node.database, work, keyed=True))


async def follow(request: Request[State]) -> Response:
    """Have its public posts come home."""
    return await _act(request, "write:follows", use.follow)


async def unfollow(request: Request[State]) -> Response:
    """Follow it no longer."""
    return await _act(request, "write:follows", use.unfollow)


async def feature(request: Request[State]) -> Response:
    """Show it on one's page."""

    async def act(db: Writing, member_id: int, name: str) -> int:
        return (await use.feature(db, member_id, name)).tag_id

    return await _act(request, "write:accounts", act)


async def unfeature(request: Request[State]) -> Response:
    """Show it there no longer."""
    return await _act(request, "write:accounts", use.unfeature)


async def followed(request: Request[State]) -> Response:
    """Which hashtags the member follows."""
    node = request.state["node"]
    page = paging.page(request.query_params, default=100, most=MOST)
    async with node.database.reading() as db:
        caller = await auth.signed_in(request, db, "read:follows")
        found = await tag_follows.newest(db, caller.id, page)
    shown = [entities.found_tag(tag, node.site.base_url, following=True) for _, tag in found]
    return JSONResponse(shown, headers=paging.links(request, page, [place for place, _ in found]))


def _featured(node: Node, found: Sequence[Featured]) -> list[Entity]:
    return [entities.featured_tag(one, node.site.base_url) for one in found]


async def featured(request: Request[State]) -> Response:
    """Which hashtags the member shows on their page."""
    node = request.state["node"]
    async with node.database.reading() as db:
        caller = await auth.signed_in(request, db, "read:accounts")
        found = await featured_tags.of(db, caller.id)
    return JSONResponse(_featured(node, found))


async def featured_by(request: Request[State]) -> Response:
    """Which hashtags an account of this node shows on its page."""
    node = request.state["node"]
    async with node.database.reading() as db:
        await auth.reader(request, db, "read:accounts")
        found = await featured_tags.of(db, (await people.named(request, db)).id)
    return JSONResponse(_featured(node, found))


async def put_featured(request: Request[State]) -> Response:
    """Show a hashtag on the member's page."""
    node = request.state["node"]
    given = text(await params(request), "name")
    try:
        name = use.named(given)
    except Missing as missing:
        raise Invalid(_("This is no hashtag."), field="name") from missing

    async def work(db: Writing) -> Entity:
        caller = await auth.signed_in(request, db, "write:accounts")
        [shown] = _featured(node, [await use.feature(db, caller.id, name)])
        return shown

    return JSONResponse(await retrying(node.database, work, keyed=True))


async def take_featured(request: Request[State]) -> Response:
    """Show it there no longer."""
    node = request.state["node"]

    async def work(db: Writing) -> None:
        caller = await auth.signed_in(request, db, "write:accounts")
        featured_id = identifier(request.path_params["id"])
        if not await featured_tags.remove(db, featured_id, member_id=caller.id):
            raise Missing(str(featured_id))

    await retrying(node.database, work, keyed=False)
    return JSONResponse({})


async def suggested(request: Request[State]) -> Response:
    """Hashtags the member uses most and does not show."""
    node = request.state["node"]
    async with node.database.reading() as db:
        caller = await auth.signed_in(request, db, "read:accounts")
        found = await featured_tags.suggested(db, caller.id, limit=SUGGESTED)
        following = await tag_follows.of(db, member_id=caller.id, tag_ids=[one for one, _ in found])
    shown = [entities.found_tag(one, node.site.base_url, following=one[0] in following) for one in found]
    return JSONResponse(shown)


routes = [
    Route("/api/v1/tags/{name}", show, methods=["GET"]),
    Route("/api/v1/tags/{name}/follow", follow, methods=["POST"]),
    Route("/api/v1/tags/{name}/unfollow", unfollow, methods=["POST"]),
    Route("/api/v1/tags/{name}/feature", feature, methods=["POST"]),
    Route("/api/v1/tags/{name}/unfeature", unfeature, methods=["POST"]),
    Route("/api/v1/followed_tags", followed),
    Route("/api/v1/featured_tags", featured, methods=["GET"]),
    Route("/api/v1/featured_tags", put_featured, methods=["POST"]),
    Route("/api/v1/featured_tags/suggestions", suggested),
    Route("/api/v1/featured_tags/{id}", take_featured, methods=["DELETE"]),
    Route("/api/v1/accounts/{id}/featured_tags", featured_by),
]
