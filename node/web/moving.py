"""Settings: earlier accounts of a member, and the move to another."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from node.connecting import moving
from node.connecting.moving import AGAIN, ALIASES
from node.context import State
from node.errors import Invalid, NotAllowed, TooMany, Unauthenticated
from node.requests import address_of, flag, text
from node.surfacing.surface import announce
from node.texts import _
from node.web.members import acting, reading
from node.web.paths import saying
from node.web.settings import section
from node.web.signing_in import wait
from storage import actors, members, moves
from storage.actors import Actor

PLACE = "/settings/move"
DAYS = AGAIN // (24 * 60 * 60 * 1000)


async def show(request: Request[State]) -> Response:
    """Where the member comes from, and where they go."""
    return await _page(request, await reading(request))


async def _page(
    request: Request[State], me: Actor, *, written: Mapping[str, str] | None = None,
    wrong: Mapping[str, str] | None = None, status: int = 200,
) -> Response:  # fmt: skip
    node = request.state["node"]
    async with node.database.reading() as db:
        uris = moving.aliases(me)
        known = await actors.by_uris(db, uris) if uris else {}
        last = await moves.of(db, me.id)
        there = await moving.moved_to(db, me)
    return section(
        request, "move", me=me, status=status, written=written or {}, wrong=wrong or {}, days=DAYS, most=ALIASES,
        earlier=[(uri, known.get(uri)) for uri in uris], there=there, move=last,
        again=moving.again(last, node.clock()),
    )  # fmt: skip


async def add(request: Request[State]) -> Response:
    """Name an earlier account."""
    node = request.state["node"]
    me, values = await acting(request)
    typed = text(values, "alias")
    try:
        other = await moving.find(node, me, typed)
        async with node.database.writing() as db:
            told = await moving.add_alias(db, node, me, other)
    except Invalid as error:
        return await _page(request, me, written={"alias": typed}, wrong={"alias": str(error)}, status=422)
    except TooMany as error:
        return await _page(request, me, written={"alias": typed}, wrong={"alias": wait(error)}, status=429)
    announce(node, told)
    return RedirectResponse(saying(PLACE, "alias-added"), 303)


async def remove(request: Request[State]) -> Response:
    """Name one no longer."""
    node = request.state["node"]
    me, values = await acting(request)
    async with node.database.writing() as db:
        told = await moving.remove_alias(db, node, me, text(values, "uri"))
    announce(node, told)
    return RedirectResponse(saying(PLACE, "alias-removed"), 303)


async def go(request: Request[State]) -> Response:
    """Move, for who knows the password."""
    node = request.state["node"]
    me, values = await acting(request)
    typed = {"address": text(values, "address")}
    wrong: dict[str, str] = {}
    if not text(values, "password"):
        wrong["password"] = _("Type your password.")
    if not flag(values, "understood"):
        wrong["understood"] = _("Tick the box if you want to move.")
    if wrong:
        return await _page(request, me, written=typed, wrong=wrong, status=422)
    async with node.database.reading() as db:
        member = await members.by_id(db, me.id)
    try:
        await moving.move(node, member, text(values, "password"), typed["address"], address=address_of(request))
    except Unauthenticated:
        said = _("That is not your password.")
        return await _page(request, me, written=typed, wrong={"password": said}, status=422)
    except Invalid as error:
        return await _page(request, me, written=typed, wrong={"address": str(error)}, status=422)
    except NotAllowed as error:
        return await _page(request, me, written=typed, wrong={"address": str(error)}, status=403)
    except TooMany as error:
        return await _page(request, me, written=typed, wrong={"password": wait(error)}, status=429)
    return RedirectResponse(saying(PLACE, "moved"), 303)


async def back(request: Request[State]) -> Response:
    """Take the move back. Raises NotAllowed."""
    node = request.state["node"]
    me, _values = await acting(request)
    async with node.database.writing() as db:
        told = await moving.come_back(db, node, me)
    announce(node, told)
    return RedirectResponse(saying(PLACE, "moved-back"), 303)


routes = [
    Route(PLACE, show),
    Route(PLACE, go, methods=["POST"]),
    Route(f"{PLACE}/back", back, methods=["POST"]),
    Route(f"{PLACE}/alias", add, methods=["POST"]),
    Route(f"{PLACE}/alias/remove", remove, methods=["POST"]),
]
