"""/api/v1/sharewell/guardian: what waits for guardians of this node. Mastodon has no word for it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from node import slips
from node.api import auth, entities
from node.api.auth import Caller
from node.api.entities import Entity
from node.context import Node, State
from node.requests import Params, identifier, params, text
from node.review import deciding, queue, showing
from node.review import inquiries as answering
from node.review.queue import Open
from node.surfacing.surface import Told, announce
from storage import actors, inquiries
from storage.actors import Actor
from storage.cases import Case
from storage.database import Reading, Writing
from storage.retrying import retrying

Deed = Callable[[Writing, Node, Actor, int, Params], Awaitable[tuple[Case, list[Told]]]]


async def _guardian(request: Request[State], db: Reading, scope: str) -> Caller:
    """Raises Unauthenticated, NotAllowed for who is no guardian."""
    caller = await auth.signed_in(request, db, scope)
    deciding.check_guardian(caller.member)
    return caller


def _decided(case: Case) -> Entity:
    """What stands of a case in any state. No words of the post."""
    return {
        "id": str(case.id),
        "created_at": entities.time(case.opened),
        "urgent": case.place == 0,
        "newcomer": case.newcomer is not None,
        "guard": slips.shown(slips.load(case.found)),
        "second_asked": case.second_by is not None,
        "closed_at": None if case.closed is None else entities.time(case.closed),
        "outcome": case.outcome or None,
    }


def _open(one: Open, me: int, base_url: str) -> Entity:
    return {
        **_decided(one.case),
        "why": one.why.words(),
        "claimed_by": None if one.claimant is None else str(one.claimant.id),
        "claimed_until": None if one.claimant is None else entities.time(one.case.claimed_until or 0),
        "mine": one.case.author_id == me,
        "account": entities.account(one.author, base_url),
        "kind": one.kind.value,
        "visibility": one.visibility.value,
        "language": one.language or None,
        "elsewhere": not one.author.here,
        "uri": None if one.post is None else one.post.uri,
        "hidden": one.hidden,
        "reports": one.case.reported,
        "comments": list(one.comments),
        "version": one.case.version,
        "texts": [{"field": part.field, "text": part.text} for part in one.texts],
        "media_attachments": [entities.attachment(file) for file in one.files],
        "no_finding": sorted(one.mistaken),
    }


async def listed(request: Request[State]) -> Response:
    """What waits: what may be happening now first, then the oldest."""
    node = request.state["node"]
    async with node.database.reading() as db:
        caller = await _guardian(request, db, "read:statuses")
        found = await queue.newest(db, now=node.clock())
    return JSONResponse([_open(one, caller.id, node.site.base_url) for one in found])


async def letters(request: Request[State]) -> Response:
    """What people wrote to those who run the node, the oldest first."""
    node = request.state["node"]
    async with node.database.reading() as db:
        await _guardian(request, db, "read:statuses")
        found = await inquiries.oldest(db)
    return JSONResponse(
        [
            {"id": str(one.id), "created_at": entities.time(one.written), "text": one.text, "email": one.email or None}
            for one in found
        ]
    )


async def close(request: Request[State]) -> Response:
    """Somebody saw to a letter: it is erased."""
    node = request.state["node"]
    async with node.database.writing() as db:
        caller = await _guardian(request, db, "write:statuses")
        me = await actors.by_id(db, caller.id)
        await answering.close(db, node, me, identifier(request.path_params["id"]))
    return JSONResponse({})


def _deciding(deed: Deed) -> Callable[[Request[State]], Awaitable[Response]]:
    async def decide(request: Request[State]) -> Response:
        """Do it; the case as it is then."""
        node = request.state["node"]
        values, case_id = await params(request), identifier(request.path_params["id"])

        async def work(db: Writing) -> tuple[dict[str, Any], list[Told]]:
            caller = await _guardian(request, db, "write:statuses")
            case, told = await deed(db, node, await actors.by_id(db, caller.id), case_id, values)
            still = await queue.one(db, case, now=node.clock()) if case.closed is None else None
            return _decided(case) if still is None else _open(still, caller.id, node.site.base_url), told

        shown, told = await retrying(node.database, work, keyed=False)
        announce(node, told)
        return JSONResponse(shown)

    return decide


async def _claim(db: Writing, node: Node, me: Actor, id: int, values: Params) -> tuple[Case, list[Told]]:
    return await deciding.claim(db, node, me, id), []


async def _release(db: Writing, node: Node, me: Actor, id: int, values: Params) -> tuple[Case, list[Told]]:
    return await deciding.release(db, node, me, id)


async def _return(db: Writing, node: Node, me: Actor, id: int, values: Params) -> tuple[Case, list[Told]]:
    return await deciding.give_back(db, node, me, id, text(values, "reason"))


async def _show(db: Writing, node: Node, me: Actor, id: int, values: Params) -> tuple[Case, list[Told]]:
    return await showing.show(db, node, me, id, version=_version(values))


async def _keep(db: Writing, node: Node, me: Actor, id: int, values: Params) -> tuple[Case, list[Told]]:
    return await showing.keep(db, node, me, id, version=_version(values))


def _version(values: Params) -> int | None:
    """The version that was read, if the app says so."""
    return identifier(text(values, "version")) if text(values, "version") else None


async def _second(db: Writing, node: Node, me: Actor, id: int, values: Params) -> tuple[Case, list[Told]]:
    return await deciding.ask_second(db, node, me, id)


async def _no_finding(db: Writing, node: Node, me: Actor, id: int, values: Params) -> tuple[Case, list[Told]]:
    return await deciding.mistaken(db, node, me, id, text(values, "kind")), []


_CASE = "/api/v1/sharewell/guardian/cases/{id}"
routes = [
    Route("/api/v1/sharewell/guardian/cases", listed),
    Route("/api/v1/sharewell/guardian/letters", letters),
    Route("/api/v1/sharewell/guardian/letters/{id}/done", close, methods=["POST"]),
    Route(f"{_CASE}/claim", _deciding(_claim), methods=["POST"]),
    Route(f"{_CASE}/release", _deciding(_release), methods=["POST"]),
    Route(f"{_CASE}/return", _deciding(_return), methods=["POST"]),
    Route(f"{_CASE}/show", _deciding(_show), methods=["POST"]),
    Route(f"{_CASE}/keep", _deciding(_keep), methods=["POST"]),
    Route(f"{_CASE}/second", _deciding(_second), methods=["POST"]),
    Route(f"{_CASE}/no-finding", _deciding(_no_finding), methods=["POST"]),
]
