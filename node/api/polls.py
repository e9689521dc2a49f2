"""/api/v1/polls: https://docs.joinmastodon.org/methods/polls/

A poll is known by the id of its post. Who chose what is told to nobody but themselves.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from node.api import auth, ballots
from node.api.entities import Entity
from node.api.statuses import seen
from node.context import Node, State
from node.errors import Invalid
from node.requests import bearer_of, params, texts
from node.sharing import polls as voting
from node.surfacing.surface import Told, announce
from node.texts import _
from storage import actors, polls, posts
from storage.database import Missing, Reading, Writing
from storage.retrying import retrying

REFRESH = 4.0  # seconds that another server has to say how its poll stands


async def show(request: Request[State]) -> Response:
    """A poll; of another server it is asked for anew when a member looks and the counts are old."""
    node = request.state["node"]
    async with node.database.reading(stale=bearer_of(request) is None) as db:
        reader_id = await auth.reader(request, db, "read:statuses")
        post_id = (await seen(db, request.path_params["id"], reader_id=reader_id)).post_id
        shown = await _shown(db, node, post_id, reader_id)
    if not reader_id:
        return JSONResponse(shown)
    with suppress(TimeoutError):
        async with asyncio.timeout(REFRESH):
            await voting.refresh(node, post_id)
    async with node.database.reading() as db:
        return JSONResponse(await _shown(db, node, post_id, reader_id))


async def _shown(db: Reading, node: Node, post_id: int, reader_id: int) -> Entity:
    """The Poll of a post that the reader may see. Raises Missing."""
    found = await polls.one(db, post_id, reader_id=reader_id)
    if found is None:
        raise Missing(str(post_id))
    post = await posts.any_by_id(db, post_id)
    voted = post.author_id == reader_id if reader_id else None
    return ballots.entity(found, post_id, now=node.clock(), emojis=post.emojis, voted=voted)


async def vote(request: Request[State]) -> Response:
    """Choose."""
    node = request.state["node"]
    chosen = texts(await params(request), "choices")
    if not all(one.isascii() and one.isdigit() and len(one) < 4 for one in chosen):
        raise Invalid(_("Choices are the places of options, counted from 0."), field="choices")

    async def work(db: Writing) -> tuple[int, int, list[Told]]:
        caller = await auth.signed_in(request, db, "write:statuses")
        post_id = (await seen(db, request.path_params["id"], reader_id=caller.id)).post_id
        member = await actors.by_id(db, caller.id)
        return post_id, caller.id, await voting.vote(db, node, member, post_id, [int(one) for one in chosen])

    post_id, reader_id, told = await retrying(node.database, work, keyed=False)
    announce(node, told)
    async with node.database.reading() as db:
        return JSONResponse(await _shown(db, node, post_id, reader_id))


routes = [Route("/api/v1/polls/{id}", show), Route("/api/v1/polls/{id}/votes", vote, methods=["POST"])]
