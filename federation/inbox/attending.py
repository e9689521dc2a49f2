"""Join and Leave of events (FEP-8a8e), and the answers to those of ours. Who waits for a place is answered twice:
TentativeAccept, then Accept."""

from __future__ import annotations

import re

from federation.documents import activities, reading
from federation.documents.keys import same_origin
from federation.errors import Refused
from federation.happenings import Happening, Seated
from federation.inbox.activity import Activity, inner, object_uri
from federation.outbox.promise import promise
from federation.site import Document, Site
from storage import actors, attendance, posts
from storage.actors import Actor
from storage.attendance import Attendance, State
from storage.database import Missing, Writing
from storage.kinds import Kind
from storage.posts import Post

_ASKED = re.compile(r"(?P<actor>[^#]+)#attends/(?P<post>[0-9]{1,18})/[0-9]{1,19}")


def join_uri(member: Actor, post_id: int, now: int) -> str:
    """The id of a member's Join."""
    return f"{member.uri}#attends/{post_id}/{now}"


async def join(db: Writing, site: Site, activity: Activity) -> list[Happening]:
    """Give a place, let wait, or refuse. Raises Refused when there is no such event for the actor."""
    post = await _event(db, activity, object_uri(activity))
    author = await actors.by_id(db, post.author_id)
    state, _new = await attendance.join(
        db, post.id, actor_id=activity.actor.id, now=activity.received, uri=activity.id
    )  # fmt: skip
    await _answer(db, site, author, activity.actor, dict(activity.document), state)
    return []


async def repeated(db: Writing, site: Site, activity: Activity) -> list[Happening]:
    """Answer a Join again that holds still: the peer may have lost our first answer. One that ended stays ended."""
    post = await _event(db, activity, object_uri(activity))
    held = await attendance.one(db, post.id, activity.actor.id)
    if held is not None:
        author = await actors.by_id(db, post.author_id)
        await _answer(db, site, author, activity.actor, dict(activity.document), held.state)
    return []


def interest_uri(member: Actor, post_id: int, now: int) -> str:
    """The id of what says that a member may come."""
    return f"{member.uri}#interested/{post_id}/{now}"


async def leave(db: Writing, site: Site, activity: Activity) -> list[Happening]:
    """Take a place back, and give it to who waits. Raises Refused when there is no such event for the actor."""
    return await _leave(db, site, activity, object_uri(activity))


async def undo(db: Writing, site: Site, activity: Activity) -> list[Happening]:
    """The same, said as the Undo of a Join."""
    return await _leave(db, site, activity, reading.uri(inner(activity).get("object")))


async def undo_by_id(db: Writing, site: Site, activity: Activity, uri: str) -> list[Happening]:
    """The same, of the Join of this id; nothing where it is none of an event of ours."""
    post_id = await attendance.joined_as(db, activity.actor.id, uri)
    if post_id is None:
        return []
    return await _leave(db, site, activity, (await posts.any_by_id(db, post_id)).uri)


async def _leave(db: Writing, site: Site, activity: Activity, uri: str) -> list[Happening]:
    post = await _event(db, activity, uri)
    if await attendance.leave(db, post.id, actor_id=activity.actor.id) is None:
        return []
    return await settle(db, site, post)


async def settle(db: Writing, site: Site, post: Post) -> list[Happening]:
    """Give free places of an event of ours to those who wait, and tell those elsewhere."""
    seated = await attendance.settle(db, post.id)
    if not seated:
        return []
    author = await actors.by_id(db, post.author_id)
    people = await actors.by_ids(db, {one.actor_id for one in seated})
    for one in seated:
        actor = people[one.actor_id]
        if not actor.here:
            await _answer(db, site, author, actor, _join_of(one, actor, post), State.JOINED)
    here = [one.actor_id for one in seated if people[one.actor_id].here]
    return [Seated(post, here)] if here else []


def _join_of(one: Attendance, actor: Actor, post: Post) -> Document:
    return {"id": one.uri, "type": "Join", "actor": actor.uri, "object": post.uri}


async def _event(db: Writing, activity: Activity, uri: str) -> Post:
    """An event of ours that the actor may see. Raises Refused."""
    try:
        found = await posts.by_uri(db, uri)
        found = await posts.by_id(db, found.id, reader_id=activity.actor.id)
    except Missing as missing:
        raise Refused(f"{activity.type} of an event that is not here") from missing
    if found.local is None or found.kind is not Kind.EVENT:
        raise Refused(f"{activity.type} of what is no event of this node")
    return found


async def _answer(
    db: Writing, site: Site, author: Actor, actor: Actor, document: Document, state: State | None
) -> None:
    if state is State.JOINED:
        said = activities.accept(author, document)
    elif state is State.WAITING:
        said = activities.expect(author, document)
    else:
        said = activities.reject(author, document)
    await promise(db, site, said, signer=author, inboxes=[actor.inbox])


async def expected(db: Writing, site: Site, activity: Activity) -> list[Happening]:
    """TentativeAccept: one of ours waits for a place elsewhere; or somebody may come to an event of ours."""
    told = await answered(db, site, activity, State.WAITING)
    if told is None:
        post = await _event(db, activity, object_uri(activity))
        uri = activity.id
        await attendance.interest(db, post.id, actor_id=activity.actor.id, uri=uri, now=activity.received)
    return told or []


async def uninterested(db: Writing, activity: Activity) -> list[Happening]:
    """The Undo of that. Raises Refused when there is no such event for the actor."""
    post = await _event(db, activity, reading.uri(inner(activity).get("object")))
    await attendance.lose_interest(db, post.id, actor_id=activity.actor.id)
    return []


async def answered(db: Writing, site: Site, activity: Activity, state: State) -> list[Happening] | None:
    """Keep what an event's server says to the Join of one of ours; None: this answers no such Join."""
    found = _ASKED.fullmatch(reading.uri(inner(activity)))
    if found is None:
        return None
    if not site.ours(found["actor"]):
        raise Refused("answer to a Join that is not ours")
    try:
        member = await actors.by_uri(db, found["actor"])
        post = await posts.any_by_id(db, int(found["post"]))
    except Missing:
        return []
    if post.author_id != activity.actor.id and not same_origin(post.uri, activity.actor.uri):
        raise Refused("answer of another server than the event's")
    held = await attendance.one(db, post.id, member.id)
    if held is None or held.uri != found[0]:
        return []
    before = await attendance.answer(db, post.id, actor_id=member.id, state=state)
    return [Seated(post, [member.id])] if before is State.WAITING and state is State.JOINED else []
