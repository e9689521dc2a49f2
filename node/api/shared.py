"""/api/v1/sharewell/teams/{id}/measures: what a group has counted, and what is shown against it."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from node.api import auth, entities, measure_entities
from node.api.entities import Entity
from node.connecting import belonging
from node.context import State
from node.forms import measuring
from node.guarding import asking
from node.learning import shared as use
from node.learning.shared import Compared
from node.requests import identifier, params
from storage import actors
from storage.actors import Actor
from storage.database import Writing
from storage.retrying import retrying
from storage.shared import Definition

READ, WRITE = "read:statuses", "write:accounts"


def _defined(one: Definition, base_url: str) -> Entity:
    said = measure_entities.defined(one.series)
    return {
        "id": str(one.id), "uri": one.uri, "url": f"{base_url}/shared-measures/{one.id}",
        "account_id": str(one.group_id), **said, "created_at": entities.time(one.created),
    }  # fmt: skip


def _compared(one: Compared, base_url: str) -> Entity:
    shown = [
        {
            "account": entities.account(each.author, base_url),
            "status_id": str(each.post.id),
            "url": each.post.url or each.post.uri,
            "measure": measure_entities.series(each.small.series),
        }
        for each in one.results
    ]
    return {**_defined(one.definition, base_url), "results": shown}


async def of_group(request: Request[State]) -> Response:
    """What a group has counted, the newest with what its members and teams show against them."""
    node = request.state["node"]
    async with node.database.reading() as db:
        reader_id = await auth.reader(request, db, READ)
        group = belonging.check_group(await actors.by_id(db, identifier(request.path_params["id"])))
        found = await use.of_group(db, group, reader_id=reader_id)
    return JSONResponse([_compared(one, node.site.base_url) for one in found])


async def show(request: Request[State]) -> Response:
    """One of them, with all that is shown against it."""
    node = request.state["node"]
    async with node.database.reading() as db:
        reader_id = await auth.reader(request, db, READ)
        one = await use.one(db, identifier(request.path_params["id"]), reader_id=reader_id)
        [found] = await use.compared(db, one.group_id, [one], reader_id=reader_id)
    return JSONResponse(_compared(found, node.site.base_url))


async def define(request: Request[State]) -> Response:
    """Say what a group has counted, as who keeps it."""
    node = request.state["node"]
    values = await params(request)

    async def work(db: Writing) -> Definition:
        me = await _caller(request, db)
        group = belonging.check_group(await actors.by_id(db, identifier(request.path_params["id"])))
        return await use.define(db, node, me, group, measuring.defined(values))

    async with asking(node):
        made = await retrying(node.database, work, keyed=False)
    return JSONResponse(_compared(Compared(made), node.site.base_url))


async def _caller(request: Request[State], db: Writing) -> Actor:
    caller = await auth.signed_in(request, db, WRITE)
    return await actors.by_id(db, caller.id)


async def undefine(request: Request[State]) -> Response:
    """Have it counted no longer. What was shared stays where it was."""
    node = request.state["node"]

    async def work(db: Writing) -> None:
        await use.undefine(db, node, await _caller(request, db), identifier(request.path_params["id"]))

    await retrying(node.database, work, keyed=False)
    return JSONResponse({})


_ONE = "/api/v1/sharewell/shared_measures/{id}"
routes = [
    Route("/api/v1/sharewell/teams/{id}/measures", of_group),
    Route("/api/v1/sharewell/teams/{id}/measures", define, methods=["POST"]),
    Route(_ONE, show),
    Route(_ONE, undefine, methods=["DELETE"]),
]
