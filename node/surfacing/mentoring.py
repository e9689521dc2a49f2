"""Who is told of mentoring matches and of questions; and what is promised then: that posts say how they stand, and that
experts are asked. Both are jobs, since the deeds are above this layer."""

from __future__ import annotations

import json

from federation.happenings import Edited, Invited, Mentored, Posted
from node.context import Node
from storage import experts, jobs, notices
from storage.boards import DIRECTIONS
from storage.database import Writing
from storage.jobs import NewJob
from storage.kinds import Kind
from storage.matches import State
from storage.notifications import Reason
from storage.posts import Post

SAY = "mentoring-say"  # the job that makes a post say how it stands
ASK = "ask-experts"  # the job that asks who can be asked
_TURNS = frozenset({State.ACCEPTED, State.ENDED})  # with which places are taken or free again


async def happened(db: Writing, node: Node, happening: Mentored | Invited) -> list[tuple[int, int]]:
    """Tell the other side of a match, or the expert whose turn it is; notification and member of each."""
    now = node.clock()
    if isinstance(happening, Mentored):
        actor, match = happening.actor, happening.match
        other = match.other(actor.id)
        if match.state in _TURNS:
            for post_id in (match.offer_id, match.request_id):
                if post_id is not None:
                    await say(db, post_id, now=now)
        return await notices.tell(
            db, [other], reason=Reason.MENTORING, actor_id=actor.id, post_id=match.post_of(other), now=now
        )
    author, post = happening.author, happening.post
    asked = await experts.ask_one(
        db, happening.expert_id, post_id=post.id, author_id=author.id, topics=topics_of(post), now=now
    )
    if not asked:
        return []
    return await notices.tell(
        db, [happening.expert_id], reason=Reason.ASKED, actor_id=author.id, post_id=post.id, now=now
    )


async def say(db: Writing, post_id: int, *, now: int) -> None:
    """Promise that an offer or request of ours says how it stands."""
    await jobs.add(db, NewJob(SAY, payload=str(post_id), key=f"{SAY} {post_id} {now}"), now=now)


async def notice(db: Writing, node: Node, happening: Posted | Edited) -> bool:
    """Promise what follows a question or a mentoring post of ours; whether there was anything."""
    post = happening.post
    if post.local is None or post.boost_of_id is not None:
        return False
    if isinstance(happening, Posted) and post.kind is Kind.QUESTION and post.public and not post.in_reply_to_uri:
        await jobs.add(db, NewJob(ASK, payload=str(post.id), key=f"{ASK} {post.id}"), now=node.clock())
        return True
    if isinstance(happening, Edited) and post.kind in DIRECTIONS:
        await say(db, post.id, now=node.clock())
        return True
    return False


def topics_of(post: Post) -> list[str]:
    """What a structured post is about."""
    found = json.loads(post.fields or "{}").get("topics", [])
    return [one for one in found if isinstance(one, str)] if isinstance(found, list) else []
