"""That posts say how they stand, and that who has not written for long is reminded: jobs."""

from __future__ import annotations

from dataclasses import replace

from node.context import Node
from node.mentoring import matching
from node.sharing.restating import restate
from node.surfacing.mentoring import say as promise_say
from node.surfacing.surface import announce, told_of
from storage import actors, audit, boards, matches, notices, posts
from storage.actors import Actor
from storage.database import Missing, Writing
from storage.jobs import Job
from storage.kinds import load
from storage.notifications import Reason
from storage.shapes.mentoring import Mentoring

QUIET = 30 * 24 * 60 * 60 * 1000  # ms without a word in a match, after which both sides are reminded
SOME = 50  # in one turn


async def say(node: Node, job: Job) -> None:
    """Let an offer or request of ours say how it stands, if it says something else."""
    async with node.database.writing() as db:
        try:
            post = await posts.any_by_id(db, int(job.payload))
        except Missing:
            return
        board, given = await boards.one(db, post.id), load(post.kind, post.fields)
        if board is None or board.status == board.said or not isinstance(given, Mentoring):
            return
        author = await actors.by_id(db, post.author_id)
        told = await restate(db, node, author, post, replace(given, status=board.status))
    announce(node, told)


async def remind(node: Node, job: Job) -> None:
    """Remind both sides of a match that nothing was heard of for a month; and promise what posts do not say yet."""
    now = node.clock()
    async with node.database.writing() as db:
        for post_id in await boards.unsaid(db, limit=SOME):
            await promise_say(db, post_id, now=now)
        made: list[tuple[int, int]] = []
        for match in await matches.remind(db, before=now - QUIET, now=now, limit=SOME):
            for party, other in ((match.mentor_id, match.mentee_id), (match.mentee_id, match.mentor_id)):
                about = match.post_of(party)
                made += await notices.tell(
                    db, [party], reason=Reason.MENTORING_QUIET, actor_id=other, post_id=about, now=now
                )
        told = await told_of(db, made, now=now)
    announce(node, told)


async def set_closed(db: Writing, node: Node, me: Actor, post_id: int, *, closed: bool) -> None:
    """Close an offer or request of one's own or of a team of one's, or open it again. Raises Missing."""
    post = await posts.by_id(db, post_id, reader_id=me.id)
    board = await boards.one(db, post.id)
    if board is None or board.local is None:
        raise Missing(str(post_id))
    if post.author_id not in await matching.acting_for(db, me):
        raise Missing(str(post_id))
    if post.author_id != me.id:
        await audit.note(db, "mentoring.stand-as", post.uri, actor_id=me.id, now=node.clock())
    await (boards.close(db, post.id) if closed else boards.reopen(db, post.id))
    await promise_say(db, post.id, now=node.clock())
