"""A member says when nothing is to be pushed or mailed to them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from node.errors import Invalid
from node.texts import _
from storage import quiet_times
from storage.database import Writing
from storage.quiet_times import DAY, WEEK, Quiet
from storage.shapes.times import clock

_TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")


def written(minute: int) -> str:
    """A minute of the day as clocks show it: ``07:00``."""
    return f"{minute // 60:02}:{minute % 60:02}"


def _minute(said: str, field: str) -> int:
    found = _TIME.fullmatch(said.strip())
    if found is None:
        raise Invalid(_("Write the time as 22:00."), field=field)
    return int(found[1]) * 60 + int(found[2])


async def choose(
    db: Writing, member_id: int, *, starts: str, ends: str, days: Iterable[str], zone: str
) -> Quiet | None:
    """Keep quiet times: ``starts`` and ``ends`` as ``22:00``, both empty for whole days only; ``days`` 0 (Monday) to 6.
    None: nothing was said, so there are none any more. Raises Invalid."""
    chosen = frozenset(int(one) for one in days if one.isdecimal() and len(one) == 1)
    if any(day >= WEEK for day in chosen):
        raise Invalid(_("Choose days of the week."), field="days")
    if len(chosen) == WEEK:
        raise Invalid(_("Leave one day at least."), field="days")
    if clock(zone) is None:
        raise Invalid(_("Choose a time zone such as Europe/London."), field="zone")
    hours = (_minute(starts, "starts"), _minute(ends, "ends")) if starts.strip() or ends.strip() else (0, 0)
    if hours[0] == hours[1] and not chosen:
        await quiet_times.remove(db, member_id)
        return None
    if (hours[1] - hours[0]) % DAY > DAY - 60:
        raise Invalid(_("Leave an hour of the day at least."), field="ends")
    quiet = Quiet(*hours, chosen, zone)
    await quiet_times.put(db, member_id, quiet)
    return quiet
