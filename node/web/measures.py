"""Charts on pages: paste numbers and see what they say, without an account; keep them as a measure; change it."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from node import charting, pages, sessions
from node.context import State
from node.errors import Invalid, NotAllowed
from node.forms import measuring
from node.guarding import Stopped, Warned, asking
from node.learning import measures as use
from node.learning import shared as comparing
from node.learning.charts import saying, showing
from node.learning.charts.drawing import PICTURE
from node.learning.charts.showing import Figure
from node.learning.measures import Work
from node.requests import Params, flag, identifier, params, text
from node.slips import Passage
from node.texts import _
from node.web import paths
from node.web.members import acting, reading
from storage import actors, measures, teams
from storage.actors import Actor
from storage.measures import Measure
from storage.series import Series, cleaned
from storage.shared import Definition

FIELDS = (
    "points", "start", "name", "definition", "numerator", "denominator", "unit", "direction", "interval", "chart",
    "baseline", "shift", "trend", "screen", "open", "as", "small", "shared",
)  # fmt: skip
LISTED = 10  # measures on the page of their owner
ASKED = {"rebases": "change", "annotations": "text", "open": "open"}  # where a part of a measure is asked for


async def maker(request: Request[State]) -> Response:
    """An empty form for a chart; ``shared``: of numbers against a shared measure."""
    me = await sessions.me(request)
    typed = {"direction": "down", "interval": "month", "shared": request.query_params.get("shared", "")}
    try:
        against = await comparing.named(request.state["node"], me.id, typed["shared"]) if me is not None else None
    except Invalid as error:
        return await _maker(request, me, typed, {"shared": str(error)})
    if against is not None:
        said = against.series
        typed |= {"name": said.name, "interval": said.interval, "chart": said.chart}
    return await _maker(request, me, typed, {}, against=against)


async def preview(request: Request[State]) -> Response:
    """The chart of what was pasted; nothing of it is kept."""
    values = await params(request)
    me = await sessions.me(request)
    typed = {name: text(values, name) for name in FIELDS}
    try:
        against = await _against(request, me, values)
        named = typed["name"].strip() or against is not None
        given = values if named else {**values, "name": _("Your numbers")}
        shown = await asyncio.to_thread(_drawn, given, against)
    except Invalid as error:
        return await _maker(request, me, typed, {_place(error): str(error)})
    return await _maker(request, me, typed, {}, shown, against=against)


async def _against(request: Request[State], me: Actor | None, values: Params) -> Definition | None:
    """The shared measure that numbers are against, for who is signed in. Raises Invalid."""
    return None if me is None else await comparing.named(request.state["node"], me.id, text(values, "shared"))


def _drawn(values: Params, against: Definition | None) -> Figure:
    """Raises Invalid."""
    series = measuring.whole(values, against)
    if not series.points:
        raise Invalid(_("Paste some numbers first."), field="points")
    return showing.figure(series, "chart")


async def keep(request: Request[State]) -> Response:
    """Keep what was pasted as a measure."""
    node = request.state["node"]
    me, values = await acting(request)
    typed = {name: text(values, name) for name in FIELDS}
    opened = flag(values, "open")
    against = None
    try:
        against = await _against(request, me, values)
        series = measuring.whole(values, against)
        _check_small(series, opened, values)
        async with asking(node), node.database.writing() as db:
            made = await use.create(db, node, me, identifier(typed["as"]), series, opened=opened)
    except Invalid as error:
        wrong = {_place(error): str(error)}
        return await _maker(
            request, me, typed, wrong, against=against, found=_slips(error), again=_again(error)
        )  # fmt: skip
    return RedirectResponse(f"/measures/{made.id}", 303)


def _place(error: Invalid) -> str:
    found = ASKED.get(error.field, error.field)
    return found if found in (*FIELDS, "at", "text", "change", "why") else "points"


def _slips(error: Invalid) -> Sequence[Passage]:
    return error.passages() if isinstance(error, Stopped) else ()


def _again(error: Invalid) -> bool:
    return isinstance(error, Warned)


def _check_small(series: Series, opened: bool, values: Params) -> None:
    """Raises Invalid when small numbers were not looked at, before everybody sees them."""
    found = showing.small(series)
    if opened and found and not flag(values, "small"):
        words = _("Some numbers are small (%s). Tick the box when they cannot point to a person.")
        raise Invalid(words % ", ".join(found[:3]), field="small")


async def _maker(
    request: Request[State],
    me: Actor | None,
    typed: Mapping[str, str],
    wrong: Mapping[str, str],
    shown: Figure | None = None,
    *,
    against: Definition | None = None,
    found: Sequence[Passage] = (),
    again: bool = False,
) -> Response:
    mine: Sequence[Any] = ()
    if me is not None:
        async with request.state["node"].database.reading() as db:
            mine = [one.actor for one in await teams.of(db, me.id)]
    return pages.page(
        request, "chart_maker.html", me=me, status=422 if wrong else 200, written=typed, wrong=wrong, figure=shown,
        teams=mine, found=found, again=again, against=against,
        headers={"cache-control": pages.OWN} if shown is not None else None,
    )  # fmt: skip


async def _read(request: Request[State]) -> tuple[Measure, Actor | None]:
    """The measure that an address names, and who reads it. Raises Missing."""
    node = request.state["node"]
    me = await sessions.me(request)
    async with node.database.reading(stale=me is None) as db:
        measure_id = identifier(request.path_params["id"])
        return await measures.by_id(db, measure_id, reader_id=0 if me is None else me.id), me


async def show(request: Request[State]) -> Response:
    """A measure: sentence, chart, numbers, what is counted, and what was changed when."""
    node = request.state["node"]
    kept, me = await _read(request)
    async with node.database.reading(stale=me is None) as db:
        owner = await actors.by_id(db, kept.owner_id)
        changes = await measures.changes(db, kept.id, limit=LISTED)
        mine = me is not None and await use.may_change(db, me.id, kept.owner_id)
        against = await comparing.against(db, kept.series, reader_id=0 if me is None else me.id)
    figure = showing.figure(kept.series, "chart")
    place = f"{node.site.base_url}/measures/{kept.id}"
    return pages.page(
        request, "measure.html", me=me, kept=kept, against=against, owner=owner, figure=figure, mine=mine,
        changes=changes, changed=saying.changed, picture_url=f"{place}/chart.png", embed=_embed(place, figure),
    )  # fmt: skip


def _embed(place: str, figure: Figure) -> str:
    """HTML that shows the chart on another page."""
    width, height = PICTURE
    image = f'<img src="{place}/chart.png" alt="{escape(figure.alt)}" width="{width}" height="{height}">'
    return f'<a href="{place}">{image}</a>'


def _file(request: Request[State], kept: Measure, me: Actor | None, content: bytes, media_type: str) -> Response:
    cache = pages.OPEN if kept.opened is not None and me is None else pages.OWN
    tag = hashlib.sha256(content).hexdigest()[:20]
    answer = Response(content, media_type=media_type, headers={"cache-control": cache, "etag": f'"{tag}"'})
    return pages.unless_known(request, answer)


async def points(request: Request[State]) -> Response:
    """The numbers as CSV, with the lines that each is judged by."""
    kept, me = await _read(request)
    return _file(request, kept, me, showing.table(kept.series).encode(), "text/csv; charset=utf-8")


async def drawn(request: Request[State]) -> Response:
    """The chart as SVG."""
    kept, me = await _read(request)
    return _file(request, kept, me, showing.picture(kept.series).encode(), "image/svg+xml")


async def picture(request: Request[State]) -> Response:
    """The chart as PNG; equal ones are made once."""
    kept, me = await _read(request)
    return _file(request, kept, me, await charting.png(request.state["node"], kept.series), "image/png")


async def form(request: Request[State]) -> Response:
    """The form to change a measure."""
    kept, me = await _mine(request)
    return _form(request, me, kept, _typed(kept), {})


async def _mine(request: Request[State]) -> tuple[Measure, Actor]:
    """Raises Unauthenticated, Missing, NotAllowed."""
    me = await reading(request)
    async with request.state["node"].database.reading() as db:
        kept = await measures.by_id(db, identifier(request.path_params["id"]), reader_id=me.id)
        if not await use.may_change(db, me.id, kept.owner_id):
            raise NotAllowed(_("Only who keeps this measure can change it."))
    return kept, me


def _typed(kept: Measure) -> dict[str, str]:
    """What the form shows at first."""
    series = kept.series
    apart = ("points", "start", "open", "as", "screen", "small", "shared")
    found = {name: str(getattr(series, name) or "") for name in FIELDS if name not in apart}
    rows = "\n".join(f"{one.at},{one.value:.12g}" for one in series.points)
    return {**found, "points": rows, "screen": "1" if series.screen else "", "open": "1" if kept.opened else ""}


def _form(
    request: Request[State],
    me: Actor,
    kept: Measure,
    typed: Mapping[str, str],
    wrong: Mapping[str, str],
    error: Invalid | None = None,
) -> Response:
    found = () if error is None else _slips(error)
    again = error is not None and _again(error)
    return pages.page(
        request, "measure_edit.html", me=me, status=422 if wrong else 200, kept=kept, written=typed, wrong=wrong,
        figure=showing.figure(kept.series, "chart"), found=found, again=again, teams=(),
    )  # fmt: skip


async def submit(request: Request[State]) -> Response:
    """Change a measure as the form says. What is wrong is said beside what was typed."""
    me, values = await acting(request)
    opened = flag(values, "open")
    whole = {**values, "screen": text(values, "screen") or "0"}

    def work(old: Series) -> Series:
        new = use.usable(measuring.changed(_plain(whole, old), old))
        _check_small(new, opened, values)
        return new

    return await _change(request, me, values, work, opened=opened)


def _plain(values: Params, old: Series) -> Params:
    """The form shows numbered points as a column of two; they are numbers alone again."""
    lines = text(values, "points").splitlines()
    if old.points and len(old.points[0].at) < 4:
        lines = [line.partition(",")[2] if line.partition(",")[0].strip().isdigit() and "," in line else line
                 for line in lines]  # fmt: skip
    return {**values, "points": "\n".join(lines)}


async def mark(request: Request[State]) -> Response:
    """Say what happened at a point, draw limits anew from it, or take either back."""
    node = request.state["node"]
    me, values = await acting(request)
    try:
        work = _deed(values, node.clock())
    except Invalid as error:
        kept, _me = await _mine(request)
        typed = _typed(kept) | {name: text(values, name) for name in ("at", "text", "change", "why")}
        return _form(request, me, kept, typed, {_place(error): str(error)}, error)
    return await _change(request, me, values, work)


def _deed(values: Params, now: int) -> Work:
    """Raises Invalid."""
    deed = text(values, "do")
    at = text(values, "at") if deed in ("unannotate", "unrebase") else measuring.place(values)
    said = {name: " ".join(cleaned(text(values, name)).split()) for name in ("text", "change", "why")}
    if deed == "unannotate":
        return use.annotated(at, "")
    if deed == "unrebase":
        return use.joined(at)
    if deed == "rebase":
        return use.rebased(at, said["change"], said["why"], now=now)
    if not said["text"]:
        raise Invalid(_("Say what happened."), field="text")
    return use.annotated(at, said["text"])


async def _change(
    request: Request[State], me: Actor, values: Params, work: Work, *, opened: bool | None = None
) -> Response:
    node = request.state["node"]
    measure_id = identifier(request.path_params["id"])
    try:
        async with asking(node), node.database.writing() as db:
            await use.change(db, node, me, measure_id, work, opened=opened)
    except Invalid as error:
        kept, _me = await _mine(request)
        typed = {name: text(values, name) for name in (*FIELDS, "at", "text", "change", "why") if name in values}
        return _form(request, me, kept, {**_typed(kept), **typed}, {_place(error): str(error)}, error)
    return RedirectResponse(paths.saying(f"/measures/{measure_id}", "measure-kept"), 303)


async def remove(request: Request[State]) -> Response:
    """Delete a measure for good."""
    node = request.state["node"]
    me, _values = await acting(request)
    async with node.database.writing() as db:
        await use.remove(db, node, me, identifier(request.path_params["id"]))
    return RedirectResponse(paths.saying(f"/@{me.handle}", "measure-deleted"), 303)


routes = [
    Route("/charts", maker),
    Route("/charts", preview, methods=["POST"]),
    Route("/measures", keep, methods=["POST"]),
    Route("/measures/{id}", show),
    Route("/measures/{id}/points.csv", points),
    Route("/measures/{id}/chart.svg", drawn),
    Route("/measures/{id}/chart.png", picture),
    Route("/measures/{id}/edit", form),
    Route("/measures/{id}/edit", submit, methods=["POST"]),
    Route("/measures/{id}/mark", mark, methods=["POST"]),
    Route("/measures/{id}/delete", remove, methods=["POST"]),
]
