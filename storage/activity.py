"""How busy the node is, week by week: https://docs.joinmastodon.org/methods/instance/#activity"""

from __future__ import annotations

from dataclasses import dataclass

from storage.database import Reading, Writing
from storage.ids import RANDOM_BITS

DAY = 86_400_000  # ms


@dataclass(frozen=True, slots=True)
class Week:
    """What happened here in a week."""

    start: int
    posts: int  # that everybody may read; of others nobody learns how many there are
    logins: int
    joined: int


def week_of(moment: int) -> int:
    """The number of the week of a moment; weeks begin on Mondays, in UTC."""
    return (moment // DAY + 3) // 7


def start_of(week: int) -> int:
    """When a week begins."""
    return (week * 7 - 3) * DAY


async def note(db: Writing, member_id: int, *, now: int) -> None:
    """Count a member who is here for the first time in this week. Whoever joined in it counts by that."""
    week = week_of(now)
    first = await db.run(
        "UPDATE members SET seen = :now WHERE actor_id = :member_id AND seen < :start",
        member_id=member_id,
        now=now,
        start=start_of(week),
    )
    if first:
        await db.run(
            """
            INSERT INTO weeks (week, logins) VALUES (:week, 1)
            ON CONFLICT (week) DO UPDATE SET logins = weeks.logins + 1
            """,
            week=week,
        )


async def newest(db: Reading, *, now: int, weeks: int) -> list[Week]:
    """The last weeks, this one first."""
    last = week_of(now)
    first = last - weeks + 1
    posts = await db.rows(
        """
        SELECT (posts.id / :unit + 3) / 7 AS week, COUNT(*) AS n FROM posts
        WHERE posts.visibility = 'public' AND posts.boost_of_id IS NULL AND posts.local IS NOT NULL
          AND posts.id >= :since GROUP BY 1
        """,
        unit=DAY << RANDOM_BITS,
        since=start_of(first) << RANDOM_BITS,
    )
    logins = await db.rows("SELECT week, logins AS n FROM weeks WHERE week >= :first", first=first)
    joined = await db.rows(
        """
        SELECT (members.created / :day + 3) / 7 AS week, COUNT(*) AS n FROM members
        WHERE members.created >= :since AND members.confirmed IS NOT NULL AND members.approved IS NOT NULL GROUP BY 1
        """,
        day=DAY,
        since=start_of(first),
    )
    shared, came, new = ({row["week"]: row["n"] for row in rows} for rows in (posts, logins, joined))
    return [
        Week(start_of(one), shared.get(one, 0), came.get(one, 0) + new.get(one, 0), new.get(one, 0))
        for one in range(last, first - 1, -1)
    ]
