"""Pages of topics: all of them, one with what is shared about it, and the form of its editors."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from node import pages, sessions
from node.connecting import tags as following
from node.context import Node, State
from node.errors import Invalid, Unauthenticated
from node.guarding import Stopped, Warned, asking
from node.learning import topics as use
from node.learning.charts.together import Small, side_by_side
from node.requests import identifier, text
from node.slips import Passage
from node.web.cards import Card, cards
from node.web.entries import entries
from node.web.members import acting
from node.web.paths import saying
from node.words import facet_words, vocabulary
from storage import experts, facets, timelines, topics, vocabularies
from storage.actors import Actor
from storage.database import Reading, Writing, listed
from storage.filters import Context
from storage.ids import LAST
from storage.members import Member
from storage.paging import Page
from storage.retrying import retrying
from storage.topics import Summary
from storage.vocabularies import Topic

PAGE = 20
BEST = 5
MEASURES = 3  # with their charts
EXPERTS = 5
_POST = re.compile(r"/@[^/]+/([0-9]+)")


def _asked(request: Request[State]) -> Topic:
    return use.by_id(request.path_params["id"])


async def every(request: Request[State]) -> Response:
    """All topics, each under the one it is part of, with how much is shared about it."""
    node = request.state["node"]
    me = await sessions.me(request)
    async with node.database.reading(stale=me is None) as db:
        counts = await use.counts(db, node)
    return pages.page(
        request,
        "topics.html",
        me=me,
        groups=use.grouped(),
        counts=counts,
        counted=facets.COUNTED,
        name=vocabulary.topic,
    )


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a topic's page shows beside the newest."""

    starts: Sequence[Card]
    best: Sequence[tuple[Card, str]]  # with its evidence, in words
    alerts: Sequence[Card]
    measures: Sequence[tuple[Card, Small]]
    experts: Sequence[Actor]


NOTHING = Chosen((), (), (), (), ())


async def show(request: Request[State]) -> Response:
    """What the node's editors say of a topic, and what is shared about it. Raises Missing."""
    node, topic = request.state["node"], _asked(request)
    current = await sessions.current(request)
    me = None if current is None else current[1]
    reader_id = 0 if me is None else me.id
    page = Page(before=identifier(request.query_params.get("max_id", "")) or LAST, limit=PAGE)
    first = page.before == LAST
    async with node.database.reading(stale=me is None) as db:
        ids = await topics.newest(db, topic.id, reader_id=reader_id, now=node.clock(), page=page)
        lines = await timelines.some(db, listed(ids), reader_id=reader_id) if ids else {}
        order = [lines[one] for one in ids if one in lines]
        shown = await entries(db, node, order, reader_id=reader_id, where=Context.PUBLIC)
        edited = await use.edited(db, topic, reader_id=reader_id)
        chosen = await _chosen(db, node, topic, edited.starts, reader_id) if first else NOTHING
        follows = me is not None and await use.follows(db, me.id, topic)
    return pages.page(
        request, "topic.html", me=me, topic=topic, entries=shown, first=first, edited=edited, chosen=chosen,
        follows=follows, edits=current is not None and use.may_edit(current[0]),
        broader=vocabularies.topics().get(topic.broader or ""), narrower=vocabularies.narrower(topic.id),
        older=f"{request.url.path}?max_id={ids[-1]}" if len(ids) == PAGE else None,
    )  # fmt: skip


async def _chosen(db: Reading, node: Node, topic: Topic, starts: Sequence[int], reader_id: int) -> Chosen:
    """The cards beside the newest; their queries do not grow with what is shared."""
    now = node.clock()
    best = await topics.best(db, topic.id, reader_id=reader_id, now=now, limit=BEST)
    alerts = await topics.alerts(db, topic.id, reader_id=reader_id, now=now, today=use.today(now))
    measured = await topics.measured(db, topic.id, reader_id=reader_id, now=now, limit=MEASURES)
    asked = await experts.found(db, topic=topic.id, reader_id=reader_id, limit=EXPERTS)
    ids = dict.fromkeys([*starts, *(one for one, _ in best), *alerts, *measured])
    lines = await timelines.some(db, listed(ids), reader_id=reader_id) if ids else {}
    made = {one.post.id: one for one in await cards(db, list(lines.values()), reader_id=reader_id, now=now)}
    return Chosen(
        [made[one] for one in starts if one in made],
        [(made[one], facet_words.facet(facets.EVIDENCE, label)) for one, label in best if one in made],
        [made[one] for one in alerts if one in made],
        [(made[one], small) for one in measured if one in made and (small := _small(made[one])) is not None],
        asked,
    )


