"""Move: somebody elsewhere goes on under another account (FEP-7628 in push mode, as Mastodon says it).

Two have to say so: the old account, which signs the Move, and the new one, which names the old in ``alsoKnownAs`` and
is read anew for it (``receive.fetch_missing``). One alone could take followers that are not its own.
"""

from __future__ import annotations

import json

from federation.documents import reading
from federation.documents.actors import GROUPS
from federation.errors import Refused
from federation.happenings import Happening, Moved
from federation.inbox.activity import Activity, object_uri
from federation.site import Site
from storage import actors, follows, moves
from storage.actors import Actor
from storage.database import Missing, Reading, Writing

PAUSE = 7 * 24 * 60 * 60 * 1000  # ms until another Move of the same actor counts, as Mastodon has it
SKEW = 60 * 1000  # ms that the clocks of two processes of one node may be apart


async def target_of(db: Reading, activity: Activity) -> str:
    """Where the actor says that it moves to; "" when nobody here has to do with it, it moved lately, or it cannot be
    true: then nobody is asked."""
    me, target = activity.actor, reading.uri(activity.document.get("target"))
    if not target or target == me.uri or reading.uri(activity.document.get("object")) != me.uri:
        return ""
    last = await moves.of(db, me.id)
    if last is not None and last.begun + PAUSE > activity.received:
        return ""
    return target if await follows.has_follower_here(db, me.id) else ""


async def receive(db: Writing, site: Site, activity: Activity) -> list[Happening]:
    """Keep that the actor moved; nothing happens when nobody here follows it. Raises Refused."""
    me = activity.actor
    if object_uri(activity) != me.uri:
        raise Refused("Move of another actor")
    if not reading.uri(activity.document.get("target")):
        raise Refused("Move without a target")
    uri = await target_of(db, activity)
    if not uri:
        return []
    try:
        target = await actors.by_uri(db, uri)
    except Missing as missing:
        raise Refused("Move to an actor that cannot be had") from missing
    if not target.here and target.fetched < activity.received - SKEW:
        raise Refused("Move to an actor that was not asked")
    _check(me, target)
    if not await moves.begin(db, actor_id=me.id, target_id=target.id, now=activity.received, pause=PAUSE):
        return []
    return [Moved(me, target)]


def _check(me: Actor, target: Actor) -> None:
    """Raises Refused."""
    if target.gone is not None or target.suspended is not None:
        raise Refused("Move to an actor that is gone")
    if me.uri not in json.loads(target.also_known_as):
        raise Refused("Move to an actor that does not name this one in alsoKnownAs")
    if target.moved_to:
        raise Refused("Move to an actor that has moved itself")
    if (me.kind in GROUPS) != (target.kind in GROUPS):
        raise Refused("Move between a person and a group")
