"""Events: what comes and what was, joining and leaving, changing and cancelling; calendar files of them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from federation import sanitize
from federation.documents.kinds import written_of
from node import pages, sessions
from node.context import Node, State
from node.errors import Invalid
from node.guarding import Stopped, Warned, asking
from node.requests import Params, identifier, text, texts
from node.sharing import attending, behalf
from node.sharing import posts as sharing
from node.sharing.drafts import Draft
from node.slips import Passage
from node.surfacing.surface import Told, announce
from node.web import forms, gatherings
from node.web.calendars import MEDIA_TYPE, Entry, written
from node.web.cards import Card, cards, href
from node.web.entries import entries
from node.web.members import acting, reading
from node.web.paths import saying
from node.web.questions import OTHER
from node.web.reading import found_actor
from node.words import vocabulary
from storage import actors, events, posts, timelines, vocabularies
from storage.actors import Actor
from storage.attendance import State as Place
from storage.database import Missing, Reading, listed
from storage.events import Event
from storage.posts import Post, Visibility
from storage.shapes.event import CANCELLED
from storage.shapes.event import Event as Fields

PAGE = 20
FEED = 100  # events of a calendar that others follow
KEPT = "public, max-age=300"
SAID = {Place.JOINED: "event-joined", Place.WAITING: "event-waiting", Place.ASKED: "event-asked"}


def _tag(topic: str) -> str:
    """The hashtag by which posts about a topic are found; "" for none. Raises Missing."""
    if topic and topic not in vocabularies.TOPICS:
        raise Missing(topic)
    return topic.replace("-", "")


async def show(request: Request[State]) -> Response:
    """The next first; ``past``: the last first. ``topic``: about this alone."""
    node = request.state["node"]
    me = await sessions.me(request)
    reader_id = 0 if me is None else me.id
    topic, past = request.query_params.get("topic", ""), request.url.path == "/events/past"
    place = _place(request.query_params.get("after", ""))
    async with node.database.reading(stale=me is None) as db:
        found = await _found(db, node, past, place, _tag(topic), reader_id=reader_id, limit=PAGE)
        lines = await timelines.some(db, listed(one.post_id for one in found), reader_id=reader_id)
        ordered = [lines[one.post_id] for one in found if one.post_id in lines]
        shown = await entries(db, node, ordered, reader_id=reader_id)
    return pages.page(
        request, "events.html", me=me, entries=shown, past=past, topic=topic, older=_further(request, found, past),
        topics=vocabulary.topics(), first=place is None,
    )  # fmt: skip


async def _found(
    db: Reading, node: Node, past: bool, place: events.Place | None, tag: str, *, reader_id: int, limit: int
) -> Sequence[Event]:
    now = node.clock()
    if past:
        return await events.past(db, reader_id=reader_id, now=now, before=place, limit=limit, tag=tag)
    return await events.coming(db, reader_id=reader_id, now=now, after=place, limit=limit, tag=tag)


def _place(given: str) -> events.Place | None:
    at, _dot, id = given.partition(".")
    return events.Place(identifier(at), identifier(id)) if identifier(at) and identifier(id) else None


def _further(request: Request[State], found: Sequence[Event], past: bool) -> str | None:
    if len(found) < PAGE:
        return None
    last = found[-1]
    kept = [(name, value) for name, value in request.query_params.multi_items() if name == "topic"]
    place = f"{last.ends if past else last.starts}.{last.post_id}"
    return f"{request.url.path}?{urlencode([*kept, ('after', place)])}"


async def _wanted(request: Request[State], db: Reading, me: Actor) -> tuple[Post, Actor]:
    post = await attending.event(db, me, identifier(request.path_params["id"]))
    return post, await actors.by_id(db, post.author_id)


async def way_in(request: Request[State]) -> Response:
    """What other servers know as where it is: its page, which shows the way in to who comes."""
    async with request.state["node"].database.reading() as db:
        found = await sessions.current(request)
        post = await posts.by_id(
            db, identifier(request.path_params["id"]), reader_id=0 if found is None else found[1].id
        )
        author = await actors.by_id(db, post.author_id)
    return RedirectResponse(href(post, author), 303, headers={"cache-control": "no-store"})


async def join(request: Request[State]) -> Response:
    """Come, or wait for a place. Raises Unauthenticated, Missing, Invalid."""
    node = request.state["node"]
    me, _values = await acting(request)
    async with node.database.writing() as db:
        post, author = await _wanted(request, db, me)
        state, told = await attending.join(db, node, me, post.id)
    announce(node, told)
    return RedirectResponse(saying(href(post, author), SAID.get(state, "")), 303)


async def interest(request: Request[State]) -> Response:
    """Say that one may come. Raises Unauthenticated, Missing, Invalid."""
    node = request.state["node"]
    me, _values = await acting(request)
    async with node.database.writing() as db:
        post, author = await _wanted(request, db, me)
        told = await attending.interest(db, node, me, post.id)
    announce(node, told)
    return RedirectResponse(saying(href(post, author), "event-interested"), 303)


async def leave(request: Request[State]) -> Response:
    """Do not come. Raises Unauthenticated, Missing."""
    node = request.state["node"]
    me, _values = await acting(request)
    async with node.database.writing() as db:
        post, author = await _wanted(request, db, me)
        told = await attending.leave(db, node, me, post.id)
    announce(node, told)
    return RedirectResponse(saying(href(post, author), "event-left"), 303)


async def form(request: Request[State]) -> Response:
    """The event as it is. Raises Unauthenticated, Missing, NotAllowed."""
    me = await reading(request)
    post, _author, when = await _own(request, me)
    return _form(request, me, post, gatherings.typed_of(post, when.link))


async def _own(request: Request[State], me: Actor) -> tuple[Post, Actor, Event]:
    async with request.state["node"].database.reading() as db:
        post = await behalf.own_post(db, me.id, identifier(request.path_params["id"]))
        when = await events.one(db, post.id)
        if when is None:
            raise Missing(str(post.id))
        return post, await actors.by_id(db, post.author_id), when


def _form(
    request: Request[State],
    me: Actor,
    post: Post,
    typed: Mapping[str, str],
    wrong: Mapping[str, str] | None = None,
    found: Sequence[Passage] = (),
    again: bool = False,
) -> Response:
    off = bool(json.loads(post.fields or "{}").get("status"))
    return pages.page(
        request, "write_event.html", me=me, status=422 if wrong else 200, written=typed, wrong=wrong or {}, found=found,
        again=again, changing=f"/events/{post.id}/change", off=off, key="", kept=(), films=False,
    )  # fmt: skip


async def change(request: Request[State]) -> Response:
    """Keep the new time, place or words; who comes is told of a new time. Raises Unauthenticated, NotAllowed."""
    me, values = await acting(request)
    post, author, _when = await _own(request, me)
    names = ("title", "text", *forms.EVENT, *OTHER)
    typed = {name: text(values, name) for name in names} | {"topics": ",".join(texts(values, "topics"))}
    kept = {name: one for name, one in json.loads(post.fields or "{}").items() if name in _UNASKED}
    fields: dict[str, Any] = {name: typed[name] for name in forms.EVENT if typed[name] or name == "link"}
    fields |= kept | gatherings.fields(typed) | _topics(values)
    try:
        told = await _keep(request, me, post, typed["title"], typed["text"], fields)
    except Stopped as error:
        wrong = {_field(error.field): str(error)}
        return _form(request, me, post, typed, wrong, error.passages(), isinstance(error, Warned))
    except Invalid as error:
        return _form(request, me, post, typed, {_field(error.field): str(error)})
    announce(request.state["node"], told)
    return RedirectResponse(saying(href(post, author), "event-changed"), 303)


_UNASKED = frozenset({"status", "settings", "evidence", "strength", "licence", "review_by"})


def _topics(values: Params) -> dict[str, Any]:
    chosen = [one for one in texts(values, "topics") if one]
    return {"topics": chosen} if chosen else {}


def _field(name: str) -> str:
    plain = name.removeprefix("fields.")
    return plain if plain in ("title", "text", *forms.EVENT) else "other_text" if plain == "translation" else "text"


async def _keep(
    request: Request[State], me: Actor, post: Post, title: str, words: str, fields: Mapping[str, Any]
) -> list[Told]:
    node = request.state["node"]
    draft = Draft(
        words, title=title, summary=post.summary, sensitive=post.sensitive is not None, language=post.language,
        fields=fields,
    )  # fmt: skip
    mentioned = await sharing.resolve(node, draft.text)
    async with asking(node), node.database.writing() as db:
        return await behalf.edit(db, node, me.id, post.id, draft, mentioned)


async def cancel(request: Request[State]) -> Response:
    """It does not take place; it stays to be read. Raises Unauthenticated, Missing, NotAllowed, Invalid."""
    me, _values = await acting(request)
    post, author, _when = await _own(request, me)
    fields = {**json.loads(post.fields or "{}"), "status": CANCELLED}
    announce(request.state["node"], await _keep(request, me, post, post.title, post.source, fields))
    return RedirectResponse(saying(href(post, author), "event-cancelled"), 303)


async def file(request: Request[State]) -> Response:
    """One public event as a calendar file. Raises Missing."""
    node = request.state["node"]
    post_id = identifier(request.path_params["id"])
    async with node.database.reading(stale=True) as db:
        author = await found_actor(db, request.path_params["acct"], node.config.domain)
        line = await timelines.one(db, post_id, reader_id=0)
        shown = [] if line is None else await cards(db, [line], reader_id=0, now=node.clock())
    made = [one for card in shown if card.author.id == author.id and (one := _entry(node, card)) is not None]
    if not made:
        raise Missing(str(post_id))
    return _calendar(request, made, made[0].title)


async def feed(request: Request[State]) -> Response:
    """The public events to come as a calendar that others follow."""
    node = request.state["node"]
    tag = _tag(request.query_params.get("topic", ""))
    async with node.database.reading(stale=True) as db:
        found = await _found(db, node, False, None, tag, reader_id=0, limit=FEED)
        lines = await timelines.some(db, listed(one.post_id for one in found), reader_id=0)
        shown = await cards(db, list(lines.values()), reader_id=0, now=node.clock())
    made = [one for card in shown if (one := _entry(node, card)) is not None]
    made.sort(key=lambda one: (one.start, one.uid))
    return _calendar(request, made, node.config.name)


def _entry(node: Node, card: Card) -> Entry | None:
    given = card.shape
    if not isinstance(given, Fields) or card.post.visibility is Visibility.HIDDEN:
        return None
    url = node.site.base_url + card.href
    start = datetime.fromisoformat(given.start)
    changed = datetime.fromtimestamp((card.post.edited or card.post.published) // 1000, UTC)
    said = sanitize.plain(written_of(card.post.kind, card.post.title, given, card.post.html))
    where = given.place if given.mode != "online" else url
    return Entry(
        card.post.uri, card.title, f"{said}\n\n{url}".strip(), where, url, given.zone, start,
        datetime.fromisoformat(given.end) if given.end else start, changed, bool(given.status),
    )  # fmt: skip


def _calendar(request: Request[State], made: Sequence[Entry], name: str) -> Response:
    response = Response(written(made, name), media_type=MEDIA_TYPE, headers={"cache-control": KEPT})
    return pages.unless_known(request, response)


routes = [
    Route("/events", show),
    Route("/events/past", show),
    Route("/events.ics", feed),
    Route("/@{acct}/{id}.ics", file),
    Route("/events/{id}/join", way_in),
    Route("/events/{id}/join", join, methods=["POST"]),
    Route("/events/{id}/interested", interest, methods=["POST"]),
    Route("/events/{id}/leave", leave, methods=["POST"]),
    Route("/events/{id}/change", form),
    Route("/events/{id}/change", change, methods=["POST"]),
    Route("/events/{id}/cancel", cancel, methods=["POST"]),
]
