"""Pages: shared measures of a group, with what is shown against each side by side, and the form to say one."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from node import pages, sessions
from node.connecting import belonging
from node.connecting import teams as grouped
from node.context import State
from node.errors import Invalid
from node.forms import measuring
from node.guarding import Stopped, Warned, asking
from node.learning import shared as use
from node.requests import identifier, text
from node.web.members import acting, reading
from node.web.paths import saying
from storage import actors, teams
from storage.actors import Actor
from storage.database import Reading
from storage.teams import KEEPERS

FIELDS = ("name", "definition", "numerator", "denominator", "unit", "direction", "interval", "chart")


async def show(request: Request[State]) -> Response:
    """What is counted, and the numbers of each who shows some: charts on one scale, and a table. Raises Missing."""
    node = request.state["node"]
    me = await sessions.me(request)
    reader_id = 0 if me is None else me.id
    async with node.database.reading(stale=me is None) as db:
        one = await use.one(db, identifier(request.path_params["id"]), reader_id=reader_id)
        group = await actors.by_id(db, one.group_id)
        [found] = await use.compared(db, group.id, [one], reader_id=reader_id)
        keeps = me is not None and group.here and await teams.place(db, group.id, me.id) in KEEPERS
    return pages.page(request, "shared.html", me=me, group=group, found=found, keeps=keeps)


async def form(request: Request[State]) -> Response:
    """The form with which who keeps a group says what it has counted. Raises Missing, NotAllowed."""
    me = await reading(request)
    async with request.state["node"].database.reading() as db:
        group = await _kept(request, db, me)
    return _form(request, me, group, {"direction": "down", "interval": "month"}, {})


async def _kept(request: Request[State], db: Reading, me: Actor) -> Actor:
    """A group that the reader keeps. Raises Missing, NotAllowed."""
    group = await grouped.by_handle(db, request.path_params["acct"])
    await belonging.check_keeper(db, me, group)
    return group


def _form(
    request: Request[State],
    me: Actor,
    group: Actor,
    written: Mapping[str, str],
    wrong: Mapping[str, str],
    error: Invalid | None = None,
) -> Response:
    found = error.passages() if isinstance(error, Stopped) else ()
    return pages.page(
        request, "shared_form.html", me=me, status=422 if wrong else 200, group=group, written=written, wrong=wrong,
        found=found, again=isinstance(error, Warned),
    )  # fmt: skip


async def define(request: Request[State]) -> Response:
    """Keep it. What is wrong is said beside what was typed. Raises Missing, NotAllowed."""
    node = request.state["node"]
    me, values = await acting(request)
    async with node.database.reading() as db:
        group = await _kept(request, db, me)
    try:
        async with asking(node), node.database.writing() as db:
            made = await use.define(db, node, me, group, measuring.defined(values))
    except Invalid as error:
        place = error.field if error.field in FIELDS else "name"
        typed = {name: text(values, name) for name in FIELDS}
        return _form(request, me, group, typed, {place: str(error)}, error)
    return RedirectResponse(saying(f"/shared-measures/{made.id}", "saved"), 303)


async def undefine(request: Request[State]) -> Response:
    """Have it counted no longer. Raises Missing, NotAllowed."""
    node = request.state["node"]
    me, _values = await acting(request)
    async with node.database.writing() as db:
        group = await use.undefine(db, node, me, identifier(request.path_params["id"]))
    return RedirectResponse(saying(f"/@{group.handle}", "measure-deleted"), 303)


routes = [
    Route("/@{acct}/shared-measures", form),
    Route("/@{acct}/shared-measures", define, methods=["POST"]),
    Route("/shared-measures/{id}/delete", undefine, methods=["POST"]),
]
