"""/api/v1/streaming: what happens, as it happens, by WebSocket and as server-sent events.

https://docs.joinmastodon.org/methods/streaming/ What is told by ``node.surfacing.streaming`` is looked up here for each
reader by the same query and the same rule as in lists, so that a block or a filter holds for the next event.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

import orjson
from starlette.requests import HTTPConnection, Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.websockets import WebSocket, WebSocketDisconnect

from node.api import announcements, answers, auth, rendering
from node.api import conversations as conversation_entities
from node.api.notifications import as_json
from node.context import Node, State
from node.errors import Invalid, NotAllowed, Unauthenticated
from node.requests import identifier, secret_hash
from node.streams import Event, Kind, Stream, Subscriber
from node.texts import _
from storage import conversations, lists, mutes, notifications, timelines, tokens
from storage.database import Busy, Missing, Reading, Unavailable, listed
from storage.paging import Page
from storage.tags import name_of
from storage.timelines import Line

OPEN = frozenset({"public", "public:local", "public:remote", "hashtag", "hashtag:local"})
OWN = {  # and the scope each needs
    "user": "read:statuses",
    "user:notification": "read:notifications",
    "list": "read:statuses",
    "direct": "read:statuses",
}
STREAMS = 40  # of one connection
BEAT = 15.0  # seconds between signs of life to server-sent events
SLOW = 10.0  # seconds that a reader may take to take an event
REVOKED = 1008  # RFC 6455 7.4.1: policy violation
TOLD = 30  # notifications at once


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: nobody in particular, or a member by a token with these scopes."""

    id: int = 0
    token_id: int = 0
    scopes: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """An event as it is sent."""

    streams: Sequence[Stream]
    kind: Kind
    payload: str | None  # None: the kind says all


async def _reader(connection: HTTPConnection[State], token: str) -> Reader:
    """Raises Unauthenticated, NotAllowed."""
    if not token:
        return Reader()
    async with connection.state["node"].database.reading() as db:
        found = await tokens.bearer(db, secret_hash(token))
    if found is None or found.member is None:
        raise Unauthenticated("The access token is invalid")
    auth.check_usable(found.member)
    return Reader(found.member.actor_id, found.token.id, found.token.scopes)


def _stream(reader: Reader, name: str, about: Mapping[str, object]) -> Stream:
    """The stream that is asked for; ``about`` has the hashtag or list. Raises Invalid, NotAllowed, Unauthenticated."""
    if name in OWN:
        if not reader.id:
            raise Unauthenticated("Missing access token")
        if not auth.may(reader.scopes, OWN[name]):
            raise NotAllowed(_("This action is outside the authorized scopes"))
        if name != "list":
            return Stream(name, reader_id=reader.id)
        id = identifier(str(about.get("list", "")))
        if not id:
            raise Invalid(_("Missing list name parameter"))
        return Stream(name, str(id), reader.id)
    if name not in OPEN:
        raise Invalid(_("Unknown stream type"))
    if not name.startswith("hashtag"):
        return Stream(name)
    given = about.get("tag", "")
    tag = name_of(given) if isinstance(given, str) else ""
    if not tag:
        raise Invalid(_("Missing tag name parameter"))
    return Stream(name, tag)


async def _readable(node: Node, stream: Stream) -> None:
    """Raises Missing when it is another member's list."""
    if stream.name == "list":
        async with node.database.reading() as db:
            await lists.by_id(db, int(stream.about), member_id=stream.reader_id)


