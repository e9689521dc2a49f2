"""Like: somebody elsewhere thanks for a post."""

from __future__ import annotations

from federation.errors import Refused
from federation.happenings import Happening, Liked
from federation.inbox.activity import Activity, object_uri
from federation.site import Site
from storage import posts, reactions
from storage.database import Missing, Writing


async def receive(db: Writing, site: Site, activity: Activity) -> list[Happening]:
    """Keep the like. Nothing happens when we have it. Raises Refused when the post is not here for the actor."""
    try:
        found = await posts.by_uri(db, object_uri(activity))
        post = await posts.by_id(db, found.id, reader_id=activity.actor.id)
    except Missing as missing:
        raise Refused("Like of a post that is not here") from missing
    if not await reactions.like(db, actor_id=activity.actor.id, post_id=post.id, uri=activity.id):
        return []
    return [Liked(activity.actor, post)]
