"""Sign in and out."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from node import pages, sessions
from node.connecting import members as use
from node.context import State
from node.errors import NotAllowed, TooMany, Unauthenticated
from node.requests import flag, params, text
from node.texts import _
from node.web.paths import inside


async def form(request: Request[State]) -> Response:
    """The page to sign in."""
    target = inside(request.query_params.get("next", "/"))
    if await sessions.me(request) is not None:
        return RedirectResponse(target, 303)
    return pages.page(request, "sign_in.html", headers={"cache-control": "no-store"}, next=target, login="", wrong="")


async def submit(request: Request[State]) -> Response:
    """Sign in."""
    node = request.state["node"]
    sessions.check_origin(request)
    values = await params(request)
    login, target = text(values, "login").strip(), inside(text(values, "next", "/"))
    address = request.client.host if request.client is not None else ""
    try:
        actor = await use.sign_in(node, login, text(values, "password"), address=address)
    except Unauthenticated:
        return _again(request, login, target, _("E-mail address or password is wrong."), 422)
    except NotAllowed as error:
        return _again(request, login, target, str(error), 422)
    except TooMany as error:
        minutes = -(-error.after // 60)
        return _again(request, login, target, _("Too many tries. Wait %s minutes and try again.") % minutes, 429)
    response = RedirectResponse(target, 303)
    await sessions.begin(request, response, actor, own_device=flag(values, "own_device"))
    return response


def _again(request: Request[State], login: str, target: str, wrong: str, status: int) -> Response:
    return pages.page(request, "sign_in.html", status=status, next=target, login=login, wrong=wrong)


async def leaving(request: Request[State]) -> Response:
    """The page to sign out."""
    me = await sessions.me(request)
    return pages.page(request, "sign_out.html", headers={"cache-control": "no-store"}, me=me)


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
