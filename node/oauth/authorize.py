"""A member lets an app act for them: the page, and the code it leads to.

RFC 6749 4.1, RFC 7636; https://docs.joinmastodon.org/methods/oauth/#authorize
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from node import pages, sessions
from node.context import State
from node.errors import Invalid
from node.middleware import POLICY
from node.oauth import scopes
from node.oauth.tokens import OUT_OF_BAND
from node.requests import flag, params, secret_hash, text
from node.texts import _
from node.words.vocabulary import grants
from storage import apps, tokens
from storage.apps import App
from storage.database import Missing

CODE_LIFE = 10 * 60 * 1000  # ms
STATE_LENGTH = 2_000
ASKED = ("client_id", "redirect_uri", "scope", "state", "code_challenge", "code_challenge_method")


@dataclass(frozen=True, slots=True)
class Asked:
    """What an app asks of a member."""

    app: App
    redirect_uri: str
    scopes: str
    state: str
    challenge: str


async def _asked(request: Request[State], values: Mapping[str, object]) -> Asked:
    """What is asked, once it is sure.

    Raises Invalid, which becomes a page and no redirect, even for errors that RFC 6749 4.1.2.1 would send back: anybody
    may register an address, so this node would redirect wherever a stranger wants (RFC 9700 4.11.2).
    """
    node = request.state["node"]
    async with node.database.reading() as db:
        try:
            app = await apps.by_client_id(db, text(values, "client_id"))
        except Missing as missing:
            raise Invalid(_("This app is not known here. Start again from the app.")) from missing
    registered: list[str] = json.loads(app.redirect_uris)
    redirect_uri = text(values, "redirect_uri") or (registered[0] if len(registered) == 1 else "")
    if redirect_uri not in registered:
        raise Invalid(_("The app asked to go back to an address that it never registered."))
    if text(values, "response_type", "code") != "code":
        raise Invalid(_("The app asked for something else than a code."))
    wanted = scopes.parse(text(values, "scope"))
    if not scopes.within(wanted, app.scopes):
        raise Invalid(_("The app asks for more than it registered for."))
    challenge, method = text(values, "code_challenge"), text(values, "code_challenge_method")
    if (challenge or method) and (method != "S256" or len(challenge) != 43):
        raise Invalid(_("The app's code challenge must be made with S256."))
    return Asked(app, redirect_uri, wanted, text(values, "state")[:STATE_LENGTH], challenge)


async def ask(request: Request[State]) -> Response:
    """The page that asks the member; sign-in comes first."""
    values = await params(request)
    asked = await _asked(request, values)
    me = await sessions.me(request)
    if me is None or (flag(values, "force_login") and not request.query_params.get("signed_in")):
        again = urlencode([*request.query_params.multi_items(), ("signed_in", "1")])
        target = f"/oauth/authorize?{again}"
        response = RedirectResponse(f"/sign-in?{urlencode({'next': target})}", 303)
        if me is not None:
            await sessions.end(request, response)
        return response
    place = "" if asked.redirect_uri == OUT_OF_BAND else urlsplit(asked.redirect_uri).netloc or asked.app.name
    hidden = [(name, text(values, name)) for name in ASKED]
    return pages.page(
        request,
        "consent.html",
        headers={"cache-control": "no-store", "content-security-policy": _policy(asked.redirect_uri)},
        me=me,
        app=asked.app,
        grants=grants(asked.scopes),
        hidden=[*hidden, ("proof", sessions.proof(request))],
        place=place,
        other=f"/oauth/authorize?{urlencode({**dict(hidden), 'response_type': 'code', 'force_login': 'true'})}",
    )


def _policy(redirect_uri: str) -> str:
    """The form leads back to the app: its origin, or its own scheme, must be allowed."""
    parts = urlsplit(redirect_uri)
    if redirect_uri == OUT_OF_BAND:
        return POLICY
    place = f"{parts.scheme}://{parts.netloc}" if parts.scheme in ("http", "https") else f"{parts.scheme}:"
    if any(c in place for c in " ;,'\"") or not place.isascii():
        return POLICY
    return POLICY.replace("form-action 'self'", f"form-action 'self' {place}")


async def decide(request: Request[State]) -> Response:
    """The member's answer."""
    node = request.state["node"]
    values = await params(request)
    asked = await _asked(request, values)
    me = await sessions.me(request)
    if me is None:
        return RedirectResponse("/sign-in", 303)
    sessions.check_proof(request, text(values, "proof"))
    if text(values, "decision") != "allow":
        return _back(request, asked, {"error": "access_denied", "error_description": "The member did not allow it."})
    code = secrets.token_urlsafe(32)
    async with node.database.writing() as db:
        await tokens.add_code(
            db,
            secret_hash(code),
            app_id=asked.app.id,
            member_id=me.id,
            redirect_uri=asked.redirect_uri,
            scopes=asked.scopes,
            challenge=asked.challenge,
            expires=node.clock() + CODE_LIFE,
        )
    if asked.redirect_uri == OUT_OF_BAND:
        return pages.page(request, "code.html", headers={"cache-control": "no-store"}, me=me, code=code)
    return _back(request, asked, {"code": code})


def _back(request: Request[State], asked: Asked, said: dict[str, str]) -> Response:
    if asked.redirect_uri == OUT_OF_BAND:
        return RedirectResponse("/", 303)
    if asked.state:
        said["state"] = asked.state
    joint = "&" if urlsplit(asked.redirect_uri).query else "?"
    issuer = {"iss": f"{request.state['node'].site.base_url}/"}  # RFC 9207
    location = f"{asked.redirect_uri}{joint}{urlencode({**said, **issuer})}"
    return Response(status_code=303, headers={"location": location, "cache-control": "no-store"})


routes = [
    Route("/oauth/authorize", ask),
    Route("/oauth/authorize", decide, methods=["POST"]),
]
