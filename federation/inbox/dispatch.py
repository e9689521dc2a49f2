"""Which handler takes which activity type. This table is the list of what we understand."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from federation.happenings import Happening
from federation.inbox import (
    announce,
    answer,
    attending,
    block,
    collected,
    coming,
    create,
    delete,
    flag,
    follow,
    invite,
    like,
    move,
    offer,
    pin,
    quote,
    undo,
    update,
)
from federation.inbox.activity import Activity
from federation.site import Site
from storage import received
from storage.database import Writing

Handler = Callable[[Writing, Site, Activity], Awaitable[list[Happening]]]

HANDLERS: Mapping[str, Handler] = {
    "Accept": answer.accept,
    "Add": pin.add,
    "Announce": announce.receive,
    "Block": block.receive,
    "Create": create.receive,
    "Delete": delete.receive,
    "FeatureRequest": collected.request,
    "Flag": flag.receive,
    "Follow": follow.receive,
    "Invite": invite.receive,
    "Join": coming.join,
    "Leave": coming.leave,
    "Like": like.receive,
    "Move": move.receive,
    "Offer": offer.receive,
    "QuoteRequest": quote.request,
    "Reject": answer.reject,
    "Remove": pin.remove,
    "TentativeAccept": attending.expected,
    "Undo": undo.receive,
    "Update": update.receive,
}
# What is answered again when it comes again: the peer may have lost our first answer.
AGAIN: Mapping[str, Handler] = {
    "FeatureRequest": collected.request,
    "Follow": follow.repeated,
    "Join": coming.repeated,
    "QuoteRequest": quote.request,
}
# A Create is once by the id of its post, an Announce by its own: no need to remember them a second time.
ONCE_BY_NATURE = frozenset({"Create", "Announce"})


async def dispatch(db: Writing, site: Site, activity: Activity, *, noted: bool = False) -> list[Happening]:
    """Keep what the activity says; what members may want to hear of. Raises Refused.

    ``noted``: its id is remembered already, since it had to wait before it could be taken in.
    Types we do not know are taken and dropped: an error would only make the peer send them again.
    """
    handler = HANDLERS.get(activity.type)
    if handler is None:
        return []
    if activity.id and not noted and activity.type not in ONCE_BY_NATURE:
        new = await received.note(db, activity.id, actor_id=activity.actor.id, now=activity.received)
        again = AGAIN.get(activity.type)
        if not new:
            return [] if again is None else await again(db, site, activity)
    return await handler(db, site, activity)
