"""/api/v1/trends: https://docs.joinmastodon.org/methods/trends/"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from node.api import auth, entities, paging, rendering
from node.context import State
from node.learning.trending import DAYS
from node.requests import number, params
from storage import tag_follows, timelines, trends
from storage.database import listed

FEW, MOST = 10, 20  # of hashtags and links
POSTS, MOST_POSTS = 20, 40


async def tags(request: Request[State]) -> Response:
    """Hashtags that most accounts use."""
    node = request.state["node"]
    values = await params(request)
    offset, limit = number(values, "offset", 0, most=trends.KEPT), number(values, "limit", FEW, least=1, most=MOST)
    async with node.database.reading() as db:
        reader_id = await auth.reader(request, db, "read:statuses")
        found = await trends.tags(db, offset=offset, limit=limit)
        ids = [one.id for one in found]
        following = await tag_follows.of(db, member_id=reader_id, tag_ids=ids) if reader_id else set[int]()
    today = node.clock() // trends.DAY
    shown = [
        {
            **entities.found_tag((one.id, one.name), node.site.base_url, following=one.id in following),
            "history": entities.history(one.history, today, DAYS),
        }
        for one in found
    ]
    return JSONResponse(shown, headers=paging.further(request, offset, limit, len(shown)))


async def statuses(request: Request[State]) -> Response:
    """Posts that people react to most."""
    node = request.state["node"]
    values = await params(request)
    offset = number(values, "offset", 0, most=trends.KEPT)
    limit = number(values, "limit", POSTS, least=1, most=MOST_POSTS)
    async with node.database.reading() as db:
        reader_id = await auth.reader(request, db, "read:statuses")
        ids = await trends.posts(db, reader_id=reader_id, now=node.clock(), offset=offset, limit=limit)
        lines = await timelines.some(db, listed(ids), reader_id=reader_id) if ids else {}
        order = [lines[one] for one in ids if one in lines]
        shown = await rendering.statuses(db, node, order, reader_id=reader_id)
    return paging.array(shown, paging.further(request, offset, limit, len(ids)))


async def links(request: Request[State]) -> Response:
    """Pages that most accounts link to."""
    node = request.state["node"]
    values = await params(request)
    offset, limit = number(values, "offset", 0, most=trends.KEPT), number(values, "limit", FEW, least=1, most=MOST)
    async with node.database.reading() as db:
        await auth.reader(request, db, "read:statuses")
        found = await trends.links(db, offset=offset, limit=limit)
    today = node.clock() // trends.DAY
    shown = [
        {**entities.preview_card(card), "history": entities.history(history, today, DAYS)} for card, history in found
    ]
    return JSONResponse(shown, headers=paging.further(request, offset, limit, len(shown)))


routes = [
    Route("/api/v1/trends", tags),
    Route("/api/v1/trends/tags", tags),
    Route("/api/v1/trends/statuses", statuses),
    Route("/api/v1/trends/links", links),
]
