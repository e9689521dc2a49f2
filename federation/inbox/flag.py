"""Flag: another server reports one of ours."""

from __future__ import annotations

from federation import sanitize
from federation.documents import reading
from federation.errors import Refused
from federation.happenings import Happening, Reported
from federation.inbox.activity import Activity
from federation.site import Site
from storage import actors, posts, reports
from storage.actors import Actor
from storage.database import Missing, Writing, listed

NAMED = 50  # posts and actors of one report
COMMENT = 5_000  # characters


async def receive(db: Writing, site: Site, activity: Activity) -> list[Happening]:
    """Keep the report. Raises Refused when it names nobody and nothing of ours."""
    named = [one for one in reading.uris(activity.document.get("object"), NAMED) if site.ours(one)]
    target = await _target(db, named)
    if target is None:
        raise Refused("Flag of nobody here")
    text = sanitize.plain(sanitize.html(reading.text(activity.document.get("content")), COMMENT))
    report_id = await reports.add(
        db,
        uri=activity.id or None,
        reporter_id=activity.actor.id,
        target_id=target.id,
        post_uris=listed(one for one in named if one != target.uri),
        comment=text[:COMMENT],
        now=activity.received,
    )
    return [] if report_id is None else [Reported(report_id, target)]


async def _target(db: Writing, named: list[str]) -> Actor | None:
    for found in (await actors.by_uris(db, named)).values():
        return found
    for uri in named:
        try:
            return await actors.by_id(db, (await posts.by_uri(db, uri)).author_id)
        except Missing:
            continue
    return None
