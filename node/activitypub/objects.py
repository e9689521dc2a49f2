"""Actors, posts and collections: one address each, a page or AS2 by ``Accept``."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress

import orjson
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from federation import policies
from federation.answers import collections, featuring, lineage, objects, shared
from federation.answers.objects import Erased
from federation.errors import FederationError, Forbidden, Refused
from federation.fetching import signers
from federation.fetching.asking import host_of
from federation.signing import verify
from federation.site import Document
from node.activitypub.negotiation import by_accept
from node.activitypub.requests import PRIVATE, PUBLIC, document, is_signed, refusal, signed_request
from node.context import Node, State
from node.errors import Invalid
from node.requests import identifier
from node.sharing import fetched
from node.texts import _
from storage import actors, peers, posts
from storage.actors import Actor
from storage.database import Missing, Reading

AS2, AS2_NODE = "as2", "as2 node"  # on the shelf


async def _barred(request: Request[State], db: Reading) -> None:
    """Raises Forbidden when the request names a key of a server that is suspended here."""
    if not is_signed(request):
        return
    known = await peers.policies(db)
    if not known:
        return
    try:
        claimed = verify.claimed_keys(signed_request(request, None))
    except Refused:
        return
    if any(policies.suspended(known, host_of(one)) for one in claimed):
        raise Forbidden("server is suspended here")


async def _reader(request: Request[State]) -> int:
    """Who reads: the actor elsewhere that signed the request, 0 when nobody provably did. Raises Forbidden."""
    node = request.state["node"]
    if not is_signed(request):
        return 0
    try:
        actor, _ = await signers.signer(node.database, node.site, signed_request(request, None))
    except Forbidden:
        raise
    except FederationError:
        return 0
    return 0 if actor.suspended is not None or actor.gone is not None else actor.id


async def actor(request: Request[State]) -> Response:
    """One of ours, by its id."""
    return await _actor(request, request.path_params["name"])


async def actor_page(request: Request[State]) -> Response:
    """Where people read what the id of an actor names."""
    return RedirectResponse(f"/@{request.path_params['name']}", 303, headers={"vary": "Accept"})


async def profile(request: Request[State]) -> Response:
    """One of ours by its page; for an actor of another server the way to its own."""
    acct = request.path_params["acct"]
    if "@" not in acct:
        return await _actor(request, acct)
    node = request.state["node"]
    async with node.database.reading() as db:
        found = await _elsewhere(db, node, acct)
    return _way_to(found.uri)


async def _elsewhere(db: Reading, node: Node, acct: str) -> Actor:
    """Whom ``name@domain`` names. Raises Missing."""
    handle, _, domain = acct.partition("@")
    return await actors.by_handle(db, handle, "" if domain.lower() == node.config.domain else domain.lower())


def _way_to(uri: str) -> Response:
    return RedirectResponse(uri, 303, headers={"vary": "Accept"})


async def _actor(request: Request[State], handle: str) -> Response:
    node = request.state["node"]
    try:
        body = await node.database.read(lambda db: _actor_document(request, db, handle))
    except Erased as erased:
        return document(erased.tombstone, status=410)
    except Refused as error:
        return refusal(error)
    return document(body)


async def _actor_document(request: Request[State], db: Reading, handle: str) -> bytes:
    await _barred(request, db)
    return await _shelved(request.state["node"], db, AS2, await objects.actor_here(db, handle))


async def _shelved(node: Node, db: Reading, place: str, found: Actor) -> bytes:
    """The document of an actor, made once for each version of it."""
    kept = node.shelf.get(place, found.id, found.changed)
    if kept is None:
        kept = orjson.dumps(await objects.actor(db, node.site, found))
        node.shelf.put((place, found.id, found.changed), kept)
    return kept


async def node_actor(request: Request[State]) -> Response:
    """The node itself; open to all, since it is what its signed fetches are checked against."""
    node = request.state["node"]
    async with node.database.reading() as db:
        found = await actors.by_uri(db, node.site.node_actor)
        return document(await _shelved(node, db, AS2_NODE, found))


async def post(request: Request[State]) -> Response:
    """One post of ours; for a public one of another server the way to its own."""
    acct, post_id = request.path_params["acct"], identifier(request.path_params["id"])
    if "@" in acct:
        node = request.state["node"]
        async with node.database.reading() as db:
            author = await _elsewhere(db, node, acct)
            found = await posts.by_id(db, post_id, reader_id=0)
        if found.author_id != author.id:
            raise Missing(acct)
        return _way_to(found.uri)
    shown = await _object(
        request, lambda node, db, reader: objects.post(db, node.site, acct, post_id, reader_id=reader)
    )
    return _handed_out(request, post_id, shown)


def _handed_out(request: Request[State], post_id: int, shown: Response) -> Response:
    """The answer; the server that says it asks for a post of ours is remembered, to take it back there. Of one that is
    not for everybody the post was promised to whoever may read it."""
    if shown.status_code == 200 and is_signed(request) and shown.headers["cache-control"] == PUBLIC:
        with suppress(Refused):
            fetched.note(request.state["node"], post_id, verify.claimed_keys(signed_request(request, None))[0])
    return shown


async def activity(request: Request[State]) -> Response:
    """The activity by which a post came to be."""
    acct, post_id = request.path_params["acct"], identifier(request.path_params["id"])
    shown = await _object(
        request, lambda node, db, reader: objects.activity(db, node.site, acct, post_id, reader_id=reader)
    )
    return _handed_out(request, post_id, shown)


async def authorization(request: Request[State]) -> Response:
    """What allows a quote of a post of ours."""
    name, stamp_id = request.path_params["name"], identifier(request.path_params["id"])
    return await _object(
        request, lambda node, db, reader: objects.authorization(db, node.site, name, stamp_id, reader_id=reader)
    )


async def _object(request: Request[State], find: Callable[[Node, Reading, int], Awaitable[Document]]) -> Response:
    node = request.state["node"]
    try:
        async with node.database.reading() as db:
            await _barred(request, db)
            try:
                return document(await find(node, db, 0))
            except Missing:
                if not is_signed(request):
                    raise
        reader_id = await _reader(request)
        async with node.database.reading() as db:
            return document(await find(node, db, reader_id), cache=PRIVATE)
    except Erased as erased:
        return document(erased.tombstone, status=410)
    except Refused as error:
        return refusal(error)


def _place(request: Request[State]) -> int | None:
    """Where the page begins that is asked for; None for the collection itself. Raises Invalid."""
    said = request.query_params.get("page")
    if said is None:
        return None
    if said != "0" and identifier(said) == 0:
        raise Invalid(_("page must be a number from a link of this collection."))
    return identifier(said)


Answer = Callable[[Reading, Node, Actor, int | None], Awaitable[Document]]


async def _of_actor(request: Request[State], answer: Answer) -> Response:
    node, place = request.state["node"], _place(request)
    try:
        async with node.database.reading(stale=True) as db:
            await _barred(request, db)
            found = await objects.actor_here(db, request.path_params["name"])
            return document(await answer(db, node, found, place))
    except Erased as erased:
        return document(erased.tombstone, status=410)
    except Refused as error:
        return refusal(error)


async def followers(request: Request[State]) -> Response:
    """Who follows one of ours."""
    return await _of_actor(request, lambda db, node, found, place: collections.followers(db, found, place))


async def following(request: Request[State]) -> Response:
    """Whom one of ours follows."""
    return await _of_actor(request, lambda db, node, found, place: collections.following(db, found, place))


async def outbox(request: Request[State]) -> Response:
    """What one of ours shared with everyone."""
    return await _of_actor(request, lambda db, node, found, place: collections.outbox(db, node.site, found, place))


async def featured(request: Request[State]) -> Response:
    """What one of ours pinned."""
    return await _of_actor(request, lambda db, node, found, place: collections.featured(db, node.site, found))


async def moderators(request: Request[State]) -> Response:
    """Who keeps a group of ours."""
    return await _of_actor(request, lambda db, node, found, place: collections.moderators(db, found))


async def shared_measures(request: Request[State]) -> Response:
    """What a group of ours has counted."""
    return await _of_actor(request, lambda db, node, found, place: shared.listed(db, found))


async def shared_measure(request: Request[State]) -> Response:
    """One of them; of a private group for who is in it."""
    id = identifier(request.path_params["id"])
    return await _object(request, lambda node, db, reader: shared.one(db, node.site, id, reader_id=reader))


async def featured_collections(request: Request[State]) -> Response:
    """The collections of one of ours."""
    return await _of_actor(request, lambda db, node, found, place: featuring.listed(db, found))


def _collection_uri(request: Request[State], found: Actor) -> str:
    return f"{found.uri}/featured_collections/{request.path_params['token']}"


async def featured_collection(request: Request[State]) -> Response:
    """One of them."""
    return await _of_actor(
        request,
        lambda db, node, found, place: featuring.whole(db, node.site, found, _collection_uri(request, found)),
    )


async def featured_item(request: Request[State]) -> Response:
    """One account in a collection of one of ours."""
    item_id = identifier(request.path_params["id"])
    return await _of_actor(
        request,
        lambda db, node, found, place: featuring.item(db, node.site, found, _collection_uri(request, found), item_id),
    )


async def feature_authorization(request: Request[State]) -> Response:
    """That one of ours agreed to be in a collection."""
    item_id = identifier(request.path_params["id"])
    return await _of_actor(
        request, lambda db, node, found, place: featuring.authorization(db, node.site, found, item_id)
    )


async def collection_page(request: Request[State]) -> Response:
    """Where a server finds the collection of a page."""
    node = request.state["node"]
    async with node.database.reading() as db:
        await _barred(request, db)
        return _way_to(await featuring.by_page(db, identifier(request.path_params["id"])))


async def node_outbox(request: Request[State]) -> Response:
    """The node itself shares nothing."""
    node = request.state["node"]
    return document(collections.nothing(f"{node.site.node_actor}/outbox"))


async def _of_post(
    request: Request[State], answer: Callable[[Reading, int, int | None], Awaitable[Document]]
) -> Response:
    node, place = request.state["node"], _place(request)
    try:
        async with node.database.reading(stale=True) as db:
            await _barred(request, db)
            return document(await answer(db, identifier(request.path_params["id"]), place))
    except Refused as error:
        return refusal(error)


async def replies(request: Request[State]) -> Response:
    """Replies to a post of ours."""
    return await _of_post(request, collections.replies)


async def likes(request: Request[State]) -> Response:
    """Who likes a post of ours."""
    return await _of_post(request, collections.likes)


async def shares(request: Request[State]) -> Response:
    """Who passed a post of ours on."""
    return await _of_post(request, collections.shares)


async def spread(request: Request[State]) -> Response:
    """What builds on a post of ours."""
    return await _of_post(request, lineage.spread)


async def affected(request: Request[State]) -> Response:
    """How many have the problem of a post of ours, too."""
    return await _of_post(request, lineage.affected)


routes = [
    Route("/users/{name}", by_accept(as2=actor, page=actor_page)),
    Route("/users/{name}/followers", followers),
    Route("/users/{name}/following", following),
    Route("/users/{name}/outbox", outbox),
    Route("/users/{name}/collections/featured", featured),
    Route("/users/{name}/collections/moderators", moderators),
    Route("/users/{name}/shared_measures", shared_measures),
    Route("/users/{name}/quote_authorizations/{id}", authorization),
    Route("/users/{name}/featured_collections", featured_collections),
    Route("/users/{name}/featured_collections/{token}", featured_collection),
    Route("/users/{name}/featured_collections/{token}/items/{id}", featured_item),
    Route("/users/{name}/feature_authorizations/{id}", feature_authorization),
    Route("/actor", node_actor),
    Route("/actor/outbox", node_outbox),
    Route("/@{acct}/{id}/activity", activity),
    Route("/@{acct}/{id}/replies", replies),
    Route("/@{acct}/{id}/likes", likes),
    Route("/@{acct}/{id}/shares", shares),
    Route("/@{acct}/{id}/spread", spread),
    Route("/@{acct}/{id}/affected", affected),
]