class Feed:
    """One open connection: from events to what its reader is sent."""

    def __init__(self, node: Node, reader: Reader) -> None:
        self.subscriber = Subscriber(reader.token_id)
        self._node = node
        self._reader = reader
        self._told = 0  # the last notification that was sent

    async def begin(self) -> None:
        """Notifications from now on are sent."""
        if self._reader.id:
            async with self._node.database.reading() as db:
                last = await notifications.newest(db, self._reader.id, Page(limit=1), now=self._node.clock())
            self._told = last[0].id if last else 0

    async def next(self) -> list[Said] | None:
        """What is to be sent next; None when the reader fell behind or may read no more."""
        events = await self.subscriber.next()
        if self.subscriber.over:
            return None
        said: list[Said] = []
        with suppress(Busy, Unavailable):  # a reader that misses something looks at the list
            said = await self._node.database.read(lambda db: self._said(db, events))
        return said

    async def _said(self, db: Reading, events: Mapping[Event, Sequence[Stream]]) -> list[Said]:
        told = await self._posts(db, [one for one in events if one.kind in (Kind.UPDATE, Kind.EDIT)])
        told |= await self._talks(db, [one for one in events if one.kind is Kind.CONVERSATION])
        told |= await announcements.told(db, self._node, events)
        said: list[Said] = []
        for event, streams in events.items():
            match event.kind:
                case Kind.DELETE | Kind.UNANNOUNCED:
                    said.append(Said(streams, event.kind, str(event.id)))
                case Kind.NOTIFICATION:
                    said += [Said(streams, event.kind, one) for one in await self._notified(db)]
                case Kind.FILTERS:
                    said.append(Said(streams, event.kind, None))
                case Kind.MERGED:
                    said.append(Said(streams, event.kind, "1"))  # apps ignore it, and some want one
                case _:
                    payload = told.get(event)
                    said += [] if payload is None else [Said(streams, event.kind, payload)]
        return said

    async def _posts(self, db: Reading, events: Sequence[Event]) -> dict[Event, str]:
        """Those posts that are for the reader, and by nobody they mute."""
        ids = [one.id for one in events]
        lines = await timelines.some(db, listed(ids), reader_id=self._reader.id) if ids else {}
        for one in await self._muted(db, lines):
            del lines[one]
        order = list(lines.values())
        statuses = await rendering.statuses(db, self._node, order, reader_id=self._reader.id) if order else []
        rendered = dict(zip(lines, statuses, strict=True)) if len(statuses) == len(order) else {}
        return {one: rendered[one.id].decode() for one in events if one.id in rendered}

    async def _talks(self, db: Reading, events: Sequence[Event]) -> dict[Event, str]:
        """Those of these conversations whose newest post is for the reader, and by nobody they mute."""
        ids = [one.id for one in events]
        found = await conversations.some(db, self._reader.id, ids) if ids else {}
        newest = listed({one.last_post_id for one in found.values()})
        lines = await timelines.some(db, newest, reader_id=self._reader.id) if found else {}
        muted = await self._muted(db, lines)
        kept = [one for one in found.values() if one.last_post_id in lines and one.last_post_id not in muted]
        shown = await conversation_entities.as_json(db, self._node, kept, self._reader.id) if kept else []
        told = {one.id: entity.decode() for one, entity in zip(kept, shown, strict=True)}
        return {one: told[one.id] for one in events if one.id in told}

    async def _muted(self, db: Reading, lines: Mapping[int, Line]) -> list[int]:
        """What of ``lines`` is by, or passed on by, somebody the reader mutes."""
        if not lines or not self._reader.id:
            return []
        who = {line.author_id for line in lines.values()} | {line.booster_id or 0 for line in lines.values()}
        muted = await mutes.of(db, member_id=self._reader.id, target_ids=list(who), now=self._node.clock())
        return [id for id, line in lines.items() if line.author_id in muted or line.booster_id in muted]

    async def _notified(self, db: Reading) -> list[str]:
        page = Page(after=self._told, limit=TOLD, rising=True)
        found = (await notifications.newest(db, self._reader.id, page, now=self._node.clock()))[::-1]
        if found:
            self._told = found[-1].id
        return [one.decode() for one in await as_json(db, self._node, found, self._reader.id)]


@asynccontextmanager
async def _feeding(node: Node, reader: Reader) -> AsyncGenerator[Feed]:
    feed = Feed(node, reader)
    node.streams.join(feed.subscriber)
    try:
        await feed.begin()
        yield feed
    finally:
        node.streams.leave(feed.subscriber)


# -- WebSocket


async def socket(connection: WebSocket[State]) -> None:
    """Several streams on one connection, opened and closed by messages."""
    node = connection.state["node"]
    offered = connection.scope.get("subprotocols") or []
    token = connection.query_params.get("access_token") or _bearer(connection) or (offered[0] if offered else "")
    asked = connection.query_params.get("stream", "")
    try:
        reader = await _reader(connection, token)
        first = _stream(reader, asked, connection.query_params) if asked else None
        if first is not None:
            await _readable(node, first)
    except (Invalid, Missing, NotAllowed, Unauthenticated) as error:
        await connection.send_denial_response(answers.error(connection, error))
        return
    await connection.accept(subprotocol=offered[0] if offered else None)
    async with _feeding(node, reader) as feed:
        if first is not None:
            node.streams.open(feed.subscriber, first)
        with suppress(WebSocketDisconnect, TimeoutError):
            await _first_of([_heed(connection, node, reader, feed), _send(connection, feed)])
        with suppress(Exception):
            await connection.close(REVOKED)


