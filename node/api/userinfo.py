"""Who a token speaks for, in the words of OpenID Connect Core 5.3: https://docs.joinmastodon.org/methods/oauth/#userinfo"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from node.api import auth, entities
from node.context import State
from storage import actors

NO_STORE = {"cache-control": "no-store"}


async def userinfo(request: Request[State]) -> Response:
    """The member's name, page and picture."""
    node = request.state["node"]
    async with node.database.reading() as db:
        caller = await auth.signed_in(request, db, "profile")
        actor = await actors.by_id(db, caller.id)
    shown = entities.account(actor, node.site.base_url)
    said = {
        "iss": f"{node.site.base_url}/",
        "sub": actor.uri,
        "name": actor.name or actor.handle,
        "preferred_username": actor.handle,
        "profile": shown["url"],
        "picture": shown["avatar"],
    }
    return JSONResponse(said, headers=NO_STORE)


routes = [Route("/oauth/userinfo", userinfo), Route("/oauth/userinfo", userinfo, methods=["POST"])]
