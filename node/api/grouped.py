"""/api/v2/notifications: what is alike is told once. https://docs.joinmastodon.org/methods/grouped_notifications/

Thanks for one post, boosts of one post and new followers come together for half a day. A group is known by its key, so
an app that has a group from one page adds what it finds of it on the next.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import orjson
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from node.api import auth, collected, entities, paging, rendering
from node.api.notifications import MOST, own_words, reasons, sender
from node.context import Node, State
from node.errors import Invalid
from node.requests import Params, flag, nested, params, text, texts
from node.surfacing.groups import GROUPED, Group, groups_of
from node.texts import _
from storage import actors, notifications, timelines
from storage.actors import Actor
from storage.database import Missing, Reading, Writing, listed
from storage.notifications import Notification, Reason
from storage.paging import Page
from storage.retrying import retrying

SAMPLE = 8  # accounts that stand for a group
READ = 10  # notifications that are read for each group that is asked for


async def newest(request: Request[State]) -> Response:
    """What the member was told, in groups, newest first."""
    node = request.state["node"]
    values = await params(request)
    few = _expands(values)
    page = paging.page(values, default=40, most=MOST)
    wide = Page(before=page.before, after=page.after, limit=page.limit * READ, rising=page.rising)
    grouped = GROUPED & {Reason(one) for one in texts(values, "grouped_types") if one in set(Reason)}
    async with node.database.reading() as db:
        caller = await auth.signed_in(request, db, "read:notifications")
        told = await notifications.newest(
            db, caller.id, wide, now=node.clock(), reasons=reasons(values), of_id=sender(values),
            with_held=flag(values, "include_filtered"),
        )  # fmt: skip
        all_groups = groups_of(told, grouped if "grouped_types" in values else GROUPED)
        chosen = all_groups[-page.limit :] if page.rising else all_groups[: page.limit]
        body = await _results(db, node, chosen, caller.id, few=few, unknown=collected.unsupported(values))
    await auth.note_visit(node, caller)
    places = sorted((one.id for group in chosen for one in group.told), reverse=True)
    full = Page(before=page.before, after=page.after, limit=min(page.limit, len(places)), rising=page.rising)
    return Response(body, headers=paging.links(request, full, places), media_type=paging.JSON)


def _expands(values: Params) -> bool:
    """Whether only the first account of each group is to be whole. Raises Invalid."""
    asked = text(values, "expand_accounts", "full")
    if asked not in ("full", "partial_avatars"):
        raise Invalid(_("expand_accounts is full or partial_avatars."), field="expand_accounts")
    return asked == "partial_avatars"


async def _results(
    db: Reading,
    node: Node,
    groups: Sequence[Group],
    reader_id: int,
    *,
    few: bool,
    paged: bool = True,
    unknown: frozenset[Reason] = frozenset(),
) -> bytes:
    """GroupedNotificationsResults; ``paged``: with how far each group reaches on this page; ``unknown``: which
    reasons the app has no words for."""
    who = await actors.by_ids(db, {one.actor_id for group in groups for one in group.told[:SAMPLE]})
    shown = await _statuses(db, node, groups, reader_id)
    found = await collected.about(db, [one.told[0] for one in groups], reader_id)
    kept = [one for one in groups if _known(one, who) and _is_there(one.told[0], shown, found)]
    whole = {next(iter(_known(one, who))) for one in kept} if few else {id for one in kept for id in _known(one, who)}
    partial = {id for one in kept for id in _known(one, who)} - whole
    parts = [
        b'"accounts":[' + b",".join(rendering.account(node, who[one]) for one in sorted(whole)) + b"]",
        b'"statuses":[' + b",".join(shown[one] for one in sorted(shown)) + b"]",
        b'"notification_groups":'
        + orjson.dumps(
            [
                _entity(one, who, paged=paged)
                | collected.parts(node, one.told[0], who[_known(one, who)[0]], found, unknown)
                for one in kept
            ]
        ),
    ]
    if few:
        parts.append(b'"partial_accounts":' + orjson.dumps([_partial(node, who[one]) for one in sorted(partial)]))
    return b"{" + b",".join(parts) + b"}"


def _is_there(newest: Notification, shown: Mapping[int, bytes], found: collected.About) -> bool:
    """Whether what a group is about is still for its reader."""
    if newest.collection_id is not None:
        return newest.collection_id in found
    return newest.post_id is None or newest.post_id in shown


def _known(group: Group, who: Mapping[int, Actor]) -> list[int]:
    """Ids of the accounts that stand for a group."""
    return [one for one in dict.fromkeys(one.actor_id for one in group.told[:SAMPLE]) if one in who]


async def _statuses(db: Reading, node: Node, groups: Sequence[Group], reader_id: int) -> dict[int, bytes]:
    ids = {one.told[0].post_id for one in groups} - {None}
    lines = await timelines.some(db, listed(one for one in ids if one is not None), reader_id=reader_id) if ids else {}
    rendered = await rendering.statuses(db, node, list(lines.values()), reader_id=reader_id) if lines else []
    return dict(zip(lines, rendered, strict=True)) if len(rendered) == len(lines) else {}


def _entity(group: Group, who: Mapping[int, Actor], *, paged: bool) -> dict[str, object]:
    """A NotificationGroup. The newest id is a number, as Mastodon sends it and apps read it."""
    newest, oldest = group.told[0], group.told[-1]
    place = {
        "page_max_id": str(newest.id),
        "page_min_id": str(oldest.id),
        "latest_page_notification_at": entities.time(newest.created),
    }
    found: dict[str, object] = {
        "group_key": group.key,
        "notifications_count": len(group.told),
        "type": newest.reason.word,
        **own_words(newest.reason),
        "most_recent_notification_id": newest.id,
        **(place if paged else {}),
        "sample_account_ids": [str(one) for one in _known(group, who)],
    }
    if newest.post_id is not None:
        found["status_id"] = str(newest.post_id)
    return found


def _partial(node: Node, actor: Actor) -> dict[str, object]:
    whole = entities.account(actor, node.site.base_url)
    names = ("id", "acct", "url", "avatar", "avatar_static", "avatar_description", "locked", "bot")
    return {name: whole[name] for name in names}


async def one(request: Request[State]) -> Response:
    """One group."""
    node = request.state["node"]
    async with node.database.reading() as db:
        caller = await auth.signed_in(request, db, "read:notifications")
        group = await _group(db, caller.id, request.path_params["group_key"], now=node.clock())
        unknown = collected.unsupported(nested(request.query_params.multi_items()))
        body = await _results(db, node, [group], caller.id, few=False, paged=False, unknown=unknown)
    return Response(body, media_type=paging.JSON)


async def accounts(request: Request[State]) -> Response:
    """Everybody in a group."""
    node = request.state["node"]
    async with node.database.reading() as db:
        caller = await auth.signed_in(request, db, "read:notifications")
        group = await _group(db, caller.id, request.path_params["group_key"], now=node.clock())
        who = await actors.by_ids(db, {one.actor_id for one in group.told})
    ids = [one for one in dict.fromkeys(one.actor_id for one in group.told) if one in who]
    return paging.array([rendering.account(node, who[one]) for one in ids])


async def dismiss(request: Request[State]) -> Response:
    """Forget a group."""
    node = request.state["node"]

    async def work(db: Writing) -> None:
        caller = await auth.signed_in(request, db, "write:notifications")
        group = await _group(db, caller.id, request.path_params["group_key"], now=node.clock())
        for told in group.told:
            await notifications.dismiss(db, caller.id, told.id)

    await retrying(node.database, work, keyed=True)
    return JSONResponse({})


async def _group(db: Reading, member_id: int, key: str, *, now: int) -> Group:
    """Raises Missing."""
    told = await notifications.newest(db, member_id, Page(limit=MOST * READ), now=now)
    found = next((group for group in groups_of(told) if group.key == key), None)
    if found is None:
        raise Missing(key)
    return found


routes = [
    Route("/api/v2/notifications", newest),
    Route("/api/v2/notifications/{group_key}", one),
    Route("/api/v2/notifications/{group_key}/accounts", accounts),
    Route("/api/v2/notifications/{group_key}/dismiss", dismiss, methods=["POST"]),
]
