"""Add and Remove: somebody elsewhere pins a post to their page, or takes it down; and so with collections."""

from __future__ import annotations

from federation.documents import reading
from federation.happenings import Happening
from federation.inbox import collected, counted, defined, moderating, paired
from federation.inbox.activity import Activity, object_uri
from federation.site import Site
from storage import posts, reactions
from storage.actors import Actor
from storage.database import Missing, Writing
from storage.posts import Post


async def add(db: Writing, site: Site, activity: Activity) -> list[Happening]:
    """Pin one of the actor's own posts to their own page; other collections are none of ours."""
    if isinstance(activity.document.get("object"), dict) and (
        await collected.told(db, site, activity) or await defined.added(db, site, activity)
    ):
        return []
    if await counted.added(db, activity) or await moderating.named(db, activity):
        return []
    noted = await paired.noted(db, site, activity)
    if noted is not None:
        return noted
    post = await _own_post(db, activity)
    if post is not None:
        await reactions.pin(db, actor_id=activity.actor.id, post_id=post.id)
    return []


async def remove(db: Writing, site: Site, activity: Activity) -> list[Happening]:
    """Take it down."""
    if await _removed(db, activity):
        return []
    gone = await moderating.removed(db, activity)
    if gone is None:
        gone = await collected.removed(db, activity)
    if gone is None:
        gone = await paired.unnoted(db, activity)
    if gone is not None:
        return gone
    post = await _own_post(db, activity)
    if post is not None:
        await reactions.unpin(db, actor_id=activity.actor.id, post_id=post.id)
    return []


async def _removed(db: Writing, activity: Activity) -> bool:
    """Whether it was about something that somebody is, or says, no longer."""
    return (
        await counted.removed(db, activity)
        or await defined.removed(db, activity)
        or await moderating.named(db, activity)
    )


async def _own_post(db: Writing, activity: Activity) -> Post | None:
    me: Actor = activity.actor
    if not me.featured or reading.uri(activity.document.get("target")) != me.featured:
        return None
    try:
        post = await posts.by_uri(db, object_uri(activity))
    except Missing:
        return None
    return post if post.author_id == me.id else None
