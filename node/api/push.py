"""/api/v1/push/subscription: https://docs.joinmastodon.org/methods/push/"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from federation.errors import Forbidding
from federation.webpush import Device
from node.api import auth
from node.api.entities import Entity
from node.context import Node, State
from node.errors import Invalid
from node.requests import Params, bearer_of, flag, params, text
from node.texts import _
from storage import push_subscriptions
from storage.database import Writing
from storage.push_subscriptions import Place, Policy, Subscription, Wishes
from storage.retrying import retrying

SCOPE = "push"
# What apps ask to be sent. Polls, sign-ups and reports are told to nobody here yet, and can be asked for.
ALERTS = (
    "mention", "status", "reblog", "follow", "follow_request", "favourite", "poll", "update", "quote",
    "quoted_update", "admin.sign_up", "admin.report",
)  # fmt: skip


def _part(values: Params, name: str) -> Params:
    """An object within the values; none: an empty one. Raises Invalid."""
    found = values.get(name)
    if found is None:
        return {}
    if not isinstance(found, Mapping):
        raise Invalid(_("%(name)s must be an object.") % {"name": name}, field=name)
    return found


def _place(node: Node, values: Params) -> Place:
    """Where an app wants to be sent what. Raises Invalid."""
    given = _part(values, "subscription")
    keys = _part(given, "keys")
    endpoint, public, auth_secret = text(given, "endpoint"), text(keys, "p256dh"), text(keys, "auth")
    try:
        host = node.client.place(endpoint)
    except Forbidding as error:
        raise Invalid(
            _("The endpoint must be a public web address (https)."), field="subscription[endpoint]"
        ) from error
    try:
        Device.read(public, auth_secret)
    except ValueError as error:
        message = _("The keys must be a public key on P-256 and a secret of 16 bytes, in base64.")
        raise Invalid(message, field="subscription[keys]") from error
    return Place(endpoint, host, public, auth_secret, flag(given, "standard"))


def _wishes(values: Params, old: Wishes) -> Wishes:
    """What an app wants to be sent; what it does not speak of stays. Raises Invalid."""
    data = _part(values, "data")
    alerts = old.alerts
    if "alerts" in data:
        wanted = _part(data, "alerts")
        alerts = frozenset(one for one in ALERTS if flag(wanted, one))
    policy = text(data, "policy") or text(values, "policy") or old.policy.value
    try:
        return Wishes(alerts, Policy(policy))
    except ValueError as error:
        raise Invalid(_("policy must be all, followed, follower or none."), field="data[policy]") from error


def entity(kept: Subscription, server_key: str) -> Entity:
    """A WebPushSubscription."""
    return {
        "id": str(kept.id),
        "endpoint": kept.place.endpoint,
        "standard": kept.place.standard,
        "alerts": {one: one in kept.wishes.alerts for one in ALERTS},
        "policy": kept.wishes.policy.value,
        "server_key": server_key,
    }


def _answer(node: Node, found: Subscription) -> Response:
    return JSONResponse(entity(found, node.vapid.public))


async def subscribe(request: Request[State]) -> Response:
    """Have notifications sent to a device; takes the place of what this token asked for before."""
    node = request.state["node"]
    values = await params(request)
    place, wishes = _place(node, values), _wishes(values, Wishes(frozenset(), Policy.ALL))

    async def work(db: Writing) -> Subscription:
        caller = await auth.signed_in(request, db, SCOPE)
        await push_subscriptions.put(
            db, token_id=caller.token.id, member_id=caller.id, access_token=bearer_of(request) or "", place=place,
            wishes=wishes,
        )  # fmt: skip
        return await push_subscriptions.of_token(db, caller.token.id)

    return _answer(node, await retrying(node.database, work, keyed=True))


async def show(request: Request[State]) -> Response:
    """What this token asked for."""
    node = request.state["node"]
    async with node.database.reading() as db:
        caller = await auth.signed_in(request, db, SCOPE)
        found = await push_subscriptions.of_token(db, caller.token.id)
    return _answer(node, found)


async def change(request: Request[State]) -> Response:
    """Change which notifications are sent."""
    node = request.state["node"]
    values = await params(request)

    async def work(db: Writing) -> Subscription:
        caller = await auth.signed_in(request, db, SCOPE)
        found = await push_subscriptions.of_token(db, caller.token.id)
        wishes = _wishes(values, found.wishes)
        await push_subscriptions.wish(db, caller.token.id, wishes)
        return replace(found, wishes=wishes)

    return _answer(node, await retrying(node.database, work, keyed=True))


async def end(request: Request[State]) -> Response:
    """Send nothing more."""

    async def work(db: Writing) -> None:
        caller = await auth.signed_in(request, db, SCOPE)
        await push_subscriptions.remove(db, caller.token.id)

    await retrying(request.state["node"].database, work, keyed=True)
    return JSONResponse({})


routes = [
    Route("/api/v1/push/subscription", show, methods=["GET"]),
    Route("/api/v1/push/subscription", subscribe, methods=["POST"]),
    Route("/api/v1/push/subscription", change, methods=["PUT"]),
    Route("/api/v1/push/subscription", end, methods=["DELETE"]),
]
