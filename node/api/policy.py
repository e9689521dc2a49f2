"""/api/v2/notifications/policy and requests: https://docs.joinmastodon.org/methods/notifications/#get-policy

This node tells a member everything; what would hold notifications back is not built, and is refused by name. So there
is nothing that waits to be let through.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from node.api import auth, paging
from node.context import State
from node.errors import Invalid
from node.requests import params, text
from node.texts import _

ACCEPT = "accept"
KNOWN = ("accept", "filter", "drop")
RULES = (
    "for_not_following",
    "for_not_followers",
    "for_new_accounts",
    "for_private_mentions",
    "for_limited_accounts",
    "for_bots",
)
POLICY = {
    **dict.fromkeys(RULES, ACCEPT),
    "summary": {"pending_requests_count": 0, "pending_notifications_count": 0},
}


async def show(request: Request[State]) -> Response:
    """What the member is told of: all."""
    async with request.state["node"].database.reading() as db:
        await auth.signed_in(request, db, "read:notifications")
    return JSONResponse(POLICY)


async def change(request: Request[State]) -> Response:
    """Take what is so already. Raises Invalid for what would hold something back."""
    values = await params(request)
    async with request.state["node"].database.reading() as db:
        await auth.signed_in(request, db, "write:notifications")
    for rule in RULES:
        said = text(values, rule, ACCEPT)
        if said not in KNOWN:
            raise Invalid(_("Choose one of: accept, filter, drop."), field=rule)
        if said != ACCEPT:
            raise Invalid(_("This node cannot hold notifications back yet."), field=rule)
    return JSONResponse(POLICY)


async def requests(request: Request[State]) -> Response:
    """Notifications that were held back: none."""
    async with request.state["node"].database.reading() as db:
        await auth.signed_in(request, db, "read:notifications")
    return paging.array([])


async def merged(request: Request[State]) -> Response:
    """Whether everything that was let through is in the list by now."""
    async with request.state["node"].database.reading() as db:
        await auth.signed_in(request, db, "read:notifications")
    return JSONResponse({"merged": True})


routes = [
    Route("/api/v2/notifications/policy", show),
    Route("/api/v2/notifications/policy", change, methods=["PATCH", "PUT"]),  # masto.js says PUT
    Route("/api/v1/notifications/requests", requests),
    Route("/api/v1/notifications/requests/merged", merged),
]