def _small(card: Card) -> Small | None:
    """The first chart of a post, small; None: its numbers cannot be drawn."""
    figure = next(iter(card.charts), None)
    return None if figure is None else side_by_side((figure.series,), f"t{card.post.id}")[0]


async def follow(request: Request[State]) -> Response:
    """Follow a topic, or follow it no longer. Raises Unauthenticated, Missing."""
    node, topic = request.state["node"], _asked(request)
    me, values = await acting(request)
    act = following.unfollow if text(values, "do") == "unfollow" else following.follow

    async def work(db: Writing) -> int:
        return await act(db, me.id, topic.hashtag)

    await retrying(node.database, work, keyed=True)
    return RedirectResponse(f"/topics/{topic.id}", 303)


async def _editor(request: Request[State]) -> tuple[Member, Actor]:
    """Who is signed in, as an editor. Raises Unauthenticated, NotAllowed."""
    found = await sessions.current(request)
    if found is None:
        raise Unauthenticated
    use.check_editor(found[0])
    return found


async def form(request: Request[State]) -> Response:
    """What editors can say of a topic. Raises Unauthenticated, NotAllowed, Missing."""
    return await _form(request, _asked(request), (await _editor(request))[1])


async def _form(
    request: Request[State],
    topic: Topic,
    me: Actor,
    written: Mapping[str, str] | None = None,
    wrong: Mapping[str, str] | None = None,
    found: Sequence[Passage] = (),
    again: bool = False,
) -> Response:
    node = request.state["node"]
    async with node.database.reading() as db:
        edited = await use.edited(db, topic, reader_id=me.id)
        lines = await timelines.some(db, listed(edited.starts), reader_id=me.id) if edited.starts else {}
        order = [lines[one] for one in edited.starts if one in lines]
        starts = await cards(db, order, reader_id=me.id, now=node.clock())
    return pages.page(
        request, "topic_edit.html", me=me, status=422 if wrong else 200, topic=topic, starts=starts,
        written={"summary": _said(edited.summary), **(written or {})}, wrong=wrong or {}, found=found, again=again,
        most=topics.LENGTH,
    )  # fmt: skip


def _said(kept: Summary | None) -> str:
    return "" if kept is None else kept.text


async def edit(request: Request[State]) -> Response:
    """Keep what an editor says of a topic. Raises Unauthenticated, NotAllowed, Missing."""
    node, topic = request.state["node"], _asked(request)
    member, me = await _editor(request)
    _me, values = await acting(request)
    written = {name: text(values, name) for name in ("summary", "post")}
    gone = identifier(text(values, "remove"))
    try:
        async with asking(node), node.database.writing() as db:
            if gone:
                await use.start_without(db, node, me, member, topic, gone)
            elif "post" in values:
                await use.start_with(db, node, me, member, topic, _post(node, written["post"]))
            else:
                await use.summarise(db, node, me, member, topic, written["summary"])
    except Stopped as error:
        wrong = {"summary": str(error)}
        return await _form(request, topic, me, written, wrong, error.passages(), isinstance(error, Warned))
    except Invalid as error:
        return await _form(request, topic, me, written, {error.field or "summary": str(error)})
    back = f"/topics/{topic.id}/edit" if gone or "post" in values else f"/topics/{topic.id}"
    return RedirectResponse(saying(back, "saved"), 303)


def _post(node: Node, address: str) -> int:
    """The id of the post whose page on this node an address names; 0: none."""
    parts = urlsplit(address.strip())
    found = _POST.fullmatch(parts.path)
    ours = not parts.netloc or f"{parts.scheme}://{parts.netloc}" == node.site.base_url
    return identifier(found[1]) if found and ours else 0


routes = [
    Route("/topics", every),
    Route("/topics/{id}", show),
    Route("/topics/{id}/follow", follow, methods=["POST"]),
    Route("/topics/{id}/edit", form),
    Route("/topics/{id}/edit", edit, methods=["POST"]),
]
