"""/api/v1/filters: filters as apps before Mastodon 4 know them, one for each keyword.

https://docs.joinmastodon.org/methods/filters/#v1. They lie in the same filters as those of /api/v2/filters.
"""

from __future__ import annotations

from dataclasses import replace

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from node.api import filter_entities
from node.api.auth import Caller
from node.api.entities import Entity
from node.api.filters import read, write
from node.connecting import filters as use
from node.connecting.filters import Word
from node.context import State
from node.errors import Invalid
from node.requests import Params, flag, number, params, text, texts
from node.texts import _
from storage import filters
from storage.database import Reading, Writing
from storage.filters import Action, Filter
from storage.ids import LAST


async def all_of(request: Request[State]) -> Response:
    """The member's keywords."""

    async def find(db: Reading, caller: Caller, _id: int) -> list[Entity]:
        found = await filters.whole(db, await filters.of(db, caller.id))
        return [filter_entities.v1_filter(one.filter, word) for one in found for word in one.keywords]

    return await read(request, find)


async def show(request: Request[State]) -> Response:
    """One keyword."""

    async def find(db: Reading, caller: Caller, id: int) -> Entity:
        word = await filters.keyword(db, id, member_id=caller.id)
        return filter_entities.v1_filter(await filters.by_id(db, word.filter_id, member_id=caller.id), word)

    return await read(request, find)


def _wanted(values: Params, old: Filter, *, now: int) -> Filter:
    """The filter that is to have the keyword; what was not sent stays."""
    new = replace(old, contexts=" ".join(texts(values, "context")) if "context" in values else old.contexts)
    if "irreversible" in values:
        new = replace(new, action=Action.HIDE if flag(values, "irreversible") else Action.WARN)
    if "expires_in" in values:
        seconds = number(values, "expires_in", 0)
        new = replace(new, ends=use.ends(seconds, now=now) if seconds else LAST)
    return new


async def create(request: Request[State]) -> Response:
    """Make a filter of one keyword; it is called as the keyword."""
    values = await params(request)
    phrase = text(values, "phrase")
    new = _wanted(values, Filter(0, 0, phrase[: use.TITLE], "", Action.WARN, LAST), now=request.state["node"].clock())

    async def act(db: Writing, caller: Caller, _id: int) -> Entity:
        kept = await use.keep(db, replace(new, member_id=caller.id), [Word(0, phrase, flag(values, "whole_word"))])
        [whole] = await filters.whole(db, [kept])
        return filter_entities.v1_filter(kept, whole.keywords[0])

    if not phrase.strip():
        raise Invalid(_("A keyword has 1 to %s characters.") % use.WORD, field="phrase")
    return await write(request, act)


async def change(request: Request[State]) -> Response:
    """Change a keyword, and its filter when nothing else is in that. Raises Invalid."""
    values = await params(request)
    now = request.state["node"].clock()

    async def act(db: Writing, caller: Caller, id: int) -> Entity:
        word = await filters.keyword(db, id, member_id=caller.id)
        old = await filters.by_id(db, word.filter_id, member_id=caller.id)
        new = _wanted(values, old, now=now)
        if new != old:
            if await _shared(db, old):
                raise Invalid(_("This filter has several keywords; change it in an app that shows all of them."))
            new = await use.keep(db, new, [])
        whole_word = flag(values, "whole_word") if "whole_word" in values else None
        said = Word(id, text(values, "phrase") if "phrase" in values else None, whole_word)
        return filter_entities.v1_filter(new, await use.put(db, new, said))

    return await write(request, act)


async def _shared(db: Reading, filter: Filter) -> bool:
    """Whether more than one keyword is in it, or a post."""
    [whole] = await filters.whole(db, [filter])
    return len(whole.keywords) + len(whole.statuses) > 1


async def delete(request: Request[State]) -> Response:
    """Take a keyword away, and its filter with the last one."""

    async def act(db: Writing, caller: Caller, id: int) -> None:
        word = await filters.keyword(db, id, member_id=caller.id)
        filter = await filters.by_id(db, word.filter_id, member_id=caller.id)
        shared = await _shared(db, filter)
        await filters.remove_keyword(db, word.id)
        if not shared:
            await filters.remove(db, filter.id)

    return await write(request, act)


routes = [
    Route("/api/v1/filters", all_of, methods=["GET"]),
    Route("/api/v1/filters", create, methods=["POST"]),
    Route("/api/v1/filters/{id}", show, methods=["GET"]),
    Route("/api/v1/filters/{id}", change, methods=["PUT"]),
    Route("/api/v1/filters/{id}", delete, methods=["DELETE"]),
]
