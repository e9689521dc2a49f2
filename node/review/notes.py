"""What the node itself writes to members: private notes of its own actor, in apps and on pages, never to other servers.

Guardians are told that something waits, with a link and no word of it; authors, what was decided. Mails say nothing of
posts, and a notification of a kind of its own is nothing that apps would show.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

from node.context import Node
from node.sharing import posts as sharing
from node.sharing.drafts import Draft
from node.surfacing.surface import Told, announce
from node.texts import _, ngettext
from storage import actors, cases, guardians, jobs, pending, posts, throttle
from storage.actors import Actor
from storage.database import Writing
from storage.jobs import Job, NewJob
from storage.pending import Reason
from storage.posts import Visibility

log = logging.getLogger("sharewell.review")

HOUR = 60 * 60 * 1000  # ms in which guardians are told once, and once more of what may be happening now
LATER = "tell-guardians-later"  # the job


async def write(db: Writing, node: Node, to: Sequence[Actor], text: str, *, key: str | None = None) -> list[Told]:
    """Write a private note to members of this node. It is the node's own word: no guard, no waiting. ``key``: of a job,
    which may be done twice: one note."""
    here = [one for one in to if one.here and one.gone is None]
    if not here:
        return []
    author = await actors.by_uri(db, node.site.node_actor)
    whole = f"{' '.join(f'@{one.handle}' for one in here)} {text}"
    draft = Draft(whole, visibility=Visibility.DIRECT, idempotency_key=key)
    checked = await sharing.check(db, author, draft, {one.handle: one for one in here})
    return (await sharing.bring_out(db, node, author, checked)).told


async def tell_author(node: Node, job: Job) -> None:
    """Tell the author of a post for later that it is held, if it still is."""
    told: list[Told] = []
    async with node.database.writing() as db:
        waiting = await pending.any_by_id(db, int(job.payload))
        if waiting is not None and waiting.reason is Reason.HELD:
            text = _("A post that you wrote for later is held for a privacy check, usually less than a day: %s")
            author = await actors.by_id(db, waiting.author_id)
            told = await write(db, node, [author], text % f"{node.site.base_url}/#waiting", key=f"job {job.id}")
    announce(node, told)


async def tell_guardians(node: Node, job: Job) -> None:
    """Tell all guardians that something waits, unless they were told within the hour: then when it is over."""
    urgent, now, key = job.payload == "1", node.clock(), f"job {job.id}"
    told: list[Told] = []
    async with node.database.writing() as db:
        author = await actors.by_uri(db, node.site.node_actor)
        waiting, alarming, _oldest = await cases.count_open(db)
        if not (alarming if urgent else waiting) or await posts.by_key(db, author.id, key) is not None:
            return
        subject = f"guardians told {urgent:d}"
        if await throttle.count(db, subject, now=now, window=HOUR) > 1:
            if job.kind != LATER:
                await jobs.add(
                    db, NewJob(LATER, payload=job.payload, key=f"{LATER} {urgent:d}", due=now + HOUR), now=now
                )
            return
        link = f"{node.site.base_url}/guardian"
        if urgent:
            text = _("A post that waits says that something may be happening now. Read it first: %s") % link
        else:
            text = ngettext("%(num)s post waits for a guardian:", "%(num)s posts wait for a guardian:", waiting)
            text = f"{text % {'num': waiting}} {link}"
        them = await guardians.all_of_them(db)
        told = await write(db, node, them, text, key=key)
    if not them:
        log.warning("posts wait for a guardian, and there is none: count=%d urgent=%d", waiting, alarming)
    announce(node, told)
