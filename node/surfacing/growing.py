"""What becomes due when posts are built on, or what they were built on goes: a job each."""

from __future__ import annotations

from federation.fetching.asking import host_of
from storage import jobs
from storage.database import Writing
from storage.jobs import NewJob
from storage.lineage import PARENTS
from storage.posts import Post

GONE = "tell-heirs"  # the job that tells members that what they built on is gone
LOOK = "look-at-lineage"  # the job that asks another server what builds on a post of its own


async def notice_gone(db: Writing, post: Post, *, now: int) -> None:
    """Have members told who built on a post that is gone. One of no such kind costs nothing."""
    if post.kind in PARENTS and post.boost_of_id is None:
        await jobs.add(db, NewJob(GONE, payload=post.uri, key=f"{GONE} {post.uri}"[:300]), now=now)


async def look(db: Writing, post: Post, depth: int, *, now: int) -> None:
    """Have the server of a post asked; ``depth``: how many posts led to it. One at a time of one server."""
    await jobs.add(db, NewJob(LOOK, payload=f"{post.id} {depth}", host=host_of(post.uri)), now=now)
