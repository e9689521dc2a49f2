"""/api/v1/sharewell/measures: numbers that show whether a change helped. Mastodon has no word for it."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from node import charting
from node.api import auth, measure_entities, paging, people
from node.context import State
from node.errors import Invalid
from node.forms import measuring
from node.forms.measuring import POINTS_FIELD
from node.guarding import asking
from node.learning import measures as use
from node.learning import shared as comparing
from node.learning.charts import showing
from node.learning.measures import Work
from node.requests import flag, identifier, params, text
from node.texts import _
from storage import actors, blocks, measures
from storage.database import Writing
from storage.measures import Measure
from storage.retrying import retrying
from storage.series import cleaned

MOST, DEFAULT = 40, 20  # measures on one page
READ, WRITE = "read:statuses", "write:statuses"


async def create(request: Request[State]) -> Response:
    """Keep a new measure, one's own or (``as``) a team's. ``open``: everybody can see it. ``shared``: against a shared
    measure of a group, by its number here or its address, which says what is counted."""
    node = request.state["node"]
    values = await params(request)
    async with node.database.reading() as db:
        asker = await auth.signed_in(request, db, WRITE)
    against = await comparing.named(node, asker.id, text(values, "shared"))

    async def work(db: Writing) -> Measure:
        caller = await auth.signed_in(request, db, WRITE)
        me = await actors.by_id(db, caller.id)
        series = measuring.whole(values, against)
        return await use.create(db, node, me, identifier(text(values, "as")), series, opened=flag(values, "open"))

    async with asking(node):
        made = await retrying(node.database, work, keyed=False)
    return JSONResponse(measure_entities.measure(made, node.site.base_url))


async def show(request: Request[State]) -> Response:
    """One measure, with its points and what they say."""
    node = request.state["node"]
    return JSONResponse(measure_entities.measure(await _readable(request), node.site.base_url))


async def changes(request: Request[State]) -> Response:
    """What was changed of a measure, last first."""
    node = request.state["node"]
    async with node.database.reading() as db:
        reader_id = await auth.reader(request, db, READ)
        kept = await measures.by_id(db, identifier(request.path_params["id"]), reader_id=reader_id)
        found = await measures.changes(db, kept.id)
    return JSONResponse([measure_entities.change(one) for one in found])


async def of_account(request: Request[State]) -> Response:
    """An account's measures, made last first, without what they say; those not open for itself and its team."""
    node = request.state["node"]
    page = paging.page(request.query_params, default=DEFAULT, most=MOST)
    async with node.database.reading() as db:
        reader_id = await auth.reader(request, db, READ)
        actor = await people.named(request, db)
        hidden = bool(reader_id) and await blocks.by(db, target_id=reader_id, actor_ids=[actor.id])
        found = [] if hidden else await measures.of(db, actor.id, page, reader_id=reader_id)
    links = paging.links(request, page, [one.id for one in found])
    shown = [measure_entities.measure(one, node.site.base_url, judged=False) for one in found]
    return JSONResponse(shown, headers=links)


async def _changed(request: Request[State], work: Work, *, opened: bool | None = None) -> Response:
    node = request.state["node"]

    async def change(db: Writing) -> Measure:
        caller = await auth.signed_in(request, db, WRITE)
        me = await actors.by_id(db, caller.id)
        return await use.change(db, node, me, identifier(request.path_params["id"]), work, opened=opened)

    async with asking(node):
        kept = await retrying(node.database, change, keyed=True)
    return JSONResponse(measure_entities.measure(kept, node.site.base_url))


async def change(request: Request[State]) -> Response:
    """Change what a measure says; what is not sent stays. ``points`` replace those that are there."""
    values = await params(request)
    opened = flag(values, "open") if "open" in values else None
    return await _changed(request, lambda old: measuring.changed(values, old), opened=opened)


async def add_points(request: Request[State]) -> Response:
    """Points beside those that are there; where there is one of that date, it is corrected."""
    values = await params(request)
    return await _changed(request, lambda old: use.with_points(measuring.pointed(values, old))(old))


