"""Sign in, by password or passkey, and out. See ``second_step`` for what follows a password."""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from node import pages, sessions
from node.connecting import entering, passkeys, second_step
from node.connecting.members import note_visit
from node.context import State
from node.errors import Leaving, NotAllowed, TooMany, Unauthenticated, Unconfirmed
from node.middleware import SCRIPTED
from node.requests import address_of, flag, params, secret_hash, text
from node.texts import _
from node.web.paths import inside
from storage import joined, members, sign_ins
from storage.actors import Actor

NO_STORE = {"cache-control": "no-store"}
KEYED = {"content-security-policy": SCRIPTED}  # of a page whose script asks the browser for a passkey
ON_THE_WAY = 10 * 60 * 1000  # ms from a right password to the second step


async def form(request: Request[State]) -> Response:
    """The page to sign in."""
    target = inside(request.query_params.get("next", "/"))
    if await sessions.me(request) is not None:
        return RedirectResponse(target, 303)
    return _page(request, target, happened=_happened(request.query_params.get("said", "")), headers=NO_STORE)


def _page(
    request: Request[State], target: str, *, status: int = 200, headers: Mapping[str, str] | None = None,
    login: str = "", wrong: str = "", unconfirmed: str = "", happened: str = "",
) -> Response:  # fmt: skip
    keyed = passkeys.place(request.state["node"].site.base_url) is not None
    return pages.page(
        request, "sign_in.html", status=status, headers={**(headers or {}), **(KEYED if keyed else {})}, next=target,
        login=login, wrong=wrong, unconfirmed=unconfirmed, happened=happened, keyed=keyed,
    )  # fmt: skip


def _happened(name: str) -> str:
    """What led to this page."""
    return {
        "confirmed": _("Your address is confirmed. Sign in to begin."),
        "leaving": _(
            "Your account is hidden, and you are signed out everywhere. To keep it after all, sign in within 7 days."
        ),
        "changed": _("Your password is changed, and every browser and app is signed out. Sign in with the new one."),
        "over": _("That took too long. Sign in again."),
    }.get(name, "")


async def submit(request: Request[State]) -> Response:
    """Sign in, or go on to the second step."""
    node = request.state["node"]
    sessions.check_origin(request)
    values = await params(request)
    login, target = text(values, "login").strip(), inside(text(values, "next", "/"))
    try:
        actor = await entering.sign_in(node, login, text(values, "password"), address=address_of(request))
    except Unconfirmed as error:
        return _page(request, target, status=422, login=login, unconfirmed=str(error))
    except Unauthenticated:
        return _page(request, target, status=422, login=login, wrong=_("E-mail address or password is wrong."))
    except Leaving as error:
        return RedirectResponse(f"/keep/{error.token}", 303)
    except NotAllowed as error:
        return _page(request, target, status=422, login=login, wrong=str(error))
    except TooMany as error:
        return _page(request, target, status=429, login=login, wrong=wait(error))
    return await admit(request, actor, target, own_device=flag(values, "own_device"))


async def admit(request: Request[State], actor: Actor, target: str, *, own_device: bool) -> Response:
    """Go on with somebody who knows the password: in, or to the second step if they have one."""
    async with request.state["node"].database.reading() as db:
        asked = await second_step.asked(db, actor.id)
    if asked:
        return await _go_on(request, actor, target, own_device=own_device)
    return await enter(request, actor, target, own_device=own_device)


def wait(error: TooMany) -> str:
    """What somebody is told who tried too often."""
    return _("Too many tries. Wait %s minutes and try again.") % -(-error.after // 60)


async def _go_on(request: Request[State], actor: Actor, target: str, *, own_device: bool) -> Response:
    """To the second step, which this browser alone can take."""
    node, cookie = request.state["node"], secrets.token_urlsafe(32)
    now = node.clock()
    async with node.database.writing() as db:
        await sign_ins.add(
            db, secret_hash(cookie), member_id=actor.id, own_device=own_device, target=target, now=now,
            expires=now + ON_THE_WAY,
        )  # fmt: skip
    response = RedirectResponse("/sign-in/second", 303)
    sessions.set_out(request, response, cookie, seconds=ON_THE_WAY // 1000)
    return response


async def enter(request: Request[State], actor: Actor, target: str, *, own_device: bool) -> Response:
    """Sign a browser in whose user showed who they are, and go on."""
    node = request.state["node"]
    async with node.database.writing() as db:
        if target == "/" and await joined.welcome(db, actor.id, now=node.clock()):
            target = "/welcome"
        member = await members.by_id(db, actor.id)
    await note_visit(node, member)
    response = RedirectResponse(target, 303)
    await sessions.begin(request, response, actor, own_device=own_device)
    return response


async def offer(request: Request[State]) -> Response:
    """What the browser's passkey is to sign."""
    sessions.check_origin(request)
    cookie = secrets.token_urlsafe(32)
    try:
        said = await passkeys.to_sign_in(request.state["node"], secret_hash(cookie), address=address_of(request))
    except TooMany as error:
        return JSONResponse({"error": wait(error)}, 429)
    response = Response(said, headers=NO_STORE, media_type="application/json")
    sessions.set_out(request, response, cookie, seconds=ON_THE_WAY // 1000)
    return response


async def with_passkey(request: Request[State]) -> Response:
    """Sign in with a passkey alone."""
    node = request.state["node"]
    sessions.check_origin(request)
    values = await params(request)
    target, holder = inside(text(values, "next", "/")), sessions.on_the_way(request)
    try:
        actor = await passkeys.sign_in(node, holder or b"", text(values, "credential"))
    except Unauthenticated:
        wrong = _("This passkey does not sign you in here. Use your password.")
        return _page(request, target, status=422, wrong=wrong)
    except Leaving as error:
        return RedirectResponse(f"/keep/{error.token}", 303)
    except NotAllowed as error:
        return _page(request, target, status=422, wrong=str(error))
    response = await enter(request, actor, target, own_device=flag(values, "own_device"))
    sessions.arrive(request, response)
    return response


async def leaving(request: Request[State]) -> Response:
    """The page to sign out."""
    me = await sessions.me(request)
    return pages.page(request, "sign_out.html", headers=NO_STORE, me=me)


async def leave(request: Request[State]) -> Response:
    """Sign out."""
    sessions.check_proof(request, text(await params(request), "proof"))
    response = RedirectResponse("/sign-out", 303)
    await sessions.end(request, response)
    return response


routes = [
    Route("/sign-in", form),
    Route("/sign-in", submit, methods=["POST"]),
    Route("/sign-in/passkey/options", offer, methods=["POST"]),
    Route("/sign-in/passkey", with_passkey, methods=["POST"]),
    Route("/sign-out", leaving),
    Route("/sign-out", leave, methods=["POST"]),
]
