"""How members stand to accounts: /api/v1/accounts/:id/follow …, /api/v1/follow_requests, /api/v1/blocks, /api/v1/mutes.

https://docs.joinmastodon.org/methods/accounts/, https://docs.joinmastodon.org/methods/mutes/
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

import orjson
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from node.api import auth, entities, paging, people, rendering
from node.connecting import belonging
from node.connecting import blocks as blocking
from node.connecting import follows as following
from node.connecting import mutes as muting
from node.connecting import notes as noting
from node.context import Node, State
from node.requests import flag, identifier, number, params, refuse, text, texts
from node.surfacing.surface import Told, announce
from storage import actors, blocks, domain_blocks, endorsements, follows, mutes, notes
from storage.actors import Actor
from storage.database import Reading, Writing
from storage.retrying import retrying

RELATIONSHIPS = 80  # asked for at once


async def requests(request: Request[State]) -> Response:
    """Who asks to follow the member."""
    node = request.state["node"]
    page = people.wanted(request)
    async with node.database.reading() as db:
        caller = await auth.signed_in(request, db, "read:follows")
        placed = await follows.wanting(db, caller.id, page)
    return people.answer(request, page, placed)


async def blocked(request: Request[State]) -> Response:
    """Whom the member blocks."""
    node = request.state["node"]
    page = people.wanted(request)
    async with node.database.reading() as db:
        caller = await auth.signed_in(request, db, "read:blocks")
        placed = await blocks.newest(db, caller.id, page)
    return people.answer(request, page, placed)


async def muted(request: Request[State]) -> Response:
    """Whom the member mutes, each with when it ends."""
    node = request.state["node"]
    page = people.wanted(request)
    async with node.database.reading() as db:
        caller = await auth.signed_in(request, db, "read:mutes")
        found = await mutes.newest(db, caller.id, page, now=node.clock())
    shown = [
        b'%b,"mute_expires_at":%b}' % (rendering.account(node, actor)[:-1], orjson.dumps(entities.ending(mute.until)))
        for mute, actor in found
    ]
    return paging.array(shown, paging.links(request, page, [mute.id for mute, _ in found]))


async def endorsed(request: Request[State]) -> Response:
    """Whom the member shows on their page."""
    node = request.state["node"]
    page = people.wanted(request)
    async with node.database.reading() as db:
        caller = await auth.signed_in(request, db, "read:accounts")
        placed = await endorsements.newest(db, caller.id, page)
    return people.answer(request, page, placed)


async def endorsed_by(request: Request[State]) -> Response:
    """Whom an account of this node shows on its page."""
    node = request.state["node"]
    page = people.wanted(request)
    async with node.database.reading() as db:
        await auth.reader(request, db, "read:accounts")
        placed = await endorsements.newest(db, (await people.named(request, db)).id, page)
    return people.answer(request, page, placed)


async def familiar_followers(request: Request[State]) -> Response:
    """Who among those the member follows follows each of these accounts, too."""
    node = request.state["node"]
    ids = [identifier(one) for one in texts(await params(request), "id")[:RELATIONSHIPS]]
    async with node.database.reading() as db:
        caller = await auth.signed_in(request, db, "read:follows")
        known = await actors.by_ids(db, ids)
        found = await follows.familiar(db, member_id=caller.id, target_ids=known)
    shown = [
        b'{"id":"%d","accounts":[%b]}' % (one, b",".join(rendering.account(node, who) for who in found.get(one, ())))
        for one in dict.fromkeys(ids)
        if one in known
    ]
    return paging.array(shown)


async def relationships(request: Request[State]) -> Response:
    """How the member stands to each of these accounts."""
    node = request.state["node"]
    ids = [identifier(one) for one in texts(await params(request), "id")[:RELATIONSHIPS]]
    async with node.database.reading() as db:
        caller = await auth.signed_in(request, db, "read:follows")
        shown = await _relationships(db, caller.id, ids, node.clock())
    return JSONResponse(shown)


async def _relationships(db: Reading, me: int, ids: Sequence[int], now: int) -> list[entities.Entity]:
    known = await actors.by_ids(db, ids)
    out = await follows.of(db, follower_id=me, target_ids=ids)
    back = await follows.by(db, target_id=me, follower_ids=ids)
    blocking = await blocks.of(db, actor_id=me, target_ids=ids)
    blocked_by = await blocks.by(db, target_id=me, actor_ids=ids)
    domains = await domain_blocks.of(db, member_id=me, domains={one.domain for one in known.values()})
    endorsed = await endorsements.of(db, member_id=me, target_ids=ids)
    written = await notes.of(db, member_id=me, target_ids=ids)
    muting = await mutes.of(db, member_id=me, target_ids=ids, now=now)
    return [
        entities.relationship(
            one,
            out=out.get(one),
            back=back.get(one),
            blocking=one in blocking,
            blocked_by=one in blocked_by,
            mute=muting.get(one),
            domain_blocking=known[one].domain in domains,
            endorsed=one in endorsed,
            note=written.get(one, ""),
        )
        for one in dict.fromkeys(ids)
        if one in known
    ]


Act = Callable[[Writing, Node, Actor, Actor], Awaitable[list[Told]]]


async def _act(request: Request[State], scope: str, act: Act) -> Response:
    """Do something between the member and the account of the path; answer how they stand now."""
    node = request.state["node"]

    async def work(db: Writing) -> tuple[list[Told], list[entities.Entity]]:
        caller = await auth.signed_in(request, db, scope)
        target = await people.named(request, db)
        told = await act(db, node, await actors.by_id(db, caller.id), target)
        return told, await _relationships(db, caller.id, [target.id], node.clock())

    told, [shown] = await retrying(node.database, work, keyed=True)
    announce(node, told)
    return JSONResponse(shown)


async def follow(request: Request[State]) -> Response:
    """Follow, or change how."""
    values = await params(request)
    refuse(values, "languages")
    boosts = flag(values, "reblogs") if "reblogs" in values else None
    notify = flag(values, "notify") if "notify" in values else None

    async def act(db: Writing, node: Node, me: Actor, target: Actor) -> list[Told]:
        return await following.follow(db, node, me, target, boosts=boosts, notify=notify)

    return await _act(request, "write:follows", act)


async def unfollow(request: Request[State]) -> Response:
    """End a follow or take a request back."""
    return await _act(request, "write:follows", following.unfollow)


async def remove_follower(request: Request[State]) -> Response:
    """Let somebody follow no longer."""
    return await _act(request, "write:follows", following.remove_follower)


async def authorize(request: Request[State]) -> Response:
    """Let somebody follow; or be in a group that the member keeps, which apps are told as a request to follow."""

    async def act(db: Writing, node: Node, me: Actor, target: Actor) -> list[Told]:
        told = await following.accept(db, node, me, target)
        return told or await belonging.answer_asker(db, node, me, target, yes=True)

    return await _act(request, "write:follows", act)


async def reject(request: Request[State]) -> Response:
    """Do not let somebody follow, nor be in a group that the member keeps."""

    async def act(db: Writing, node: Node, me: Actor, target: Actor) -> list[Told]:
        told = await following.reject(db, node, me, target)
        return told or await belonging.answer_asker(db, node, me, target, yes=False)

    return await _act(request, "write:follows", act)


async def block(request: Request[State]) -> Response:
    """See nothing of somebody, and be seen by them no more."""
    return await _act(request, "write:blocks", blocking.block)


async def unblock(request: Request[State]) -> Response:
    """End a block."""
    return await _act(request, "write:blocks", blocking.unblock)


async def mute(request: Request[State]) -> Response:
    """Not stumble over somebody, for ``duration`` seconds or (0) until they are unmuted."""
    values = await params(request)
    notifications, duration = flag(values, "notifications", True), number(values, "duration", 0)

    async def act(db: Writing, node: Node, me: Actor, target: Actor) -> list[Told]:
        return await muting.mute(db, node, me, target, notifications=notifications, duration=duration)

    return await _act(request, "write:mutes", act)


async def unmute(request: Request[State]) -> Response:
    """See somebody again."""
    return await _act(request, "write:mutes", muting.unmute)


async def note(request: Request[State]) -> Response:
    """Write down something about somebody, for oneself alone; nothing takes it away."""
    comment = text(await params(request), "comment")

    async def act(db: Writing, node: Node, me: Actor, target: Actor) -> list[Told]:
        return await noting.note(db, me, target, comment)

    return await _act(request, "write:accounts", act)


async def endorse(request: Request[State]) -> Response:
    """Show somebody on one's page."""
    return await _act(request, "write:accounts", noting.endorse)


