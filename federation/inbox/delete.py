"""Delete: a post was taken back, an actor left, or a quote is allowed no longer."""

from __future__ import annotations

from federation.documents import quotes, reading
from federation.documents.keys import same_origin
from federation.errors import Refused
from federation.happenings import Answered, Erased, Happening, Left
from federation.inbox import collected, moderating
from federation.inbox.activity import Activity, inner, object_uri
from federation.keeping import erase_actor
from federation.site import Site
from storage import posts
from storage import quotes as kept
from storage.database import Missing, Writing


async def receive(db: Writing, site: Site, activity: Activity) -> list[Happening]:
    """Erase it. An id that is not here is remembered as gone, if it is of the actor's server. Raises Refused."""
    uri = object_uri(activity)
    if uri == activity.actor.uri:
        await erase_actor(db, activity.actor.id, now=activity.received)
        return [Left(activity.actor)]
    try:
        post = await posts.by_uri(db, uri)
    except Missing:
        for ended in (
            await _revoked(db, activity, uri),
            await collected.revoked(db, site, activity),
            await collected.removed(db, activity),
        ):
            if ended is not None:
                return ended
        if same_origin(uri, activity.actor.uri):
            await posts.bury(db, uri, now=activity.received)
        return []
    if post.author_id != activity.actor.id:
        taken = await moderating.taken_out(db, activity, post)
        if taken is None:
            raise Refused("Delete of another's post")
        return taken
    await posts.erase(db, post, now=activity.received)
    return [Erased(post)]


async def _revoked(db: Writing, activity: Activity, uri: str) -> list[Happening] | None:
    """What it does to quotes of the actor's posts; None: it is no QuoteAuthorization that is known here."""
    types = reading.types(inner(activity))
    if types and quotes.AUTHORIZATION not in types:
        return None
    ended = await kept.revoke_stamp(db, uri, author_id=activity.actor.id)
    found = await posts.by_ids(db, ended) if ended else {}
    return [Answered(one) for one in found.values()] or None
