"""Each hour: remind members of events of the next day, and give on places that erased accounts left."""

from __future__ import annotations

from federation.inbox import attending
from node.context import Node
from node.surfacing.surface import announce, remind, surface
from storage import attendance, posts
from storage.jobs import Job

DAY = 24 * 60 * 60 * 1000  # ms
SOME = 200


async def sweep(node: Node, job: Job) -> None:
    """Each member once for each event."""
    while True:
        now = node.clock()
        async with node.database.writing() as db:
            due = await attendance.remind(db, now=now, until=now + DAY, limit=SOME)
            told = await remind(db, due, now=now)
        announce(node, told)
        if len(due) < SOME:
            break
    async with node.database.reading() as db:
        unsettled = await attendance.unsettled(db, now=node.clock(), limit=SOME)
    for post_id in unsettled:
        async with node.database.writing() as db:
            post = await posts.any_by_id(db, post_id)
            told = await surface(db, node, await attending.settle(db, node.site, post))
        announce(node, told)
