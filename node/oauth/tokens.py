"""Apps register, trade codes for tokens and give tokens back.

Every app has a secret. One that also sends a code challenge must show its verifier; older apps, which know nothing of
challenges, go on with their secret alone.

RFC 6749 (OAuth 2), RFC 7636 (PKCE), RFC 7009 (revocation), RFC 8414 (metadata);
https://docs.joinmastodon.org/methods/apps/ and https://docs.joinmastodon.org/methods/oauth/
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import secrets
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_plus, urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from node.context import State
from node.errors import Invalid, Unauthenticated
from node.oauth import scopes
from node.requests import bearer_of, params, secret_hash, text
from node.texts import _
from storage import apps, tokens
from storage.apps import App
from storage.database import Missing, Writing

OUT_OF_BAND = "urn:ietf:wg:oauth:2.0:oob"
NAME_LENGTH = 100
REDIRECTS = 10  # redirect URIs of one app
URI_LENGTH = 2_000
_URI = re.compile(rf"[!-~]{{1,{URI_LENGTH}}}")
FORBIDDEN_SCHEMES = frozenset({"javascript", "data", "vbscript", "file", "blob", "about", "mailto", "tel"})
NO_STORE = {"cache-control": "no-store", "pragma": "no-cache"}


class OAuthError(Exception):
    """An error as RFC 6749 5.2 words it."""

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        super().__init__(description)
        self.error, self.description, self.status = error, description, status


async def oauth_error(request: Request[Any], error: Exception) -> Response:
    """The JSON answer for an OAuthError."""
    if not isinstance(error, OAuthError):
        raise error
    headers = {**NO_STORE, "www-authenticate": 'Basic realm="apps"'} if error.status == 401 else NO_STORE
    return JSONResponse({"error": error.error, "error_description": error.description}, error.status, headers)


def redirect_uris(value: object) -> list[str]:
    """The redirect URIs of a registration: one a line, or a list. Raises Invalid."""
    lines = value.split() if isinstance(value, str) else value if isinstance(value, list) else []
    uris = [one for one in lines if isinstance(one, str) and one]
    if not uris or len(uris) > REDIRECTS:
        raise Invalid(
            _("redirect_uris must name 1 to %(most)s addresses.") % {"most": REDIRECTS}, field="redirect_uris"
        )
    for uri in uris:
        if uri != OUT_OF_BAND and not _fine(uri):
            raise Invalid(_("Redirect URI must be an absolute URI."), field="redirect_uris")
    return uris


def _fine(uri: str) -> bool:
    if not _URI.fullmatch(uri):
        return False
    try:
        parts = urlsplit(uri)
    except ValueError:
        return False
    if not parts.scheme or parts.fragment or parts.scheme in FORBIDDEN_SCHEMES:
        return False
    return bool(parts.netloc) if parts.scheme in ("http", "https") else True


async def register(request: Request[State]) -> Response:
    """Keep an app; the only time its secret is said."""
    node = request.state["node"]
    values = await params(request)
    name = text(values, "client_name").strip()
    if not name or len(name) > NAME_LENGTH:
        raise Invalid(_("client_name must have 1 to %(most)s characters.") % {"most": NAME_LENGTH}, field="client_name")
    website = text(values, "website").strip()
    if website and not website.startswith(("https://", "http://")):
        website = ""
    wanted = scopes.parse(text(values, "scopes"))
    uris = redirect_uris(values.get("redirect_uris"))
    client_id, secret = secrets.token_urlsafe(24), secrets.token_urlsafe(32)
    async with node.database.writing() as db:
        app = await apps.add(
            db, client_id=client_id, secret=secret_hash(secret), name=name, website=website[:URI_LENGTH],
            redirect_uris=json.dumps(uris), scopes=wanted, now=node.clock(),
        )  # fmt: skip
    said = {"client_id": client_id, "client_secret": secret, "client_secret_expires_at": 0}
    return JSONResponse({**_entity(app), **said, "vapid_key": node.vapid.public}, headers=NO_STORE)


def _entity(app: App) -> dict[str, Any]:
    uris = json.loads(app.redirect_uris)
    return {
        "id": str(app.id),
        "name": app.name,
        "website": app.website or None,
        "scopes": app.scopes.split(),
        "redirect_uri": "\n".join(uris),
        "redirect_uris": uris,
    }


async def verify(request: Request[State]) -> Response:
    """Which app a token belongs to."""
    node = request.state["node"]
    token = bearer_of(request)
    async with node.database.reading() as db:
        found = None if token is None else await tokens.bearer(db, secret_hash(token))
        if found is None or found.token.app_id is None:
            raise Unauthenticated("The access token is invalid")
        app = await apps.by_id(db, found.token.app_id)
    return JSONResponse({**_entity(app), "vapid_key": node.vapid.public})


async def token(request: Request[State]) -> Response:
    """Give a token for a code, or to the app itself."""
    node = request.state["node"]
    grant, client_id, secret, code, redirect_uri, verifier, scope = await _form(
        request, "grant_type", "client_id", "client_secret", "code", "redirect_uri", "code_verifier", "scope"
    )
    given: str | None = None
    async with node.database.writing() as db:
        app = await _app(db, client_id, secret)
        if grant == "authorization_code":
            traded = _Traded(code, redirect_uri, verifier)
            given, granted = await _for_code(db, app, traded, now=node.clock())
        elif grant == "client_credentials":
            given, granted = await _for_app(db, app, scope, now=node.clock())
        elif not grant:
            raise OAuthError("invalid_request", "grant_type is missing.")
        else:
            raise OAuthError("unsupported_grant_type", "Only authorization_code and client_credentials are served.")
    if given is None:  # the answer that a used code calls for came only after what it gave was taken back
        raise OAuthError("invalid_grant", "The authorization code was used before.")
    said = {"access_token": given, "token_type": "Bearer", "scope": granted, "created_at": node.clock() // 1000}
    return JSONResponse(said, headers=NO_STORE)


@dataclass(frozen=True, slots=True)
class _Traded:
    """What comes with a code."""

    code: str
    redirect_uri: str
    verifier: str


async def _form(request: Request[State], *names: str) -> list[str]:
    """These values of a request, client id and secret from HTTP Basic too (RFC 6749 2.3.1). Raises OAuthError."""
    try:
        values = await params(request)
        given = {name: text(values, name) for name in names}
        scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "basic" and not given["client_id"]:
            name, _, password = base64.b64decode(encoded, validate=True).decode().partition(":")
            basic = {"client_id": unquote_plus(name), "client_secret": unquote_plus(password)}
            given |= {part: text(basic, part) for part in basic}
    except ValueError as error:  # Invalid is one; what is no base64 or no UTF-8 raises others
        raise OAuthError("invalid_request", str(error) if isinstance(error, Invalid) else "Not HTTP Basic.") from error
    return [given[name] for name in names]


async def _app(db: Writing, client_id: str, secret: str) -> App:
    wrong = OAuthError("invalid_client", "Client authentication failed: unknown client or wrong secret.", 401)
    try:
        app = await apps.by_client_id(db, client_id)
    except Missing as missing:
        raise wrong from missing
    if not hmac.compare_digest(app.secret, secret_hash(secret)):
        raise wrong
    return app


async def _for_code(db: Writing, app: App, traded: _Traded, *, now: int) -> tuple[str | None, str]:
    """A token and its scopes; None for a code that was used before, whose token is taken back."""
    wrong = OAuthError("invalid_grant", "The authorization code is invalid, expired, or was made for another client.")
    found = await tokens.use_code(db, secret_hash(traded.code), now=now)
    if found is None:
        raise wrong
    code, first = found
    if not first:
        await tokens.revoke_of_code(db, code.id)
        return None, ""
    if code.app_id != app.id or code.expires < now:
        raise wrong
    # Some clients leave redirect_uri out where the app has only one.
    if traded.redirect_uri and traded.redirect_uri != code.redirect_uri:
        raise wrong
    if not traded.redirect_uri and len(json.loads(app.redirect_uris)) > 1:
        raise OAuthError("invalid_request", "redirect_uri is missing.")
    if not _proves(traded.verifier, code.challenge):
        raise OAuthError("invalid_grant", "The code verifier does not match the challenge.")
    given = secrets.token_urlsafe(32)
    await tokens.add(
        db, secret_hash(given), app_id=app.id, member_id=code.member_id, scopes=code.scopes, now=now, code_id=code.id
    )
    return given, code.scopes


def _proves(verifier: str, challenge: str) -> bool:
    """RFC 7636 4.6, S256 only. A verifier without a challenge is a downgrade and proves nothing (RFC 9700 2.1.1)."""
    if not challenge:
        return not verifier
    digest = hashlib.sha256(verifier.encode("utf-8", "surrogatepass")).digest()
    made = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    return hmac.compare_digest(made, challenge)


async def _for_app(db: Writing, app: App, wanted: str, *, now: int) -> tuple[str, str]:
    granted = wanted or app.scopes
    try:
        granted = scopes.parse(granted)
    except Invalid as error:
        raise OAuthError("invalid_scope", str(error)) from error
    if not scopes.within(granted, app.scopes):
        raise OAuthError("invalid_scope", "The requested scope was not registered by the app.")
    given = secrets.token_urlsafe(32)
    await tokens.add(db, secret_hash(given), app_id=app.id, member_id=None, scopes=granted, now=now)
    return given, granted


async def revoke(request: Request[State]) -> Response:
    """Take a token back; one that is unknown is as good as taken back (RFC 7009 2.2)."""
    node = request.state["node"]
    client_id, secret, given = await _form(request, "client_id", "client_secret", "token")
    if not given:
        raise OAuthError("invalid_request", "token is missing.")
    async with node.database.writing() as db:
        app = await _app(db, client_id, secret)
        await tokens.revoke(db, secret_hash(given), app_id=app.id)
    return JSONResponse({}, headers=NO_STORE)


async def metadata(request: Request[State]) -> Response:
    """RFC 8414."""
    base = request.state["node"].site.base_url
    return JSONResponse(
        {
            "issuer": f"{base}/",
            "authorization_endpoint": f"{base}/oauth/authorize",
            "token_endpoint": f"{base}/oauth/token",
            "revocation_endpoint": f"{base}/oauth/revoke",
            "userinfo_endpoint": f"{base}/oauth/userinfo",
            "app_registration_endpoint": f"{base}/api/v1/apps",
            "scopes_supported": sorted(scopes.KNOWN),
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "grant_types_supported": ["authorization_code", "client_credentials"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "code_challenge_methods_supported": ["S256"],
            "authorization_response_iss_parameter_supported": True,
            "service_documentation": f"{base}/about",
        },
        headers={"cache-control": "public, max-age=3600"},
    )


routes = [
    Route("/api/v1/apps", register, methods=["POST"]),
    Route("/api/v1/apps/verify_credentials", verify),
    Route("/oauth/token", token, methods=["POST"]),
    Route("/oauth/revoke", revoke, methods=["POST"]),
    Route("/.well-known/oauth-authorization-server", metadata),
]
