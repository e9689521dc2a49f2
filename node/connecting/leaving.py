"""Leave: an account is hidden at once and erased after a week, in which its member can change their mind.

Other servers are told nothing before: to them the account and its posts are not found for the time being. They are told
of the deletion when it is one.
"""

from __future__ import annotations

import json

from node.connecting import entering
from node.connecting import members as use
from node.context import Node
from node.errors import Unauthenticated
from node.surfacing import letters
from node.surfacing.letters import Letter
from storage import actors, audit, jobs, joined, links, members, push_subscriptions, sessions, sign_ins, tokens
from storage.actors import Actor
from storage.database import Missing, Reading, Writing
from storage.jobs import Job, NewJob
from storage.links import Link, Purpose
from storage.members import Member

ERASE = "erase-member"  # the kind of job
SOME = 200  # members looked at together
LATE = 1_000  # ms after the last moment to change one's mind


async def leave(node: Node, member: Member, password: str, *, address: str) -> None:
    """Ask for the deletion of one's account. Raises Unauthenticated (wrong password), TooMany."""
    if not await entering.knows(node, member, password, address=address):
        raise Unauthenticated
    async with node.database.writing() as db:
        await begin(db, node, await actors.by_id(db, member.actor_id))
    node.database.signal(jobs.WAKE)


async def begin(db: Writing, node: Node, actor: Actor) -> None:
    """Hide an account and sign it out everywhere; one that was never let in goes at once. Again changes nothing."""
    now = node.clock()
    if await joined.waits(db, actor.id):
        await use.delete(db, node, actor)
        return
    if not await members.leave(db, actor.id, now=now):
        return
    await actors.suspend(db, actor.id, now=now)
    await push_subscriptions.forget_all_of(db, actor.id)
    await tokens.revoke_all_of(db, actor.id)
    await sessions.end_all_of(db, actor.id)
    await sign_ins.end_all_of(db, actor.id)
    await letters.promise(db, node.config, Letter.LEAVING, actor.id, now=now)
    due = now + members.WAIT + LATE
    job = NewJob(ERASE, payload=_payload(actor.id), key=f"{ERASE} {actor.id} {now}", due=due, promised=due)
    await jobs.add(db, job, now=now)
    await audit.note(db, "account.leave", actor.uri, actor_id=actor.id, now=now)


def _payload(member_id: int) -> str:
    return json.dumps({"member_id": member_id})


async def linked(db: Reading, node: Node, token: bytes) -> Member:
    """Who can keep their account with this link (hash). Raises Missing."""
    link = await links.by_token(db, token, Purpose.KEEP, now=node.clock())
    return await _member(db, link if link is None or link.used is None else None)


async def _member(db: Reading, link: Link | None) -> Member:
    if link is None:
        raise Missing("link")
    return await members.by_id(db, link.member_id)


async def keep(node: Node, token: bytes) -> Actor:
    """Keep the account whose link (hash) this is: all is as it was, but apps and browsers. Raises Missing."""
    now = node.clock()
    async with node.database.writing() as db:
        member = await _member(db, await links.use(db, token, Purpose.KEEP, now=now))
        if not await members.stay(db, member.actor_id, now=now):
            raise Missing("link")
        await actors.suspend(db, member.actor_id, now=None)
        await links.end_all_of(db, member.actor_id, Purpose.KEEP)
        await letters.promise(db, node.config, Letter.KEPT, member.actor_id, now=now)
        actor = await actors.by_id(db, member.actor_id)
        await audit.note(db, "account.keep", actor.uri, actor_id=actor.id, now=now)
    node.database.signal(jobs.WAKE)
    return actor


async def erase(node: Node, job: Job) -> None:
    """Erase an account whose member's time to change their mind is over; nothing when they did."""
    member_id: int = json.loads(job.payload)["member_id"]
    now = node.clock()
    async with node.database.writing() as db:
        if not await members.over(db, member_id, now=now):
            return
        actor = await actors.by_id(db, member_id)
        await use.delete(db, node, actor)
        await audit.note(db, "account.delete", actor.uri, actor_id=member_id, now=now)
    node.database.signal(jobs.WAKE)


async def promise_overdue(node: Node) -> None:
    """Have accounts erased whose job was given up: a deletion that was asked for is never forgotten."""
    now = node.clock()
    async with node.database.reading() as db:
        found = await members.overdue(db, now=now - LATE, limit=SOME)
    if not found:
        return
    async with node.database.writing() as db:
        again = [NewJob(ERASE, payload=_payload(one), key=f"{ERASE} {one} again") for one in found]
        await jobs.add_many(db, again, now=now)
