"""Join and Leave: of an event, or of a group. What is joined tells which."""

from __future__ import annotations

from federation.documents import reading
from federation.happenings import Happening
from federation.inbox import attending, joining
from federation.inbox.activity import Activity, inner, object_uri
from federation.site import Site
from storage import posts
from storage.database import Missing, Reading, Writing


async def join(db: Writing, site: Site, activity: Activity) -> list[Happening]:
    """They want to come to an event, or to be in a group. Raises Refused."""
    if await _is_post(db, object_uri(activity)):
        return await attending.join(db, site, activity)
    return await joining.join(db, site, activity)


async def repeated(db: Writing, site: Site, activity: Activity) -> list[Happening]:
    """Answer a Join of an event again; that of a group is answered once."""
    if await _is_post(db, object_uri(activity)):
        return await attending.repeated(db, site, activity)
    return []


async def leave(db: Writing, site: Site, activity: Activity) -> list[Happening]:
    """They do not come to an event, or are in a group no longer. Raises Refused."""
    if await _is_post(db, object_uri(activity)):
        return await attending.leave(db, site, activity)
    return await joining.leave(db, site, activity)


async def undone(db: Writing, site: Site, activity: Activity) -> list[Happening]:
    """They take a Join or an Invite back. Raises Refused."""
    document = inner(activity)
    if "Join" in reading.types(document) and await _is_post(db, reading.uri(document.get("object"))):
        return await attending.undo(db, site, activity)
    return await joining.undone(db, site, activity)


async def undone_by_id(db: Writing, site: Site, activity: Activity, uri: str) -> list[Happening]:
    """They take back what they said with the activity of this id, if that was a Join or an Invite."""
    return await attending.undo_by_id(db, site, activity, uri) or await joining.undone_by_id(db, activity, uri)


async def _is_post(db: Reading, uri: str) -> bool:
    try:
        await posts.by_uri(db, uri)
    except Missing:
        return False
    return True
