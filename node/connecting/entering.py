"""Sign in with a password, and set a new one: who may, and how often it may be tried."""

from __future__ import annotations

import secrets
from hashlib import sha256

from node.config import Config
from node.connecting import passwords
from node.context import Node
from node.errors import Leaving, NotAllowed, TooMany, Unauthenticated, Unconfirmed
from node.surfacing import letters
from node.surfacing.letters import Letter
from node.texts import _
from storage import actors, audit, jobs, links, members, sessions, sign_ins, throttle, tokens
from storage.actors import Actor
from storage.database import Missing, Reading, Writing
from storage.links import Purpose
from storage.members import Member

WINDOW = 15 * 60 * 1000  # ms
PAIR_TRIES = 10  # wrong passwords for one account from one address in a window
ACCOUNT_TRIES = 100  # for one account from anywhere; then each address has one try left, so that its owner has too
KEEPING = 60 * 60 * 1000  # ms that who signs in has to say that the account is to be kept
FORGOTTEN = 20  # times that one address may say in a window that it forgot a password


async def sign_in(node: Node, login: str, password: str, *, address: str) -> Actor:
    """Who signs in with e-mail address or name. Raises Unauthenticated, NotAllowed, Unconfirmed, TooMany.

    Wrong passwords are counted for each account and address: many people behind one hospital address do not hinder
    each other, and one account under attack is closed to the attacker's address first. They are looked at before and
    after the password is: however many come at once, no more of them are answered.
    """
    async with node.database.reading() as db:
        found = await _account(db, node, login)
    # By whose account it is, not by how it was written: "rosa" and her address are one account.
    subject = str(found[1].id) if found is not None else sha256(login.lower().encode()).hexdigest()
    fits = await _fits(node, subject, None if found is None else found[0].password, password, address)
    if not fits or found is None:
        raise Unauthenticated
    member, actor = found
    await check_usable(node, member)
    return actor


async def knows(node: Node, member: Member, password: str, *, address: str) -> bool:
    """Whether who is signed in knows the password; tries count as they do at sign-in. Raises TooMany."""
    return await _fits(node, str(member.actor_id), member.password, password, address)


async def _fits(node: Node, subject: str, kept: str | None, password: str, address: str) -> bool:
    async with node.database.reading() as db:
        await _look_at_tries(db, node, subject, address)
    # The same work for an account that does not exist, so that the time does not tell.
    fits = await passwords.fits(kept, password)
    async with node.database.writing() as db:
        if fits:
            await _look_at_tries(db, node, subject, address)
            await throttle.forget(db, _pair(subject, address))
        else:
            await _count_wrong(db, node, subject, address)
    return fits


def _pair(subject: str, address: str) -> str:
    return f"sign-in {subject} {address}"


