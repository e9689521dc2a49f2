"""What a node says of itself beside /api/v2/instance: https://docs.joinmastodon.org/methods/instance/

Open to everybody, as the page "about" is. Lists that are empty here are empty: there are no announcements, and nothing
is translated.
"""

from __future__ import annotations

from html import escape

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from node.api import auth
from node.api.instance import HEADERS, rules
from node.context import State
from storage import peers

KNOWN = 10_000  # servers that are named
PAGE = 1_000


async def names(request: Request[State]) -> Response:
    """The servers this node has met, except those it does not talk to."""
    found: list[str] = []
    async with request.state["node"].database.reading(stale=True) as db:
        while len(found) < KNOWN:
            after = found[-1] if found else ""
            page = await peers.hosts(db, after=after, limit=PAGE)
            found += [one.host for one in page]
            if len(page) < PAGE:
                break
        refused = {host for host, policy in (await peers.policies(db)).items() if policy is peers.Policy.SUSPENDED}
    return JSONResponse([one for one in found if one not in refused], headers=HEADERS)


async def description(request: Request[State]) -> Response:
    """What the operator wrote about this node."""
    written = request.state["node"].config.description
    shown = f"<p>{escape(written)}</p>" if written else ""
    return JSONResponse({"updated_at": None, "content": shown}, headers=HEADERS)


async def listed_rules(request: Request[State]) -> Response:
    """What members agreed to when they joined."""
    return JSONResponse(rules(request.state["node"]), headers=HEADERS)


async def none(request: Request[State]) -> Response:
    """A list of which there is nothing here."""
    return JSONResponse([], headers=HEADERS)


async def announcements(request: Request[State]) -> Response:
    """What the operator announces to members: nothing yet."""
    async with request.state["node"].database.reading() as db:
        await auth.signed_in(request, db, "read")
    return JSONResponse([])


async def translations(request: Request[State]) -> Response:
    """Which languages are translated into which."""
    return JSONResponse({}, headers=HEADERS)


routes = [
    Route("/api/v1/instance/peers", names),
    Route("/api/v1/instance/extended_description", description),
    Route("/api/v1/instance/rules", listed_rules),
    Route("/api/v1/instance/translation_languages", translations),
    Route("/api/v1/announcements", announcements),
]