async def unendorse(request: Request[State]) -> Response:
    """Show them there no longer."""
    return await _act(request, "write:accounts", noting.unendorse)


routes = [
    Route("/api/v1/accounts/relationships", relationships),
    Route("/api/v1/accounts/{id}/follow", follow, methods=["POST"]),
    Route("/api/v1/accounts/{id}/unfollow", unfollow, methods=["POST"]),
    Route("/api/v1/accounts/{id}/remove_from_followers", remove_follower, methods=["POST"]),
    Route("/api/v1/accounts/{id}/block", block, methods=["POST"]),
    Route("/api/v1/accounts/{id}/unblock", unblock, methods=["POST"]),
    Route("/api/v1/follow_requests", requests),
    Route("/api/v1/follow_requests/{id}/authorize", authorize, methods=["POST"]),
    Route("/api/v1/follow_requests/{id}/reject", reject, methods=["POST"]),
    Route("/api/v1/blocks", blocked),
    Route("/api/v1/accounts/{id}/mute", mute, methods=["POST"]),
    Route("/api/v1/accounts/{id}/unmute", unmute, methods=["POST"]),
    Route("/api/v1/mutes", muted),
    Route("/api/v1/accounts/familiar_followers", familiar_followers),
    Route("/api/v1/accounts/{id}/note", note, methods=["POST"]),
    Route("/api/v1/accounts/{id}/pin", endorse, methods=["POST"]),
    Route("/api/v1/accounts/{id}/unpin", unendorse, methods=["POST"]),
    Route("/api/v1/accounts/{id}/endorse", endorse, methods=["POST"]),
    Route("/api/v1/accounts/{id}/unendorse", unendorse, methods=["POST"]),
    Route("/api/v1/accounts/{id}/endorsements", endorsed_by),
    Route("/api/v1/endorsements", endorsed),
]
