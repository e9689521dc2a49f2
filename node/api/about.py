"""What a node says of itself beside /api/v2/instance: https://docs.joinmastodon.org/methods/instance/

Open to everybody, as the page "about" is. Lists that are empty here are empty: nothing is translated.
"""

from __future__ import annotations

import asyncio
import hashlib
from html import escape
from pathlib import Path

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from node import text as texts
from node.api import auth, entities
from node.api.instance import HEADERS, rules
from node.context import State
from storage import activity as counting
from storage import peers
from storage.database import Missing

KNOWN = 10_000  # servers that are named
PAGE = 1_000
WEEKS = 12


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


async def translations(request: Request[State]) -> Response:
    """Which languages are translated into which."""
    return JSONResponse({}, headers=HEADERS)


async def activity(request: Request[State]) -> Response:
    """How busy the last weeks were. Posts are those that everybody may read."""
    node = request.state["node"]
    async with node.database.reading(stale=True) as db:
        weeks = await counting.newest(db, now=node.clock(), weeks=WEEKS)
    shown = [
        {
            "week": str(one.start // 1000),
            "statuses": str(one.posts),
            "logins": str(one.logins),
            "registrations": str(one.joined),
        }
        for one in weeks
    ]
    return JSONResponse(shown, headers={"cache-control": "public, max-age=3600"})


async def domain_blocks(request: Request[State]) -> Response:
    """The servers this node refuses or does not list, for whom the operator lets read them. Raises Missing."""
    node = request.state["node"]
    readers = node.config.about.blocked_servers
    async with node.database.reading() as db:
        if readers == "nobody":
            raise Missing("domain blocks")
        if readers == "members":
            await auth.signed_in(request, db, "read")
        found = await peers.policies(db)
    return JSONResponse(
        [
            {
                "domain": host,
                "digest": hashlib.sha256(host.encode()).hexdigest(),
                "severity": "suspend" if policy is peers.Policy.SUSPENDED else "silence",
                "comment": None,
            }
            for host, policy in sorted(found.items())
        ]
    )


async def _written(place: str) -> tuple[str, int]:
    """A text file of the operator as HTML, and when it was changed last. Raises Missing where there is none."""
    if not place:
        raise Missing("text")
    try:
        words = await asyncio.to_thread(Path(place).read_text, encoding="utf-8")
        changed = (await asyncio.to_thread(Path(place).stat)).st_mtime_ns // 1_000_000
    except (OSError, UnicodeDecodeError) as error:
        raise Missing(place) from error
    return texts.html(texts.clean(words), mentioned={}, base_url=""), changed


async def privacy_policy(request: Request[State]) -> Response:
    """What the operator does with what members and readers leave. Raises Missing."""
    content, changed = await _written(request.state["node"].config.about.privacy_policy)
    return JSONResponse({"updated_at": entities.time(changed), "content": content}, headers=HEADERS)


async def terms(request: Request[State]) -> Response:
    """The terms that are in force, or those of the date of the path. Raises Missing for any other."""
    about = request.state["node"].config.about
    if request.path_params.get("date", about.terms_date) != about.terms_date:
        raise Missing("terms")
    content, _changed = await _written(about.terms)
    today = entities.time(request.state["node"].clock())[:10]
    said = {"effective_date": about.terms_date, "effective": about.terms_date <= today, "content": content}
    return JSONResponse({**said, "succeeded_by": None}, headers=HEADERS)


async def health(request: Request[State]) -> Response:
    """That the node answers: in JSON for who asks for that, else in the one word that older apps read."""
    if "json" in request.headers.get("accept", ""):
        return JSONResponse({"status": "OK"}, headers={"vary": "Accept"})
    return PlainTextResponse("OK", headers={"vary": "Accept"})


routes = [
    Route("/api/v1/instance/activity", activity),
    Route("/api/v1/instance/domain_blocks", domain_blocks),
    Route("/api/v1/instance/privacy_policy", privacy_policy),
    Route("/api/v1/instance/terms_of_service", terms),
    Route("/api/v1/instance/terms_of_service/{date}", terms),
    Route("/health", health),
    Route("/api/v1/instance/peers", names),
    Route("/api/v1/instance/extended_description", description),
    Route("/api/v1/instance/rules", listed_rules),
    Route("/api/v1/instance/translation_languages", translations),
]
