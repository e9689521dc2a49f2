"""Create: somebody elsewhere shared something."""

from __future__ import annotations

from dataclasses import replace

from federation.documents import polls, reading
from federation.errors import Refused
from federation.happenings import Happening, Posted, Voted
from federation.inbox import collected
from federation.inbox.activity import Activity, brought, inner
from federation.keeping import keep_post
from federation.site import Document, Site
from storage import polls as ballots
from storage import posts
from storage.database import Missing, Writing


async def receive(db: Writing, site: Site, activity: Activity) -> list[Happening]:
    """Keep the post. Nothing happens when we have it. Raises Refused when it is not the actor's to share."""
    document = inner(activity)
    if await collected.told(db, site, activity):
        return []
    chosen = polls.chosen(document)
    if chosen:
        return await _vote(db, activity, document, chosen)
    post = brought(site, activity, document)
    if site.ours(post.remote.uri):
        raise Refused("Create of an id that is ours")
    posted = await keep_post(db, site, activity.actor, post)
    if isinstance(posted, Posted):
        return [replace(posted, document=activity.document)]
    return [] if posted is None else [posted]


async def _vote(db: Writing, activity: Activity, document: Document, chosen: str) -> list[Happening]:
    """Count a vote in a poll of ours. What does not count is no error of the server that brings it."""
    if activity.actor.uri not in reading.uris(document.get("attributedTo"), 8):
        raise Refused("vote is not attributed to who sent it")
    try:
        post = await posts.by_uri(db, reading.uri(document.get("inReplyTo")))
        post = await posts.by_id(db, post.id, reader_id=activity.actor.id)
    except Missing:
        return []
    poll = await ballots.one(db, post.id)
    if poll is None or post.local is None:
        return []
    place = next((place for place, title in enumerate(poll.titles) if polls.spoken(title) == chosen), None)
    if place is None:
        return []
    counted = await ballots.vote(
        db, post.id, actor_id=activity.actor.id, places=[place], now=activity.received, again=True
    )
    return [Voted(post)] if counted else []
