"""Promise an activity to inboxes: kept in the transaction of its cause, sent by a worker after the commit.

The body is kept once. Inboxes are folded into one job per shard (SCALE rule 9), so that 5,000 servers are at most 64
rows. After the commit the caller says ``database.signal(jobs.WAKE)``; without it a worker looks within a second.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

import orjson

from federation.errors import Forbidding
from federation.guard import spelled
from federation.site import Document, Site
from storage import activities_out, audiences, jobs
from storage.actors import Actor
from storage.database import Writing
from storage.jobs import NewJob

log = logging.getLogger(__name__)

_OF_ITS_OBJECT = ("Create", "Update", "Delete")  # what these are about is their object; of others, as the caller says


async def promise(
    db: Writing,
    site: Site,
    activity: Document,
    *,
    signer: Actor,
    inboxes: Iterable[str],
    object_uri: str = "",
    post_id: int | None = None,
    recall_id: int | None = None,
) -> None:
    """Send ``activity``, signed by ``signer``, to each of ``inboxes`` once; ours and empty ones are left out.

    An activity of the same id that is promised already stays as it is. What was promised before and has not left is
    cancelled: by a Delete everything of the signer about its object (of the signer itself: everything), by an Update
    earlier Updates of its object (not the Create: a host that has not got it needs it first), by an Undo the activity
    that it undoes. ``object_uri`` is what a later Delete means; Create, Update and Delete know it themselves.
    ``post_id``: of ours, which goes there: remembered, so that it can be taken back there. ``recall_id``: of what takes
    it back: what becomes of each inbox is noted, and more inboxes may follow under the same id.
    Who is hidden says nothing, but what takes a post back everywhere. Raises KeyError when the activity has no id.
    """
    if signer.suspended is not None and (recall_id is None or activity.get("type") != "Delete"):
        return
    about = object_of(activity) if activity.get("type") in _OF_ITS_OBJECT else ""
    await _cancel_earlier(db, activity, signer)
    by_shard = _by_shard(site, inboxes)
    if not by_shard:
        return
    now = site.clock()
    if post_id is not None:
        await audiences.note(db, post_id, _all(by_shard), now=now)
    activity_id = await activities_out.add(
        db,
        uri=str(activity["id"]),
        object_uri=about or object_uri,
        signer_id=signer.id,
        body=orjson.dumps(activity),
        now=now,
        recall_id=recall_id,
    )
    if activity_id is None and recall_id is not None:
        activity_id = await activities_out.by_uri(db, str(activity["id"]))
    if activity_id is not None:
        await jobs.add_many(db, [_job(activity_id, shard, found) for shard, found in by_shard.items()], now=now)


async def cancel(db: Writing, object_uri: str) -> int:
    """Do not send what is on its way about an object and has not left yet; how many activities that were, which may
    have left for some."""
    return await activities_out.cancel(db, object_uri)


def object_of(activity: Document) -> str:
    """The id of what an activity of ours is about; "" when it has none."""
    found = activity.get("object")
    if isinstance(found, Mapping):
        found = found.get("id")
    return found if isinstance(found, str) else ""


def host_of(url: str) -> str:
    """``host`` or ``host:port`` of an inbox, as in a URL, lower case; "" for what we could not post to.

    Read as the client will read it: an inbox that it refuses to look at would count as its host's silence.
    """
    try:
        return _host(url)
    except Forbidding:
        return ""


@lru_cache(8192)  # every follower's server once; what raises is not kept
def _host(url: str) -> str:
    return str(spelled(url))


async def _cancel_earlier(db: Writing, activity: Document, signer: Actor) -> None:
    about, uri = object_of(activity), str(activity["id"])
    match activity.get("type"):
        case "Delete" if about == signer.uri:
            await activities_out.cancel_of(db, signer.id, kept=uri)
        case "Delete":
            await activities_out.cancel_about(db, about, signer_id=signer.id, kept=uri)
        case "Update":
            waiting = await activities_out.about(db, about, signer_id=signer.id)
            earlier = [id for id, body in waiting if _is_earlier_update(body, uri)]
            await activities_out.cancel_ids(db, earlier)
        case "Undo":
            await activities_out.cancel_uri(db, about, signer_id=signer.id)
        case _:
            pass


def _is_earlier_update(body: bytes, uri: str) -> bool:
    document = orjson.loads(body)
    return bool(document.get("type") == "Update" and document.get("id") != uri)


def _by_shard(site: Site, inboxes: Iterable[str]) -> dict[int, dict[str, list[str]]]:
    """The inboxes by shard and host, each once."""
    found: dict[int, dict[str, list[str]]] = {}
    for inbox in dict.fromkeys(inboxes):
        if not inbox or site.ours(inbox):
            continue
        host = host_of(inbox)
        if not host:
            log.warning("not an inbox we can post to: %.200r", inbox)
            continue
        found.setdefault(jobs.shard_of(host), {}).setdefault(host, []).append(inbox)
    return found


def _all(by_shard: Mapping[int, Mapping[str, Sequence[str]]]) -> list[str]:
    return [inbox for hosts in by_shard.values() for inboxes in hosts.values() for inbox in inboxes]


def _job(activity_id: int, shard: int, by_host: Mapping[str, list[str]]) -> NewJob:
    inboxes = [inbox for found in by_host.values() for inbox in found]
    return NewJob(
        kind=jobs.DELIVER,
        payload=orjson.dumps(inboxes).decode(),
        host=next(iter(by_host)) if len(by_host) == 1 else "",
        activity_id=activity_id,
        shard=shard,
    )
