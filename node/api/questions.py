"""/api/v1/sharewell/questions: questions, those without an answer, and which reply answered one."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from node.api import auth, paging, rendering
from node.api.mentoring import statuses
from node.asking import answers
from node.context import State
from node.requests import flag, identifier, params, text
from node.surfacing.surface import Told, announce
from storage import actors, questions, timelines
from storage.database import Missing, Writing
from storage.retrying import retrying


async def listed(request: Request[State]) -> Response:
    """Public questions, newest first; ``unanswered``: those that nobody answered for two days."""
    node = request.state["node"]
    values = await params(request)
    async with node.database.reading() as db:
        reader_id = await auth.reader(request, db, "read:statuses")
        ids = await questions.newest(
            db, unanswered=flag(values, "unanswered"), reader_id=reader_id, page=paging.page(values), now=node.clock()
        )
        return await statuses(request, db, ids, reader_id)


async def accept(request: Request[State]) -> Response:
    """Say which reply (``status_id``) answered one's question; then the question. Raises NotAllowed, Invalid."""
    values = await params(request)
    return await _answer(request, identifier(text(values, "status_id")))


async def take_back(request: Request[State]) -> Response:
    """No reply answered it; then the question."""
    return await _answer(request, None)


async def _answer(request: Request[State], reply_id: int | None) -> Response:
    node = request.state["node"]
    question_id = identifier(request.path_params["id"])

    async def work(db: Writing) -> tuple[bytes, list[Told]]:
        caller = await auth.signed_in(request, db, "write:statuses")
        me = await actors.by_id(db, caller.id)
        if reply_id is None:
            told = await answers.take_back(db, node, me, question_id)
        else:
            told = await answers.accept(db, node, me, question_id, reply_id)
        line = await timelines.one(db, question_id, reader_id=me.id)
        if line is None:
            raise Missing(str(question_id))
        return await rendering.status(db, node, line, reader_id=me.id), told

    shown, told = await retrying(node.database, work, keyed=True)
    announce(node, told)
    return Response(shown, media_type=paging.JSON)


routes = [
    Route("/api/v1/sharewell/questions", listed),
    Route("/api/v1/sharewell/questions/{id}/answer", accept, methods=["POST"]),
    Route("/api/v1/sharewell/questions/{id}/answer", take_back, methods=["DELETE"]),
]
