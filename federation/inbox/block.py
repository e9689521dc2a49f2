"""Block: somebody elsewhere does not want to be seen by one of ours."""

from __future__ import annotations

from federation.happenings import Blocked, Happening
from federation.inbox.activity import Activity, object_uri
from federation.site import Site
from storage import actors, blocks, follows
from storage.database import Missing, Writing


async def receive(db: Writing, site: Site, activity: Activity) -> list[Happening]:
    """Keep the block; follows both ways end."""
    try:
        target = await actors.by_uri(db, object_uri(activity))
    except Missing:
        return []
    if not target.here:
        return []
    if not await blocks.add(db, actor_id=activity.actor.id, target_id=target.id, uri=activity.id):
        return []
    await follows.remove(db, follower_id=activity.actor.id, target_id=target.id)
    await follows.remove(db, follower_id=target.id, target_id=activity.actor.id)
    return [Blocked(activity.actor, target)]
