"""The weekly mail: a member chooses when it comes, and ends it; the worker has those written whose time has come."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from node.context import Node
from node.errors import Invalid
from node.surfacing import letters
from node.surfacing.letters import Letter
from node.texts import _
from storage import digests, jobs
from storage.database import Writing
from storage.digests import Digest
from storage.jobs import Job

ZONE = ZoneInfo("Europe/London")  # of the hours that members choose
SOME = 100  # digests promised in one transaction


def next_due(weekday: int, hour: int, now: int) -> int:
    """The next time (ms) at which it is that hour of that day in ``ZONE``."""
    here = datetime.fromtimestamp(now / 1000, ZONE)
    day = here.date() + timedelta(days=(weekday - here.weekday()) % 7)
    for days in (0, 7):
        at = datetime(day.year, day.month, day.day, hour, tzinfo=ZONE) + timedelta(days=days)
        moment = int(at.astimezone(UTC).timestamp() * 1000)
        if moment > now:
            return moment
    raise AssertionError("a week has seven days")


async def choose(db: Writing, node: Node, member_id: int, *, weekday: int, hour: int) -> Digest:
    """Let a member have a digest at this time. Raises Invalid."""
    if not node.config.mails:
        raise Invalid(_("This node sends no mail."), field="weekday")
    if not 0 <= weekday <= 6:
        raise Invalid(_("Choose a day."), field="weekday")
    if not 0 <= hour <= 23:
        raise Invalid(_("Choose an hour."), field="hour")
    due = next_due(weekday, hour, node.clock())
    await digests.put(db, member_id, weekday=weekday, hour=hour, due=due)
    return Digest(member_id, weekday, hour, due)


async def promise(node: Node, job: Job) -> None:
    """Promise the mails whose time has come; a week that the node was off for is left out, not made up for."""
    more = node.config.mails
    while more:
        now = node.clock()
        async with node.database.writing() as db:
            found = await digests.due(db, now=now, limit=SOME)
            await digests.promise_next(db, [(one, next_due(one.weekday, one.hour, now)) for one in found])
            for one in found:
                await letters.promise(db, node.config, Letter.DIGEST, one.member_id, now=now)
        if found:
            node.database.signal(jobs.WAKE)
        more = len(found) == SOME
