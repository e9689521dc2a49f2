"""Create: somebody elsewhere shared something."""

from __future__ import annotations

from federation.documents import posts as documents
from federation.errors import Refused
from federation.happenings import Happening
from federation.inbox.activity import Activity, inner
from federation.keeping import keep_post
from federation.site import Site
from storage.database import Writing


async def receive(db: Writing, site: Site, activity: Activity) -> list[Happening]:
    """Keep the post. Nothing happens when we have it. Raises Refused when it is not the actor's to share."""
    document = inner(activity)
    remote = documents.read(document, activity.actor, now=activity.received, limits=site.limits)
    if site.ours(remote.uri):
        raise Refused("Create of an id that is ours")
    posted = await keep_post(db, site, activity.actor, remote)
    return [] if posted is None else [posted]
