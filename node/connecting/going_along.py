"""Go along with somebody who moved: members who followed the old account follow the new one, some at a time.

Each goes along as they were: boosts or none, told of each post, on the same lists. Who blocks the new account or its
server stays away, who muted the old one mutes the new one, who blocked the old one blocks the new one.
"""

from __future__ import annotations

from collections.abc import Sequence

from federation.documents.actors import GROUPS
from node.connecting import belonging, blocks
from node.connecting import follows as following
from node.context import Node
from node.errors import Invalid, NotAllowed
from node.surfacing import carrying
from node.surfacing.carrying import BLOCKERS, FOLLOWERS, Turn
from node.surfacing.surface import Told, announce, told_of
from storage import actors, follows, jobs, lists, moves, notifications, teams
from storage.actors import Actor
from storage.database import Missing, Writing
from storage.jobs import Job
from storage.moves import Follower
from storage.notifications import Reason

SOME = 20  # members in one turn


async def carry(node: Node, job: Job) -> None:
    """Have some go along, and promise the rest; nothing where the move was taken back meanwhile."""
    turn = carrying.read(job.payload)
    async with node.database.writing() as db:
        told = await _turn(db, node, turn)
    announce(node, told)


async def _turn(db: Writing, node: Node, turn: Turn) -> list[Told]:
    move = await moves.of(db, turn.actor_id)
    found = await actors.by_ids(db, (turn.actor_id, turn.target_id))
    old, new = found.get(turn.actor_id), found.get(turn.target_id)
    if move is None or old is None or new is None or move.target_id != new.id or move.ended is not None:
        return []
    if new.gone is not None or new.suspended is not None:
        return []
    if turn.whom == BLOCKERS:
        told, last = await _block(db, node, old, new, turn.after)
    else:
        told, last = await _follow(db, node, old, new, turn.after)
    if last:
        await carrying.promise(db, Turn(old.id, new.id, turn.whom, last), now=node.clock())
    elif turn.whom == FOLLOWERS:
        await carrying.promise(db, Turn(old.id, new.id, BLOCKERS), now=node.clock())
    return [*told, Told(jobs.WAKE, 0)]


async def _follow(db: Writing, node: Node, old: Actor, new: Actor, after: int) -> tuple[list[Told], int]:
    """What is told, and behind which follow to go on; 0: these were the last."""
    if not after:
        await moves.carry_mutes(db, actor_id=old.id, target_id=new.id)
    some = await moves.followers(db, old.id, after=after, limit=SOME)
    people = await actors.by_ids(db, [one.member_id for one in some])
    told: list[Told] = []
    went = 0
    for one in some:
        came = await _along(db, node, people[one.member_id], old, new, one)
        if came is not None:
            told += came
            went += 1
    await moves.count(db, old.id, went)
    return told, some[-1].follow_id if len(some) == SOME else 0


async def _along(db: Writing, node: Node, member: Actor, old: Actor, new: Actor, how: Follower) -> list[Told] | None:
    """One member follows the new account and not the old one any more; None: they do not want, or cannot.

    Who is in a group asks to be in the new one, and stays in the old one, whose pages are for its members.
    """
    inside = old.kind in GROUPS and await teams.place(db, old.id, member.id) is not None
    told: list[Told] = []
    if await follows.between(db, follower_id=member.id, target_id=new.id) is None:
        await moves.carry_lists(db, member_id=member.id, actor_id=old.id, target_id=new.id)
        try:
            told += await following.follow(db, node, member, new, boosts=how.boosts, notify=how.notify)
        except NotAllowed:
            await lists.forget(db, member_id=member.id, actor_id=new.id)
            return None
    if inside:
        told += await _join(db, node, member, new)
    told += await _tell(db, member, old, now=node.clock())
    return told if inside else told + await following.unfollow(db, node, member, old)


async def _join(db: Writing, node: Node, member: Actor, group: Actor) -> list[Told]:
    try:
        return await belonging.join(db, node, member, group)
    except (Invalid, Missing, NotAllowed):
        return []


async def _tell(db: Writing, member: Actor, old: Actor, *, now: int) -> Sequence[Told]:
    """While the member still follows the old account: some hold back what others do."""
    await notifications.take_back(db, reason=Reason.MOVED, actor_id=old.id, post_id=None, member_id=member.id)
    new = await notifications.add(db, member_id=member.id, reason=Reason.MOVED, actor_id=old.id, post_id=None, now=now)
    return [] if new is None else await told_of(db, [(new, member.id)], now=now)


async def _block(db: Writing, node: Node, old: Actor, new: Actor, after: int) -> tuple[list[Told], int]:
    """Who blocks the old account blocks the new one, unless they follow that; as ``_follow``."""
    some = await moves.blockers(db, old.id, after=after, limit=SOME)
    people = await actors.by_ids(db, some)
    kept = await follows.by(db, target_id=new.id, follower_ids=some)
    told: list[Told] = []
    for member_id in some:
        if member_id not in kept and member_id != new.id:
            told += await blocks.block(db, node, people[member_id], new)
    return told, some[-1] if len(some) == SOME else 0
