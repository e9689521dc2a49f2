"""/api/v1/sharewell/mentoring: offers and requests, what fits, and matches. Mastodon has no word for it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from node.api import auth, entities, paging, rendering
from node.api.entities import Entity
from node.context import Node, State
from node.errors import Invalid
from node.guarding import asking
from node.mentoring import matching, notes, standing
from node.requests import identifier, number, params, text
from node.surfacing.surface import Told, announce
from node.texts import _
from storage import actors, boards, matches, timelines
from storage.actors import Actor
from storage.boards import OFFER, REQUEST
from storage.check_ins import CheckIn, Sort
from storage.database import Reading, Writing, listed
from storage.ids import LAST
from storage.matches import Match
from storage.retrying import retrying
from storage.shapes.mentoring import LEVELS

MOST = 40  # matches in one answer


async def board(request: Request[State]) -> Response:
    """Open offers, or requests (``direction``), of a ``topic`` and ``level``, as statuses."""
    node = request.state["node"]
    values = await params(request)
    direction, level = text(values, "direction", OFFER), text(values, "level")
    if direction not in (OFFER, REQUEST) or level not in ("", *LEVELS):
        raise Invalid(_("Ask for offers or requests, of a person or a team."), field="direction")
    page = paging.page(values)
    async with node.database.reading() as db:
        reader_id = await auth.reader(request, db, "read:statuses")
        ids = await boards.open_ones(
            db, direction, topic=text(values, "topic"), level=level, reader_id=reader_id, page=page, now=node.clock()
        )
        return await statuses(request, db, ids, reader_id)


async def statuses(request: Request[State], db: Reading, ids: list[int], reader_id: int) -> Response:
    """These posts as statuses, with links to more."""
    node, page = request.state["node"], paging.page(request.query_params)
    found = await timelines.some(db, listed(ids), reader_id=reader_id) if ids else {}
    lines = [found[one] for one in ids if one in found]
    shown = await rendering.statuses(db, node, lines, reader_id=reader_id)
    return paging.array(shown, paging.links(request, page, ids))


async def suggestions(request: Request[State]) -> Response:
    """What fits an offer or request of the caller's, with points and why; the best first."""
    node = request.state["node"]
    async with node.database.reading() as db:
        caller = await auth.signed_in(request, db, "read:statuses")
        me = await actors.by_id(db, caller.id)
        post, mine = await matching.board_of(db, identifier(request.path_params["id"]), reader_id=me.id)
        fits = await matching.suggestions(db, me, post, mine, now=node.clock())
    return JSONResponse(
        [{"status_id": str(one.board.post_id), "points": one.points, "why": list(one.why)} for one in fits]
    )


async def numbers(request: Request[State]) -> Response:
    """How mentoring goes on this node: numbers, nobody's names."""
    async with request.state["node"].database.reading() as db:
        posted, matched = await boards.counts(db), await matches.numbers(db)
    return JSONResponse(
        {
            "offers_open": posted.get((OFFER, "open"), 0),
            "requests_open": posted.get((REQUEST, "open"), 0),
            "proposed": matched.proposed,
            "matched": matched.under_way,
            "closed": matched.ended,
            "hours": matched.hours,
        }
    )


def _entity(node: Node, match: Match, who: Mapping[int, Actor], mine: frozenset[int]) -> Entity:
    return {
        "id": str(match.id),
        "state": match.state.value,
        "offer_id": None if match.offer_id is None else str(match.offer_id),
        "request_id": None if match.request_id is None else str(match.request_id),
        "mentor": entities.account(who[match.mentor_id], node.site.base_url),
        "mentee": entities.account(who[match.mentee_id], node.site.base_url),
        "proposed_by_me": match.proposer_id in mine,
        "message": match.message or None,
        "goal": match.goal or None,
        "hours_a_month": match.hours or None,
        "months": match.months or None,
        "proposed_at": entities.time(match.proposed),
        "answered_at": None if match.answered is None else entities.time(match.answered),
        "ended_at": None if match.ended is None else entities.time(match.ended),
    }


async def _shown(db: Reading, node: Node, me: Actor, match: Match) -> Entity:
    who = await actors.by_ids(db, match.parties)
    return _entity(node, match, who, frozenset(await matching.acting_for(db, me)))


async def listed_matches(request: Request[State]) -> Response:
    """The caller's matches, and those of their teams, newest first, below ``max_id``."""
    node = request.state["node"]
    values = await params(request)
    limit = number(values, "limit", MOST, least=1, most=MOST)
    async with node.database.reading() as db:
        caller = await auth.signed_in(request, db, "read:statuses")
        me = await actors.by_id(db, caller.id)
        before = identifier(text(values, "max_id")) or LAST
        found, mine = await matching.listed(db, me, before=before, limit=limit)
        who = await actors.by_ids(db, {one for match in found for one in match.parties})
    return JSONResponse([_entity(node, one, who, frozenset(mine)) for one in found])


