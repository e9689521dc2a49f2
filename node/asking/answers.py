"""Which reply answered a question: for its author to say, and to take back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from node.context import Node
from node.errors import Invalid
from node.sharing import behalf
from node.sharing.restating import restate
from node.surfacing.surface import Told, told_of
from node.texts import _
from storage import actors, audit, notices, posts
from storage.actors import Actor
from storage.database import Missing, Reading, Writing
from storage.kinds import load
from storage.notifications import Reason
from storage.posts import Post
from storage.shapes.question import Question

DEEP = 20  # levels of replies in which an answer may stand


async def accept(db: Writing, node: Node, me: Actor, question_id: int, reply_id: int) -> list[Told]:
    """Say that a reply answered one's question, or one's team's. Raises Invalid, Missing, NotAllowed."""
    post, given, author = await _own(db, me, question_id)
    reply = await posts.by_id(db, reply_id, reader_id=me.id)
    if not reply.public or not await _answers(db, reply, post):
        raise Invalid(_("Only a reply that everybody can read can be the answer."), field="status_id")
    told = await restate(db, node, author, post, replace(given, accepted_answer=reply.uri))
    await _note(db, node, "answer.accept-as", me, post, told)
    if not told or reply.author_id == post.author_id:
        return told
    now = node.clock()
    made = await notices.tell(
        db, [reply.author_id], reason=Reason.ANSWER, actor_id=author.id, post_id=reply.id, now=now
    )
    return [*told, *await told_of(db, made, now=now)]


async def take_back(db: Writing, node: Node, me: Actor, question_id: int) -> list[Told]:
    """No reply is the answer any more. Raises Missing, NotAllowed, Invalid."""
    post, given, author = await _own(db, me, question_id)
    told = await restate(db, node, author, post, replace(given, accepted_answer=""))
    await _note(db, node, "answer.take-back-as", me, post, told)
    return told


async def _note(db: Writing, node: Node, deed: str, me: Actor, post: Post, told: Sequence[Told]) -> None:
    """Write down who said something of a question in another's name, if anything came of it."""
    if told and post.author_id != me.id:
        await audit.note(db, deed, post.uri, actor_id=me.id, now=node.clock())


async def _own(db: Reading, me: Actor, question_id: int) -> tuple[Post, Question, Actor]:
    post = await behalf.own_post(db, me.id, question_id)
    given = load(post.kind, post.fields)
    if not isinstance(given, Question):
        raise Invalid(_("This is no question."), field="id")
    return post, given, await actors.by_id(db, post.author_id)


async def _answers(db: Reading, reply: Post, question: Post) -> bool:
    """Whether a post stands below a question."""
    parent = reply.in_reply_to_id
    for _level in range(DEEP):
        if parent is None or parent == question.id:
            return parent is not None
        try:
            parent = (await posts.any_by_id(db, parent)).in_reply_to_id
        except Missing:
            return False
    return False
