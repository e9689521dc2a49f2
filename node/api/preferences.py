"""/api/v1/preferences and /api/v1/custom_emojis.

https://docs.joinmastodon.org/methods/preferences/, https://docs.joinmastodon.org/methods/custom_emojis/
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from node.api import auth, entities
from node.context import State
from storage import emojis


async def preferences(request: Request[State]) -> Response:
    """What new posts of the member are unless they say otherwise; how apps show media is left to the apps."""
    node = request.state["node"]
    async with node.database.reading() as db:
        caller = await auth.signed_in(request, db, "read:accounts")
    return JSONResponse(entities.preferences(caller.member))


async def custom_emojis(request: Request[State]) -> Response:
    """The emoji that members of this node can write."""
    async with request.state["node"].database.reading(stale=True) as db:
        found = await emojis.everything(db)
    return JSONResponse([entities.own_emoji(one) for one in found], headers={"cache-control": "public, max-age=60"})


routes = [
    Route("/api/v1/preferences", preferences),
    Route("/api/v1/custom_emojis", custom_emojis),
]
