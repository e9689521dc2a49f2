"""Quotes of a post, and who may quote it: https://docs.joinmastodon.org/methods/statuses/#quotes"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from node.api import approvals, auth, paging, rendering, statuses
from node.context import State
from node.requests import identifier, params, text
from node.sharing import editing, quoted
from node.sharing import posts as sharing
from node.surfacing.surface import Told, announce
from storage import actors, quotes, timelines
from storage.database import Writing, listed
from storage.retrying import retrying


async def newest(request: Request[State]) -> Response:
    """The posts that quote one, of those the reader may see, newest first."""
    node = request.state["node"]
    page = paging.page(await params(request))
    async with node.database.reading() as db:
        caller = await auth.signed_in(request, db, "read:statuses")
        line = await statuses.seen(db, request.path_params["id"], reader_id=caller.id)
        ids = await quotes.quoting(db, line.post_id, reader_id=caller.id, page=page, now=node.clock())
        found = await timelines.some(db, listed(ids), reader_id=caller.id) if ids else {}
        shown = await rendering.statuses(db, node, [found[one] for one in ids if one in found], reader_id=caller.id)
    return paging.array(shown, paging.links(request, page, ids))


async def revoke(request: Request[State]) -> Response:
    """Let a post quote one's own no longer; the post that did."""
    node = request.state["node"]
    quoting = request.path_params["quoting"]

    async def work(db: Writing) -> tuple[int, int, list[Told]]:
        caller = await auth.signed_in(request, db, "write:statuses")
        mine = await statuses.seen(db, request.path_params["id"], reader_id=caller.id)
        me = await actors.by_id(db, caller.id)
        post, told = await quoted.revoke(db, node, me, mine.post_id, identifier(quoting))
        return post.id, caller.id, told

    post_id, reader_id, told = await retrying(node.database, work, keyed=True)
    announce(node, told)
    async with node.database.reading() as db:
        shown = await statuses.answer(db, node, post_id, reader_id=reader_id)
    return Response(shown, media_type=paging.JSON)


async def set_policy(request: Request[State]) -> Response:
    """Say who may quote one's own post from now on; without a word it stays as it is."""
    node = request.state["node"]
    values = await params(request)

    async def work(db: Writing) -> tuple[int, int, list[Told]]:
        caller = await auth.signed_in(request, db, "write:statuses")
        line = await statuses.seen(db, request.path_params["id"], reader_id=caller.id)
        post = await sharing.own_post(db, caller.id, line.post_id)
        if not text(values, "quote_approval_policy"):
            return post.id, caller.id, []
        me = await actors.by_id(db, caller.id)
        policy = approvals.asked(values, "")
        return post.id, caller.id, await editing.set_policy(db, node, me, post, policy)

    post_id, reader_id, told = await retrying(node.database, work, keyed=True)
    announce(node, told)
    async with node.database.reading() as db:
        shown = await statuses.answer(db, node, post_id, reader_id=reader_id)
    return Response(shown, media_type=paging.JSON)


routes = [
    Route("/api/v1/statuses/{id}/quotes", newest),
    Route("/api/v1/statuses/{id}/quotes/{quoting}/revoke", revoke, methods=["POST"]),
    Route("/api/v1/statuses/{id}/interaction_policy", set_policy, methods=["PUT"]),
]
