"""/api/v1/sharewell/events and consultations: who comes, and what came of a question. Mastodon has no word for it.

They are shared, changed and taken back as statuses: ``sharewell[kind]`` is event, consultation or summary.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from node.api import auth, entities, paging, rendering
from node.api.entities import Entity
from node.context import Node, State
from node.errors import Invalid, NotAllowed
from node.requests import flag, identifier, number, text
from node.sharing import attending, behalf
from node.sharing import polls as voting
from node.surfacing.surface import Told, announce
from node.texts import _
from storage import actors, attendance, consultations, events, polls, posts, timelines, vocabularies
from storage.actors import Actor
from storage.attendance import State as Place
from storage.database import Missing, Reading, Writing, listed
from storage.events import Event
from storage.kinds import Kind
from storage.posts import Post
from storage.retrying import retrying

MOST = 40
STAGES = ("open", "without_summary", "closed")


async def listing(request: Request[State]) -> Response:
    """Public events to come, or (``past``) those that were; ``topic``: about this alone. Pages by ``after``: the
    ``place`` of the last."""
    node = request.state["node"]
    values = request.query_params
    topic = values.get("topic", "")
    if topic and topic not in vocabularies.TOPICS:
        raise Invalid(_("There is no such topic."), field="topic")
    past, limit = flag(dict(values), "past"), number(dict(values), "limit", 20, least=1, most=MOST)
    at, _dot, id = values.get("after", "").partition(".")
    place = events.Place(identifier(at), identifier(id)) if identifier(at) and identifier(id) else None
    now, tag = node.clock(), topic.replace("-", "")
    async with node.database.reading() as db:
        reader_id = await auth.reader(request, db, "read:statuses")
        if past:
            found = await events.past(db, reader_id=reader_id, now=now, before=place, limit=limit, tag=tag)
        else:
            found = await events.coming(db, reader_id=reader_id, now=now, after=place, limit=limit, tag=tag)
        mine = await attendance.of_member(db, [one.post_id for one in found], reader_id) if reader_id else {}
        shown = await _statuses(db, node, [one.post_id for one in found], reader_id)
    parts = [
        _beside(_event(one, mine.get(one.post_id), "", place=one.ends if past else one.starts), shown[one.post_id])
        for one in found
        if one.post_id in shown
    ]
    return paging.array(parts)


async def _statuses(db: Reading, node: Node, ids: Sequence[int], reader_id: int) -> dict[int, bytes]:
    lines = await timelines.some(db, listed(ids), reader_id=reader_id) if ids else {}
    rendered = await rendering.statuses(db, node, list(lines.values()), reader_id=reader_id) if lines else []
    return dict(zip(lines, rendered, strict=True)) if len(rendered) == len(lines) else {}


def _beside(entity: Entity, status: bytes) -> bytes:
    """The entity with the Status it is about."""
    return orjson.dumps(entity)[:-1] + b',"status":' + status + b"}"


def _event(one: Event, state: Place | None, link: str, *, place: int | None = None) -> Entity:
    said: Entity = {
        "id": str(one.post_id),
        "starts_at": entities.time(one.starts),
        "ends_at": entities.time(one.ends),
        "cancelled": one.cancelled is not None,
        "capacity": one.capacity,
        "coming_count": one.coming,
        "waiting_count": one.waiting,
        "interested_count": one.interested,
        "attendance": None if state is None else state.value,
        "link": link or None,
    }
    return said if place is None else said | {"place": f"{place}.{one.post_id}"}


async def show(request: Request[State]) -> Response:
    """One event, with how it stands with the reader, and the way in for who comes."""
    node = request.state["node"]
    async with node.database.reading() as db:
        reader_id = await auth.reader(request, db, "read:statuses")
        return await _shown(db, node, identifier(request.path_params["id"]), reader_id)


async def _shown(db: Reading, node: Node, post_id: int, reader_id: int) -> Response:
    post = await posts.by_id(db, post_id, reader_id=reader_id)
    author = await actors.by_id(db, post.author_id)
    organises = bool(reader_id) and await behalf.may_change(db, reader_id, post, author)
    going = await attending.going(db, post, reader_id, organises=organises, named=False)
    shown = await _statuses(db, node, [post.id], reader_id)
    if going is None or post.id not in shown:
        raise Missing(str(post_id))
    body = _beside(_event(going.when, going.state, going.link), shown[post.id])
    return Response(body, media_type=paging.JSON)


async def join(request: Request[State]) -> Response:
    """Come to an event, or wait for a place; then the event. Raises Invalid."""
    return await _act(request, _join)


async def interested(request: Request[State]) -> Response:
    """Say that one may come, which takes no place; then the event. Raises Invalid."""
    return await _act(request, attending.interest)


async def leave(request: Request[State]) -> Response:
    """Do not come, and be interested no longer; then the event."""
    return await _act(request, attending.leave)


async def _join(db: Writing, node: Node, me: Actor, post_id: int) -> list[Told]:
    return (await attending.join(db, node, me, post_id))[1]


async def _act(request: Request[State], deed: Callable[[Writing, Node, Actor, int], Awaitable[list[Told]]]) -> Response:
    node = request.state["node"]
    post_id = identifier(request.path_params["id"])

    async def work(db: Writing) -> tuple[int, list[Told]]:
        caller = await auth.signed_in(request, db, "write:statuses")
        me = await actors.by_id(db, caller.id)
        return me.id, await deed(db, node, me, post_id)

    reader_id, told = await retrying(node.database, work, keyed=True)
    announce(node, told)
    async with node.database.reading() as db:
        return await _shown(db, node, post_id, reader_id)


async def attendees(request: Request[State]) -> Response:
    """Who comes and who waits, for who organises it. Raises NotAllowed."""
    node = request.state["node"]
    async with node.database.reading() as db:
        caller = await auth.signed_in(request, db, "read:statuses")
        post = await attending.event(db, await actors.by_id(db, caller.id), identifier(request.path_params["id"]))
        if not await behalf.may_change(db, caller.id, post, await actors.by_id(db, post.author_id)):
            raise NotAllowed(_("Only who organises it sees who comes."))
        going = await attending.going(db, post, caller.id, organises=True)
    if going is None:
        raise Missing(str(post.id))

    def people(some: Sequence[Actor]) -> list[Entity]:
        return [entities.account(one, node.site.base_url) for one in some]

    body = {"joined": people(going.coming), "waiting": people(going.waiting)}
    return Response(orjson.dumps(body), media_type=paging.JSON)


async def consulted(request: Request[State]) -> Response:
    """Public consultations: open, over without a summary, or closed by one (``stage``). Raises Invalid."""
    node = request.state["node"]
    values = dict(request.query_params)
    page = paging.page(values, default=20, most=MOST)
    stage = text(values, "stage", "open")
    if stage not in STAGES:
        raise Invalid(_("stage is open, without_summary or closed."), field="stage")
    async with node.database.reading() as db:
        reader_id = await auth.reader(request, db, "read:statuses")
        bounds = {"reader_id": reader_id, "before": page.before, "limit": page.limit}
        if stage == "closed":
            ids = await consultations.concluded(db, **bounds)
        elif stage == "open":
            ids = await consultations.still_open(db, now=node.clock(), **bounds)
        else:
            ids = await consultations.without_summary(db, now=node.clock(), **bounds)
        shown = await _statuses(db, node, ids, reader_id)
    return paging.array([shown[one] for one in ids if one in shown], paging.links(request, page, ids))


async def consultation(request: Request[State]) -> Response:
    """One consultation: how many answered, here and elsewhere, and the summary when there is one."""
    node = request.state["node"]
    async with node.database.reading() as db:
        reader_id = await auth.reader(request, db, "read:statuses")
        return await _consultation(db, node, identifier(request.path_params["id"]), reader_id)


async def _consultation(db: Reading, node: Node, post_id: int, reader_id: int) -> Response:
    post = await posts.by_id(db, post_id, reader_id=reader_id)
    kept, poll = await consultations.one(db, post.id), await polls.one(db, post.id)
    if kept is None or poll is None or post.kind is not Kind.CONSULTATION:
        raise Missing(str(post.id))
    ids = [post.id, *([kept.summary_id] if kept.summary_id is not None else [])]
    shown = await _statuses(db, node, ids, reader_id)
    here, elsewhere = await _counted(db, post)
    entity: Entity = {
        "id": str(post.id), "over": poll.over(node.clock()), "voters_here": here, "voters_elsewhere": elsewhere,
    }  # fmt: skip
    summary = shown.get(kept.summary_id or 0, b"null")
    body = _beside(entity, shown[post.id])[:-1] + b',"summary":' + summary + b"}"
    return Response(body, media_type=paging.JSON)


async def close(request: Request[State]) -> Response:
    """Close a consultation of one's own before its day; then the consultation. Raises Invalid."""
    node = request.state["node"]
    post_id = identifier(request.path_params["id"])

    async def work(db: Writing) -> tuple[int, list[Told]]:
        caller = await auth.signed_in(request, db, "write:statuses")
        return caller.id, await voting.close(db, node, await actors.by_id(db, caller.id), post_id)

    reader_id, told = await retrying(node.database, work, keyed=False)
    announce(node, told)
    async with node.database.reading() as db:
        return await _consultation(db, node, post_id, reader_id)


async def _counted(db: Reading, post: Post) -> tuple[int | None, int | None]:
    return await consultations.voters(db, post.id) if post.local is not None else (None, None)


_EVENT = "/api/v1/sharewell/events/{id}"
routes = [
    Route("/api/v1/sharewell/events", listing),
    Route(_EVENT, show),
    Route(f"{_EVENT}/join", join, methods=["POST"]),
    Route(f"{_EVENT}/interested", interested, methods=["POST"]),
    Route(f"{_EVENT}/leave", leave, methods=["POST"]),
    Route(f"{_EVENT}/attendees", attendees),
    Route("/api/v1/sharewell/consultations", consulted),
    Route("/api/v1/sharewell/consultations/{id}", consultation),
    Route("/api/v1/sharewell/consultations/{id}/close", close, methods=["POST"]),
]
