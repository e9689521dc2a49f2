"""Delete: a post was taken back, or an actor left."""

from __future__ import annotations

from federation.documents.keys import same_origin
from federation.errors import Refused
from federation.happenings import Erased, Happening, Left
from federation.inbox.activity import Activity, object_uri
from federation.keeping import erase_actor
from federation.site import Site
from storage import posts
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
        if same_origin(uri, activity.actor.uri):
            await posts.bury(db, uri, now=activity.received)
        return []
    if post.author_id != activity.actor.id:
        raise Refused("Delete of another's post")
    await posts.erase(db, post, now=activity.received)
    return [Erased(post)]
