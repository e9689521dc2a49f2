"""Ideas by their stage, and calls for ideas with what answers them. No words of Mastodon's for these."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from node.api import auth, paging, rendering, statuses
from node.context import Node, State
from node.errors import Invalid
from node.guarding import asking
from node.requests import bearer_of, params, text
from node.sharing import behalf, stages
from node.sharing import posts as sharing
from node.surfacing.surface import Told, announce
from node.texts import _
from storage import ideas, posts, timelines
from storage.database import Missing, Reading, Writing, listed
from storage.kinds import Kind
from storage.paging import Page
from storage.retrying import retrying
from storage.shapes.idea import STAGES


async def newest(request: Request[State]) -> Response:
    """Public ideas, all or those at one stage, newest first."""
    node, values = request.state["node"], await params(request)
    page, stage = paging.page(values), text(values, "stage")
    if stage and stage not in STAGES:
        raise Invalid(_("Choose how far it is."), field="stage")
    async with node.database.reading(stale=bearer_of(request) is None) as db:
        reader_id = await auth.reader(request, db, "read:statuses")
        if not stage:
            return await _of_kind(request, db, node, Kind.IDEA, page, reader_id)
        ids = await ideas.at_stage(db, stage, reader_id=reader_id, page=page, now=node.clock())
        return await _shown(request, db, node, ids, page, reader_id)


async def challenges(request: Request[State]) -> Response:
    """Calls for ideas, newest first."""
    node = request.state["node"]
    page = paging.page(await params(request))
    async with node.database.reading(stale=bearer_of(request) is None) as db:
        reader_id = await auth.reader(request, db, "read:statuses")
        return await _of_kind(request, db, node, Kind.CHALLENGE, page, reader_id)


async def answers(request: Request[State]) -> Response:
    """The ideas that answer a call, newest first."""
    node = request.state["node"]
    page = paging.page(await params(request))
    async with node.database.reading(stale=bearer_of(request) is None) as db:
        reader_id = await auth.reader(request, db, "read:statuses")
        line = await statuses.seen(db, request.path_params["id"], reader_id=reader_id)
        call = await posts.by_id(db, line.post_id, reader_id=reader_id)
        if call.kind is not Kind.CHALLENGE:
            raise Missing(request.path_params["id"])
        ids = await ideas.answering(db, call.uri, reader_id=reader_id, page=page, now=node.clock())
        return await _shown(request, db, node, ids, page, reader_id)


async def _of_kind(
    request: Request[State], db: Reading, node: Node, kind: Kind, page: Page, reader_id: int
) -> Response:
    lines = await timelines.of_kind(db, kind.value, reader_id=reader_id, page=page, now=node.clock())
    shown = await rendering.statuses(db, node, lines, reader_id=reader_id)
    return paging.array(shown, paging.links(request, page, [one.id for one in lines]))


async def _shown(
    request: Request[State], db: Reading, node: Node, ids: list[int], page: Page, reader_id: int
) -> Response:
    found = await timelines.some(db, listed(ids), reader_id=reader_id) if ids else {}
    shown = await rendering.statuses(db, node, [found[one] for one in ids if one in found], reader_id=reader_id)
    return paging.array(shown, paging.links(request, page, ids))


async def move(request: Request[State]) -> Response:
    """Say how far an idea is; to abandon it, why."""
    node, values = request.state["node"], await params(request)
    async with node.database.reading() as db:
        caller = await auth.signed_in(request, db, "write:statuses")
        line = await statuses.seen(db, request.path_params["id"], reader_id=caller.id)
        old = await behalf.own_post(db, caller.id, line.post_id)
    draft = stages.moved(old, text(values, "stage"), text(values, "reason"))
    mentioned = await sharing.resolve(node, draft.text)

    async def work(db: Writing) -> list[Told]:
        again = await auth.signed_in(request, db, "write:statuses")
        return await behalf.edit(db, node, again.id, old.id, draft, mentioned)

    async with asking(node):
        told = await retrying(node.database, work, keyed=False)
    announce(node, told)
    async with node.database.reading() as db:
        shown = await statuses.answer(db, node, old.id, reader_id=caller.id)
    return Response(shown, media_type=paging.JSON)


routes = [
    Route("/api/v1/sharewell/ideas", newest),
    Route("/api/v1/sharewell/challenges", challenges),
    Route("/api/v1/sharewell/challenges/{id}/ideas", answers),
    Route("/api/v1/sharewell/statuses/{id}/stage", move, methods=["POST"]),
]
