"""Add and Remove of shared measures: a group elsewhere says what it has counted, or counts no longer."""

from __future__ import annotations

from federation import hiding
from federation.documents import reading
from federation.documents import shared as documents
from federation.documents.actors import GROUPS
from federation.errors import Refused
from federation.inbox.activity import Activity, object_uri
from federation.site import Site
from storage import follows, shared
from storage.database import Writing


async def added(db: Writing, site: Site, activity: Activity) -> bool:
    """Keep it where anybody here follows the group; whether the activity was about that. Raises Refused."""
    document, group = activity.document.get("object"), activity.actor
    if not isinstance(document, dict) or not documents.is_one(document):
        return False
    uri, series, everybody = documents.read(document, group_uri=group.uri)
    if group.kind not in GROUPS or site.ours(uri):
        raise Refused("shared measure of what is no group")
    now = activity.received
    if hiding.may_be_shown(site, series) and await follows.followed_here(db, group.id):
        await shared.put(db, group.id, uri, series, private=None if everybody else now, now=now)
    return True


async def removed(db: Writing, activity: Activity) -> bool:
    """Forget it; whether the activity was about one that is here, and the actor's own."""
    uri = object_uri(activity) if reading.uri(activity.document.get("target")) else ""
    return bool(uri) and await shared.remove(db, uri, group_id=activity.actor.id)
