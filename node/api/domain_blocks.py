"""/api/v1/domain_blocks: https://docs.joinmastodon.org/methods/domain_blocks/"""

from __future__ import annotations

import orjson
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from node.api import auth, paging
from node.connecting import domains
from node.context import State
from node.requests import params, text
from node.surfacing.surface import Told, announce
from storage import actors, domain_blocks
from storage.actors import Actor
from storage.database import Writing
from storage.retrying import retrying

MOST = 200


async def blocked(request: Request[State]) -> Response:
    """Which servers the member blocks."""
    node = request.state["node"]
    page = paging.page(request.query_params, default=100, most=MOST)
    async with node.database.reading() as db:
        caller = await auth.signed_in(request, db, "read:blocks")
        found = await domain_blocks.newest(db, caller.id, page)
    links = paging.links(request, page, [place for place, _ in found])
    return paging.array([orjson.dumps(domain) for _, domain in found], links)


async def block(request: Request[State]) -> Response:
    """Block a server; follows both ways end."""
    node = request.state["node"]
    values = await params(request)

    async def begin(db: Writing) -> tuple[Actor, str]:
        caller = await auth.signed_in(request, db, "write:blocks")
        domain = domains.named(node, text(values, "domain"))
        member = await actors.by_id(db, caller.id)
        await domains.block(db, member, domain)
        return member, domain

    member, domain = await retrying(node.database, begin, keyed=True)

    async def go_on(db: Writing) -> tuple[bool, list[Told]]:
        return await domains.end_some(db, node, member, domain)

    more = True
    while more:
        more, told = await retrying(node.database, go_on, keyed=True)
        announce(node, told)
    return JSONResponse({})


async def unblock(request: Request[State]) -> Response:
    """Block it no longer."""
    node = request.state["node"]
    values = await params(request)

    async def work(db: Writing) -> None:
        caller = await auth.signed_in(request, db, "write:blocks")
        await domain_blocks.remove(db, member_id=caller.id, domain=domains.named(node, text(values, "domain")))

    await retrying(node.database, work, keyed=True)
    return JSONResponse({})


routes = [
    Route("/api/v1/domain_blocks", blocked, methods=["GET"]),
    Route("/api/v1/domain_blocks", block, methods=["POST"]),
    Route("/api/v1/domain_blocks", unblock, methods=["DELETE"]),
]
