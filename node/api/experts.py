"""/api/v1/sharewell/experts and /expertise: who can be asked about what. Mastodon has no word for it."""

from __future__ import annotations

import orjson
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from node.api import auth, paging, people
from node.api.entities import Entity
from node.asking import expertise
from node.context import State
from node.errors import Invalid
from node.requests import params, text, texts
from node.surfacing.surface import Told, announce
from node.texts import _
from storage import actors, experts
from storage.database import Writing
from storage.experts import REGIONS, ROLES, Expertise
from storage.retrying import retrying


def _entity(said: Expertise) -> Entity:
    return {
        "topics": list(said.topics),
        "settings": list(said.settings),
        "role": said.role or None,
        "region": said.region or None,
    }


async def found(request: Request[State]) -> Response:
    """Accounts that can be asked: by ``topic``, words (``q``), ``role``, ``region``; what about is in ``sharewell``."""
    node = request.state["node"]
    values = await params(request)
    page = paging.page(values)
    role, region = text(values, "role"), text(values, "region")
    if role not in ("", *ROLES) or region not in ("", *REGIONS):
        raise Invalid(_("%s is nothing that can be chosen here.") % (role or region)[:60], field="role")
    wanted = expertise.wanted(text(values, "topic"), text(values, "q"))
    async with node.database.reading() as db:
        reader_id = await auth.reader(request, db, "read:accounts")
        some = await experts.found(
            db, topic=wanted.topic, named=wanted.named, role=role, region=region, reader_id=reader_id,
            before=page.before, limit=page.limit,
        )  # fmt: skip
        said = await experts.of(db, [one.id for one in some])
        shown = await people.as_read(db, node, some, reader_id)
    whole = [
        body[:-1] + b',"expertise":' + orjson.dumps(_entity(said[one.id])) + b"}"
        for body, one in zip(shown, some, strict=True)
    ]
    return paging.array(whole, paging.links(request, page, [one.id for one in some]))


async def mine(request: Request[State]) -> Response:
    """About what the caller can be asked."""
    async with request.state["node"].database.reading() as db:
        caller = await auth.signed_in(request, db, "read:accounts")
        return JSONResponse(_entity(await experts.one(db, caller.id)))


async def change(request: Request[State]) -> Response:
    """Say about what one can be asked: ``topics[]``, ``settings[]``, ``role``, ``region``; no topics: nothing."""
    node = request.state["node"]
    values = await params(request)
    said = expertise.checked(
        texts(values, "topics"), texts(values, "settings"), text(values, "role"), text(values, "region")
    )

    async def work(db: Writing) -> tuple[Entity, list[Told]]:
        caller = await auth.signed_in(request, db, "write:accounts")
        told = await expertise.change(db, node, await actors.by_id(db, caller.id), said)
        return _entity(await experts.one(db, caller.id)), told

    shown, told = await retrying(node.database, work, keyed=True)
    announce(node, told)
    return JSONResponse(shown)


routes = [
    Route("/api/v1/sharewell/experts", found),
    Route("/api/v1/sharewell/expertise", mine),
    Route("/api/v1/sharewell/expertise", change, methods=["PUT"]),
]
