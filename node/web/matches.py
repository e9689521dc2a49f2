"""The pages of mentoring matches: one's own, and one with what the two write to each other. Works without scripts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from node import pages
from node.context import State
from node.errors import Invalid
from node.guarding import asking
from node.mentoring import matching, notes
from node.mentoring.matching import DEEDS
from node.mentoring.notes import Whole
from node.requests import identifier, text
from node.surfacing.surface import announce
from node.web.cards import Card, cards
from node.web.members import acting, reading
from node.web.paths import saying
from storage import actors, timelines
from storage.actors import Actor
from storage.check_ins import Sort
from storage.database import Missing, Reading, listed
from storage.ids import LAST
from storage.matches import Match

PAGE = 40


@dataclass(frozen=True, slots=True)
class Shown:
    """A match in a list."""

    match: Match
    party: Actor
    other: Actor


async def all_of_mine(request: Request[State]) -> Response:
    """The member's matches, and those of their teams."""
    me = await reading(request)
    before = identifier(request.query_params.get("max_id", "")) or LAST
    async with request.state["node"].database.reading() as db:
        found, mine = await matching.listed(db, me, before=before, limit=PAGE)
        who = await actors.by_ids(db, {one for match in found for one in match.parties})
    shown = [_shown(match, who, set(mine)) for match in found]
    older = f"/mentoring/matches?max_id={found[-1].id}" if len(found) == PAGE else None
    return pages.page(request, "mentoring_matches.html", me=me, matches=shown, older=older, first=before == LAST)


def _shown(match: Match, who: Mapping[int, Actor], mine: set[int]) -> Shown:
    party = match.mentor_id if match.mentor_id in mine else match.mentee_id
    return Shown(match, who[party], who[match.other(party)])


async def show(request: Request[State]) -> Response:
    """One match. Raises Missing for all but the two."""
    return await _page(request, await reading(request))


async def _page(
    request: Request[State], me: Actor, written: Mapping[str, str] | None = None, wrong: Mapping[str, str] | None = None
) -> Response:
    node = request.state["node"]
    async with node.database.reading() as db:
        whole = await notes.read(db, me, identifier(request.path_params["id"]))
        who = await actors.by_ids(db, whole.match.parties)
        posts = await _posts(db, whole, me, node.clock())
        asked = whole.match.asked_id in await matching.acting_for(db, me)
    return pages.page(
        request, "mentoring_match.html", me=me, status=422 if wrong else 200, match=whole.match, party=whole.party,
        other=whole.other, notes=whole.notes, who=who, mentor=who[whole.match.mentor_id],
        mentee=who[whole.match.mentee_id], posts=posts, asked=asked, written=written or {}, wrong=wrong or {},
    )  # fmt: skip


async def _posts(db: Reading, whole: Whole, me: Actor, now: int) -> dict[int, Card]:
    ids = [one for one in (whole.match.offer_id, whole.match.request_id) if one is not None]
    lines = await timelines.some(db, listed(ids), reader_id=me.id) if ids else {}
    found = await cards(db, list(lines.values()), reader_id=me.id, now=now)
    return {one.post.id: one for one in found}


async def act(request: Request[State]) -> Response:
    """Accept, decline or end. Raises Missing, NotAllowed."""
    node = request.state["node"]
    me, values = await acting(request)
    deed = text(values, "do")
    if deed not in DEEDS:
        raise Missing(deed)
    try:
        async with node.database.writing() as db:
            match, told = await DEEDS[deed](db, node, me, identifier(request.path_params["id"]))
    except Invalid as error:
        return await _page(request, me, wrong={"do": str(error)})
    announce(node, told)
    return RedirectResponse(saying(f"/mentoring/matches/{match.id}", f"match-{deed}"), 303)


async def write(request: Request[State]) -> Response:
    """Write a check-in, the goal or a closing note."""
    node = request.state["node"]
    me, values = await acting(request)
    match_id, sort = identifier(request.path_params["id"]), text(values, "sort", Sort.CHECK_IN.value)
    try:
        async with asking(node), node.database.writing() as db:
            _note, told = await notes.write(
                db, node, me, match_id, Sort(sort), text(values, "text"), text(values, "day")
            )
    except Invalid as error:
        written = {name: text(values, name) for name in ("text", "day", "sort")}
        return await _page(request, me, written, {"day" if error.field == "day" else "text": str(error)})
    except ValueError as error:
        raise Missing(sort) from error
    announce(node, told)
    return RedirectResponse(saying(f"/mentoring/matches/{match_id}", "saved"), 303)


async def take_back(request: Request[State]) -> Response:
    """Erase a note of one's own on both sides. Raises Missing, NotAllowed."""
    node = request.state["node"]
    me, values = await acting(request)
    match_id = identifier(request.path_params["id"])
    async with node.database.writing() as db:
        await notes.take_back(db, node, me, match_id, identifier(text(values, "note")))
    announce(node, [])
    return RedirectResponse(f"/mentoring/matches/{match_id}", 303)


routes = [
    Route("/mentoring/matches", all_of_mine),
    Route("/mentoring/matches/{id}", show),
    Route("/mentoring/matches/{id}/act", act, methods=["POST"]),
    Route("/mentoring/matches/{id}/write", write, methods=["POST"]),
    Route("/mentoring/matches/{id}/take-back", take_back, methods=["POST"]),
]
