"""Who keeps a group without being of its server: they take posts out of a group of ours, and are named by groups
elsewhere (FEP-1b12)."""

from __future__ import annotations

from typing import Any

from federation.documents import groups, reading
from federation.documents.actors import GROUPS
from federation.happenings import Happening, Moderated
from federation.inbox.activity import Activity, object_uri
from federation.vocabulary import PUBLIC
from storage import actors, follows, posts, submissions, teams
from storage.actors import Actor, ActorKind
from storage.database import Missing, Reading, Writing
from storage.posts import Post
from storage.teams import KEEPERS, Place


async def taken_out(db: Reading, activity: Activity, post: Post) -> list[Happening] | None:
    """What the Delete of another's post does in groups of ours that passed it on and that the actor keeps; None: in
    none. One that names groups is about these alone."""
    kept = [one for one in await submissions.passed_by(db, post.uri) if await _keeps(db, one, activity.actor)]
    said = groups.named(activity.document)
    named = [one for one in kept if one.uri in said]
    found = named or ([] if any(one in said for one in await _groups_in(db, said)) else kept)
    return [Moderated(activity.actor, post, found, _told(activity))] if found else None


async def _groups_in(db: Reading, said: list[str]) -> list[str]:
    """Those of these addresses that are groups."""
    found = await actors.by_uris(db, said) if said else {}
    return [one.uri for one in found.values() if one.kind in GROUPS]


async def _keeps(db: Reading, group: Actor, actor: Actor) -> bool:
    return await teams.place(db, group.id, actor.id) in KEEPERS


def _told(activity: Activity) -> dict[str, Any]:
    """What a group passes on of it."""
    cc = reading.uris(activity.document.get("cc"), groups.NAMED)
    return {**groups.bare(activity.type, activity.document), "to": [PUBLIC], "cc": cc}


async def removed(db: Reading, activity: Activity) -> list[Happening] | None:
    """The same of a Remove from the group, or from what it shows; None: it is about nothing of the kind."""
    target = reading.uri(activity.document.get("target"))
    try:
        post = await posts.by_uri(db, object_uri(activity))
    except Missing:
        return None
    passed = await submissions.passed_by(db, post.uri) if target else []
    found = [one for one in passed if target in (one.uri, one.outbox) and await _keeps(db, one, activity.actor)]
    return [Moderated(activity.actor, post, found, _told(activity))] if found else None


async def named(db: Writing, activity: Activity) -> bool:
    """A group elsewhere, whose collection was asked, lets one of ours keep it, or no longer; whether it was about
    that. Only who is in it, or follows it: nobody is made what they did not ask for."""
    group = activity.actor
    target = reading.uri(activity.document.get("target"))
    if group.kind not in GROUPS or target != group.uri + groups.KEEPERS:
        return False
    try:
        member = await actors.by_uri(db, reading.uri(activity.document.get("object")))
    except Missing:
        return True
    before = await teams.place(db, group.id, member.id)
    follow = await follows.between(db, follower_id=member.id, target_id=group.id)
    follows_it = follow is not None and follow.accepted is not None
    if not member.here or member.kind is not ActorKind.PERSON or (before is None and not follows_it):
        return True
    if activity.type == "Add":
        await teams.put(db, group.id, member.id, Place.MODERATOR, now=activity.received)
    elif before in KEEPERS:
        await teams.put(db, group.id, member.id, Place.MEMBER, now=activity.received)
    return True
