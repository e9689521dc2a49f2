"""What of a hidden post of ours has not left yet stays here."""

from __future__ import annotations

from federation.outbox.promise import cancel
from node.context import Node
from node.surfacing.surface import Told
from storage import hidden, jobs
from storage.database import Writing
from storage.posts import Post


async def stop(db: Writing, node: Node, post: Post) -> list[Told]:
    """Send nothing about a post that has not left; what is told then stops what a worker has in hand."""
    if await cancel(db, post.uri):
        await hidden.stopped(db, post.id, now=node.clock())
    return [Told(jobs.STOPPED, jobs.number_of(post.uri))]
