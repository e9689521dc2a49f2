"""Posts that wait come out when their time has come: a job each, promised with the post that waits."""

from __future__ import annotations

from node.context import Node
from node.sharing import posts as sharing
from node.sharing import scheduling
from node.sharing import waiting as waits
from node.surfacing.surface import announce
from storage import actors, jobs, pending
from storage.database import Reading
from storage.jobs import Job
from storage.pending import Pending

LATER = 60 * 60 * 1000  # ms after which a post is looked at again whose author is hidden or has moved


async def release(node: Node, job: Job) -> None:
    """Bring a post out; nothing happens when its author took it back or put it off, or another process was first."""
    async with node.database.reading() as db:
        waiting = await _waiting(db, int(job.payload), now=node.clock())
    if waiting is None:
        return
    async with node.database.writing() as db:
        people = await actors.by_ids(db, {waiting.author_id, waiting.name_id})
        if any(one.suspended is not None or one.moved_to for one in people.values()):  # they may change their mind
            await scheduling.promise(db, waiting.id, node.clock() + LATER, now=node.clock())
            return
    mentioned = await sharing.resolve(node, waits.draft_of(waiting).naming)
    async with node.database.writing() as db:
        _, told = await waits.release(db, node, waiting, mentioned)
    announce(node, told)
    node.database.signal(jobs.WAKE)


async def _waiting(db: Reading, pending_id: int, *, now: int) -> Pending | None:
    found = await pending.any_by_id(db, pending_id)
    return None if found is None or found.due is None or found.due > now else found
