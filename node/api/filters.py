"""/api/v2/filters: https://docs.joinmastodon.org/methods/filters/"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from node.api import auth, filter_entities
from node.api.auth import Caller
from node.api.entities import Entity
from node.api.statuses import seen
from node.connecting import filters as use
from node.connecting.filters import Word
from node.context import State
from node.errors import Invalid
from node.requests import Params, flag, identifier, number, params, text, texts
from node.streams import FILTERED
from node.texts import _
from storage import filters
from storage.database import Missing, Reading, Writing
from storage.filters import Action, Filter
from storage.ids import LAST
from storage.retrying import retrying

READ, WRITE = "read:filters", "write:filters"
Find = Callable[[Reading, Caller, int], Awaitable[Any]]
Act = Callable[[Writing, Caller, int], Awaitable[Any]]


async def read(request: Request[State], find: Find) -> Response:
    """What ``find`` answers the member about the id of the path."""
    node = request.state["node"]
    async with node.database.reading() as db:
        caller = await auth.signed_in(request, db, READ)
        return JSONResponse(await find(db, caller, identifier(request.path_params.get("id", ""))))


async def write(request: Request[State], act: Act) -> Response:
    """What ``act`` answers the member about the id of the path; nothing: {}."""
    node = request.state["node"]

    async def work(db: Writing) -> tuple[int, Any]:
        caller = await auth.signed_in(request, db, WRITE)
        return caller.id, await act(db, caller, identifier(request.path_params.get("id", "")))

    member_id, answer = await retrying(node.database, work, keyed=False)
    node.database.signal(FILTERED, member_id)
    return JSONResponse(answer or {})


async def _whole(db: Reading, filter: Filter) -> Entity:
    [whole] = await filters.whole(db, [filter])
    return filter_entities.whole_filter(whole)


async def all_of(request: Request[State]) -> Response:
    """The member's filters."""

    async def find(db: Reading, caller: Caller, _: int) -> list[Entity]:
        found = await filters.whole(db, await filters.of(db, caller.id))
        return [filter_entities.whole_filter(one) for one in found]

    return await read(request, find)


async def show(request: Request[State]) -> Response:
    """One filter."""

    async def find(db: Reading, caller: Caller, id: int) -> Entity:
        return await _whole(db, await filters.by_id(db, id, member_id=caller.id))

    return await read(request, find)


def _changed(values: Params, old: Filter, *, now: int) -> Filter:
    """The filter as it is wanted; what was not sent stays."""
    new = replace(
        old,
        title=text(values, "title", old.title),
        contexts=" ".join(texts(values, "context")) if "context" in values else old.contexts,
        action=use.action(text(values, "filter_action", old.action.value)),
    )
    if "expires_in" not in values:
        return new
    seconds = number(values, "expires_in", 0)
    return replace(new, ends=use.ends(seconds, now=now) if seconds else LAST)


def _words(values: Params) -> list[Word]:
    """What is to happen to keywords."""
    given = values.get("keywords_attributes") or []
    rows = list(given.values()) if isinstance(given, dict) else given
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows) or len(rows) > use.KEYWORDS:
        raise Invalid(_("keywords_attributes must be a list of keywords."), field="keywords_attributes")
    words = [_word(row) for row in rows if any(value not in (None, "") for value in row.values())]
    return [one for one in words if one.id or not one.gone]


def _word(values: Params, id: int | None = None) -> Word:
    if id is None:
        given = text(values, "id")
        id = identifier(given) if given else 0
        if given and not id:
            raise Missing(given)
    return Word(
        id,
        text(values, "keyword") if "keyword" in values else None,
        flag(values, "whole_word") if values.get("whole_word") not in (None, "") else None,
        gone=flag(values, "_destroy"),
    )


async def create(request: Request[State]) -> Response:
    """Make a filter."""
    node = request.state["node"]
    values = await params(request)
    words = _words(values)
    new = _changed(values, Filter(0, 0, "", "", Action.WARN, LAST), now=node.clock())
    if any(one.id for one in words):
        raise Missing("keyword")

    async def act(db: Writing, caller: Caller, _: int) -> Entity:
        return await _whole(db, await use.keep(db, replace(new, member_id=caller.id), words))

    return await write(request, act)


async def change(request: Request[State]) -> Response:
    """Change a filter."""
    node = request.state["node"]
    values = await params(request)
    words = _words(values)

    async def act(db: Writing, caller: Caller, id: int) -> Entity:
        old = await filters.by_id(db, id, member_id=caller.id)
        return await _whole(db, await use.keep(db, _changed(values, old, now=node.clock()), words))

    return await write(request, act)


