"""A member changes their password or e-mail address."""

from __future__ import annotations

from node.connecting import badges, entering, passwords
from node.connecting.registering import hashed, wrong_address
from node.context import Node
from node.errors import Invalid, NotAllowed, Problems, TooMany
from node.surfacing import letters
from node.surfacing.letters import Letter
from node.texts import _
from storage import address_changes, audit, jobs, links, members, sessions, sign_ins, throttle, tokens
from storage.actors import Actor
from storage.address_changes import AddressChange
from storage.database import Missing
from storage.links import Purpose
from storage.members import Member

WINDOW, ASKED = 24 * 60 * 60 * 1000, 10  # times that a member may have a link mailed to a new address


async def check_password(node: Node, member: Member, password: str, *, address: str) -> None:
    """Raises Invalid, TooMany."""
    if not await entering.knows(node, member, password, address=address):
        raise Invalid(_("This is not your password."))


async def change_password(node: Node, actor: Actor, password: str, *, here: bytes, apps: bool) -> None:
    """Set it; every browser but that of this cookie (hash) is signed out, and apps if that is asked. Raises Invalid."""
    new, now = await passwords.hashed(password), node.clock()
    async with node.database.writing() as db:
        await members.set_password(db, actor.id, new)
        await sessions.end_others(db, actor.id, here)
        await sign_ins.end_all_of(db, actor.id)
        await links.end_all_of(db, actor.id, Purpose.RESET)
        if apps:
            await tokens.revoke_all_of(db, actor.id)
        await audit.note(db, "account.password", actor.uri, actor_id=actor.id, now=now)
        await letters.promise(db, node.config, Letter.CHANGED, actor.id, now=now)
    node.database.signal(jobs.WAKE)


async def wish_address(node: Node, member: Member, email: str) -> None:
    """Mail a link to the address that a member wants; nobody learns whether it is somebody's.

    Raises Problems, TooMany.
    """
    wrong = wrong_address(email)
    if wrong is not None:
        raise Problems([wrong])
    now = node.clock()
    async with node.database.writing() as db:
        if node.config.limits.rate:
            count = await throttle.count(db, f"address of {member.actor_id}", now=now, window=WINDOW)
            if count > ASKED:
                raise TooMany(WINDOW // 1000)
        await links.end_all_of(db, member.actor_id, Purpose.ADDRESS)
        await address_changes.put(db, AddressChange(member.actor_id, email, "", now))
        await letters.promise(db, node.config, Letter.ADDRESS, member.actor_id, now=now)
    node.database.signal(jobs.WAKE)


async def take_address(node: Node, token: str) -> str:
    """Give the address to the member whose link this is, and tell the one of before. Raises Missing, NotAllowed."""
    now = node.clock()
    async with node.database.writing() as db:
        link = await links.use(db, hashed(token), Purpose.ADDRESS, now=now)
        change = None if link is None else await address_changes.of(db, link.member_id)
        if link is None or change is None or link.address != links.digest(change.email):
            raise Missing("link")
        member = await members.by_id(db, link.member_id)
        told = await members.has_claimed(db, member)
        if not await members.claim(db, member.actor_id, change.email, now=now):
            raise NotAllowed(_("Another account here has this address."))
        await members.move(db, member.actor_id, change.email)
        await badges.settle(db, node.config, member.actor_id, now=now)
        await links.end_all_of(db, member.actor_id, Purpose.RESET)
        await address_changes.put(db, AddressChange(member.actor_id, change.email, member.email, now))
        await audit.note(db, "account.address", str(member.actor_id), actor_id=member.actor_id, now=now)
        if told:
            await letters.promise(db, node.config, Letter.MOVED, member.actor_id, now=now)
    node.database.signal(jobs.WAKE)
    return change.email
