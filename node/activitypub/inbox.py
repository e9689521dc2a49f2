"""The inboxes: one activity a request, taken in at once where nothing has to be fetched for it.

202 means that what was received is durable: what it says is kept, or it is kept itself (``received``) for the worker.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from federation.documents import reading
from federation.errors import FederationError, Refused, Unreachable
from federation.fetching.asking import host_of
from federation.happenings import Happening
from federation.inbox import forwarding, unpacking
from federation.inbox import receive as receiving
from federation.inbox.activity import Activity, Forwarded
from federation.inbox.dispatch import dispatch
from federation.outbox import promise
from federation.signing.verify import Form
from node.activitypub.requests import refusal, signed_request
from node.context import Node, State
from node.surfacing import relaying
from node.surfacing.surface import Told, announce, surface
from storage import actors, jobs, peers, received, throttle
from storage.actors import Actor
from storage.database import Missing, Writing
from storage.jobs import Job, NewJob
from storage.retrying import retrying

log = logging.getLogger(__name__)

KIND = "receive"  # the job that takes in what had to wait
FORWARDED = "forwarded"  # the job that asks about what another server passed on; apart: nothing waits behind it
ASKED = 300  # questions of a sort in an hour that one server may make us ask of others
HOUR, DAY = 60 * 60 * 1000, 24 * 60 * 60 * 1000  # ms
MOVES = 6  # Moves of one actor in a day for which another server is asked
SEEN = 60 * 60 * 1000  # ms: how exact ``peers.last_seen`` is
HOSTS = 10_000  # of which we remember when they were last noted
ERASING = frozenset({"Delete"})  # types that may take thousands of rows away
ANSWERED = frozenset({"Follow", "QuoteRequest"})  # types that promise something to a peer
TYPES = ("application/activity+json", "application/ld+json", "application/json")


async def post(request: Request[State]) -> Response:
    """Take an activity in. The answer to what we will not take says why."""
    node = request.state["node"]
    try:
        _check_form(request)
        signed = signed_request(request, await request.body())
        found = await receiving.authenticate(node.database, node.site, signed)
        await _take(node, found.activity)
    except receiving.Nobody:
        return Response(status_code=202)
    except Refused as error:
        return refusal(error)
    await _note_peer(node, found.signer, found.form)
    return Response(status_code=202)


class _WrongForm(Refused):
    """Not a form that activities come in."""

    status = 415


def _check_form(request: Request[State]) -> None:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in TYPES:
        raise _WrongForm("an activity is application/activity+json")
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise _WrongForm("an activity is not compressed")


async def _take(node: Node, activity: Activity | Forwarded) -> None:
    if isinstance(activity, Forwarded):
        await _keep_to_ask(node, activity)
        return
    if await receiving.missing(node.database, node.site, activity):
        await _keep_for_later(node, activity)
        return
    # Keyed by the activity's id; what has none is repeatable by nature.
    long = activity.type in ERASING
    activity = await receiving.judged(node.site, activity)
    told = await retrying(node.database, lambda db: _kept(db, node, activity), keyed=True, long=long)
    announce(node, told, wake=activity.type in ANSWERED)


async def _kept(db: Writing, node: Node, activity: Activity, came: Sequence[Happening] | None = None) -> list[Told]:
    """``came``: with an activity that had to wait, and is noted."""
    groups = await relaying.holding(db, node, activity)
    happenings = await dispatch(db, node.site, activity, noted=came is not None)
    told = await surface(db, node, [*(came or ()), *happenings])
    await relaying.pass_on(db, node, groups, activity, happenings)
    return told


async def _keep_for_later(node: Node, activity: Activity) -> None:
    body = orjson.dumps(activity.document)
    uri = activity.id or f"{activity.actor.uri}#received/{hashlib.sha256(body).hexdigest()}"
    if activity.type == "Move":
        await _keep_move(node, uri, activity.actor, body, activity.received)
        return
    sort = await unpacking.asks(node.database, activity)
    await _keep_within(node, KIND, sort, uri, activity.actor, body, activity.received)


async def _keep_to_ask(node: Node, said: Forwarded) -> None:
    """Under a name of the signer's: the activity's own id must stay free for its actor."""
    body = orjson.dumps(said.document)
    uri = f"{said.signer.uri}#forwarded/{hashlib.sha256(body).hexdigest()}"
    await _keep_within(node, FORWARDED, FORWARDED, uri, said.signer, body, said.received)


async def _keep_within(node: Node, kind: str, sort: str, uri: str, signer: Actor, body: bytes, now: int) -> None:
    """Keep what is taken in later, while it does not make us ask too much of others; ``sort`` "": it asks nothing."""
    host = host_of(signer.uri)

    async def keep(db: Writing) -> bool:
        if sort and await throttle.count(db, f"{sort} {host}", now=now, window=HOUR) > ASKED:
            return False
        await _keep(db, kind, uri, signer, body, now)
        return True

    if not await retrying(node.database, keep, keyed=True):
        log.info("passed on more than we ask about host=%s sort=%s id=%s", host, sort, uri)
    node.database.signal(jobs.WAKE)


async def _keep_move(node: Node, uri: str, signer: Actor, body: bytes, now: int) -> None:
    """Keep a Move, for which the server that it leads to is asked.

    Beyond ``MOVES`` of one actor they are dropped. Of one server ``ASKED`` are taken in within an hour and the rest in
    later hours: one that closes sends them all at once.
    """
    host = host_of(signer.uri)

    async def keep(db: Writing) -> bool:
        if await throttle.count(db, f"moves of {signer.id}", now=now, window=DAY) > MOVES:
            return False
        hours = (await throttle.count(db, f"moves {host}", now=now, window=DAY) - 1) // ASKED
        await _keep(db, KIND, uri, signer, body, now, due=now + hours * HOUR if hours else jobs.NOW)
        return True

    if not await retrying(node.database, keep, keyed=True):
        log.info("more moves than we ask about actor=%s id=%s", signer.uri, uri)
    node.database.signal(jobs.WAKE)


async def _keep(db: Writing, kind: str, uri: str, signer: Actor, body: bytes, now: int, *, due: int = jobs.NOW) -> None:
    if await received.note(db, uri, actor_id=signer.id, now=now, body=body):
        # One host's activities are taken in one after another, in their order.
        new = NewJob(kind, payload=uri, host=host_of(signer.uri), key=f"{kind} {uri}", due=due)
        await jobs.add(db, new, now=now)


async def take_waiting(node: Node, job: Job) -> None:
    """Take in an activity that had to wait; what it needs is fetched first. Raises Unreachable: try again later."""
    waiting = await _waiting(node, job.payload)
    if waiting is None:
        return
    came: list[Happening] = []
    try:
        activity, came = await _whole(node, waiting)
        activity = await receiving.judged(node.site, activity)
        async with node.database.writing() as db:
            told = await _kept(db, node, activity, came)
            await received.done(db, job.payload)
    except Unreachable:
        raise
    except FederationError:
        async with node.database.writing() as db:
            told = await surface(db, node, came)
            await received.done(db, job.payload)
    announce(node, told)


async def _whole(node: Node, waiting: Activity | Forwarded) -> tuple[Activity, list[Happening]]:
    """The activity with what it needs, and what came with it. Raises Refused, Unreachable."""
    if isinstance(waiting, Forwarded):
        activity = await forwarding.proven(node.database, node.site, waiting)
        if activity.type != "Announce":
            return activity, []
        waiting = activity
    return await receiving.fetch_missing(node.database, node.site, waiting)


async def _waiting(node: Node, uri: str) -> Activity | Forwarded | None:
    async with node.database.reading() as db:
        waiting = await received.waiting(db, uri)
        if waiting is None or waiting.actor_id is None:
            return None
        try:
            signer = await actors.by_id(db, waiting.actor_id)
        except Missing:
            return None
    if signer.suspended is not None or signer.gone is not None:  # since it came
        return None
    document = receiving.parse(waiting.body, node.site)
    if reading.uri(document.get("actor")) == signer.uri:
        return receiving.activity_of(document, signer, waiting.arrived)
    return receiving.forwarded_of(document, signer, waiting.arrived)


async def _note_peer(node: Node, signer: Actor, form: Form) -> None:
    """Remember that this server lives and how it signs; what waits for it may go now."""
    host, now = promise.host_of(signer.inbox), node.clock()
    if not host:
        return
    node.database.signal(jobs.ALIVE, jobs.number_of(host))
    if node.heard.get(host, (0, ""))[0] > now - SEEN and node.heard[host][1] == form.value:
        return
    if len(node.heard) >= HOSTS:
        node.heard.clear()
    node.heard[host] = (now, form.value)
    async with node.database.writing() as db:
        await peers.see(db, host, now=now)
        if form is Form.RFC9421:
            await peers.takes(db, host, form.value, now=now)


routes = [
    Route("/inbox", post, methods=["POST"]),
    Route("/users/{name}/inbox", post, methods=["POST"]),
    Route("/actor/inbox", post, methods=["POST"]),
]
