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
from node.web.entries import Entries, entries
from node.web.members import acting, reading
from node.web.paths import saying
from storage import actors, admissions, groups, submissions, teams, timelines
from storage.actors import Actor
from storage.admissions import Way
from storage.database import listed
from storage.teams import Place

PAGE = "/@{acct}/members"


async def show(request: Request[State]) -> Response:
    """Who is in the team. Raises Unauthenticated, Missing for who is not."""
    return await _page(request, await reading(request))


async def _page(
    request: Request[State], me: Actor, written: Mapping[str, str] | None = None, wrong: Mapping[str, str] | None = None
) -> Response:
    node = request.state["node"]
    async with node.database.reading() as db:
        team = await use.by_handle(db, request.path_params["acct"])
        place = await use.check_inside(db, me, team)
        people, settings = await teams.members(db, team.id), await groups.of(db, team.id)
        keeps = place is not Place.MEMBER
        asked = await belonging.asking(db, team) if keeps else []
        invited = await admissions.of_group(db, team.id, Way.INVITED) if keeps else []
        ids = await submissions.waiting(db, team.id) if keeps else []
        lines = await timelines.some(db, listed(ids), reader_id=me.id) if ids else {}
        placed = [lines[one] for one in ids if one in lines]
        shown = await entries(db, node, placed, reader_id=me.id)
    return pages.page(
        request,
        "team.html",
        me=me,
        status=422 if wrong else 200,
        team=team,
        settings=settings,
        people=people,
        leads=place in (None, Place.LEAD),
        keeps=keeps,
        asked=asked,
        invited=invited,
        waiting=[(line.post_id, Entries((part,))) for line, part in zip(placed, shown.parts, strict=False)],
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


routes = [
    Route(PAGE, show),
    Route(PAGE, change, methods=["POST"]),
]
