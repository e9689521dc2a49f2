"""The guardians' page: what waits and why, and the buttons that decide. Works without scripts."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from node import pages, sessions
from node.confidentiality.findings import Kind
from node.confidentiality.telling import LOOKS_LIKE
from node.context import Node, State
from node.errors import Invalid, Unauthenticated
from node.requests import Params, identifier, text
from node.review import deciding, queue, showing
from node.review.queue import Month, Open
from node.surfacing.surface import Told, announce
from node.texts import _
from node.web.members import acting
from node.web.paths import saying
from node.words import vocabulary
from storage import cases, inquiries, members
from storage.actors import Actor
from storage.cases import Numbers
from storage.database import Missing, Writing

PAGE = "/guardian"
HOUR = 60 * 60 * 1000  # ms
Deed = Callable[[Writing, Node, Actor, int, Params], Awaitable[list[Told]]]


@dataclass(frozen=True, slots=True)
class Shown:
    """A case as the page shows it."""

    open: Open
    kinds: Sequence[tuple[str, str]]  # of what was found, and their words


@dataclass(frozen=True, slots=True)
class Row:
    """A month as the page shows it."""

    name: str
    numbers: Numbers
    hours: str
    mistakes: Sequence[tuple[str, int]]


async def show(request: Request[State]) -> Response:
    """What waits. Raises Unauthenticated, NotAllowed."""
    found = await sessions.current(request)
    if found is None:
        raise Unauthenticated
    member, me = found
    deciding.check_guardian(member)
    return await _page(request, me)


async def _page(
    request: Request[State], me: Actor, written: Mapping[str, str] | None = None, wrong: Mapping[str, str] | None = None
) -> Response:
    node = request.state["node"]
    now = node.clock()
    async with node.database.reading() as db:
        found = await queue.newest(db, now=now)
        count, _urgent, oldest = await cases.count_open(db)
        months = await queue.months(db, now=now)
        letters = await inquiries.oldest(db)
    return pages.page(
        request,
        "guardian.html",
        me=me,
        status=422 if wrong else 200,
        found=[_shown(one) for one in found],
        count=count,
        oldest=oldest,
        months=[_row(one) for one in months],
        letters=letters,
        written=written or {},
        wrong=wrong or {},
    )


def _shown(one: Open) -> Shown:
    kinds = dict.fromkeys(finding.kind for finding in one.why.found)
    return Shown(one, [(kind.value, _(LOOKS_LIKE[kind])) for kind in kinds])


def _row(month: Month) -> Row:
    median = month.numbers.median
    known = {kind.value: kind for kind in Kind}
    return Row(
        vocabulary.month(month.starts),
        month.numbers,
        "–" if median is None else f"{median / HOUR:.1f}",
        [(_(LOOKS_LIKE[known[kind]]), times) for kind, times in month.mistakes if kind in known],
    )


async def _claim(db: Writing, node: Node, me: Actor, id: int, values: Params) -> list[Told]:
    await deciding.claim(db, node, me, id)
    return []


async def _release(db: Writing, node: Node, me: Actor, id: int, values: Params) -> list[Told]:
    return (await deciding.release(db, node, me, id))[1]


async def _return(db: Writing, node: Node, me: Actor, id: int, values: Params) -> list[Told]:
    return (await deciding.give_back(db, node, me, id, text(values, "reason")))[1]


async def _show(db: Writing, node: Node, me: Actor, id: int, values: Params) -> list[Told]:
    return (await showing.show(db, node, me, id, version=identifier(text(values, "version"))))[1]


async def _keep(db: Writing, node: Node, me: Actor, id: int, values: Params) -> list[Told]:
    return (await showing.keep(db, node, me, id, version=identifier(text(values, "version"))))[1]


async def _second(db: Writing, node: Node, me: Actor, id: int, values: Params) -> list[Told]:
    return (await deciding.ask_second(db, node, me, id))[1]


async def _no_finding(db: Writing, node: Node, me: Actor, id: int, values: Params) -> list[Told]:
    await deciding.mistaken(db, node, me, id, text(values, "kind"))
    return []


DEEDS: Mapping[str, tuple[Deed, str]] = {
    "claim": (_claim, "case-claimed"),
    "release": (_release, "case-released"),
    "return": (_return, "case-returned"),
    "show": (_show, "case-shown"),
    "keep": (_keep, "case-kept"),
    "second": (_second, "case-second"),
    "no-finding": (_no_finding, "case-counted"),
}


async def decide(request: Request[State]) -> Response:
    """Do what a button says; what cannot be used is said beside what was typed. Raises Missing, NotAllowed."""
    node = request.state["node"]
    me, values = await acting(request)
    if request.path_params["deed"] not in DEEDS:
        raise Missing(request.path_params["deed"])
    deed, said = DEEDS[request.path_params["deed"]]
    case_id = identifier(request.path_params["id"])
    try:
        async with node.database.writing() as db:
            deciding.check_guardian(await members.by_id(db, me.id))
            told = await deed(db, node, me, case_id, values)
    except Invalid as error:
        name = f"{'reason' if request.path_params['deed'] == 'return' else 'case'}-{case_id}"
        return await _page(request, me, {name: text(values, "reason")}, {name: str(error)})
    announce(node, told)
    return RedirectResponse(saying(PAGE, said), 303)


routes = [
    Route(PAGE, show),
    Route(f"{PAGE}/{{id}}/{{deed}}", decide, methods=["POST"]),
]
