"""What a member was told, as a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from node import pages
from node.context import State
from node.requests import identifier, text
from node.surfacing.groups import Group, groups_of
from node.web.cards import Card, cards
from node.web.members import acting, reading
from node.web.screening import screen as screened
from storage import actors, admissions, collections, markers, notifications, timelines
from storage.actors import Actor
from storage.collections import Collection
from storage.database import Missing, Reading, listed
from storage.filters import Context
from storage.ids import LAST
from storage.markers import Timeline
from storage.notifications import Notification, Reason
from storage.paging import Page

READ = 200  # notifications for one page
TABS: Mapping[str, Sequence[Reason]] = {
    "": (),
    "replies": (
        Reason.MENTION,
        Reason.STATUS,
        Reason.QUOTE,
        Reason.QUOTED_UPDATE,
        Reason.ASKED,
        Reason.ANSWER,
        Reason.POST_WAITS,
    ),
    "thanks": (Reason.LIKE, Reason.BOOST, Reason.LINEAGE),
    "followers": (Reason.FOLLOW, Reason.FOLLOW_REQUEST, Reason.JOIN_ASKED, Reason.COLLECTED, Reason.COLLECTION_UPDATE),
}


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the page."""

    reason: Reason
    actors: Sequence[Actor]  # who did it, the newest first
    card: Card | None
    at: int
    new: bool
    collection: Collection | None = None
    groups: Sequence[Actor] = ()  # of the reader, in which somebody or a post waits to be let in


async def show(request: Request[State]) -> Response:
    """The newest first; what is alike is one line."""
    me = await reading(request)
    tab = request.path_params.get("tab", "")
    if tab not in TABS:
        raise Missing(tab)
    page = Page(before=identifier(request.query_params.get("max_id", "")) or LAST, limit=READ)
    reasons = listed(one.value for one in TABS[tab]) if TABS[tab] else ""
    node = request.state["node"]
    async with node.database.reading() as db:
        told = await notifications.newest(db, me.id, page, now=node.clock(), reasons=reasons)
        marked = await markers.of(db, me.id, [Timeline.NOTIFICATIONS])
        items = await _items(db, me, groups_of(told), marked[0].last_read_id if marked else 0, now=node.clock())
    older = f"{request.url.path}?max_id={told[-1].id}" if len(told) == READ else None
    newest = told[0].id if told else 0
    return pages.page(request, "notifications.html", me=me, items=items, tab=tab, older=older, newest=newest)


async def _items(db: Reading, me: Actor, groups: Sequence[Group], seen: int, *, now: int) -> list[Item]:
    """Those that are still for this reader, in a fixed number of queries."""
    who = await actors.by_ids(db, {one.actor_id for group in groups for one in group.told})
    ids = {one for group in groups if (one := group.told[0].post_id) is not None}
    lines = await timelines.some(db, listed(ids), reader_id=me.id) if ids else {}
    screen = await screened(db, list(lines.values()), Context.NOTIFICATIONS, reader_id=me.id, now=now)
    found = screen.cards(await cards(db, list(lines.values()), reader_id=me.id, now=now))
    shown = {one.line.id: one for one in found}
    about = {one for group in groups if (one := group.told[0].collection_id) is not None}
    collected = await collections.by_ids(db, about, reader_id=me.id) if about else {}
    waiting = await _waiting(db, me, [group.told[0] for group in groups])
    items: list[Item] = []
    for group in groups:
        newest = group.told[0]
        people = [who[one] for one in dict.fromkeys(told.actor_id for told in group.told) if one in who]
        card = None if newest.post_id is None else shown.get(newest.post_id)
        kept = collected.get(newest.collection_id or 0)
        there = kept is not None if newest.collection_id is not None else newest.post_id is None or card is not None
        if people and there:
            key = (newest.reason, newest.actor_id, newest.post_id)
            items.append(
                Item(newest.reason, people, card, newest.created, newest.id > seen, kept, waiting.get(key, ()))
            )
    return items


async def _waiting(
    db: Reading, me: Actor, told: Sequence[Notification]
) -> dict[tuple[Reason, int, int | None], list[Actor]]:
    """The groups of the reader in which somebody, or a post, still waits to be let in."""
    askers = {one.actor_id for one in told if one.reason is Reason.JOIN_ASKED}
    ids = {one.post_id for one in told if one.reason is Reason.POST_WAITS and one.post_id is not None}
    if not askers and not ids:
        return {}
    found: dict[tuple[Reason, int, int | None], list[Actor]] = {}
    for actor_id, post_id, group in await admissions.kept_by(db, me.id, actor_ids=askers, post_ids=ids):
        reason = Reason.JOIN_ASKED if post_id is None else Reason.POST_WAITS
        found.setdefault((reason, actor_id, post_id), []).append(group)
    return found


async def read(request: Request[State]) -> Response:
    """Mark all as read, up to the newest that was shown."""
    node = request.state["node"]
    me, values = await acting(request)
    newest = identifier(text(values, "newest"))
    if newest:
        async with node.database.writing() as db:
            await markers.put(db, me.id, Timeline.NOTIFICATIONS, newest, now=node.clock())
    return RedirectResponse("/notifications", 303)


routes = [
    Route("/notifications", show),
    Route("/notifications/read", read, methods=["POST"]),
    Route("/notifications/{tab}", show),
]
