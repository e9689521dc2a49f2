"""Settings: the apps that may act for a member, and the browsers they are signed in with."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from node import sessions as browsers
from node.context import State
from node.requests import flag, identifier, text
from node.web.members import acting, reading
from node.web.paths import saying
from node.web.settings import section
from node.words.vocabulary import browser, grants
from storage import sessions, tokens
from storage.database import Missing


async def apps(request: Request[State]) -> Response:
    """Which apps may do what."""
    me = await reading(request)
    async with request.state["node"].database.reading() as db:
        found = await tokens.grants(db, me.id)
    return section(request, "apps", me=me, apps=[(one, grants(one.scopes)) for one in found])


async def revoke(request: Request[State]) -> Response:
    """Take back what an app may do; its streams end when they are next looked at. Raises Missing."""
    node = request.state["node"]
    me, values = await acting(request)
    app = text(values, "app")
    async with node.database.writing() as db:
        if not await tokens.revoke_of_app(db, me.id, identifier(app) if app else None):
            raise Missing(app)
    return RedirectResponse(saying("/settings/apps", "revoked"), 303)


async def signed_in(request: Request[State]) -> Response:
    """Which browsers are signed in."""
    node = request.state["node"]
    me = await reading(request)
    async with node.database.reading() as db:
        found = await sessions.of(db, me.id, browsers.cookie_hash(request), now=node.clock())
    shown = [(one, this, browser(one.agent)) for one, this in found]
    return section(request, "sessions", me=me, browsers=shown)


async def end(request: Request[State]) -> Response:
    """Sign out one browser. Raises Missing."""
    me, values = await acting(request)
    async with request.state["node"].database.writing() as db:
        if not await sessions.end_one(db, identifier(text(values, "session")), member_id=me.id):
            raise Missing("session")
    return RedirectResponse(saying("/settings/sessions", "ended"), 303)


async def end_others(request: Request[State]) -> Response:
    """Sign out every browser but this one; and every app, if that is asked for."""
    me, values = await acting(request)
    too = flag(values, "apps")
    async with request.state["node"].database.writing() as db:
        await sessions.end_others(db, me.id, browsers.cookie_hash(request))
        if too:
            await tokens.revoke_all_of(db, me.id)
    return RedirectResponse(saying("/settings/sessions", "ended-all-apps" if too else "ended-all"), 303)


routes = [
    Route("/settings/apps", apps),
    Route("/settings/apps/revoke", revoke, methods=["POST"]),
    Route("/settings/sessions", signed_in),
    Route("/settings/sessions/end", end, methods=["POST"]),
    Route("/settings/sessions/end-others", end_others, methods=["POST"]),
]
