"""Invite: another server asks one of ours, who said that they can be asked, to answer a question; or into a group."""

from __future__ import annotations

from federation.documents import reading
from federation.errors import Refused
from federation.happenings import Happening, Invited
from federation.inbox import joining
from federation.inbox.activity import Activity, object_uri
from federation.site import Site
from storage import actors, posts
from storage.database import Missing, Writing
from storage.kinds import Kind

NAMED = 8  # experts of one Invite


async def receive(db: Writing, site: Site, activity: Activity) -> list[Happening]:
    """Report it: whether they are told today is for whoever keeps their limit. Invites to anything but a public
    question of its actor are none of ours. Where one of ours is the object, a group asks them in. Raises Refused."""
    if site.ours(object_uri(activity)):
        return await joining.invite(db, site, activity)
    try:
        post = await posts.by_uri(db, object_uri(activity))
    except Missing:
        return []
    if post.author_id != activity.actor.id:
        raise Refused("Invite to another's question")
    if post.kind is not Kind.QUESTION or not post.public:
        return []
    named = [one for one in reading.uris(activity.document.get("to"), NAMED) if site.ours(one)]
    found = await actors.by_uris(db, named) if named else {}
    return [Invited(activity.actor, post, one.id) for one in found.values() if one.here]
