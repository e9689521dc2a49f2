"""/api/v1/announcements: what the operator tells all members. https://docs.joinmastodon.org/methods/announcements/"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence

import orjson
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from node import text as texts
from node.api import auth, entities
from node.api.entities import Entity
from node.context import Node, State
from node.requests import identifier
from node.sharing import announcements as announcing
from node.streams import Event, Kind
from node.surfacing.surface import Told, announce
from storage import announcements
from storage.announcements import Announcement, Reaction
from storage.database import Reading, Writing
from storage.retrying import retrying

Act = Callable[[Writing, Node, int], Awaitable[list[Told]]]


def reaction(kept: Reaction) -> Entity:
    """A Reaction, of nobody in particular."""
    picture = {"url": kept.url, "static_url": kept.url} if kept.url else {}
    return {"name": kept.name, "count": kept.count, **picture}


def entity(kept: Announcement, reactions: Sequence[Reaction], base_url: str, *, personal: bool) -> Entity:
    """An Announcement; ``personal``: with what its reader did with it. Names in it are no mentions."""
    days = kept.all_day is not None
    shown = [reaction(one) | ({"me": one.mine} if personal else {}) for one in reactions]
    return {
        "id": str(kept.id),
        "content": kept.html,
        "starts_at": entities.ending(kept.starts),
        "ends_at": entities.ending(kept.ends),
        "all_day": days,
        "published_at": entities.time(kept.published),
        "updated_at": entities.time(kept.published),
        **({"read": kept.read} if personal else {}),
        "mentions": [],
        "statuses": [],
        "tags": [entities.tag(one, base_url) for one in texts.tags_in(kept.text)],
        "emojis": entities.emojis(kept.emojis),
        "reactions": shown,
    }


async def told(db: Reading, node: Node, events: Iterable[Event]) -> dict[Event, str]:
    """What streams say of announcements and reactions; the same for every reader."""
    wanted = [one for one in events if one.kind in (Kind.ANNOUNCEMENT, Kind.REACTION)]
    if not wanted:
        return {}
    ids = {one.id for one in wanted}
    found = await announcements.by_ids(db, ids)
    chosen = await announcements.reactions(db, ids, member_id=0)
    said: dict[Event, str] = {}
    for event in wanted:
        if event.id not in found:
            continue
        under = chosen.get(event.id, [])
        if event.kind is Kind.ANNOUNCEMENT:
            shown = entity(found[event.id], under, node.config.base_url, personal=False)
        else:
            counted = next((one for one in under if one.name == event.about), Reaction(event.about, 0))
            shown = {**reaction(counted), "announcement_id": str(event.id)}
        said[event] = orjson.dumps(shown).decode()
    return said


async def listed(request: Request[State]) -> Response:
    """All that are not over, those that the member dismissed too."""
    node = request.state["node"]
    async with node.database.reading() as db:
        caller = await auth.signed_in(request, db, "read")
        found = await announcing.current(db, node, caller.id)
        ids = [one.id for one in found]
        chosen = await announcements.reactions(db, ids, member_id=caller.id) if ids else {}
    base = node.config.base_url
    return JSONResponse([entity(one, chosen.get(one.id, []), base, personal=True) for one in found])


async def _act(request: Request[State], scope: str, act: Act) -> Response:
    node = request.state["node"]

    async def work(db: Writing) -> list[Told]:
        caller = await auth.signed_in(request, db, scope)
        return await act(db, node, caller.id)

    announce(node, await retrying(node.database, work, keyed=True), wake=False)
    return JSONResponse({})


async def dismiss(request: Request[State]) -> Response:
    """The member has read it. Raises Missing."""
    id = identifier(request.path_params["id"])
    return await _act(
        request, "write:accounts", lambda db, node, member: announcing.dismiss(db, node, member, id)
    )  # fmt: skip


async def react(request: Request[State]) -> Response:
    """Show an emoji under it. Raises Missing, Invalid."""
    id, name = identifier(request.path_params["id"]), request.path_params["name"]
    return await _act(
        request, "write:favourites", lambda db, node, member: announcing.react(db, node, member, id, name)
    )  # fmt: skip


async def unreact(request: Request[State]) -> Response:
    """Take it back. Raises Missing."""
    id, name = identifier(request.path_params["id"]), request.path_params["name"]
    return await _act(
        request, "write:favourites", lambda db, node, member: announcing.unreact(db, node, member, id, name)
    )  # fmt: skip


routes = [
    Route("/api/v1/announcements", listed),
    Route("/api/v1/announcements/{id}/dismiss", dismiss, methods=["POST"]),
    Route("/api/v1/announcements/{id}/reactions/{name}", react, methods=["PUT"]),
    Route("/api/v1/announcements/{id}/reactions/{name}", unreact, methods=["DELETE"]),
]
