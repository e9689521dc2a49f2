"""Join by oneself: an account that is hidden until its address is confirmed and it is approved or invited.

Nobody learns here whose an e-mail address is. Whoever asks for an account gets the same answer; the mail tells the
owner of the address which it is, and an account whose address is somebody's can never be confirmed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256

from federation.signing import keys as signing
from node.config import EMAIL, Config
from node.connecting import badges, passwords
from node.connecting import members as use
from node.connecting.members import NewAccount, Standing
from node.context import Node
from node.errors import Invalid, NotAllowed, Problem, Problems, TooMany
from node.surfacing import letters
from node.surfacing.letters import Letter
from node.texts import _
from storage import actors, audit, invitations, jobs, joined, links, members, quiet_times, throttle
from storage.actors import ActorKind
from storage.database import Missing, Reading, Writing
from storage.links import Purpose
from storage.members import Member

WINDOW = 60 * 60 * 1000  # ms
SIGN_UPS = 30  # accounts that one address may ask for in a window; whoever was invited is not counted
TRIES = 300  # forms that one address may send in a window, wrong ones and invitations included
RESENDS = 10  # times that a member may have the link mailed again in a window
REASON = 1_000  # characters
ADDRESS = 254  # characters, RFC 5321 4.5.3.1
UNCONFIRMED = 8 * 24 * 60 * 60 * 1000  # ms that an account waits for its address to be confirmed
SOME = 500  # accounts taken away in one transaction
LOCALE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}")


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody sends who wants to join."""

    username: str
    email: str
    password: str
    agreement: bool
    reason: str = ""
    locale: str = ""
    invitation: str = ""  # the code of the link; "": none
    app_id: int | None = None  # the app that asks for them


def may_join(config: Config, invitation: str) -> bool:
    """Whether anybody can join this way."""
    return config.registration.public or (config.registration.mode == "invitation" and invitation != "")


def asks_reason(config: Config, invitation: str) -> bool:
    """Whether somebody has to say why they want to join."""
    return config.registration.reason and config.approves and not invitation


async def register(node: Node, asked: Asked, *, address: str) -> Member:
    """Make the account, hidden if it has to wait. Raises NotAllowed, TooMany, Problems, Invalid (the invitation)."""
    if not may_join(node.config, asked.invitation):
        raise NotAllowed(_("This node takes no new members in this way."))
    await _count(node, f"sign-up form {address}", TRIES)
    async with node.database.reading() as db:
        if asked.invitation and not await invitation(db, node, asked.invitation):
            raise _spent()
    await _check(node, asked)
    password = await passwords.hashed(asked.password)
    rsa = await passwords.aside(signing.generate_rsa)
    ed25519 = signing.generate_ed25519()
    if not asked.invitation:
        await _count(node, f"sign-up {address}", SIGN_UPS)
    async with node.database.writing() as db:
        invited, kind = await _invited(db, node, asked.invitation)
        new = NewAccount(
            asked.username, asked.email, password, kind=kind,
            locale=asked.locale if LOCALE.fullmatch(asked.locale) else "",
        )  # fmt: skip
        standing = _standing(node, invited=invited is not None)
        member_id = await use.settle(db, node.site, new, standing, rsa=rsa, ed25519=ed25519)
        if member_id is None:
            raise Missing(asked.username)
        await actors.suspend(db, member_id, now=node.clock())
        await joined.add(db, member_id, reason=asked.reason, app_id=asked.app_id, invitation_id=invited)
        await joined.open(db, member_id, now=node.clock())
        await quiet_times.put(db, member_id, quiet_times.NIGHTS)
        await letters.promise(db, node.config, Letter.CONFIRM, member_id, now=node.clock())
        await audit.note(db, "account.join", node.site.actor_uri(asked.username.lower()), actor_id=None,
                         now=node.clock())  # fmt: skip
        made = await members.by_id(db, member_id)
    node.database.signal(jobs.WAKE)
    return made


