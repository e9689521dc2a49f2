"""/api/v1/collections: recommended accounts. https://docs.joinmastodon.org/methods/collections/"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import replace
from functools import wraps
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from node.api import auth, collection_entities, paging, people, rendering
from node.api.answers import details
from node.connecting import collections as use
from node.connecting.collections import Said
from node.context import Node, State
from node.errors import Invalid, NotAllowed, Problems
from node.guarding import asking
from node.requests import Params, flag, identifier, number, params, text, texts
from node.surfacing.surface import Told, announce
from node.texts import _
from storage import actors, blocks, collections
from storage.actors import Actor
from storage.collections import Collection
from storage.database import Reading, Writing
from storage.paging import Page
from storage.retrying import retrying

MOST, DEFAULT = 80, 40  # collections on one page
DEEPEST = 400  # collections that may be skipped; further on, pages go by id

Handler = Callable[[Request[State]], Awaitable[Response]]


def _explained(handler: Handler) -> Handler:
    """Says what is wrong with which field as the documentation of these methods has it: an object in ``error``."""

    @wraps(handler)
    async def explained(request: Request[State]) -> Response:
        try:
            return await handler(request)
        except Problems as problems:
            return JSONResponse({"error": {"error": str(problems), "details": details(problems)}}, 422)

    return explained


async def show(request: Request[State]) -> Response:
    """One collection, with the accounts of its owner and of who is in it."""
    node = request.state["node"]
    async with node.database.reading() as db:
        reader_id = await auth.reader(request, db, "read:collections")
        kept = await collections.by_id(db, identifier(request.path_params["id"]), reader_id=reader_id)
        owner = await actors.by_id(db, kept.owner_id)
        placed = await collections.accounts(db, kept.id, reader_id=reader_id)
    body = collection_entities.collection(kept, [item for item, _actor in placed], node.site)
    whole = {one.id: rendering.account(node, one) for one in (owner, *(actor for _item, actor in placed))}
    shown = b'{"accounts":[%b],"collection":%b}' % (b",".join(whole.values()), orjson.dumps(body))
    return Response(shown, media_type=paging.JSON)


Find = Callable[[Reading, int, Page, int], Awaitable[list[Collection]]]


async def _of(db: Reading, actor_id: int, page: Page, reader_id: int) -> list[Collection]:
    if reader_id and await blocks.by(db, target_id=reader_id, actor_ids=[actor_id]):
        return []
    return await collections.of(db, actor_id, page, reader_id=reader_id)


async def of_account(request: Request[State]) -> Response:
    """An account's collections, made last first; those that only a link shows for itself alone."""
    node = request.state["node"]
    async with node.database.reading() as db:
        reader_id = await auth.reader(request, db, "read:collections")
        actor = await people.named(request, db)
        return await _page(request, db, node, actor, reader_id, _of)


async def featuring(request: Request[State]) -> Response:
    """The collections that the member is in, made last first. Raises NotAllowed: nobody learns it of another."""
    node = request.state["node"]
    async with node.database.reading() as db:
        caller = await auth.signed_in(request, db, "read:collections")
        actor = await people.named(request, db)
        if actor.id != caller.id:
            raise NotAllowed(_("This action is not allowed"))
        return await _page(
            request, db, node, actor, caller.id,
            lambda db, id, page, reader_id: collections.featuring(db, id, page, reader_id=reader_id),
        )  # fmt: skip


async def _page(request: Request[State], db: Reading, node: Node, actor: Actor, reader_id: int, find: Find) -> Response:
    """Pages go by id; ``offset``, which the documentation has, is skipped from the first."""
    values = request.query_params
    page = paging.page(values, default=DEFAULT, most=MOST)
    offset = number(values, "offset", 0, most=DEEPEST)
    found = (await find(db, actor.id, replace(page, limit=page.limit + offset), reader_id))[offset:]
    items = await collections.items(db, [one.id for one in found], reader_id=reader_id) if found else {}
    shown = [collection_entities.collection(one, items.get(one.id, ()), node.site) for one in found]
    if "offset" in values:
        headers = paging.further(request, offset, page.limit, len(found))
    else:
        headers = paging.links(request, page, [one.id for one in found])
    return JSONResponse({"collections": shown}, headers=headers)


def _said(values: Params, old: Said) -> Said:
    """What is sent; what is not sent stays."""
    return Said(
        name=text(values, "name", old.name),
        description=text(values, "description", old.description),
        language=text(values, "language", old.language),
        tag=text(values, "tag_name", old.tag),
        sensitive=flag(values, "sensitive", old.sensitive),
        discoverable=flag(values, "discoverable", old.discoverable),
    )


BLANK = Said("", "", "", "", sensitive=False, discoverable=False)


