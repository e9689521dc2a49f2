"""Undo: somebody elsewhere takes a Follow, Like, Announce or Block back. What is undone is looked up as theirs."""

from __future__ import annotations

from federation.documents import reading
from federation.errors import Refused
from federation.happenings import Happening, Unboosted, Unfollowed, Unliked
from federation.inbox import attending, coming, joining, paired
from federation.inbox.activity import Activity, inner
from federation.site import Document, Site
from storage import actors, blocks, follows, posts, reactions
from storage.database import Missing, Writing


async def receive(db: Writing, site: Site, activity: Activity) -> list[Happening]:
    """Take back what the id, or else type and object, names among what this actor did. Raises Refused."""
    document = inner(activity)
    named = reading.uri(document.get("actor"))
    if named and named != activity.actor.uri:
        raise Refused("Undo of another's activity")
    types = set(reading.types(document))
    if joining.TYPES & types:
        return await coming.undone(db, site, activity)
    if "TentativeAccept" in types:
        return await attending.uninterested(db, activity)
    undone = await paired.undone(db, activity)
    return await _taken_back(db, site, activity, document, types) if undone is None else undone


async def _taken_back(
    db: Writing, site: Site, activity: Activity, document: Document, types: set[str]
) -> list[Happening]:
    uri, target = reading.uri(document), reading.uri(document.get("object"))
    if not types and uri:
        done = await coming.undone_by_id(db, site, activity, uri)
        if done:
            return done
    if not types or "Follow" in types:
        done = await _unfollow(db, activity, uri, target)
        if done or types:
            return done
    if not types or "Like" in types:
        done = await _unlike(db, activity, uri, target)
        if done or types:
            return done
    if not types or "Announce" in types:
        done = await _unboost(db, activity, uri, target)
        if done or types:
            return done
    if "Block" in types and target:
        await _unblock(db, activity, target)
    return []


async def _unblock(db: Writing, activity: Activity, target: str) -> None:
    try:
        blocked = await actors.by_uri(db, target)
    except Missing:
        return
    await blocks.remove(db, actor_id=activity.actor.id, target_id=blocked.id)


async def _unfollow(db: Writing, activity: Activity, uri: str, target: str) -> list[Happening]:
    me = activity.actor
    follow = await follows.by_uri(db, follower_id=me.id, uri=uri) if uri else None
    try:
        followed = await (actors.by_id(db, follow.target_id) if follow is not None else actors.by_uri(db, target))
    except Missing:
        return []
    ended = await follows.remove(db, follower_id=me.id, target_id=followed.id)
    return [] if ended is None else [Unfollowed(me, followed)]


async def _unlike(db: Writing, activity: Activity, uri: str, target: str) -> list[Happening]:
    me = activity.actor
    post_id = await reactions.liked_as(db, actor_id=me.id, uri=uri) if uri else None
    try:
        post = await (posts.any_by_id(db, post_id) if post_id is not None else posts.by_uri(db, target))
    except Missing:
        return []
    taken = await reactions.unlike(db, actor_id=me.id, post_id=post.id)
    return [] if taken is None else [Unliked(me, post)]


async def _unboost(db: Writing, activity: Activity, uri: str, target: str) -> list[Happening]:
    me = activity.actor
    boost = None
    try:
        boost = await posts.by_uri(db, uri) if uri else None
    except Missing:
        boost = None
    if boost is None or boost.author_id != me.id or boost.boost_of_id is None:
        try:
            boost = await posts.boost_by(db, me.id, (await posts.by_uri(db, target)).id)
        except Missing:
            boost = None
    if boost is None:
        return []
    await posts.erase(db, boost, now=activity.received)
    return [Unboosted(boost)]
