"""Get back in: ask for a link by mail, and set a new password with it."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from node import pages, sessions
from node.connecting import entering
from node.context import State
from node.errors import Invalid, TooMany
from node.requests import address_of, params, secret_hash, text
from node.texts import _
from storage import links
from storage.database import Missing
from storage.links import Purpose

NO_STORE = {"cache-control": "no-store"}
LOGIN = 300  # characters


async def form(request: Request[State]) -> Response:
    """The page to ask for a new password."""
    return pages.page(request, "forgot.html", headers=NO_STORE, login="", wrong={})


async def submit(request: Request[State]) -> Response:
    """Mail a link, if there is an account; the answer is the same if there is none."""
    node = request.state["node"]
    sessions.check_origin(request)
    login = text(await params(request), "login").strip()[:LOGIN]
    if not login or not node.config.mails:
        return _again(request, login, _("Write your e-mail address or your name here."), 422)
    try:
        await entering.forgot(node, login, address=address_of(request))
    except TooMany as error:
        said = _("Too many tries. Wait %s minutes and try again.") % -(-error.after // 60)
        return _again(request, login, said, 429)
    return RedirectResponse("/forgot/sent", 303)


def _again(request: Request[State], login: str, wrong: str, status: int) -> Response:
    return pages.page(request, "forgot.html", status=status, headers=NO_STORE, login=login, wrong={"login": wrong})


async def sent(request: Request[State]) -> Response:
    """What happens now."""
    return pages.page(request, "forgot_sent.html", headers=NO_STORE)


async def choose(request: Request[State]) -> Response:
    """The page that the link opens. It changes nothing: programs that look at mail open links too."""
    node = request.state["node"]
    async with node.database.reading() as db:
        link = await links.by_token(
            db, secret_hash(request.path_params["token"]), Purpose.RESET, now=node.clock()
        )  # fmt: skip
    if link is None or link.used is not None:
        return _over(request)
    return pages.page(request, "reset.html", headers=NO_STORE, wrong={})


async def change(request: Request[State]) -> Response:
    """Set the password, and sign out everywhere."""
    sessions.check_origin(request)
    password = text(await params(request), "password")
    try:
        await entering.reset(request.state["node"], secret_hash(request.path_params["token"]), password)
    except Missing:
        return _over(request)
    except Invalid as error:
        return pages.page(request, "reset.html", status=422, headers=NO_STORE, wrong={"password": str(error)})
    response = RedirectResponse("/sign-in?said=changed", 303)
    await sessions.end(request, response)
    return response


def _over(request: Request[State]) -> Response:
    return pages.page(request, "link_over.html", status=404, headers=NO_STORE, again="/forgot", purpose="reset")


routes = [
    Route("/forgot", form),
    Route("/forgot", submit, methods=["POST"]),
    Route("/forgot/sent", sent),
    Route("/reset/{token}", choose),
    Route("/reset/{token}", change, methods=["POST"]),
]