@_explained
async def create(request: Request[State]) -> Response:
    """Make a collection."""
    node = request.state["node"]
    values = await params(request)
    said = _said(values, BLANK)
    ids = [identifier(one) for one in texts(values, "account_ids")[: use.ACCOUNTS + 1]]

    async with node.database.reading() as db:
        await auth.signed_in(request, db, "write:collections")
    await use.freshen(node, ids)

    async def work(db: Writing) -> tuple[Collection, list[Told]]:
        caller = await auth.signed_in(request, db, "write:collections")
        return await use.create(db, node, await actors.by_id(db, caller.id), said, ids)

    async with asking(node):
        made, told = await retrying(node.database, work, keyed=False)
    announce(node, told)
    return await _wrapped(node, made)


async def _wrapped(node: Node, kept: Collection) -> Response:
    """A WrappedCollection, as its owner sees it."""
    async with node.database.reading() as db:
        items = await collections.items(db, [kept.id], reader_id=kept.owner_id)
        kept = await collections.by_id(db, kept.id, reader_id=kept.owner_id)
    return JSONResponse({"collection": collection_entities.collection(kept, items.get(kept.id, ()), node.site)})


@_explained
async def change(request: Request[State]) -> Response:
    """Say something else of a collection."""
    node = request.state["node"]
    values = await params(request)

    async def work(db: Writing) -> tuple[Collection, list[Told]]:
        owner, old = await _mine(request, db, "id")
        return await use.change(db, node, owner, old, _said(values, use.said_by(old)))

    async with asking(node):
        new, told = await retrying(node.database, work, keyed=True)
    announce(node, told)
    return await _wrapped(node, new)


async def _mine(request: Request[State], db: Reading, name: str) -> tuple[Actor, Collection]:
    caller = await auth.signed_in(request, db, "write:collections")
    found = await use.mine(db, caller.id, identifier(request.path_params[name]))
    return await actors.by_id(db, caller.id), found


async def _done(request: Request[State], work: Callable[[Writing], Coroutine[Any, Any, list[Told]]]) -> Response:
    node = request.state["node"]
    announce(node, await retrying(node.database, work, keyed=True))
    return JSONResponse({})


async def delete(request: Request[State]) -> Response:
    """Take a collection back."""

    async def work(db: Writing) -> list[Told]:
        return await use.delete(db, request.state["node"], *await _mine(request, db, "id"))

    return await _done(request, work)


async def put(request: Request[State]) -> Response:
    """Put an account into a collection."""
    node = request.state["node"]
    values = await params(request)
    actor_id = identifier(text(values, "account_id"))

    async with node.database.reading() as db:
        await _mine(request, db, "collection_id")
    await use.freshen(node, [actor_id])

    async def work(db: Writing) -> tuple[collections.Item, list[Told]]:
        owner, kept = await _mine(request, db, "collection_id")
        if not text(values, "account_id"):
            raise Invalid(_("`account_id` parameter is missing"), field="account_id")
        return await use.put(db, node, owner, kept, actor_id)

    item, told = await retrying(node.database, work, keyed=True)
    announce(node, told)
    return JSONResponse({"collection_item": collection_entities.item(item)})


async def take(request: Request[State]) -> Response:
    """Take an account out of a collection."""

    async def work(db: Writing) -> list[Told]:
        owner, kept = await _mine(request, db, "collection_id")
        return await use.take(db, request.state["node"], owner, kept, identifier(request.path_params["id"]))

    return await _done(request, work)


async def revoke(request: Request[State]) -> Response:
    """Take oneself out of somebody's collection."""

    async def work(db: Writing) -> list[Told]:
        caller = await auth.signed_in(request, db, "write:collections")
        place = identifier(request.path_params["collection_id"])
        kept = await collections.by_id(db, place, reader_id=caller.id)
        member = await actors.by_id(db, caller.id)
        return await use.revoke(db, request.state["node"], member, kept, identifier(request.path_params["id"]))

    return await _done(request, work)


routes = [
    Route("/api/v1/collections", create, methods=["POST"]),
    Route("/api/v1/collections/{id}", show, methods=["GET"]),
    Route("/api/v1/collections/{id}", change, methods=["PATCH", "PUT"]),
    Route("/api/v1/collections/{id}", delete, methods=["DELETE"]),
    Route("/api/v1/collections/{collection_id}/items", put, methods=["POST"]),
    Route("/api/v1/collections/{collection_id}/items/{id}", take, methods=["DELETE"]),
    Route("/api/v1/collections/{collection_id}/items/{id}/revoke", revoke, methods=["POST"]),
    Route("/api/v1/accounts/{id}/collections", of_account),
    Route("/api/v1/accounts/{id}/in_collections", featuring),
]
