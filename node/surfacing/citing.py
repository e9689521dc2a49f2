"""Quotes that must be looked at or told of elsewhere: a job each, promised with what makes it due."""

from __future__ import annotations

from federation.fetching.asking import host_of
from federation.happenings import Answered, Edited, Posted, Quoted, Requoted
from node.context import Node
from storage import jobs
from storage.database import Writing
from storage.jobs import NewJob
from storage.posts import Post

VERIFY = "quote-verify"  # the job that asks whether a post elsewhere may be quoted
TELL = "quote-tell"  # the job that tells what was decided of a quote of ours to those who have the post
NESTED = 2  # quotes that are followed from a post that came: what it quotes, and what that does


async def notice(db: Writing, node: Node, happening: Posted | Edited | Quoted | Requoted | Answered) -> None:
    """Promise what a quote makes due. Without one that is no statement."""
    post = happening.post
    if post.quoting is None:
        return
    if post.local is not None:
        if isinstance(happening, Answered | Quoted):
            await tell(db, node, post)
        return
    if isinstance(happening, Answered | Quoted) or (isinstance(happening, Posted) and happening.quoted is not None):
        return  # decided
    errand = happening.errand if isinstance(happening, Posted) else 0
    if errand < NESTED:
        # One at a time of one server: no post can send us to many places at once.
        new = NewJob(VERIFY, payload=f"{post.id} {errand}", host=host_of(post.uri))
        await jobs.add(db, new, now=node.clock())


async def tell(db: Writing, node: Node, post: Post) -> None:
    """Have the post told again, with what allows its quote or without it."""
    await jobs.add(db, NewJob(TELL, payload=str(post.id)), now=node.clock())