async def delete(request: Request[State]) -> Response:
    """Forget a filter."""

    async def act(db: Writing, caller: Caller, id: int) -> None:
        await filters.remove(db, (await filters.by_id(db, id, member_id=caller.id)).id)

    return await write(request, act)


async def keywords(request: Request[State]) -> Response:
    """The keywords of a filter."""

    async def find(db: Reading, caller: Caller, id: int) -> list[Entity]:
        [whole] = await filters.whole(db, [await filters.by_id(db, id, member_id=caller.id)])
        return [filter_entities.filter_keyword(one) for one in whole.keywords]

    return await read(request, find)


async def add_keyword(request: Request[State]) -> Response:
    """Put a keyword into a filter."""
    word = _word(await params(request), 0)

    async def act(db: Writing, caller: Caller, id: int) -> Entity:
        filter = await filters.by_id(db, id, member_id=caller.id)
        return filter_entities.filter_keyword(await use.put(db, filter, word))

    return await write(request, act)


async def keyword(request: Request[State]) -> Response:
    """One keyword."""

    async def find(db: Reading, caller: Caller, id: int) -> Entity:
        return filter_entities.filter_keyword(await filters.keyword(db, id, member_id=caller.id))

    return await read(request, find)


async def change_keyword(request: Request[State]) -> Response:
    """Change a keyword."""
    values = await params(request)

    async def act(db: Writing, caller: Caller, id: int) -> Entity:
        old = await filters.keyword(db, id, member_id=caller.id)
        filter = await filters.by_id(db, old.filter_id, member_id=caller.id)
        return filter_entities.filter_keyword(await use.put(db, filter, replace(_word(values, id), gone=False)))

    return await write(request, act)


async def delete_keyword(request: Request[State]) -> Response:
    """Take a keyword out of its filter."""

    async def act(db: Writing, caller: Caller, id: int) -> None:
        await filters.remove_keyword(db, (await filters.keyword(db, id, member_id=caller.id)).id)

    return await write(request, act)


async def statuses(request: Request[State]) -> Response:
    """The posts of a filter."""

    async def find(db: Reading, caller: Caller, id: int) -> list[Entity]:
        [whole] = await filters.whole(db, [await filters.by_id(db, id, member_id=caller.id)])
        return [filter_entities.filter_status(one) for one in whole.statuses]

    return await read(request, find)


async def add_status(request: Request[State]) -> Response:
    """Put a post into a filter that the member may see."""
    given = text(await params(request), "status_id")

    async def act(db: Writing, caller: Caller, id: int) -> Entity:
        filter = await filters.by_id(db, id, member_id=caller.id)
        line = await seen(db, given, reader_id=caller.id)
        return filter_entities.filter_status(await use.choose(db, filter, line.id))

    return await write(request, act)


async def status(request: Request[State]) -> Response:
    """One post of a filter."""

    async def find(db: Reading, caller: Caller, id: int) -> Entity:
        return filter_entities.filter_status(await filters.status(db, id, member_id=caller.id))

    return await read(request, find)


async def delete_status(request: Request[State]) -> Response:
    """Take a post out of its filter."""

    async def act(db: Writing, caller: Caller, id: int) -> None:
        await filters.remove_status(db, (await filters.status(db, id, member_id=caller.id)).id)

    return await write(request, act)


routes = [
    Route("/api/v2/filters", all_of, methods=["GET"]),
    Route("/api/v2/filters", create, methods=["POST"]),
    Route("/api/v2/filters/keywords/{id}", keyword, methods=["GET"]),
    Route("/api/v2/filters/keywords/{id}", change_keyword, methods=["PUT"]),
    Route("/api/v2/filters/keywords/{id}", delete_keyword, methods=["DELETE"]),
    Route("/api/v2/filters/statuses/{id}", status, methods=["GET"]),
    Route("/api/v2/filters/statuses/{id}", delete_status, methods=["DELETE"]),
    Route("/api/v2/filters/{id}", show, methods=["GET"]),
    Route("/api/v2/filters/{id}", change, methods=["PUT"]),
    Route("/api/v2/filters/{id}", delete, methods=["DELETE"]),
    Route("/api/v2/filters/{id}/keywords", keywords, methods=["GET"]),
    Route("/api/v2/filters/{id}/keywords", add_keyword, methods=["POST"]),
    Route("/api/v2/filters/{id}/statuses", statuses, methods=["GET"]),
    Route("/api/v2/filters/{id}/statuses", add_status, methods=["POST"]),
]
