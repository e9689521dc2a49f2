"""Delete one's account, and keep it after all."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from node import pages, sessions
from node.connecting import leaving
from node.context import State
from node.errors import TooMany, Unauthenticated
from node.requests import address_of, flag, params, secret_hash, text
from node.texts import _
from node.web.members import acting, reading
from node.web.paths import saying
from node.web.settings import section
from node.web.signing_in import admit
from storage import actors, members
from storage.actors import Actor
from storage.database import Missing

NO_STORE = {"cache-control": "no-store"}
DAYS = members.WAIT // (24 * 60 * 60 * 1000)


async def form(request: Request[State]) -> Response:
    """What deleting means, and the form for it."""
    return _form(request, await reading(request), {})


def _form(request: Request[State], me: Actor, wrong: dict[str, str], status: int = 200) -> Response:
    return section(request, "leave", me=me, status=status, wrong=wrong, days=DAYS)


async def leave(request: Request[State]) -> Response:
    """Hide the account and sign out everywhere."""
    node = request.state["node"]
    me, values = await acting(request)
    wrong: dict[str, str] = {}
    if not text(values, "password"):
        wrong["password"] = _("Type your password.")
    if not flag(values, "understood"):
        wrong["understood"] = _("Tick the box if you want your account to be deleted.")
    if wrong:
        return _form(request, me, wrong, 422)
    try:
        async with node.database.reading() as db:
            member = await members.by_id(db, me.id)
        await leaving.leave(node, member, text(values, "password"), address=address_of(request))
    except Unauthenticated:
        return _form(request, me, {"password": _("That is not your password.")}, 422)
    except TooMany as error:
        said = _("Too many tries. Wait %s minutes and try again.") % -(-error.after // 60)
        return _form(request, me, {"password": said}, 429)
    response = RedirectResponse("/sign-in?said=leaving", 303)
    await sessions.end(request, response)
    return response


async def choose(request: Request[State]) -> Response:
    """The page to which signing in leads while an account is about to be deleted."""
    node = request.state["node"]
    async with node.database.reading() as db:
        try:
            member = await leaving.linked(db, node, secret_hash(request.path_params["token"]))
        except Missing:
            return _over(request)
        actor = await actors.by_id(db, member.actor_id)
    return pages.page(request, "keep.html", headers=NO_STORE, actor=actor, ends=member.ends or 0)


async def keep(request: Request[State]) -> Response:
    """Keep the account, and go on to sign in: the link was given to who knew the password, or had a passkey."""
    sessions.check_origin(request)
    values = await params(request)
    try:
        actor = await leaving.keep(request.state["node"], secret_hash(request.path_params["token"]))
    except Missing:
        return _over(request)
    return await admit(request, actor, saying("/", "kept"), own_device=flag(values, "own_device"))


def _over(request: Request[State]) -> Response:
    return pages.page(request, "link_over.html", status=404, headers=NO_STORE, again="/sign-in", purpose="keep")


routes = [
    Route("/settings/leave", form),
    Route("/settings/leave", leave, methods=["POST"]),
    Route("/keep/{token}", choose),
    Route("/keep/{token}", keep, methods=["POST"]),
]
