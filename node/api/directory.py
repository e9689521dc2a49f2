"""/api/v1/directory and suggestions: https://docs.joinmastodon.org/methods/directory/, …/suggestions/"""

from __future__ import annotations

from collections.abc import Sequence

import orjson
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from node.api import auth, paging, people, rendering
from node.connecting import suggestions
from node.connecting.suggestions import Source
from node.context import State
from node.errors import Invalid
from node.requests import flag, identifier, number, params, text
from node.texts import _
from storage import actors
from storage import directory as store
from storage.actors import Actor
from storage.database import Writing
from storage.retrying import retrying

FEW = 40
DEEPEST = 10_000  # accounts that can be skipped
ORDERS = ("active", "new")
# The word of apps older than ``sources``; https://docs.joinmastodon.org/entities/Suggestion/#source
OLD = {Source.FRIENDS: "past_interactions", Source.POPULAR: "global"}


async def listing(request: Request[State]) -> Response:
    """Accounts that want to be found."""
    node = request.state["node"]
    values = await params(request)
    order = text(values, "order", ORDERS[0])
    if order not in ORDERS:
        raise Invalid(_("Choose one of: active, new."), field="order")
    offset = number(values, "offset", 0, most=DEEPEST)
    limit = number(values, "limit", FEW, least=1, most=people.MOST)
    async with node.database.reading() as db:
        reader_id = await auth.reader(request, db, "read:accounts")
        found = await store.found(
            db, reader_id=reader_id, now=node.clock(), here=flag(values, "local"), newest=order == "new",
            offset=offset, limit=limit,
        )  # fmt: skip
    shown = [rendering.account(node, one) for one in found]
    return paging.array(shown, paging.further(request, offset, limit, len(found)))


async def _suggested(request: Request[State]) -> Sequence[tuple[Actor, list[Source]]]:
    node = request.state["node"]
    limit = number(await params(request), "limit", FEW, least=1, most=people.MOST)
    async with node.database.reading() as db:
        caller = await auth.signed_in(request, db, "read:accounts")
        return await suggestions.found(db, caller.id, now=node.clock(), limit=limit)


async def suggested(request: Request[State]) -> Response:
    """Whom the member may want to follow, and why."""
    node = request.state["node"]
    found = await _suggested(request)
    return paging.array(
        [
            orjson.dumps({"source": OLD[why[0]], "sources": why})[:-1]
            + b',"account":'
            + rendering.account(node, one)
            + b"}"
            for one, why in found
        ]
    )


async def suggested_accounts(request: Request[State]) -> Response:
    """The same for older apps: accounts alone."""
    node = request.state["node"]
    return paging.array([rendering.account(node, one) for one, _why in await _suggested(request)])


async def dismiss(request: Request[State]) -> Response:
    """Suggest somebody no more."""

    async def work(db: Writing) -> None:
        caller = await auth.signed_in(request, db, "write:accounts")
        target = people.shown(await actors.by_id(db, identifier(request.path_params["id"])))
        await store.dismiss(db, member_id=caller.id, target_id=target.id)

    await retrying(request.state["node"].database, work, keyed=True)
    return JSONResponse({})


routes = [
    Route("/api/v1/directory", listing),
    Route("/api/v1/suggestions", suggested_accounts),
    Route("/api/v2/suggestions", suggested),
    Route("/api/v1/suggestions/{id}", dismiss, methods=["DELETE"]),
]
