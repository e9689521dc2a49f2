"""/api/v1/notifications: https://docs.joinmastodon.org/methods/notifications/"""

from __future__ import annotations

from collections.abc import Sequence

import orjson
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from node.api import auth, collected, entities, paging, rendering
from node.context import Node, State
from node.requests import Params, flag, identifier, nested, number, params, text, texts
from node.surfacing.groups import key_of
from storage import actors, markers, notifications, timelines
from storage.database import Missing, Reading, listed
from storage.markers import Timeline
from storage.notifications import Notification, Reason

MOST = 80
COUNTED = 100  # unread notifications are counted up to this
MOST_COUNTED = 1_000
ALL = frozenset(Reason)


async def newest(request: Request[State]) -> Response:
    """What the member was told, newest first."""
    node = request.state["node"]
    values = await params(request)
    page = paging.page(values, default=40, most=MOST)
    async with node.database.reading() as db:
        caller = await auth.signed_in(request, db, "read:notifications")
        told = await notifications.newest(
            db, caller.id, page, now=node.clock(), reasons=reasons(values), of_id=sender(values),
            with_held=flag(values, "include_filtered"),
        )  # fmt: skip
        shown = await as_json(db, node, told, caller.id, collected.unsupported(values))
    await auth.note_visit(node, caller)
    return paging.array(shown, paging.links(request, page, [one.id for one in told]))


def reasons(values: Params) -> str:
    """The reasons asked for as ``notifications.newest`` takes them; words we do not know are no reasons."""
    wanted, unwanted = texts(values, "types"), texts(values, "exclude_types")
    if not wanted and not unwanted:
        return ""
    chosen = [one.value for one in ALL if (not wanted or one.word in wanted) and one.word not in unwanted]
    return listed(sorted(chosen))


def sender(values: Params) -> int:
    """Whose notifications are asked for; 0: everybody's, -1: those of nobody."""
    given = text(values, "account_id")
    return (identifier(given) or -1) if given else 0


async def unread_count(request: Request[State]) -> Response:
    """How many came since the member last looked, by the marker that apps set."""
    values = await params(request)
    most = number(values, "limit", COUNTED, least=1, most=MOST_COUNTED)
    node = request.state["node"]
    async with node.database.reading() as db:
        caller = await auth.signed_in(request, db, "read:notifications")
        marked = await markers.of(db, caller.id, [Timeline.NOTIFICATIONS])
        last = marked[0].last_read_id if marked else 0
        unread = await notifications.count_newer(
            db, caller.id, after=last, most=most, now=node.clock(), reasons=reasons(values), of_id=sender(values)
        )
    return JSONResponse({"count": unread})


async def one(request: Request[State]) -> Response:
    """One thing the member was told."""
    node = request.state["node"]
    async with node.database.reading() as db:
        caller = await auth.signed_in(request, db, "read:notifications")
        told = await notifications.by_id(db, caller.id, identifier(request.path_params["id"]))
        unknown = collected.unsupported(nested(request.query_params.multi_items()))
        shown = await as_json(db, node, [told], caller.id, unknown)
    if not shown:
        raise Missing(str(told.id))
    return Response(shown[0], media_type=paging.JSON)


async def dismiss(request: Request[State]) -> Response:
    """Forget one. Raises Missing for what is no notification's id, as that of a request is none."""
    node = request.state["node"]
    async with node.database.writing() as db:
        caller = await auth.signed_in(request, db, "write:notifications")
        id = identifier(request.path_params["id"])
        if not id:
            raise Missing(request.path_params["id"])
        await notifications.dismiss(db, caller.id, id)
    return JSONResponse({})


async def clear(request: Request[State]) -> Response:
    """Forget all."""
    node = request.state["node"]
    async with node.database.writing() as db:
        caller = await auth.signed_in(request, db, "write:notifications")
        await notifications.clear(db, caller.id)
    return JSONResponse({})


async def as_json(
    db: Reading, node: Node, told: Sequence[Notification], reader_id: int, unknown: frozenset[Reason] = frozenset()
) -> list[bytes]:
    """The Notification of each that is still for this reader. ``unknown``: which of them their app has no words for."""
    who = await actors.by_ids(db, {one.actor_id for one in told})
    ids = {one.post_id for one in told if one.post_id is not None}
    lines = await timelines.some(db, listed(ids), reader_id=reader_id) if ids else {}
    order = list(lines.values())
    rendered = dict(
        zip(lines, await rendering.statuses(db, node, order, reader_id=reader_id), strict=True) if order else ()
    )
    found = await collected.about(db, told, reader_id)
    shown: list[bytes] = []
    for one in told:
        if one.actor_id not in who or (one.post_id is not None and one.post_id not in rendered):
            continue  # the post is no longer for this reader
        if one.collection_id is not None and one.collection_id not in found:
            continue
        head = orjson.dumps(
            {
                "id": str(one.id),
                "type": one.reason.word,
                **own_words(one.reason),
                "created_at": entities.time(one.created),
                "group_key": key_of(one),
                **collected.parts(node, one, who[one.actor_id], found, unknown),
            }
        )
        parts = head[:-1] + b',"account":' + rendering.account(node, who[one.actor_id])
        if one.post_id is not None:
            parts += b',"status":' + rendered[one.post_id]
        shown.append(parts + b"}")
    return shown


def own_words(reason: Reason) -> dict[str, dict[str, str]]:
    """What Mastodon has no word for: why a member is told of an event or a summary."""
    return {} if reason.word == reason.value else {"sharewell": {"reason": reason.value}}


routes = [
    Route("/api/v1/notifications", newest),
    Route("/api/v1/notifications/unread_count", unread_count),
    Route("/api/v2/notifications/unread_count", unread_count),
    Route("/api/v1/notifications/clear", clear, methods=["POST"]),
    Route("/api/v1/notifications/{id}", one),
    Route("/api/v1/notifications/{id}/dismiss", dismiss, methods=["POST"]),
]
