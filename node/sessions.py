"""Browsers that a member signed in with: the cookie, and proof that a form is ours."""

from __future__ import annotations

import base64
import hmac
import secrets
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from node.connecting import members
from node.context import Node
from node.errors import NotAllowed
from node.requests import secret_hash
from node.texts import _
from storage import sessions
from storage.actors import Actor
from storage.members import Member

COOKIE = "sharewell_session"
ON_THE_WAY = "sharewell_entering"  # of a browser that is about to sign in
PROOF = 16  # bytes of the proof that a form carries
AGENT = 200  # characters of a browser's name that are kept


def _secure(request: Request[Any]) -> bool:
    node: Node = request.state["node"]
    return node.site.base_url.startswith("https://")


def _name(request: Request[Any], cookie: str = COOKIE) -> str:
    """The cookie's name.

    With https no neighbouring host can set it (__Host-, RFC 6265bis 4.1.3.2). Nodes on several ports of one host
    would sign one another out without the port (RFC 6265 8.5).
    """
    node: Node = request.state["node"]
    port = node.site.base_url.partition("://")[2].rpartition("]")[2].partition(":")[2]
    return f"{'__Host-' if _secure(request) else ''}{cookie}{f'_{port}' if port else ''}"


def _cookie(request: Request[Any]) -> str:
    return request.cookies.get(_name(request), "")


async def current(request: Request[Any]) -> tuple[Member, Actor] | None:
    """Who is signed in with this browser."""
    cookie = _cookie(request)
    if not cookie:
        return None
    node: Node = request.state["node"]
    now = node.clock()
    async with node.database.reading() as db:
        found = await sessions.current(db, secret_hash(cookie), now=now)
    if found is None:
        return None
    session, member, actor = found
    if session.seen < now - sessions.TOUCH:
        async with node.database.writing() as db:
            await sessions.touch(db, session.id, now=now)
        await members.note_visit(node, member)
    return member, actor


async def me(request: Request[Any]) -> Actor | None:
    """The actor who is signed in with this browser."""
    found = await current(request)
    return None if found is None else found[1]


def cookie_hash(request: Request[Any]) -> bytes:
    """What is kept of this browser's cookie."""
    return secret_hash(_cookie(request))


async def begin(request: Request[Any], response: Response, actor: Actor, *, own_device: bool) -> None:
    """Sign the browser in: always a new cookie, so that one planted before is worth nothing."""
    node: Node = request.state["node"]
    cookie = secrets.token_urlsafe(32)
    async with node.database.writing() as db:
        await sessions.end(db, secret_hash(_cookie(request)))
        await sessions.add(
            db,
            secret_hash(cookie),
            member_id=actor.id,
            own_device=own_device,
            agent=request.headers.get("user-agent", "")[:AGENT],
            now=node.clock(),
        )
    response.set_cookie(
        _name(request),
        cookie,
        max_age=sessions.OWN_DEVICE // 1000 if own_device else None,
        httponly=True,
        samesite="lax",
        secure=_secure(request),
    )


async def end(request: Request[Any], response: Response) -> None:
    """Sign the browser out."""
    node: Node = request.state["node"]
    async with node.database.writing() as db:
        await sessions.end(db, secret_hash(_cookie(request)))
    response.delete_cookie(_name(request), httponly=True, samesite="lax", secure=_secure(request))


def on_the_way(request: Request[Any]) -> bytes | None:
    """What is kept of the cookie of a browser that is about to sign in; None when it has none."""
    cookie = request.cookies.get(_name(request, ON_THE_WAY), "")
    return secret_hash(cookie) if cookie else None


def set_out(request: Request[Any], response: Response, cookie: str, *, seconds: int) -> None:
    """Give the browser a new cookie for its way in."""
    response.set_cookie(
        _name(request, ON_THE_WAY), cookie, max_age=seconds, httponly=True, samesite="lax", secure=_secure(request)
    )


def arrive(request: Request[Any], response: Response) -> None:
    """Take that cookie back."""
    response.delete_cookie(_name(request, ON_THE_WAY), httponly=True, samesite="lax", secure=_secure(request))


def proof(request: Request[Any]) -> str:
    """What a form of this session carries, and no other site can know. Never the same twice: pages are compressed, and
    a length must not tell what is in them (BREACH, https://breachattack.com)."""
    mask = secrets.token_bytes(PROOF)
    return base64.urlsafe_b64encode(mask + _xor(mask, _proof(request))).decode().rstrip("=")


def check_proof(request: Request[Any], given: str) -> None:
    """Raises NotAllowed when a form did not come from a page of this session."""
    try:
        known = base64.b64decode(given + "=" * (-len(given) % 4), altchars=b"-_", validate=True)
    except ValueError:
        known = b""
    mask, masked = known[:PROOF], known[PROOF:]
    if len(masked) != PROOF or not hmac.compare_digest(_xor(mask, masked), _proof(request)):
        raise NotAllowed(_("This form is out of date. Go back, load the page again and repeat it."))


def _proof(request: Request[Any]) -> bytes:
    return hmac.digest(_cookie(request).encode(), b"form", "sha256")[:PROOF]


def _xor(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))


def check_origin(request: Request[Any]) -> None:
    """Raises NotAllowed when another site sent the form (sign-in has no session that could prove it)."""
    node: Node = request.state["node"]
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    if site in ("cross-site", "same-site") or (origin not in (None, "null") and origin != node.site.base_url):
        raise NotAllowed(_("This form came from another site."))


async def anybody(request: Request[Any], proof: str) -> Actor | None:
    """Who sent a form that needs no account; None: who is not signed in. Raises NotAllowed when it is not ours."""
    found = await me(request)
    if found is None:
        check_origin(request)
    else:
        check_proof(request, proof)
    return found