async def replace_points(request: Request[State]) -> Response:
    """All points anew."""
    values = await params(request)
    if POINTS_FIELD not in values:
        raise Invalid(_("Send the points."), field=POINTS_FIELD)
    only = {name: values[name] for name in (POINTS_FIELD, "start") if name in values}
    return await _changed(request, lambda old: measuring.changed(only, old))


async def annotate(request: Request[State]) -> Response:
    """Say what happened (``text``) at a point (``at``)."""
    values = await params(request)
    words = " ".join(cleaned(text(values, "text")).split())
    if not words:
        raise Invalid(_("Say what happened."), field="text")
    return await _changed(request, use.annotated(measuring.place(values), words))


async def unannotate(request: Request[State]) -> Response:
    """Take back what was said of a point."""
    return await _changed(request, use.annotated(request.path_params["at"], ""))


async def rebase(request: Request[State]) -> Response:
    """Draw limits anew from a point (``at``) on: what changed (``change``), and why that is another process now."""
    node = request.state["node"]
    values = await params(request)
    said = (" ".join(cleaned(text(values, name)).split()) for name in ("change", "why"))
    return await _changed(request, use.rebased(measuring.place(values), *said, now=node.clock()))


async def unrebase(request: Request[State]) -> Response:
    """Draw limits anew no longer from this point on."""
    return await _changed(request, use.joined(request.path_params["at"]))


async def remove(request: Request[State]) -> Response:
    """Delete a measure for good. Posts keep the copies that they show."""
    node = request.state["node"]

    async def work(db: Writing) -> None:
        caller = await auth.signed_in(request, db, WRITE)
        me = await actors.by_id(db, caller.id)
        await use.remove(db, node, me, identifier(request.path_params["id"]))

    await retrying(node.database, work, keyed=False)
    return JSONResponse({})


async def preview(request: Request[State]) -> Response:
    """What numbers say, without keeping them; for anybody."""
    return JSONResponse(measure_entities.series(measuring.whole(await params(request))))


async def _readable(request: Request[State]) -> Measure:
    """Raises Missing, NotAllowed."""
    async with request.state["node"].database.reading() as db:
        reader_id = await auth.reader(request, db, READ)
        return await measures.by_id(db, identifier(request.path_params["id"]), reader_id=reader_id)


def _file(content: bytes, media_type: str) -> Response:
    return Response(content, media_type=media_type, headers={"cache-control": "private, no-store"})


async def points(request: Request[State]) -> Response:
    """The numbers as CSV, with the lines that each is judged by."""
    kept = await _readable(request)
    return _file(showing.table(kept.series).encode(), "text/csv; charset=utf-8")


async def drawn(request: Request[State]) -> Response:
    """The chart as SVG."""
    kept = await _readable(request)
    return _file(showing.picture(kept.series).encode(), "image/svg+xml")


async def picture(request: Request[State]) -> Response:
    """The chart as PNG."""
    kept = await _readable(request)
    return _file(await charting.png(request.state["node"], kept.series), "image/png")


_ONE = "/api/v1/sharewell/measures/{id}"
routes = [
    Route("/api/v1/sharewell/charts", preview, methods=["POST"]),
    Route("/api/v1/sharewell/measures", create, methods=["POST"]),
    Route("/api/v1/sharewell/accounts/{id}/measures", of_account),
    Route(_ONE, show),
    Route(_ONE, change, methods=["PATCH"]),
    Route(_ONE, remove, methods=["DELETE"]),
    Route(f"{_ONE}/changes", changes),
    Route(f"{_ONE}/points.csv", points),
    Route(f"{_ONE}/chart.svg", drawn),
    Route(f"{_ONE}/chart.png", picture),
    Route(f"{_ONE}/points", add_points, methods=["POST"]),
    Route(f"{_ONE}/points", replace_points, methods=["PUT"]),
    Route(f"{_ONE}/annotations", annotate, methods=["POST"]),
    Route(f"{_ONE}/annotations/{{at}}", unannotate, methods=["DELETE"]),
    Route(f"{_ONE}/rebases", rebase, methods=["POST"]),
    Route(f"{_ONE}/rebases/{{at}}", unrebase, methods=["DELETE"]),
]
