"""What people share and react to most these days, counted from time to time by the worker.

Reading a trend counts nothing: a count looks at up to ``storage.trends.LOOKED_AT`` posts, a kept list is read at once.
"""

from __future__ import annotations

from collections.abc import Mapping

from node.context import Node
from storage import trends
from storage.ids import time_of
from storage.jobs import Job
from storage.trends import DAY, History, Reactions

DAYS = 7  # that a history shows
POST_DAYS = 3  # a post is no news after them
HOUR = 3_600_000  # ms


async def count(node: Node, job: Job) -> None:
    """Count anew, in a view of its own; then keep the lists in one short transaction."""
    now = node.clock()
    async with node.database.reading(stale=True) as db:
        tags = await trends.count_tags(db, now=now, days=DAYS)
        links = await trends.count_links(db, now=now, days=DAYS)
        reacted = await trends.count_posts(db, now=now, days=POST_DAYS)
    async with node.database.writing() as db:
        await trends.keep_tags(db, _ordered(tags, now))
        await trends.keep_links(db, _ordered(links, now))
        await trends.keep_posts(db, [one.post_id for one in sorted(reacted, key=lambda one: _news(one, now))])


def _ordered(found: Mapping[int, History], now: int) -> list[tuple[int, History]]:
    return sorted(found.items(), key=lambda one: weight(one[1], now), reverse=True)


def weight(history: History, now: int) -> float:
    """Accounts that used it; those of today count whole, those of yesterday half, and so on."""
    return sum(accounts / (1 + now // DAY - day) for day, (_, accounts) in history.items())


def _news(one: Reactions, now: int) -> tuple[float, int]:
    """The less the more: a boost says more than a like, and older posts had more time to be found."""
    hours = max(0, now - time_of(one.post_id)) / HOUR
    return -(one.likes + 2 * one.boosts) / (2 + hours) ** 1.5, -one.post_id
