"""Who is told of what happened: home timelines and notifications; streams and push live beside this file.

Peers' activities and our members' acts come through here alike. ``surface`` is part of the transaction, ``announce``
comes after the commit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

from federation.happenings import (
    Accepted,
    Answered,
    Applied,
    Blocked,
    Boosted,
    Collected,
    Edited,
    Ended,
    Erased,
    Followed,
    Happening,
    Invited,
    Left,
    Liked,
    Mentored,
    Moderated,
    Moved,
    Posted,
    Quoted,
    Renewed,
    Reported,
    Requested,
    Requoted,
    Seated,
    Tallied,
    Unboosted,
    Uncollected,
    Unfollowed,
    Unliked,
    Voted,
    Withheld,
)
from node import erasure
from node.context import Node
from node.streams import EDITED, GONE, NOTIFIED, POSTED
from node.surfacing import (
    carrying,
    citing,
    defining,
    falling,
    gathering,
    growing,
    keeping,
    mentoring,
    previews,
    recommending,
    relaying,
    tallies,
    withholding,
)
from storage import (
    conversations,
    correcting,
    endorsements,
    events,
    home,
    jobs,
    lineage,
    lists,
    notices,
    notifications,
    push_subscriptions,
)
from storage.attendance import Due
from storage.database import Writing
from storage.notifications import Reason
from storage.posts import Post, Visibility


@dataclass(frozen=True, slots=True)
class Told:
    """A member was told something, or a post came to home timelines: what is said after the commit."""

    topic: str  # one of ``node.streams``, ``jobs.WAKE``
    id: int  # the post's id; the member's; 0
    notification_id: int = 0  # that was made


async def surface(db: Writing, node: Node, happenings: Sequence[Happening]) -> list[Told]:
    """Keep what each happening means for our members."""
    told: list[Told] = []
    for happening in happenings:
        told += await _surface(db, node.clock(), happening)
        if isinstance(happening, Posted | Edited | Erased):
            told += await _in_groups(db, node, happening)
        if isinstance(happening, Posted | Edited):
            await previews.notice(db, node, happening.post)
            if await mentoring.notice(db, node, happening):
                told.append(Told(jobs.WAKE, 0))
        if isinstance(happening, Mentored | Invited):
            told += [*_notified(await mentoring.happened(db, node, happening)), Told(jobs.WAKE, 0)]
        if isinstance(happening, Blocked | Followed | Moderated | Applied | Requested):
            told += await _between(db, node, happening)
        if isinstance(happening, Posted | Edited | Quoted | Requoted | Answered):
            await citing.notice(db, node, happening)
        if isinstance(happening, Withheld):
            await withholding.notice(db, node, happening)
        if isinstance(happening, Posted | Edited | Seated):
            told += _notified(await gathering.notice(db, happening, now=node.clock()))
    told += [Told(jobs.WAKE, 0)] if await falling.notice(db, happenings, now=node.clock()) else []
    return [*told, *await _pushed(db, told, now=node.clock())]


async def _between(
    db: Writing, node: Node, happening: Blocked | Followed | Moderated | Applied | Requested
) -> list[Told]:
    """What becomes of collections where somebody keeps away; what a group tells who comes to it, and who keeps it of
    who asks to; what who keeps it from elsewhere takes out."""
    if isinstance(happening, Applied | Requested):
        return _notified(await keeping.asked(db, happening, now=node.clock()))
    if isinstance(happening, Moderated):
        return [*await surface(db, node, await relaying.moderated(db, node, happening)), Told(jobs.WAKE, 0)]
    if isinstance(happening, Blocked):
        await recommending.part(db, node, happening.actor, happening.target)
        return []
    return [Told(jobs.WAKE, 0)] if await defining.welcome(db, node, happening) else []


async def told_of(db: Writing, made: Sequence[tuple[int, int]], *, now: int) -> list[Told]:
    """What is said after the commit of notifications that were made; (notification id, member id) of each."""
    told = _notified(made)
    return [*told, *await _pushed(db, told, now=now)]


async def _pushed(db: Writing, told: Sequence[Told], *, now: int) -> list[Told]:
    made = [one.notification_id for one in told if one.notification_id]
    return [Told(jobs.WAKE, 0)] if made and await push_subscriptions.promise(db, made, now=now) else []


async def _in_groups(db: Writing, node: Node, happening: Posted | Edited | Erased) -> list[Told]:
    """What groups of this node pass on of it."""
    match happening:
        case Posted():
            await relaying.confide(db, node, happening)
            await relaying.to_allies(db, node, happening)
            boosted, waiting = await relaying.submit(db, node, happening)
            told = [one for boost in boosted for one in await _boosted(db, node.clock(), boost)]
            told += _notified(waiting)
            return [*told, Told(jobs.WAKE, 0)] if boosted else told
        case Edited():
            await relaying.edited(db, node, happening)
        case Erased(post, said=said, groups=groups):
            if said is not None:
                await relaying.again(db, node, groups, said, about=post.uri)
        case _:
            assert_never(happening)
    return []


def announce(node: Node, told: Sequence[Told], *, wake: bool = True) -> None:
    """Wake whoever waits for it; after the commit. ``wake``: the worker too, though nothing told says so."""
    for topic, id in dict.fromkeys((one.topic, one.id) for one in told):
        node.database.signal(topic, id)
    if wake:
        node.database.signal(jobs.WAKE)


async def _surface(db: Writing, now: int, happening: Happening) -> list[Told]:
    match happening:
        case Posted():
            return await _posted(db, now, happening)
        case Boosted():
            return await _boosted(db, now, happening)
        case Liked(actor, post):
            return await _tell(db, now, post.author_id, Reason.LIKE, actor.id, post.id)
        case Requested() | Followed() | Accepted() | Unfollowed() | Blocked() | Moved():
            return await _relation(db, now, happening)
        case Edited() | Withheld():
            return await _edited(db, now, happening)
        case Voted() | Tallied() | Ended() | Quoted() | Requoted() | Answered():
            return await _asked(db, now, happening)
        case Unliked() | Unboosted() | Erased() | Left():
            return await _taken_back(db, now, happening)
        case Collected() | Uncollected():
            return await _recommended(db, now, happening)
        case Renewed() | Reported() | Mentored() | Invited() | Seated() | Moderated() | Applied():
            pass
        case _:
            assert_never(happening)
    return []


async def _posted(db: Writing, now: int, posted: Posted) -> list[Told]:
    post = posted.post
    told = [Told(POSTED, post.id)]
    if post.published > now - home.FRESH:
        await home.spread(db, post, now=now)
        told += _notified(await notifications.tell_watchers(db, post_id=post.id, actor_id=post.author_id, now=now))
    if post.visibility is Visibility.DIRECT:
        await _converse(db, now, posted)
    asked = {one.id for one in posted.mentioned if one.here}
    if posted.parent is not None and post.visibility != "direct":
        asked.add(posted.parent.author_id)
    source = await lineage.source(db, post) if post.public else None
    for member_id in asked - {source}:
        told += await _tell(db, now, member_id, Reason.MENTION, post.author_id, post.id)
    told += await _grown(db, now, source, post)
    if posted.parent is not None and posted.parent.local is not None and post.author_id != posted.parent.author_id:
        told += await _tell_team(db, now, posted.parent, post)
    if posted.quoted is not None:
        told += await _tell(db, now, posted.quoted.author_id, Reason.QUOTE, post.author_id, post.id)
    return told


async def _grown(db: Writing, now: int, source: int | None, post: Post) -> list[Told]:
    """Tell whoever shared what a post builds on, be it a team, what became of it."""
    if source is None or source == post.author_id:
        return []
    made = await notices.tell(
        db, [source], reason=Reason.LINEAGE, actor_id=post.author_id, post_id=post.id, now=now
    )  # fmt: skip
    return _notified(made)


async def _tell_team(db: Writing, now: int, parent: Post, post: Post) -> list[Told]:
    """Who is in a team hears of replies to what it shared: nobody reads what its own account is told."""
    if post.visibility is Visibility.DIRECT:
        return []
    return _notified(
        await notices.tell_team(db, team_id=parent.author_id, post_id=post.id, actor_id=post.author_id, now=now)
    )


async def _converse(db: Writing, now: int, posted: Posted) -> None:
    """Put a direct post into the conversation of each member who takes part."""
    people = {one.id: one for one in (posted.author, *posted.mentioned)}
    for one in people.values():
        if one.here:
            since = None if one.id == posted.author.id else now
            await conversations.add(db, one.id, people, posted.post.id, unread=since)


async def _boosted(db: Writing, now: int, happening: Boosted) -> list[Told]:
    boost, original = happening.boost, happening.original
    if boost.published > now - home.FRESH:
        await home.spread(db, boost, now=now)
    told = await _tell(db, now, original.author_id, Reason.BOOST, happening.booster.id, original.id)
    return [*told, Told(POSTED, boost.id)]


async def _edited(db: Writing, now: int, happening: Edited | Withheld) -> list[Told]:
    post = happening.post
    if isinstance(happening, Withheld):
        return [Told(GONE, post.id), Told(jobs.WAKE, 0)]
    tell = correcting.tell if happening.marked else notifications.tell_boosters
    made = await tell(db, post_id=post.id, actor_id=post.author_id, now=now)
    if post.quotes_count:
        made += await notifications.tell_quoters(db, post_id=post.id, actor_id=post.author_id, now=now)
    told = [Told(EDITED, post.id), *_notified(made)]
    source = await lineage.source(db, post) if post.public else None
    for one in happening.mentioned:
        if one.id != source:
            told += await _tell(db, now, one.id, Reason.MENTION, post.author_id, post.id)
    if source is not None and await lineage.turned(db, post):  # adopted, and then stopped
        told += await _grown(db, now, source, post)
    return told


async def _asked(
    db: Writing, now: int, happening: Voted | Tallied | Ended | Quoted | Requoted | Answered
) -> list[Told]:
    """Votes are told together, when a minute of them is over; whether a post may show what it quotes, at once."""
    match happening:
        case Voted(post):
            await tallies.promise(db, post.id, now=now)
        case Tallied(post):
            if post.local is None:
                await tallies.promise_early_end(db, post.id, now=now)
            return [Told(EDITED, post.id)]
        case Requoted(post) | Answered(post):
            return [Told(EDITED, post.id)]
        case Quoted(author, post, quoted):
            if post.visibility is Visibility.HIDDEN:
                return []
            return [Told(EDITED, post.id), *await _tell(db, now, quoted.author_id, Reason.QUOTE, author.id, post.id)]
        case Ended(post):
            return _notified(await notifications.tell_voters(db, post_id=post.id, now=now))
        case _:
            assert_never(happening)
    return []


async def _relation(
    db: Writing, now: int, happening: Requested | Followed | Accepted | Unfollowed | Blocked | Moved
) -> list[Told]:
    match happening:
        case Requested(actor, target):
            return await _tell(db, now, target.id, Reason.FOLLOW_REQUEST, actor.id, None)
        case Followed(actor, target):
            if actor.here:
                await home.backfill(db, member_id=actor.id, author_id=target.id, now=now)
            await notifications.take_back(
                db, reason=Reason.FOLLOW_REQUEST, actor_id=actor.id, post_id=None, member_id=target.id
            )
            return await _tell(db, now, target.id, Reason.FOLLOW, actor.id, None)
        case Accepted(actor, target):
            await home.backfill(db, member_id=actor.id, author_id=target.id, now=now)
        case Unfollowed(actor, target):
            await home.forget(db, member_id=actor.id, author_id=target.id)
            await lists.forget(db, member_id=actor.id, actor_id=target.id)
            await endorsements.remove(db, member_id=actor.id, target_id=target.id)
            for reason in (Reason.FOLLOW, Reason.FOLLOW_REQUEST):
                await notifications.take_back(db, reason=reason, actor_id=actor.id, post_id=None, member_id=target.id)
        case Blocked(actor, target):
            await home.forget(db, member_id=actor.id, author_id=target.id)
            await home.forget(db, member_id=target.id, author_id=actor.id)
        case Moved(actor, target):
            await carrying.promise(db, carrying.Turn(actor.id, target.id), now=now)
            return [Told(jobs.WAKE, 0)]
        case _:
            assert_never(happening)
    return []


async def _recommended(db: Writing, now: int, happening: Collected | Uncollected) -> list[Told]:
    match happening:
        case Collected(owner, collection, ids, changed):
            reason = Reason.COLLECTION_UPDATE if changed else Reason.COLLECTED
            return _notified(
                await notifications.tell_collected(
                    db, ids, reason=reason, actor_id=owner.id, collection_id=collection.id, now=now
                )
            )
        case Uncollected(collection_id, actor_id):
            await notifications.forget_collected(db, member_id=actor_id, collection_id=collection_id)
        case _:
            assert_never(happening)
    return []


async def _taken_back(db: Writing, now: int, happening: Unliked | Unboosted | Erased | Left) -> list[Told]:
    match happening:
        case Unliked(actor, post):
            await notifications.take_back(
                db, reason=Reason.LIKE, actor_id=actor.id, post_id=post.id, member_id=post.author_id
            )
        case Unboosted(boost):
            await home.take_back(db, position=boost.id)
            await notifications.take_back_boost(db, actor_id=boost.author_id, post_id=boost.boost_of_id or 0)
            return [Told(GONE, boost.id)]
        case Erased(post, recalled):
            await erasure.promise(db, now=now)
            if not recalled:
                await growing.notice_gone(db, post, now=now)
            return [Told(GONE, post.id)]
        case Left():
            await erasure.promise(db, now=now)
        case _:
            assert_never(happening)
    return []


async def _tell(
    db: Writing, now: int, member_id: int, reason: Reason, actor_id: int, post_id: int | None
) -> list[Told]:
    new = await notifications.add(db, member_id=member_id, reason=reason, actor_id=actor_id, post_id=post_id, now=now)
    return [] if new is None else _notified([(new, member_id)])


async def remind(db: Writing, due: Sequence[Due], *, now: int) -> list[Told]:
    """Tell members of events that they come to tomorrow."""
    return await told_of(db, await events.remind(db, due, now=now), now=now)


def _notified(made: Sequence[tuple[int, int]]) -> list[Told]:
    return [Told(NOTIFIED, member_id, id) for id, member_id in made]
