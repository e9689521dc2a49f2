"""Who has the problem of a post of ours too: they add themselves to its collection, and remove themselves."""

from __future__ import annotations

from federation.documents import reading
from federation.documents.lineage import AFFECTED
from federation.inbox.activity import Activity
from storage import affected, posts
from storage.database import Missing, Reading, Writing
from storage.lineage import PARENTS
from storage.posts import Post


async def added(db: Writing, activity: Activity) -> bool:
    """Count the actor; whether the activity was about that."""
    post = await _post(db, activity)
    if post is not None:
        await affected.add(db, post_id=post.id, actor_id=activity.actor.id)
    return post is not None


async def removed(db: Writing, activity: Activity) -> bool:
    """Count the actor no longer; whether the activity was about that."""
    post = await _post(db, activity)
    if post is not None:
        await affected.remove(db, post_id=post.id, actor_id=activity.actor.id)
    return post is not None


async def _post(db: Reading, activity: Activity) -> Post | None:
    """The post of ours whose collection the actor names, with nobody but itself as object."""
    target = reading.uri(activity.document.get("target"))
    if not target.endswith(AFFECTED) or reading.uri(activity.document.get("object")) != activity.actor.uri:
        return None
    try:
        found = await posts.by_uri(db, target.removesuffix(AFFECTED))
        found = await posts.by_id(db, found.id, reader_id=activity.actor.id)
    except Missing:
        return None
    return found if found.local is not None and found.public and found.kind in PARENTS else None
