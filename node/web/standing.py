"""How a member stands to somebody, and what they do about it: follow, mute, block, let follow, note. A form each."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from node import pages
from node.connecting import blocks as blocking
from node.connecting import follows as following
from node.connecting import mutes as muting
from node.connecting import notes as noting
from node.context import Node, State
from node.errors import Invalid
from node.requests import Params, flag, identifier, number, text
from node.surfacing.surface import Told, announce
from node.texts import _
from node.web.members import acting, reading
from node.web.paths import inside, saying
from storage import actors, blocks, follows, mutes, notes
from storage.actors import Actor
from storage.database import Missing, Reading, Writing
from storage.follows import Follow
from storage.mutes import Mute
from storage.retrying import retrying

HOUR = 60 * 60  # seconds
DURATIONS = (0, HOUR, 8 * HOUR, 24 * HOUR, 7 * 24 * HOUR, 30 * 24 * HOUR)  # of a mute; 0: until the member ends it


@dataclass(frozen=True, slots=True)
class Standing:
    """How a member and somebody stand to each other."""

    follow: Follow | None
    back: Follow | None
    blocking: bool
    mute: Mute | None
    note: str


async def of(db: Reading, me: Actor, target: Actor, *, now: int) -> Standing:
    """Five queries."""
    muted = await mutes.of(db, member_id=me.id, target_ids=[target.id], now=now)
    noted = await notes.of(db, member_id=me.id, target_ids=[target.id])
    return Standing(
        follow=await follows.between(db, follower_id=me.id, target_id=target.id),
        back=await follows.between(db, follower_id=target.id, target_id=me.id),
        blocking=target.id in await blocks.of(db, actor_id=me.id, target_ids=[target.id]),
        mute=muted.get(target.id),
        note=noted.get(target.id, ""),
    )


Deed = Callable[[Writing, Node, Actor, Actor, Params], Awaitable[list[Told]]]


def _plain(deed: Callable[[Writing, Node, Actor, Actor], Awaitable[list[Told]]]) -> Deed:
    async def do(db: Writing, node: Node, me: Actor, target: Actor, _values: Params) -> list[Told]:
        return await deed(db, node, me, target)

    return do


async def _mute(db: Writing, node: Node, me: Actor, target: Actor, values: Params) -> list[Told]:
    told_of = flag(values, "notifications")
    return await muting.mute(db, node, me, target, notifications=told_of, duration=number(values, "duration", 0))


async def _note(db: Writing, node: Node, me: Actor, target: Actor, values: Params) -> list[Told]:
    return await noting.note(db, me, target, text(values, "comment"))


# What a form does, and what is said of it on the next page (``node.words.done.SAID``).
DEEDS: Mapping[str, tuple[Deed, str]] = {
    "follow": (_plain(following.follow), ""),
    "unfollow": (_plain(following.unfollow), ""),
    "accept": (_plain(following.accept), "accepted"),
    "decline": (_plain(following.reject), "declined"),
    "remove-follower": (_plain(following.remove_follower), "follower-removed"),
    "mute": (_mute, "muted"),
    "unmute": (_plain(muting.unmute), "unmuted"),
    "block": (_plain(blocking.block), "blocked"),
    "unblock": (_plain(blocking.unblock), "unblocked"),
    "note": (_note, "noted"),
}


async def act(request: Request[State]) -> Response:
    """Do one of ``DEEDS``, and back to where the form stood. Raises Invalid, Missing."""
    node = request.state["node"]
    me, values = await acting(request)
    deed, said = DEEDS.get(text(values, "do"), (None, ""))
    if deed is None:
        raise Invalid(_("That is nothing this node can do."))
    target_id = identifier(request.path_params["id"])

    async def work(db: Writing) -> tuple[Actor, list[Told]]:
        target = shown(await actors.by_id(db, target_id))
        return target, await deed(db, node, me, target, values)

    target, told = await retrying(node.database, work, keyed=True)
    announce(node, told)
    if pages.partly(request):
        async with node.database.reading() as db:
            follow = await follows.between(db, follower_id=me.id, target_id=target.id)
        return pages.part(request, "bond", me=me, actor=target, follow=follow)
    return RedirectResponse(saying(inside(text(values, "back", f"/@{target.acct}")), said), 303)


def shown(actor: Actor) -> Actor:
    """Raises Missing for who left or was shut out."""
    if actor.gone is not None or actor.suspended is not None:
        raise Missing(actor.uri)
    return actor


async def confirm(request: Request[State]) -> Response:
    """What blocking means, before it is done."""
    node = request.state["node"]
    me = await reading(request)
    async with node.database.reading() as db:
        actor = shown(await actors.by_id(db, identifier(request.path_params["id"])))
    return pages.page(request, "block.html", me=me, actor=actor)


routes = [
    Route("/accounts/{id}/act", act, methods=["POST"]),
    Route("/accounts/{id}/block", confirm),
]
