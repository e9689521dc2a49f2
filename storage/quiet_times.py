"""Quiet times: when a member wants nothing pushed or mailed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from storage.database import Reading, Writing
from storage.shapes.times import clock, instant

DAY = 24 * 60  # minutes
WEEK = 7  # days
_AHEAD = 9  # days that are looked at: every quiet time of a week that has a loud one ends by then


@dataclass(frozen=True, slots=True)
class Quiet:
    """From when to when each day, and whole days."""

    starts: int  # minute of the day
    ends: int  # of the day after when it is not later; the same as ``starts``: no hours
    days: frozenset[int]  # 0: Monday
    zone: str

    def until(self, now: int) -> int | None:
        """When (ms) what is quiet ``now`` is over; None: it is not quiet."""
        end = now
        for first, last in self._spans(now):
            if first <= end < last:
                end = last
        return None if end == now else end

    def _spans(self, now: int) -> list[tuple[int, int]]:
        """Quiet from when to when, of the days around ``now``, in their order."""
        today = datetime.fromtimestamp(now / 1000, clock(self.zone) or UTC).date()
        found: list[tuple[int, int]] = []
        for number in range(-1, _AHEAD):
            day = today + timedelta(days=number)
            after = day + timedelta(days=1)
            if day.weekday() in self.days:
                found.append((self._at(day.isoformat(), 0), self._at(after.isoformat(), 0)))
            if self.starts != self.ends:
                last = day if self.ends > self.starts else after
                found.append((self._at(day.isoformat(), self.starts), self._at(last.isoformat(), self.ends)))
        return sorted(found)

    def _at(self, day: str, minute: int) -> int:
        return instant(f"{day}T{minute // 60:02}:{minute % 60:02}", self.zone)


NIGHTS = Quiet(22 * 60, 7 * 60, frozenset(), "Europe/London")  # of who joins


async def of(db: Reading, member_id: int) -> Quiet | None:
    """The quiet times of a member; None: they have none."""
    row = await db.row(
        "SELECT starts, ends, days, zone FROM quiet_times WHERE member_id = :member_id", member_id=member_id
    )
    if row is None:
        return None
    days = frozenset(day for day in range(WEEK) if row["days"] >> day & 1)
    return Quiet(row["starts"], row["ends"], days, row["zone"])


async def put(db: Writing, member_id: int, quiet: Quiet) -> None:
    """Keep a member's quiet times."""
    await db.run(
        """
        INSERT INTO quiet_times (member_id, starts, ends, days, zone) VALUES (:member_id, :starts, :ends, :days, :zone)
        ON CONFLICT (member_id) DO UPDATE SET starts = excluded.starts, ends = excluded.ends, days = excluded.days,
            zone = excluded.zone
        """,
        member_id=member_id,
        starts=quiet.starts,
        ends=quiet.ends,
        days=sum(1 << day for day in quiet.days),
        zone=quiet.zone,
    )


async def remove(db: Writing, member_id: int) -> None:
    """Tell a member of everything at once."""
    await db.run("DELETE FROM quiet_times WHERE member_id = :member_id", member_id=member_id)
