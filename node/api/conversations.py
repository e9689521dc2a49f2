"""/api/v1/conversations: https://docs.joinmastodon.org/methods/conversations/"""

from __future__ import annotations

from collections.abc import Sequence

import orjson
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from node.api import auth, paging, rendering
from node.context import Node, State
from node.requests import identifier
from storage import actors, conversations, timelines
from storage.conversations import Conversation
from storage.database import Reading, Writing, listed
from storage.retrying import retrying


async def newest(request: Request[State]) -> Response:
    """Direct posts by who takes part, the newest first."""
    node = request.state["node"]
    page = paging.page(request.query_params)
    async with node.database.reading() as db:
        caller = await auth.signed_in(request, db, "read:statuses")
        found = await conversations.newest(db, caller.id, page)
        shown = await as_json(db, node, found, caller.id)
    return paging.array(shown, paging.links(request, page, [one.last_post_id for one in found]))


async def as_json(db: Reading, node: Node, found: Sequence[Conversation], reader_id: int) -> list[bytes]:
    """The Conversation of each; without its newest post when that is not for this reader any more."""
    who = await actors.by_ids(db, {id for one in found for id in one.people})
    ids = [one.last_post_id for one in found]
    lines = await timelines.some(db, listed(ids), reader_id=reader_id) if ids else {}
    statuses = await rendering.statuses(db, node, list(lines.values()), reader_id=reader_id) if lines else []
    rendered = dict(zip(lines, statuses, strict=True)) if len(statuses) == len(lines) else {}
    shown: list[bytes] = []
    for one in found:
        people = [rendering.account(node, who[id]) for id in one.people if id in who]
        parts = (
            orjson.dumps({"id": str(one.id), "unread": one.unread is not None})[:-1],
            b'"accounts":[' + b",".join(people) + b"]",
            b'"last_status":' + rendered.get(one.last_post_id, b"null") + b"}",
        )
        shown.append(b",".join(parts))
    return shown


async def read(request: Request[State]) -> Response:
    """Say that it was read."""
    return await _marked(request, read=True)


async def unread(request: Request[State]) -> Response:
    """Say that it is to be read again."""
    return await _marked(request, read=False)


async def _marked(request: Request[State], *, read: bool) -> Response:
    node = request.state["node"]
    conversation_id = identifier(request.path_params["id"])

    async def work(db: Writing) -> tuple[int, Conversation]:
        caller = await auth.signed_in(request, db, "write:conversations")
        since = None if read else node.clock()
        return caller.id, await conversations.mark(db, caller.id, conversation_id, unread=since)

    member_id, found = await retrying(node.database, work, keyed=True)
    async with node.database.reading() as db:
        [shown] = await as_json(db, node, [found], member_id)
    return Response(shown, media_type=paging.JSON)


async def forget(request: Request[State]) -> Response:
    """Take it off the list."""
    conversation_id = identifier(request.path_params["id"])

    async def work(db: Writing) -> None:
        caller = await auth.signed_in(request, db, "write:conversations")
        await conversations.forget(db, caller.id, conversation_id)

    await retrying(request.state["node"].database, work, keyed=True)
    return JSONResponse({})


routes = [
    Route("/api/v1/conversations", newest),
    Route("/api/v1/conversations/{id}", forget, methods=["DELETE"]),
    Route("/api/v1/conversations/{id}/read", read, methods=["POST"]),
    Route("/api/v1/conversations/{id}/unread", unread, methods=["POST"]),
]
