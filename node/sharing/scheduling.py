"""Posts that come out later: the job that brings each out, and the times that a member may choose."""

from __future__ import annotations

from node.errors import Invalid
from node.texts import _
from storage import jobs, pending
from storage.database import Missing, Reading, Writing
from storage.jobs import NewJob
from storage.pending import Pending

RELEASE = "release"  # the job that brings out a post that waits
SOONEST = 5 * 60 * 1000  # ms from now
LAST = 5 * 366 * 24 * 60 * 60 * 1000  # ms from now
DAY = 24 * 60 * 60 * 1000  # ms
EACH_DAY = 25  # posts of one member that come out on one day (UTC)
TOTAL = 300  # that wait


async def promise(db: Writing, pending_id: int, due: int, *, now: int) -> None:
    """Have it brought out when its time comes."""
    await jobs.add(db, NewJob(RELEASE, payload=str(pending_id), due=due), now=now)


async def may_come_out(db: Reading, author_id: int, at: int, *, now: int, moved: Pending | None = None) -> None:
    """Whether one more of a member's may come out then, or one that is ``moved``. Raises Invalid."""
    if at < now + SOONEST:
        raise Invalid(_("Choose a time at least five minutes from now."), field="scheduled_at")
    if at > now + LAST:
        raise Invalid(_("Choose a time within the next five years."), field="scheduled_at")
    start = at - at % DAY
    waiting, that_day = await pending.count_scheduled(db, author_id, since=start, until=start + DAY)
    if moved is None and waiting >= TOTAL:
        raise Invalid(_("At most %s posts can wait for their time.") % TOTAL, field="scheduled_at")
    own = moved is not None and moved.due is not None and start <= moved.due < start + DAY
    if that_day - own >= EACH_DAY:
        raise Invalid(_("At most %s posts can come out on one day.") % EACH_DAY, field="scheduled_at")


async def put_off(db: Writing, author_id: int, pending_id: int, at: int, *, now: int) -> None:
    """Another time for a post that waits. Raises Missing, Invalid."""
    before = await pending.scheduled_by_id(db, pending_id, author_id=author_id)
    await may_come_out(db, author_id, at, now=now, moved=before)
    if not await pending.put_off(db, pending_id, author_id=author_id, due=at):
        raise Missing(str(pending_id))
    await promise(db, pending_id, at, now=now)