async def _first_of(work: Sequence[Awaitable[None]]) -> None:
    """Until the first of them ends; the others end with it."""
    tasks = [asyncio.ensure_future(one) for one in work]
    try:
        done, _others = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for one in done:
            one.result()
    finally:
        for one in tasks:
            one.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _heed(connection: WebSocket[State], node: Node, reader: Reader, feed: Feed) -> None:
    async for text in connection.iter_text():
        if not text.strip():
            continue
        try:
            await _obey(node, reader, feed, text)
        except (Invalid, NotAllowed, Unauthenticated) as error:
            status = 400 if isinstance(error, Invalid) else 401
            await connection.send_text(orjson.dumps({"error": str(error), "status": status}).decode())
        except Missing:
            await connection.send_text(orjson.dumps({"error": _("Not found"), "status": 404}).decode())


async def _obey(node: Node, reader: Reader, feed: Feed, text: str) -> None:
    """Raises Invalid, Missing, NotAllowed, Unauthenticated."""
    try:
        said = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise Invalid(_("Malformed message")) from error
    if not isinstance(said, dict) or not isinstance(said.get("stream"), str):
        raise Invalid(_("Malformed message"))
    stream = _stream(reader, said["stream"], said)
    match said.get("type"):
        case "subscribe":
            if len(feed.subscriber.streams) >= STREAMS:
                raise Invalid(_("Too many streams"))
            await _readable(node, stream)
            node.streams.open(feed.subscriber, stream)
        case "unsubscribe":
            node.streams.close(feed.subscriber, [stream])
        case _:
            raise Invalid(_("Malformed message"))


async def _send(connection: WebSocket[State], feed: Feed) -> None:
    while (said := await feed.next()) is not None:
        for one in said:
            for stream in one.streams:
                name = [stream.name, stream.about] if stream.about else [stream.name]
                payload = {} if one.payload is None else {"payload": one.payload}
                message = orjson.dumps({"stream": name, "event": one.kind.value, **payload}).decode()
                async with asyncio.timeout(SLOW):
                    await connection.send_text(message)


def _bearer(connection: HTTPConnection[State]) -> str:
    scheme, _space, token = connection.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


# -- server-sent events


def _events(name: str) -> Callable[[Request[State]], Awaitable[Response]]:
    async def events(request: Request[State]) -> Response:
        node = request.state["node"]
        reader = await _reader(request, request.query_params.get("access_token") or _bearer(request))
        stream = _stream(reader, name, request.query_params)
        headers = {"cache-control": "private, no-store", "x-accel-buffering": "no"}
        await _readable(node, stream)
        return StreamingResponse(_told(node, reader, stream), media_type="text/event-stream", headers=headers)

    return events


async def _told(node: Node, reader: Reader, stream: Stream) -> AsyncIterator[str]:
    async with _feeding(node, reader) as feed:
        node.streams.open(feed.subscriber, stream)
        yield ":)\n\n"
        coming = asyncio.create_task(feed.next())
        try:
            while True:
                done, _waiting = await asyncio.wait([coming], timeout=BEAT)
                if not done:
                    yield ":thump\n\n"
                    continue
                said = coming.result()
                if said is None:
                    return
                coming = asyncio.create_task(feed.next())
                for one in said:
                    data = "undefined" if one.payload is None else one.payload  # as apps know it
                    yield f"event: {one.kind.value}\ndata: {data}\n\n"
        finally:
            coming.cancel()


async def health(request: Request[State]) -> Response:
    """Streams are served."""
    return PlainTextResponse("OK")


SOCKETS = {"/api/v1/streaming": socket}
routes = [
    Route("/api/v1/streaming/health", health),
    *(Route(f"/api/v1/streaming/{one.replace(':', '/')}", _events(one)) for one in sorted({*OWN, *OPEN})),
]