async def propose(request: Request[State]) -> Response:
    """Propose a match of one's own post (``mine``) with another's (``theirs``), with a ``message``."""
    node = request.state["node"]
    values = await params(request)

    async def work(db: Writing) -> tuple[Entity, list[Told]]:
        caller = await auth.signed_in(request, db, "write:statuses")
        me = await actors.by_id(db, caller.id)
        mine, theirs = identifier(text(values, "mine")), identifier(text(values, "theirs"))
        match, told = await matching.propose(db, node, me, mine, theirs, text(values, "message"))
        return await _shown(db, node, me, match), told

    async with asking(node):
        shown, told = await retrying(node.database, work, keyed=False)
    announce(node, told)
    return JSONResponse(shown)


async def show(request: Request[State]) -> Response:
    """One match with its notes, for the two of it. Raises Missing for others."""
    node = request.state["node"]
    async with node.database.reading() as db:
        caller = await auth.signed_in(request, db, "read:statuses")
        me = await actors.by_id(db, caller.id)
        whole = await notes.read(db, me, identifier(request.path_params["id"]))
        shown = await _shown(db, node, me, whole.match)
    return JSONResponse({**shown, "notes": [_note(one) for one in whole.notes]})


def _note(one: CheckIn) -> Entity:
    return {
        "id": str(one.id),
        "account_id": str(one.author_id),
        "sort": one.sort.value,
        "day": one.day,
        "text": one.text,
        "withheld": one.withheld is not None,
        "created_at": entities.time(one.written),
    }


async def act(request: Request[State], *, deed: matching.Deed) -> Response:
    """Accept or decline a proposal, or end what was agreed. Raises Missing, NotAllowed, Invalid."""
    node = request.state["node"]

    async def work(db: Writing) -> tuple[Entity, list[Told]]:
        caller = await auth.signed_in(request, db, "write:statuses")
        me = await actors.by_id(db, caller.id)
        match, told = await deed(db, node, me, identifier(request.path_params["id"]))
        return await _shown(db, node, me, match), told

    shown, told = await retrying(node.database, work, keyed=False)
    announce(node, told)
    return JSONResponse(shown)


async def write(request: Request[State]) -> Response:
    """Write within a match: ``sort`` check-in, goal or closing; ``text``; the ``day`` that it is about."""
    node = request.state["node"]
    values = await params(request)
    try:
        sort = Sort(text(values, "sort", Sort.CHECK_IN.value))
    except ValueError as error:
        raise Invalid(_("Write a check-in, the goal or a closing note."), field="sort") from error

    async def work(db: Writing) -> tuple[Entity, list[Told]]:
        caller = await auth.signed_in(request, db, "write:statuses")
        me = await actors.by_id(db, caller.id)
        match_id = identifier(request.path_params["id"])
        note, told = await notes.write(db, node, me, match_id, sort, text(values, "text"), text(values, "day"))
        return _note(note), told

    async with asking(node):
        shown, told = await retrying(node.database, work, keyed=False)
    announce(node, told)
    return JSONResponse(shown)


async def unwrite(request: Request[State]) -> Response:
    """Take a note of one's own back, on both sides."""
    node = request.state["node"]

    async def work(db: Writing) -> None:
        caller = await auth.signed_in(request, db, "write:statuses")
        me = await actors.by_id(db, caller.id)
        ids = (identifier(request.path_params[name]) for name in ("id", "note"))
        await notes.take_back(db, node, me, *ids)

    await retrying(node.database, work, keyed=False)
    announce(node, [])
    return JSONResponse({})


async def stand(request: Request[State], *, closed: bool) -> Response:
    """Close an offer or request of one's own, or open it again."""
    node = request.state["node"]

    async def work(db: Writing) -> None:
        caller = await auth.signed_in(request, db, "write:statuses")
        me = await actors.by_id(db, caller.id)
        await standing.set_closed(db, node, me, identifier(request.path_params["id"]), closed=closed)

    await retrying(node.database, work, keyed=True)
    announce(node, [])
    return JSONResponse({})


_BASE = "/api/v1/sharewell/mentoring"
routes = [
    Route(_BASE, board),
    Route(f"{_BASE}/numbers", numbers),
    Route(f"{_BASE}/matches", listed_matches),
    Route(f"{_BASE}/matches", propose, methods=["POST"]),
    Route(f"{_BASE}/matches/{{id}}", show),
    Route(f"{_BASE}/matches/{{id}}/notes", write, methods=["POST"]),
    Route(f"{_BASE}/matches/{{id}}/notes/{{note}}", unwrite, methods=["DELETE"]),
    *(
        Route(f"{_BASE}/matches/{{id}}/{name}", partial(act, deed=deed), methods=["POST"])
        for name, deed in matching.DEEDS.items()
    ),
    Route(f"{_BASE}/{{id}}/suggestions", suggestions),
    Route(f"{_BASE}/{{id}}/close", partial(stand, closed=True), methods=["POST"]),
    Route(f"{_BASE}/{{id}}/open", partial(stand, closed=False), methods=["POST"]),
]