async def _look_at_tries(db: Reading, node: Node, subject: str, address: str) -> None:
    """Raises TooMany. What is refused here does not count: an attacker closes the account to nobody else."""
    if not node.config.limits.rate:
        return
    now = node.clock()
    pair = await throttle.so_far(db, _pair(subject, address), now=now, window=WINDOW)
    if pair >= PAIR_TRIES:
        raise TooMany(WINDOW // 1000)
    if pair and await throttle.so_far(db, f"sign-in {subject}", now=now, window=WINDOW) >= ACCOUNT_TRIES:
        raise TooMany(WINDOW // 1000)


async def _account(db: Reading, node: Node, login: str) -> tuple[Member, Actor] | None:
    """Whose address or name this is; a name may have this node's domain behind it, and no other."""
    name, _at, domain = login.removeprefix("@").partition("@")
    ours = domain.lower() in ("", node.config.domain)
    try:
        return await members.with_actor(db, email=login, handle=name if ours else "")
    except Missing:
        return None


async def _count_wrong(db: Writing, node: Node, subject: str, address: str) -> None:
    """Raises TooMany, which takes the count back: see ``_look_at_tries``."""
    if not node.config.limits.rate:
        return
    pair = await throttle.count(db, _pair(subject, address), now=node.clock(), window=WINDOW)
    if pair > PAIR_TRIES:
        raise TooMany(WINDOW // 1000)
    whole = await throttle.count(db, f"sign-in {subject}", now=node.clock(), window=WINDOW)
    if pair > 1 and whole > ACCOUNT_TRIES:
        raise TooMany(WINDOW // 1000)


async def check_usable(node: Node, member: Member) -> None:
    """Raises NotAllowed or Unconfirmed for somebody who may not act and showed who they are.

    Who has not confirmed the address gets the mail again.
    """
    if member.usable:
        return
    if member.disabled is not None:
        raise NotAllowed(_("Your account was closed. Ask whoever runs this node."))
    if member.ends is not None:
        raise await _leaving(node, member)
    if member.confirmed is not None or not node.config.mails:
        raise NotAllowed(_("Your account waits to be let in by whoever runs this node."))
    async with node.database.writing() as db:
        await letters.promise(db, node.config, Letter.CONFIRM, member.actor_id, now=node.clock())
    node.database.signal(jobs.WAKE)
    raise Unconfirmed(_("First open the link in the mail that we sent you. It is on its way again."))


async def _leaving(node: Node, member: Member) -> NotAllowed:
    """Who leaves and can still change their mind gets a link with which they do."""
    now = node.clock()
    if member.ends is None or member.ends <= now:
        return NotAllowed(_("Your account is being deleted. It cannot be kept any more."))
    token = secrets.token_urlsafe(32)
    async with node.database.writing() as db:
        await links.add(
            db, sha256(token.encode()).digest(), member_id=member.actor_id, purpose=Purpose.KEEP, email=member.email,
            expires=min(now + KEEPING, member.ends),
        )  # fmt: skip
    return Leaving(_("Your account is about to be deleted."), token)


async def forgot(node: Node, login: str, *, address: str) -> None:
    """Mail a link for a new password to whoever has this address or name; nobody is told whether there is one.

    Raises TooMany.
    """
    async with node.database.writing() as db:
        if node.config.limits.rate:
            tries = await throttle.count(db, f"forgot {address}", now=node.clock(), window=WINDOW)
            if tries > FORGOTTEN:
                raise TooMany(WINDOW // 1000)
        found = await _account(db, node, login)
        stays = found is not None and (
            found[0].usable or found[0].leaving is not None
        )  # who leaves may keep the account
        known = found is not None and stays and await members.has_claimed(db, found[0])
        member_id = found[0].actor_id if known and found is not None else 0
        await letters.promise(db, node.config, Letter.RESET, member_id, now=node.clock())
    node.database.signal(jobs.WAKE)


async def reset(node: Node, token: bytes, password: str) -> None:
    """Set the password of whose link (hash) this is and sign them out everywhere. Raises Invalid, Missing."""
    async with node.database.reading() as db:
        if await links.by_token(db, token, Purpose.RESET, now=node.clock()) is None:
            raise Missing("link")
    new = await passwords.hashed(password)
    async with node.database.writing() as db:
        link = await links.use(db, token, Purpose.RESET, now=node.clock())
        if link is None:
            raise Missing("link")
        actor = await actors.by_id(db, link.member_id)
        await set_password(db, node.config, actor.id, new, now=node.clock())
        await audit.note(db, "account.password", actor.uri, actor_id=actor.id, now=node.clock())
    node.database.signal(jobs.WAKE)


async def set_password(db: Writing, config: Config, member_id: int, password: str, *, now: int) -> None:
    """Keep a new password (argon2id): every session, app and earlier link ends, and the member is told."""
    await members.set_password(db, member_id, password)
    await tokens.revoke_all_of(db, member_id)
    await sessions.end_all_of(db, member_id)
    await sign_ins.end_all_of(db, member_id)
    await links.end_all_of(db, member_id, Purpose.RESET)
    await letters.promise(db, config, Letter.CHANGED, member_id, now=now)
