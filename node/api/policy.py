"""/api/v2/notifications/policy and requests: https://docs.joinmastodon.org/methods/notifications/#get-policy

What is held back is in no list and no stream, and no device hears of it, until its sender is let through.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, replace

import orjson
from starlette.requests import Request as Asked
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from node.api import auth, entities, paging, rendering
from node.api.entities import Entity
from node.context import Node, State
from node.errors import Invalid
from node.requests import Params, identifier, params, text, texts
from node.streams import MERGED
from node.texts import _
from storage import actors, held, holding, timelines
from storage.database import Missing, Reading, Writing, listed
from storage.held import Request
from storage.holding import Policy, Treatment
from storage.retrying import retrying

FEW, MOST = 40, 80
AT_ONCE = 100  # requests that are answered together
# As the API names the parts of a policy.
RULES: Mapping[str, str] = {f"for_{name}": name for name in asdict(Policy())}


async def _shown(db: Reading, member_id: int, policy: Policy) -> Entity:
    requests, notifications = await held.count(db, member_id)
    said = asdict(policy)
    return {
        **{rule: said[name].value for rule, name in RULES.items()},
        "summary": {"pending_requests_count": requests, "pending_notifications_count": notifications},
    }


async def show(request: Asked[State]) -> Response:
    """What the member wants to be told of at once."""
    async with request.state["node"].database.reading() as db:
        caller = await auth.signed_in(request, db, "read:notifications")
        return JSONResponse(await _shown(db, caller.id, await holding.of(db, caller.id)))


def _said(values: Params, old: Policy) -> Policy:
    """What is wanted; what was not sent stays. Raises Invalid."""
    given = {rule: text(values, rule) for rule in RULES if rule in values}
    try:
        return replace(old, **{RULES[rule]: Treatment(said) for rule, said in given.items()})
    except ValueError as error:
        rule = next(rule for rule, said in given.items() if said not in set(Treatment))
        raise Invalid(_("Choose one of: accept, filter, drop."), field=rule) from error


async def change(request: Asked[State]) -> Response:
    """Change that, for what comes from now on. Raises Invalid."""
    values = await params(request)

    async def work(db: Writing) -> Entity:
        caller = await auth.signed_in(request, db, "write:notifications")
        policy = _said(values, await holding.of(db, caller.id))
        await holding.put(db, caller.id, policy)
        return await _shown(db, caller.id, policy)

    return JSONResponse(await retrying(request.state["node"].database, work, keyed=True))


async def _as_json(db: Reading, node: Node, found: Sequence[Request], reader_id: int) -> list[bytes]:
    """The NotificationRequest of each, in a fixed number of queries."""
    who = await actors.by_ids(db, {one.actor_id for one in found}) if found else {}
    ids = {one.post_id for one in found if one.post_id is not None}
    lines = await timelines.some(db, listed(ids), reader_id=reader_id) if ids else {}
    rendered = await rendering.statuses(db, node, list(lines.values()), reader_id=reader_id) if lines else []
    posts = dict(zip(lines, rendered, strict=True)) if len(lines) == len(rendered) else {}
    return [
        orjson.dumps(
            {
                "id": str(one.id),
                "created_at": entities.time(one.created),
                "updated_at": entities.time(one.updated),
                "notifications_count": str(one.count),
            }
        )[:-1]
        + b',"account":%b,"last_status":%b}'
        % (rendering.account(node, who[one.actor_id]), posts.get(one.post_id or 0, b"null"))
        for one in found
        if one.actor_id in who
    ]


async def requests(request: Asked[State]) -> Response:
    """Of whom notifications are held back."""
    node = request.state["node"]
    page = paging.page(request.query_params, default=FEW, most=MOST)
    async with node.database.reading() as db:
        caller = await auth.signed_in(request, db, "read:notifications")
        found = await held.newest(db, caller.id, page)
        shown = await _as_json(db, node, found, caller.id)
    return paging.array(shown, paging.links(request, page, [one.id for one in found]))


async def one(request: Asked[State]) -> Response:
    """One of them."""
    node = request.state["node"]
    async with node.database.reading() as db:
        caller = await auth.signed_in(request, db, "read:notifications")
        found = await held.by_id(db, caller.id, identifier(request.path_params["id"]))
        [shown] = await _as_json(db, node, [found], caller.id)
    return Response(shown, media_type=paging.JSON)


async def merged(request: Asked[State]) -> Response:
    """Whether everything that was let through is in the list by now: it is as soon as that is answered."""
    async with request.state["node"].database.reading() as db:
        await auth.signed_in(request, db, "read:notifications")
    return JSONResponse({"merged": True})


Act = Callable[[Writing, int, Iterable[int]], Awaitable[None]]


async def _answer_one(request: Asked[State], act: Act) -> Response:
    """Raises Missing."""

    async def work(db: Writing) -> int:
        caller = await auth.signed_in(request, db, "write:notifications")
        found = await held.by_id(db, caller.id, identifier(request.path_params["id"]))
        await act(db, caller.id, [found.id])
        return caller.id

    return _done(request, act, await retrying(request.state["node"].database, work, keyed=False))


def _done(request: Asked[State], act: Act, member_id: int) -> Response:
    if act is held.let_through:
        request.state["node"].database.signal(MERGED, member_id)
    return JSONResponse({})


async def _answer_many(request: Asked[State], act: Act) -> Response:
    """Raises Invalid, Missing."""
    ids = [identifier(one) for one in texts(await params(request), "id")]
    if not ids or len(ids) > AT_ONCE:
        raise Invalid(_("Say which requests, at most %s.") % AT_ONCE, field="id")
    if 0 in ids:
        raise Missing("request")

    async def work(db: Writing) -> int:
        caller = await auth.signed_in(request, db, "write:notifications")
        await act(db, caller.id, ids)
        return caller.id

    return _done(request, act, await retrying(request.state["node"].database, work, keyed=True))


async def accept(request: Asked[State]) -> Response:
    """Let an account through, with what was held back of it."""
    return await _answer_one(request, held.let_through)


async def dismiss(request: Asked[State]) -> Response:
    """Forget what was held back of an account."""
    return await _answer_one(request, held.dismiss)


async def accept_many(request: Asked[State]) -> Response:
    """Let several accounts through."""
    return await _answer_many(request, held.let_through)


async def dismiss_many(request: Asked[State]) -> Response:
    """Forget what was held back of several accounts."""
    return await _answer_many(request, held.dismiss)


routes = [
    Route("/api/v2/notifications/policy", show),
    Route("/api/v2/notifications/policy", change, methods=["PATCH", "PUT"]),  # masto.js says PUT
    Route("/api/v1/notifications/requests", requests),
    Route("/api/v1/notifications/requests/merged", merged),
    Route("/api/v1/notifications/requests/accept", accept_many, methods=["POST"]),
    Route("/api/v1/notifications/requests/dismiss", dismiss_many, methods=["POST"]),
    Route("/api/v1/notifications/requests/{id}", one),
    Route("/api/v1/notifications/requests/{id}/accept", accept, methods=["POST"]),
    Route("/api/v1/notifications/requests/{id}/dismiss", dismiss, methods=["POST"]),
]
