"""Sign in and out."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from node import pages, sessions
from node.connecting import entering
from node.context import State
from node.errors import NotAllowed, TooMany, Unauthenticated, Unconfirmed
from node.requests import address_of, flag, params, text
from node.texts import _
from node.web.paths import inside
from storage import joined

NO_STORE = {"cache-control": "no-store"}


async def form(request: Request[State]) -> Response:
    """The page to sign in."""
    target = inside(request.query_params.get("next", "/"))
    if await sessions.me(request) is not None:
        return RedirectResponse(target, 303)
    news = _said(request.query_params.get("said", ""))
    return pages.page(
        request, "sign_in.html", headers=NO_STORE, next=target, login="", wrong="", unconfirmed="", news=news
    )  # fmt: skip


def _said(name: str) -> str:
    """What led to this page."""
    return {
        "confirmed": _("Your address is confirmed. Sign in to begin."),
        "changed": _("Your password is changed, and every browser and app is signed out. Sign in with the new one."),
    }.get(name, "")


async def submit(request: Request[State]) -> Response:
    """Sign in."""
    node = request.state["node"]
    sessions.check_origin(request)
    values = await params(request)
    login, target = text(values, "login").strip(), inside(text(values, "next", "/"))
    try:
        actor = await entering.sign_in(node, login, text(values, "password"), address=address_of(request))
    except Unconfirmed as error:
        return _again(request, login, target, "", 422, unconfirmed=str(error))
    except Unauthenticated:
        return _again(request, login, target, _("E-mail address or password is wrong."), 422)
    except NotAllowed as error:
        return _again(request, login, target, str(error), 422)
    except TooMany as error:
        minutes = -(-error.after // 60)
        return _again(request, login, target, _("Too many tries. Wait %s minutes and try again.") % minutes, 429)
    if target == "/":
        async with node.database.writing() as db:
            target = "/welcome" if await joined.welcome(db, actor.id, now=node.clock()) else target
    response = RedirectResponse(target, 303)
    await sessions.begin(request, response, actor, own_device=flag(values, "own_device"))
    return response


def _again(
    request: Request[State], login: str, target: str, wrong: str, status: int, *, unconfirmed: str = ""
) -> Response:
    return pages.page(
        request, "sign_in.html", status=status, next=target, login=login, wrong=wrong, unconfirmed=unconfirmed, news=""
    )  # fmt: skip


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
    Route("/sign-out", leaving),
    Route("/sign-out", leave, methods=["POST"]),
]
