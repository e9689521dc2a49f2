"""Accept and Reject: somebody elsewhere answers the Follow of one of ours."""

from __future__ import annotations

from federation.documents import reading
from federation.happenings import Accepted, Happening, Unfollowed
from federation.inbox.activity import Activity, inner
from federation.site import Site
from storage import actors, follows
from storage.actors import Actor
from storage.database import Missing, Writing


async def accept(db: Writing, site: Site, activity: Activity) -> list[Happening]:
    """The follow holds now. Nothing happens when none of ours asked this very actor."""
    follower = await _follower(db, site, activity)
    if follower is None:
        return []
    held = await follows.accept(db, follower_id=follower.id, target_id=activity.actor.id, now=activity.received)
    return [Accepted(follower, activity.actor)] if held else []


async def reject(db: Writing, site: Site, activity: Activity) -> list[Happening]:
    """The follow, or the wish for it, ends."""
    follower = await _follower(db, site, activity)
    if follower is None:
        return []
    ended = await follows.remove(db, follower_id=follower.id, target_id=activity.actor.id)
    return [] if ended is None else [Unfollowed(follower, activity.actor)]


async def _follower(db: Writing, site: Site, activity: Activity) -> Actor | None:
    """Whose Follow of ``activity.actor`` this answers: by the Follow's id, or by whom it names. None: nobody's."""
    document = inner(activity)
    uri = reading.uri(document)
    if uri and site.ours(uri):
        found = await follows.by_sent_uri(db, target_id=activity.actor.id, uri=uri)
        if found is not None:
            return await actors.by_id(db, found.follower_id)
    named = reading.uri(document.get("actor"))
    if not named or not site.ours(named):
        return None
    try:
        return await actors.by_uri(db, named)
    except Missing:
        return None
