"""/api/v1/timelines: https://docs.joinmastodon.org/methods/timelines/"""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from node.api import auth, paging, rendering
from node.api.auth import Caller
from node.context import State
from node.requests import bearer_of, flag, params, refuse, text
from storage import cards, conversations, mutes, timelines
from storage.database import Missing, Reading, listed
from storage.paging import Page
from storage.tags import name_of
from storage.timelines import Line


async def home(request: Request[State]) -> Response:
    """One page of the member's home timeline."""
    node = request.state["node"]
    page = paging.page(request.query_params)

    async def read(db: Reading) -> tuple[Caller, Response]:
        caller = await auth.signed_in(request, db, "read:statuses")
        lines = await timelines.home(db, reader_id=caller.id, page=page, now=node.clock())
        return caller, await _answer(request, db, page, lines, caller.id)

    caller, answer = await node.database.read(read)
    await auth.note_visit(node, caller)
    return answer


async def public(request: Request[State]) -> Response:
    """Public posts of this node, of others, or of all that is known here."""
    node = request.state["node"]
    values = await params(request)
    refuse(values, "only_media")
    local = True if flag(values, "local") else False if flag(values, "remote") else None
    page = paging.page(values)
    async with node.database.reading(stale=bearer_of(request) is None) as db:
        reader_id = await auth.reader(request, db, "read:statuses")
        lines = await timelines.public(db, reader_id=reader_id, page=page, now=node.clock(), local=local)
        return await _answer(request, db, page, lines, reader_id)


async def tag(request: Request[State]) -> Response:
    """Public posts with a hashtag."""
    node = request.state["node"]
    values = await params(request)
    refuse(values, "any", "all", "none", "remote", "only_media")
    name, page = name_of(request.path_params["name"]), paging.page(values)
    async with node.database.reading(stale=bearer_of(request) is None) as db:
        reader_id = await auth.reader(request, db, "read:statuses")
        lines = await timelines.tagged(
            db, name, reader_id=reader_id, page=page, now=node.clock(), local=flag(values, "local")
        )
        return await _answer(request, db, page, lines, reader_id)


async def link(request: Request[State]) -> Response:
    """Public posts that link to a page first of all. Raises Missing for one that nobody links to."""
    node = request.state["node"]
    values = await params(request)
    url, page = text(values, "url").partition("#")[0], paging.page(values)
    async with node.database.reading(stale=bearer_of(request) is None) as db:
        reader_id = await auth.reader(request, db, "read:statuses")
        found = await cards.by_url(db, url)
        if found is None:
            raise Missing(url)
        lines = await timelines.linking(db, found.id, reader_id=reader_id, page=page, now=node.clock())
        return await _answer(request, db, page, lines, reader_id)


async def direct(request: Request[State]) -> Response:
    """Direct posts that the member wrote or got; apps of today ask for conversations."""
    node = request.state["node"]
    page = paging.page(request.query_params)
    async with node.database.reading() as db:
        caller = await auth.signed_in(request, db, "read:statuses")
        ids = await conversations.posts_of(db, caller.id, page)
        found = await timelines.some(db, listed(ids), reader_id=caller.id) if ids else {}
        writers = {line.author_id for line in found.values()}
        muted = await mutes.of(db, member_id=caller.id, target_ids=list(writers), now=node.clock()) if found else {}
        lines = [found[one] for one in ids if one in found and found[one].author_id not in muted]
        shown = await rendering.statuses(db, node, lines, reader_id=caller.id)
    return paging.array(shown, paging.links(request, page, ids))


async def _answer(request: Request[State], db: Reading, page: Page, lines: Sequence[Line], reader_id: int) -> Response:
    node = request.state["node"]
    shown = await rendering.statuses(db, node, lines, reader_id=reader_id)
    return paging.array(shown, paging.links(request, page, [line.id for line in lines]))


routes = [
    Route("/api/v1/timelines/home", home),
    Route("/api/v1/timelines/public", public),
    Route("/api/v1/timelines/tag/{name}", tag),
    Route("/api/v1/timelines/link", link),
    Route("/api/v1/timelines/direct", direct),
]
