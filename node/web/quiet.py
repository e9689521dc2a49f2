"""Settings: when nothing is pushed or mailed, and whether it is asked what lasted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from node.connecting import quiet as use
from node.context import State
from node.errors import Invalid
from node.requests import flag, text, texts
from node.texts import _
from node.web.digest import DAYS
from node.web.members import acting, reading
from node.web.paths import saying
from node.web.settings import section
from node.words import times
from storage import prompts, quiet_times
from storage.actors import Actor
from storage.quiet_times import NIGHTS

PLACE = "/settings/quiet"


async def show(request: Request[State]) -> Response:
    """What a member chose."""
    me = await reading(request)
    async with request.state["node"].database.reading() as db:
        found, asked = await quiet_times.of(db, me.id), await prompts.wanted(db, me.id)
    values = {"zone": NIGHTS.zone}
    if found is not None:
        hours = {"starts": use.written(found.starts), "ends": use.written(found.ends)}
        values = {"zone": found.zone, **(hours if found.starts != found.ends else {})}
    chosen = () if found is None else [str(day) for day in sorted(found.days)]
    return _form(request, me, values | ({"asked": "1"} if asked else {}), chosen)


def _form(
    request: Request[State],
    me: Actor,
    values: Mapping[str, str],
    chosen: Sequence[str],
    wrong: Mapping[str, str] | None = None,
) -> Response:
    days = [(str(n), _(word)) for n, word in enumerate(DAYS)]
    zones = times.zones()
    if values.get("zone") and values["zone"] not in dict(zones):
        zones.append((values["zone"], values["zone"]))
    return section(
        request, "quiet", me=me, status=422 if wrong else 200, written=values, wrong=wrong or {}, days=days,
        chosen=chosen, zones=zones,
    )  # fmt: skip


async def keep(request: Request[State]) -> Response:
    """Be quiet at these times, and ask or do not ask, from now on."""
    node = request.state["node"]
    me, values = await acting(request)
    typed = {name: text(values, name) for name in ("starts", "ends", "zone")}
    days, asked = texts(values, "days"), flag(values, "asked")
    try:
        async with node.database.writing() as db:
            await use.choose(db, me.id, days=days, **typed)
            await prompts.want(db, me.id, asked=asked, now=node.clock())
    except Invalid as error:
        return _form(request, me, typed | ({"asked": "1"} if asked else {}), days, {error.field: str(error)})
    return RedirectResponse(saying(PLACE, "saved"), 303)


routes = [
    Route(PLACE, show),
    Route(PLACE, keep, methods=["POST"]),
]