async def _count(node: Node, subject: str, most: int) -> None:
    """Raises TooMany."""
    if not node.config.limits.rate:
        return
    async with node.database.writing() as db:
        count = await throttle.count(db, subject, now=node.clock(), window=WINDOW)
    if count > most:
        raise TooMany(WINDOW // 1000)


async def _check(node: Node, asked: Asked) -> None:
    """Raises Problems with all that is wrong, so that it is put right in one go."""
    found = [one for one in (use.wrong_handle(asked.username), wrong_address(asked.email)) if one is not None]
    if not any(one.field == "username" for one in found):
        async with node.database.reading() as db:
            if await actors.place_of(db, asked.username) is not None:
                found.append(use.taken())
    found += _wrong_rest(node.config, asked)
    if found:
        raise Problems(found)


def _wrong_rest(config: Config, asked: Asked) -> list[Problem]:
    found: list[Problem] = []
    if not asked.password:
        found.append(Problem("password", "ERR_BLANK", _("Choose a password.")))
    elif len(asked.password) < passwords.SHORTEST:
        found.append(Problem("password", "ERR_TOO_SHORT", passwords.too_short()))
    elif len(asked.password) > passwords.LONGEST:
        found.append(Problem("password", "ERR_TOO_LONG", passwords.too_short()))
    if not asked.reason.strip() and asks_reason(config, asked.invitation):
        found.append(Problem("reason", "ERR_BLANK", _("Say why you want to join.")))
    elif len(asked.reason) > REASON:
        found.append(Problem("reason", "ERR_TOO_LONG", _("This has at most %s characters.") % REASON))
    if not asked.agreement:
        found.append(Problem("agreement", "ERR_ACCEPTED", _("Tick the box when you agree to the rules.")))
    return found


def wrong_address(email: str) -> Problem | None:
    """What is wrong with an e-mail address."""
    if not email:
        return Problem("email", "ERR_BLANK", _("Write your e-mail address."))
    if len(email) > ADDRESS:
        return Problem("email", "ERR_TOO_LONG", _("This is not an e-mail address."))
    if not EMAIL.fullmatch(email):
        return Problem("email", "ERR_INVALID", _("This is not an e-mail address."))
    return None


async def _invited(db: Writing, node: Node, code: str) -> tuple[int | None, ActorKind]:
    """Count a use of the invitation; its number, and what kind of account it is for. Raises Invalid."""
    if not code:
        return None, ActorKind.PERSON
    used = await invitations.use(db, hashed(code), now=node.clock())
    if used is None:
        raise _spent()
    return used.id, used.kind


def _spent() -> Invalid:
    return Invalid(_("This invitation does not work any more. Ask for a new one."), field="invite_code")


def hashed(secret: str) -> bytes:
    """What is kept of a code or of the end of a link."""
    return sha256(secret.encode("utf-8", "surrogatepass")).digest()


def _standing(node: Node, *, invited: bool) -> Standing:
    """Without mail no address can be confirmed: who is invited is let in without one, and signs in by name."""
    now = node.clock()
    approved = now if invited or not node.config.approves else None
    confirmed = now if invited and not node.config.mails else None
    return Standing(confirmed, approved, None, claimed=False)


async def invitation(db: Reading, node: Node, code: str) -> bool:
    """Whether somebody can join with this code now."""
    found = await invitations.by_code(db, hashed(code))
    return found is not None and found.open(node.clock()) and node.config.registration.mode != "closed"


async def confirm(node: Node, token: str) -> Member:
    """Say that an address is whose link this is; again is the same. Raises Missing, NotAllowed: it is another's."""
    now = node.clock()
    async with node.database.writing() as db:
        link = await links.use(db, hashed(token), Purpose.CONFIRM, now=now)
        if link is None:
            return await confirmed(db, node, token)
        member_id, member = link.member_id, await members.by_id(db, link.member_id)
        if link.address != links.digest(member.email):
            raise Missing("link")
        if not await members.claim(db, member_id, member.email, now=now):
            raise NotAllowed(_("Another account here has this address. Sign in to that one."))
        await members.confirm(db, member_id, now=now)
        await badges.settle(db, node.config, member_id, now=now)
        if not await joined.open(db, member_id, now=now):
            await letters.promise(db, node.config, Letter.WAITING, member_id, now=now)
        member = await members.by_id(db, member_id)
    node.database.signal(jobs.WAKE)
    return member


async def confirmed(db: Reading, node: Node, token: str) -> Member:
    """The member who confirmed their address with this link before. Raises Missing."""
    link = await links.by_token(db, hashed(token), Purpose.CONFIRM, now=node.clock())
    if link is None or link.used is None:
        raise Missing("link")
    return await members.by_id(db, link.member_id)


async def linked(db: Reading, node: Node, token: str) -> Member | None:
    """Whom a link to confirm is for, used or not; None when there is none, or its time is over."""
    link = await links.by_token(db, hashed(token), Purpose.CONFIRM, now=node.clock())
    if link is None:
        return None
    member = await members.by_id(db, link.member_id)
    return member if link.address == links.digest(member.email) else None


async def resend(node: Node, member: Member, email: str) -> None:
    """Mail the link again, to another address if one is given. Raises Problems, NotAllowed: it is confirmed."""
    wrong = wrong_address(email) if email else None
    if wrong is not None:
        raise Problems([wrong])
    await _count(node, f"resend {member.actor_id}", RESENDS)
    async with node.database.writing() as db:
        if email and not await members.change_address(db, member.actor_id, email):
            raise NotAllowed(_("Your address is confirmed already."))
        if email:
            await links.forget_all_of(db, member.actor_id)
        await letters.promise(db, node.config, Letter.CONFIRM, member.actor_id, now=node.clock())
    node.database.signal(jobs.WAKE)


async def prune(node: Node) -> None:
    """Take accounts away whose address nobody confirmed in time, and links whose time is over."""
    now = node.clock()
    async with node.database.writing() as db:
        await links.prune(db, now=now)
    while await node.database.write(lambda db: joined.prune(db, before=now - UNCONFIRMED, limit=SOME)):
        continue


async def let_in(db: Writing, config: Config, member: Member, *, now: int) -> bool:
    """Let a member act whose address counts as confirmed by it, and tell them; False when they could already."""
    if member.usable:
        return False
    await members.approve(db, member.actor_id, now=now)
    await members.claim(db, member.actor_id, member.email, now=now)
    if await joined.open(db, member.actor_id, now=now):
        await letters.promise(db, config, Letter.APPROVED, member.actor_id, now=now)
    return True
