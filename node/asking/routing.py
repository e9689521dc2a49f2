"""To whom a question goes: to some of those who said that they can be asked about its topics, here and elsewhere.

Nobody is asked more than once a day, and who was left alone longest is asked first. Other servers are sent an Invite
for each of theirs, which other software ignores, and keep the limit of theirs themselves. docs/decisions/mentoring.md.
"""

from __future__ import annotations

from federation.documents import activities
from federation.outbox.promise import promise
from node.context import Node
from node.surfacing.mentoring import topics_of
from node.surfacing.surface import Told, announce, told_of
from storage import actors, experts, jobs, notices, posts
from storage.database import Missing, Writing
from storage.jobs import Job
from storage.kinds import Kind
from storage.notifications import Reason
from storage.posts import Post

ASKED = 5  # experts here who are told of one question, and as many elsewhere


async def route(node: Node, job: Job) -> None:
    """Ask about a question that came out here; again changes nothing."""
    async with node.database.writing() as db:
        try:
            post = await posts.any_by_id(db, int(job.payload))
        except Missing:
            return
        told = await ask(db, node, post)
    announce(node, told)


async def ask(db: Writing, node: Node, post: Post) -> list[Told]:
    """Ask those whose turn it is."""
    topics, now = topics_of(post), node.clock()
    if post.kind is not Kind.QUESTION or not post.public or not topics:
        return []
    author = await actors.by_id(db, post.author_id)
    if not author.here or author.suspended is not None:
        return []
    here, far = [
        await experts.ask(
            db, post_id=post.id, author_id=author.id, topics=topics, here=ours, now=now, limit=ASKED
        )
        for ours in (True, False)
    ]  # fmt: skip
    made = []
    if here:
        made = await notices.tell(db, here, reason=Reason.ASKED, actor_id=author.id, post_id=post.id, now=now)
    for expert in (await actors.by_ids(db, far)).values() if far else ():
        await promise(
            db, node.site, activities.invite(post, author, expert), signer=author,
            inboxes=[expert.delivery_inbox], object_uri=post.uri, post_id=post.id,
        )  # fmt: skip
    told = await told_of(db, made, now=now)
    return [*told, Told(jobs.WAKE, 0)] if far else told
