"""Who is in a team, for who is in it; its leads add and remove. Works without scripts."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from node import pages
from node.connecting import belonging
from node.connecting import teams as use
from node.context import State
from node.errors import Invalid
from node.requests import flag, identifier, text
from node.surfacing.surface import Told, announce
from node.web.members import acting, reading
from node.web.paths import saying
from storage import actors, teams
from storage.actors import Actor
from storage.database import Reading
from storage.teams import Place

PAGE = "/@{acct}/members"


async def show(request: Request[State]) -> Response:
    """Who is in the team. Raises Unauthenticated, Missing for who is not."""
    return await _page(request, await reading(request))


async def _page(
    request: Request[State], me: Actor, written: Mapping[str, str] | None = None, wrong: Mapping[str, str] | None = None
) -> Response:
    async with request.state["node"].database.reading() as db:
        team = await use.by_handle(db, request.path_params["acct"])
        place = await use.check_inside(db, me, team)
        people = await teams.members(db, team.id)
    return pages.page(
        request,
        "team.html",
        me=me,
        status=422 if wrong else 200,
        team=team,
        people=people,
        leads=place is not Place.MEMBER,
        written=written or {},
        wrong=wrong or {},
    )


async def change(request: Request[State]) -> Response:
    """Add, or remove, or leave. Raises NotAllowed, Missing."""
    node = request.state["node"]
    me, values = await acting(request)
    gone = identifier(text(values, "remove"))
    try:
        async with node.database.writing() as db:
            team = await use.by_handle(db, request.path_params["acct"])
            await use.check_inside(db, me, team)
            told: list[Told] = []
            if gone != me.id:
                await use.check_lead(db, me, team)
            if gone == me.id:
                told = await belonging.leave(db, node, me, team)
            elif gone:
                member = await actors.by_id(db, gone)
                told = await belonging.show_out(db, node, me, team, member, bar=flag(values, "bar"))
            else:
                place = Place.LEAD if flag(values, "lead") else Place.MEMBER
                await use.add(db, node, team, text(values, "member"), place, by=me)
        announce(node, told)
    except Invalid as error:
        written = {"member": text(values, "member"), "lead": text(values, "lead")}
        return await _page(request, me, written, {"member": str(error)})
    if gone == me.id:
        return RedirectResponse(saying(f"/@{team.handle}", "team-left"), 303)
    return RedirectResponse(saying(f"/@{team.handle}/members", "team-removed" if gone else "team-added"), 303)


async def inside(db: Reading, me: Actor | None, actor: Actor) -> bool:
    """Whether the page of a team offers this reader to see who is in it."""
    if me is None or actor.kind not in use.KINDS or not actor.here:
        return False
    return me.id == actor.id or await teams.place(db, actor.id, me.id) is not None


routes = [
    Route(PAGE, show),
    Route(PAGE, change, methods=["POST"]),
]
