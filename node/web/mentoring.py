"""Mentoring on pages: the board of open offers and requests, what fits one's own, numbers. Works without scripts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from node import pages, sessions
from node.context import State
from node.errors import Invalid
from node.guarding import asking
from node.mentoring import matching, scoring, standing
from node.mentoring.scoring import Fit
from node.requests import Params, identifier, text
from node.surfacing.surface import announce
from node.web.cards import Card, cards
from node.web.members import acting, reading
from node.web.paths import saying
from node.words import vocabulary
from storage import boards, matches, timelines
from storage.actors import Actor
from storage.boards import OFFER, REQUEST, Board
from storage.database import Missing, Reading, listed
from storage.ids import LAST
from storage.paging import Page
from storage.shapes.mentoring import LEVELS

PAGE = 20
OWN = 5  # open posts of one's own that are shown with what fits them


@dataclass(frozen=True, slots=True)
class Fitting:
    """A post that fits one's own, and why."""

    card: Card
    fit: Fit


async def board(request: Request[State]) -> Response:
    """What is open, by topic and level."""
    node, now = request.state["node"], request.state["node"].clock()
    me = await sessions.me(request)
    reader_id = 0 if me is None else me.id
    topic, level = request.query_params.get("topic", ""), request.query_params.get("level", "")
    level = level if level in LEVELS else ""
    page = Page(before=identifier(request.query_params.get("max_id", "")) or LAST, limit=PAGE)
    async with node.database.reading(stale=me is None) as db:
        found = {
            direction: await boards.open_ones(
                db, direction, topic=topic[:60], level=level, reader_id=reader_id, page=page, now=now
            )
            for direction in (OFFER, REQUEST)
        }
        shown = {name: await _cards(db, ids, reader_id, now) for name, ids in found.items()}
        mine = [] if me is None else [one for one in (*shown[OFFER], *shown[REQUEST]) if one.author.id == me.id]
    return pages.page(
        request, "mentoring.html", me=me, offers=shown[OFFER], requests=shown[REQUEST], mine=mine[:OWN], topic=topic,
        level=level, topics=vocabulary.topics(), filtered=bool(topic or level), first=page.before == LAST,
        older=_older(request, found[OFFER], found[REQUEST]),
    )  # fmt: skip


def _older(request: Request[State], *some: Sequence[int]) -> str | None:
    full = [ids[-1] for ids in some if len(ids) == PAGE]
    return f"/mentoring?{request.url.include_query_params(max_id=max(full)).query}" if full else None


async def _cards(db: Reading, ids: Sequence[int], reader_id: int, now: int) -> list[Card]:
    found = await timelines.some(db, listed(ids), reader_id=reader_id) if ids else {}
    return await cards(db, [found[one] for one in ids if one in found], reader_id=reader_id, now=now)


async def fits(request: Request[State]) -> Response:
    """What fits an open post of one's own; for somebody else's, which posts of one's own it could be matched with."""
    return await _fits(request, await reading(request), identifier(request.path_params["id"]))


async def _fits(
    request: Request[State], me: Actor, post_id: int, written: str = "", wrong: str = "", chosen: int = 0
) -> Response:
    node, now = request.state["node"], request.state["node"].clock()
    async with node.database.reading() as db:
        post, mine = await matching.board_of(db, post_id, reader_id=me.id)
        own = post.author_id in await matching.acting_for(db, me)
        found = await matching.suggestions(db, me, post, mine, now=now) if own else await _own(db, me, mine)
        shown = {one.post.id: one for one in await _cards(db, [one.board.post_id for one in found], me.id, now)}
        about = await _cards(db, [post.id], me.id, now)
    if not about:
        raise Missing(str(post_id))
    fitting = [Fitting(shown[one.board.post_id], one) for one in found if one.board.post_id in shown]
    return pages.page(
        request, "mentoring_fits.html", me=me, status=422 if wrong else 200, card=about[0], board=mine, own=own,
        fitting=fitting, written=written, wrong=wrong, chosen=chosen,
    )  # fmt: skip


async def _own(db: Reading, me: Actor, theirs: Board) -> list[Fit]:
    """Open posts of the member's, and of their teams, that could be matched with another's."""
    direction = REQUEST if theirs.direction == OFFER else OFFER
    found = await boards.open_of(db, await matching.acting_for(db, me), direction, limit=PAGE)
    topics = await boards.topics_of(db, [theirs.post_id, *(one.post_id for one in found)])
    wanted = set(topics.get(theirs.post_id, ()))
    return [scoring.fit(theirs, one, len(wanted & set(topics.get(one.post_id, ())))) for one in found]


async def propose(request: Request[State]) -> Response:
    """Propose that two posts come together. Raises Missing, NotAllowed."""
    node = request.state["node"]
    me, values = await acting(request)
    mine, theirs = (identifier(text(values, name)) for name in ("mine", "theirs"))
    try:
        async with asking(node), node.database.writing() as db:
            match, told = await matching.propose(db, node, me, mine, theirs, text(values, "message"))
    except Invalid as wrong:
        return await _again(request, me, values, str(wrong))
    announce(node, told)
    return RedirectResponse(saying(f"/mentoring/matches/{match.id}", "match-proposed"), 303)


async def _again(request: Request[State], me: Actor, values: Params, wrong: str) -> Response:
    about, chosen = (identifier(text(values, name)) for name in ("about", "chosen"))
    return await _fits(request, me, about, text(values, "message"), wrong, chosen)


async def stand(request: Request[State]) -> Response:
    """Close an offer or request of one's own, or open it again."""
    node = request.state["node"]
    me, values = await acting(request)
    post_id = identifier(request.path_params["id"])
    async with node.database.writing() as db:
        await standing.set_closed(db, node, me, post_id, closed=text(values, "do") == "close")
    announce(node, [])
    return RedirectResponse(saying(f"/mentoring/posts/{post_id}", "saved"), 303)


async def numbers(request: Request[State]) -> Response:
    """How mentoring goes on this node, in numbers."""
    me = await sessions.me(request)
    async with request.state["node"].database.reading(stale=me is None) as db:
        posted, matched = await boards.counts(db), await matches.numbers(db)
    rows = {f"{direction}-{status}": count for (direction, status), count in posted.items()}
    return pages.page(request, "mentoring_numbers.html", me=me, posted=rows, matched=matched)


routes = [
    Route("/mentoring", board),
    Route("/mentoring/numbers", numbers),
    Route("/mentoring/propose", propose, methods=["POST"]),
    Route("/mentoring/posts/{id}", fits),
    Route("/mentoring/posts/{id}/stand", stand, methods=["POST"]),
]
