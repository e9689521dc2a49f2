"""The doors that are knocked on first: WebFinger, host-meta, NodeInfo, robots.txt, security.txt; and health."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib.metadata import version

import orjson
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from federation.answers import wellknown
from federation.answers.wellknown import Numbers
from federation.errors import Refused
from node.context import State
from storage import actors, members, posts
from storage.database import Busy, Missing, Unavailable

DAY = 24 * 60 * 60 * 1000  # ms
CACHED = {"cache-control": "public, max-age=600"}
ROBOTS = "User-agent: *\nDisallow: /api/\nDisallow: /oauth/\nDisallow: /sign-in\nDisallow: /search\n"


async def webfinger(request: Request[State]) -> Response:
    """Who is called so (RFC 7033)."""
    node = request.state["node"]
    asked = request.query_params.getlist("resource")
    if len(asked) != 1:
        return JSONResponse({"error": "Name one resource."}, 400)
    try:
        rels = request.query_params.getlist("rel")
        found = await node.database.read(lambda db: wellknown.webfinger(db, node.site, asked[0], rels))
    except Refused as error:
        return JSONResponse({"error": str(error)}, error.status)
    return Response(orjson.dumps(found), headers=CACHED, media_type="application/jrd+json")


async def host_meta(request: Request[State]) -> Response:
    """Where WebFinger is asked (RFC 6415)."""
    text = wellknown.host_meta(request.state["node"].site)
    return Response(text, headers=CACHED, media_type="application/xrd+xml; charset=utf-8")


async def host_meta_json(request: Request[State]) -> Response:
    """The same as JSON."""
    return JSONResponse(wellknown.host_meta_json(request.state["node"].site), headers=CACHED)


async def nodeinfo_links(request: Request[State]) -> Response:
    """Where NodeInfo is."""
    return JSONResponse(wellknown.nodeinfo_links(request.state["node"].site), headers=CACHED)


async def nodeinfo(request: Request[State]) -> Response:
    """What this node is (NodeInfo 2.0 and 2.1). Raises Missing for other versions."""
    node, asked = request.state["node"], request.path_params["version"]
    if asked not in wellknown.VERSIONS:
        raise Missing(asked)
    now = node.clock()
    async with node.database.reading(stale=True) as db:
        numbers = Numbers(
            accounts=await actors.count_here(db),
            active_month=await members.count_active(db, since=now - 30 * DAY),
            active_half_year=await members.count_active(db, since=now - 180 * DAY),
            posts=await posts.count_here(db),
        )
    said = wellknown.nodeinfo(
        asked,
        software=version("sharewell"),
        name=node.config.name,
        description=node.config.description,
        numbers=numbers,
        registrations=node.config.registration.public,
    )
    kind = f'application/json; profile="{wellknown.SCHEMA}/{asked}#"; charset=utf-8'
    return Response(orjson.dumps(said), headers=CACHED, media_type=kind)


async def robots(request: Request[State]) -> Response:
    """What crawlers should leave alone, and where what they may index is listed; each page says so, too."""
    sitemap = f"Sitemap: {request.state['node'].site.base_url}/sitemap.xml\n"
    return PlainTextResponse(ROBOTS + sitemap, headers=CACHED)


async def security(request: Request[State]) -> Response:
    """Whom to tell of a weakness (RFC 9116). Raises Missing when the operator named nobody."""
    node = request.state["node"]
    if not node.config.contact:
        raise Missing("contact")
    expires = datetime.fromtimestamp((node.clock() + 365 * DAY) / 1000, UTC).strftime("%Y-%m-%dT00:00:00Z")
    return PlainTextResponse(f"Contact: mailto:{node.config.contact}\nExpires: {expires}\n", headers=CACHED)


async def live(request: Request[State]) -> Response:
    """The process answers."""
    return PlainTextResponse("ok\n")


async def ready(request: Request[State]) -> Response:
    """The database answers too."""
    try:
        async with request.state["node"].database.reading() as db:
            await db.row("SELECT 1 AS yes")
    except (Busy, Unavailable):
        return PlainTextResponse("the database does not answer\n", 503)
    return PlainTextResponse("ok\n")


routes = [
    Route("/.well-known/webfinger", webfinger),
    Route("/.well-known/host-meta", host_meta),
    Route("/.well-known/host-meta.json", host_meta_json),
    Route("/.well-known/nodeinfo", nodeinfo_links),
    Route("/.well-known/security.txt", security),
    Route("/nodeinfo/{version}", nodeinfo),
    Route("/robots.txt", robots),
    Route("/livez", live),
    Route("/readyz", ready),
]
