"""/api/v1/sharewell/topics: what safety work is about, and what is shared about it. Mastodon has no word for it.

To follow a topic is to follow its hashtag: it is in ``/api/v1/followed_tags``, too.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from node.api import auth, entities, paging, rendering
from node.api.entities import Entity
from node.connecting import tags as following
from node.context import Node, State
from node.learning import topics as use
from node.learning.topics import Edited
from storage import experts, facets, timelines, topics, vocabularies
from storage.database import Reading, Writing, listed
from storage.retrying import retrying
from storage.vocabularies import Topic

ASKED, MEASURED = 10, 5  # people to ask, and posts with numbers, of one topic


def _entity(topic: Topic, base_url: str) -> Entity:
    """A topic, for everybody."""
    return {
        "id": topic.id,
        "label": topic.label,
        "synonyms": list(topic.synonyms),
        "broader": topic.broader,
        "narrower": [one.id for one in vocabularies.narrower(topic.id)],
        "tag": entities.tag(topic.hashtag, base_url),
        "url": f"{base_url}/topics/{topic.id}",
    }


async def listing(request: Request[State]) -> Response:
    """All topics, with how many posts are about each, as it was some minutes ago."""
    node = request.state["node"]
    async with node.database.reading() as db:
        await auth.reader(request, db, "read:statuses")
        counts = await use.counts(db, node)
    shown = [
        {
            **_entity(one, node.site.base_url),
            "statuses_count": counts.get(one.id, 0),
            "statuses_count_is_more": counts.get(one.id, 0) >= facets.COUNTED,
        }
        for one in vocabularies.topics().values()
    ]
    return JSONResponse(shown)


async def show(request: Request[State]) -> Response:
    """One topic, with what editors say of it. Raises Missing."""
    node, topic = request.state["node"], use.by_id(request.path_params["id"])
    async with node.database.reading() as db:
        shown = await _one(db, node, topic, await auth.reader(request, db, "read:statuses"))
    return JSONResponse(shown)


async def _one(db: Reading, node: Node, topic: Topic, reader_id: int) -> Entity:
    edited = await use.edited(db, topic, reader_id=reader_id)
    follows = {"following": await use.follows(db, reader_id, topic)} if reader_id else {}
    starts = [str(one) for one in edited.starts]
    about = await _about(db, node, topic, reader_id)
    return {**_entity(topic, node.site.base_url), "summary": _summary(edited), "start_here": starts, **about, **follows}


async def _about(db: Reading, node: Node, topic: Topic, reader_id: int) -> Entity:
    """Who can be asked, what numbers show, what is to be acted on; ids of posts."""
    now = node.clock()
    asked = await experts.found(db, topic=topic.id, reader_id=reader_id, limit=ASKED)
    measured = await topics.measured(db, topic.id, reader_id=reader_id, now=now, limit=MEASURED)
    alerts = await topics.alerts(db, topic.id, reader_id=reader_id, now=now, today=use.today(now))
    return {
        "experts": [entities.account(one, node.site.base_url) for one in asked],
        "measures": [str(one) for one in measured],
        "alerts": [str(one) for one in alerts],
    }


def _summary(edited: Edited) -> Entity | None:
    if edited.summary is None:
        return None
    return {
        "text": edited.summary.text,
        "by": None if edited.editor is None else edited.editor.acct,
        "at": entities.time(edited.summary.written),
    }


async def statuses(request: Request[State]) -> Response:
    """Public posts about a topic, newest first. Raises Missing."""
    node, topic = request.state["node"], use.by_id(request.path_params["id"])
    page = paging.page(request.query_params)
    async with node.database.reading() as db:
        reader_id = await auth.reader(request, db, "read:statuses")
        ids = await topics.newest(db, topic.id, reader_id=reader_id, now=node.clock(), page=page)
        lines = await timelines.some(db, listed(ids), reader_id=reader_id) if ids else {}
        order = [lines[one] for one in ids if one in lines]
        shown = await rendering.statuses(db, node, order, reader_id=reader_id)
    return paging.array(shown, paging.links(request, page, ids))


async def _act(request: Request[State], act: Callable[[Writing, int, str], Awaitable[int]]) -> Response:
    node, topic = request.state["node"], use.by_id(request.path_params["id"])

    async def work(db: Writing) -> Entity:
        caller = await auth.signed_in(request, db, "write:follows")
        await act(db, caller.id, topic.hashtag)
        return await _one(db, node, topic, caller.id)

    return JSONResponse(await retrying(node.database, work, keyed=True))


async def follow(request: Request[State]) -> Response:
    """Have all that is public about it come home. Raises Missing."""
    return await _act(request, following.follow)


async def unfollow(request: Request[State]) -> Response:
    """Follow it no longer. Raises Missing."""
    return await _act(request, following.unfollow)


routes = [
    Route("/api/v1/sharewell/topics", listing),
    Route("/api/v1/sharewell/topics/{id}", show),
    Route("/api/v1/sharewell/topics/{id}/statuses", statuses),
    Route("/api/v1/sharewell/topics/{id}/follow", follow, methods=["POST"]),
    Route("/api/v1/sharewell/topics/{id}/unfollow", unfollow, methods=["POST"]),
]
