"""Come to an event, or not; here and elsewhere. Who comes is for its organisers, the way in for those who come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from federation.documents import activities
from federation.inbox import attending
from federation.outbox.promise import promise
from node.context import Node
from node.errors import Invalid
from node.sharing.reactions import shown_to
from node.surfacing.surface import Told, surface
from node.texts import _
from storage import actors, attendance, events, jobs
from storage.actors import Actor
from storage.attendance import State
from storage.database import Missing, Reading, Writing
from storage.events import Event
from storage.kinds import Kind
from storage.posts import Post

NAMED = 200  # who comes, by name


async def join(db: Writing, node: Node, member: Actor, post_id: int) -> tuple[State, list[Told]]:
    """Come to an event, or wait for a place. Raises Missing when there is none for the member, Invalid."""
    post = await event(db, member, post_id)
    now = node.clock()
    when = await events.one(db, post.id)
    _may_join(member, post, when, now)
    if post.local is not None:
        state, _new = await attendance.join(db, post.id, actor_id=member.id, now=now)
        if state is None:  # it ended, or was cancelled, just now
            raise Invalid(_("This event is over."))
        return state, []
    author = await actors.by_id(db, post.author_id)
    uri = attending.join_uri(member, post.id, now)
    if await attendance.ask(db, post.id, actor_id=member.id, uri=uri, now=now):
        said = activities.join(member, post.uri, author, uri)
        await promise(db, node.site, said, signer=member, inboxes=[author.inbox])
    held = await attendance.one(db, post.id, member.id)
    return State.ASKED if held is None else held.state, [Told(jobs.WAKE, 0)]


def _may_join(member: Actor, post: Post, when: Event | None, now: int) -> None:
    """Raises Invalid."""
    if post.author_id == member.id:
        raise Invalid(_("It is your event: you need no place."))
    if when is None or when.ends <= now:
        raise Invalid(_("This event is over."))
    if when.cancelled is not None:
        raise Invalid(_("This event does not take place."))


async def interest(db: Writing, node: Node, member: Actor, post_id: int) -> list[Told]:
    """Say that one may come, which takes no place; who comes already stays so. Raises Missing, Invalid."""
    post = await event(db, member, post_id)
    now = node.clock()
    _may_join(member, post, await events.one(db, post.id), now)
    uri = "" if post.local is not None else attending.interest_uri(member, post.id, now)
    if not await attendance.interest(db, post.id, actor_id=member.id, uri=uri, now=now) or not uri:
        return []
    author = await actors.by_id(db, post.author_id)
    said = activities.interested(member, post.uri, author, uri)
    await promise(db, node.site, said, signer=member, inboxes=[author.inbox])
    return [Told(jobs.WAKE, 0)]


async def leave(db: Writing, node: Node, member: Actor, post_id: int) -> list[Told]:
    """Do not come, and be interested no longer; whoever waits has the place then. Again is no error. Raises Missing."""
    post = await event(db, member, post_id)
    left = await attendance.leave(db, post.id, actor_id=member.id)
    if left is None:
        return []
    if post.local is not None:
        return await surface(db, node, await attending.settle(db, node.site, post))
    author = await actors.by_id(db, post.author_id)
    if left.state is State.INTERESTED:
        said = activities.undo(member, activities.interested(member, post.uri, author, left.uri))
    else:
        said = activities.leave(member, post.uri, author, left.uri)
    await promise(db, node.site, said, signer=member, inboxes=[author.inbox])
    return [Told(jobs.WAKE, 0)]


async def event(db: Reading, reader: Actor, post_id: int) -> Post:
    """The event of this id, if the reader may see it. Raises Missing."""
    post = await shown_to(db, reader, post_id)
    if post.kind is not Kind.EVENT:
        raise Missing(str(post_id))
    return post


@dataclass(frozen=True, slots=True)
class Going:
    """An event as one reader sees it."""

    when: Event
    state: State | None  # of the reader
    link: str  # "": not for this reader, or there is none
    coming: Sequence[Actor]  # for who organises it
    waiting: Sequence[Actor]


async def going(db: Reading, post: Post, reader_id: int, *, organises: bool, named: bool = True) -> Going | None:
    """How it stands with an event; None: it is none. Two queries, four more where who organises it wants names."""
    when = await events.one(db, post.id)
    if when is None:
        return None
    mine = await attendance.one(db, post.id, reader_id) if reader_id else None
    state = None if mine is None else mine.state
    link = when.link if organises or state is State.JOINED else ""
    people = (
        [await _people(db, post.id, one) for one in (State.JOINED, State.WAITING)] if organises and named else [[], []]
    )
    return Going(when, state, link, *people)


async def _people(db: Reading, post_id: int, state: State) -> list[Actor]:
    found = await attendance.of(db, post_id, state, after=0, limit=NAMED)
    who = await actors.by_ids(db, {one.actor_id for one in found})
    return [who[one.actor_id] for one in found if one.actor_id in who]
