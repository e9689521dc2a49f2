"""What the mails of a node say. Each is written when it is sent, to whoever the member is by then."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import assert_never

from node.config import Config
from node.context import Node
from node.surfacing import digests
from node.texts import N_, _
from node.words import vocabulary
from storage import actors, address_changes, inquiries, jobs, joined, links, members
from storage import digests as kept
from storage.actors import Actor
from storage.database import Missing, Reading, Writing
from storage.jobs import NewJob
from storage.links import Purpose
from storage.members import Member

SEND = "mail"  # the kind of job
DAY = 24 * 60 * 60 * 1000  # ms
LIFE = {Purpose.CONFIRM: 7 * DAY, Purpose.RESET: 60 * 60 * 1000, Purpose.ADDRESS: DAY}  # ms that a link works


class Letter(StrEnum):
    """Which mail."""

    CONFIRM = "confirm"  # show that the address is yours
    RESET = "reset"  # set a new password
    CHANGED = "changed"  # your password was changed
    SECURED = "secured"  # how you sign in was changed
    ADDRESS = "address"  # show that the new address is yours
    MOVED = "moved"  # to the address of before: there is another
    APPROVED = "approved"  # you may sign in
    LEAVING = "leaving"  # your account is about to be deleted
    KEPT = "kept"  # it is not, after all
    ARCHIVE = "archive"  # your data can be fetched
    WENT = "went"  # your account has moved
    WAITING = "waiting"  # to who runs the node: somebody waits for approval
    DIGEST = "digest"  # what you may have missed this week
    INQUIRY = "inquiry"  # to who runs the node: somebody wrote by the form

    @property
    def limited(self) -> bool:
        """Whether strangers can have it sent."""
        return self in (Letter.CONFIRM, Letter.RESET, Letter.ADDRESS)

    @property
    def can_wait(self) -> bool:
        """Whether it waits while it is quiet: it is not about the safety of an account, nor was it just asked for."""
        return self in (Letter.DIGEST, Letter.ARCHIVE)


@dataclass(frozen=True, slots=True)
class Written:
    """A mail to send."""

    letter: Letter
    to: str
    subject: str
    text: str
    html: str = ""  # the same for who reads HTML; "": there is only the text
    ending: str = ""  # where it can be ended with one click (RFC 8058); "": it comes once


_WORDS = {
    "confirm": (
        N_("Confirm your address for %(node)s"),
        N_(
            "Somebody, probably you, asked for the account %(name)s.\n\nOpen this page and press the button to show "
            "that this address is yours:\n\n%(link)s\n\nThe link works for a week. If it was not you, do nothing: the "
            "account goes away by itself."
        ),
    ),
    "taken": (
        N_("You have an account on %(node)s already"),
        N_(
            "Somebody, perhaps you, asked for a new account with this address. You have one already: %(name)s\n\nIf "
            "you forgot its password, set a new one here:\n\n%(base_url)s/forgot\n\nIf it was not you, do nothing: no "
            "account is opened with your address."
        ),
    ),
    "reset": (
        N_("A new password for %(node)s"),
        N_(
            "Somebody, probably you, asked for a new password for %(name)s.\n\nSet it here:\n\n%(link)s\n\nThe link "
            "works once, and for one hour. If it was not you, do nothing: your password stays as it is."
        ),
    ),
    "changed": (
        N_("Your password on %(node)s was changed"),
        N_(
            "The password of %(name)s was changed, and the browsers that it was signed in with were signed out.\n\nIf "
            "it was not you, set a new one now:\n\n%(base_url)s/forgot\n\nand tell whoever runs the node."
        ),
    ),
    "secured": (
        N_("How you sign in to %(node)s was changed"),
        N_(
            "The second step or the passkeys of %(name)s were changed. What there is now:\n\n"
            "%(base_url)s/settings/security\n\nIf it was not you, set a new password now:\n\n%(base_url)s/forgot\n\n"
            "and tell whoever runs the node."
        ),
    ),
    "address": (
        N_("Confirm your new address for %(node)s"),
        N_(
            "Somebody, probably you, wants this to be the address of %(name)s.\n\nOpen this page and press the button "
            "if it is yours:\n\n%(link)s\n\nThe link works once, and for a day. If it was not you, do nothing."
        ),
    ),
    "address-taken": (
        N_("You have an account on %(node)s already"),
        N_(
            "Somebody, perhaps you, wants another account to have this address. It is that of %(name)s, and stays "
            "so.\n\nIf it was not you, do nothing."
        ),
    ),
    "moved": (
        N_("Your address on %(node)s was changed"),
        N_(
            "The account %(name)s has another e-mail address now, and no more mail comes here.\n\nIf it was not you, "
            "tell whoever runs the node at once: %(base_url)s/about"
        ),
    ),
    "approved": (
        N_("Welcome to %(node)s"),
        N_("Your account %(name)s is open. Sign in here:\n\n%(base_url)s/sign-in"),
    ),
    "leaving": (
        N_("Your account on %(node)s is about to be deleted"),
        N_(
            "%(name)s asked for the account to be deleted. Nobody sees it any more. On %(ends)s it is erased with all "
            "that was shared from it.\n\nTo keep it, sign in before:\n\n%(base_url)s/sign-in\n\nIf it was not you, do "
            "that now, set a new password and tell whoever runs the node."
        ),
    ),
    "kept": (
        N_("Your account on %(node)s stays"),
        N_("%(name)s is here again, with all that was shared. Apps have to be allowed anew."),
    ),
    "archive": (
        N_("Your data on %(node)s is ready"),
        N_("The archive with the data of %(name)s can be fetched for a week:\n\n%(base_url)s/settings/data"),
    ),
    "went": (
        N_("Your account on %(node)s has moved"),
        N_(
            "The account %(name)s has moved to another. Who followed it is told to follow the new one, and this one "
            "shares nothing any more:\n\n%(base_url)s/@%(handle)s\n\nTo take it back:\n\n%(base_url)s/settings/move"
            "\n\nIf it was not you, do that now, set a new password and tell whoever runs the node."
        ),
    ),
    "waiting": (
        N_("Somebody asks to join %(node)s"),
        N_(
            "%(name)s waits to be let in. To see why they want to join:\n\n    sharewell account waiting\n\nTo let "
            "them in:\n\n    sharewell account approve %(handle)s\n\nTo refuse:\n\n    sharewell account delete "
            "%(handle)s"
        ),
    ),
    "inquiry": (
        N_("Somebody wrote to %(node)s"),
        N_(
            "This came by %(base_url)s/contact\n\n%(text)s\n\nAnswer to: %(email)s\n\nGuardians see it too, until one "
            "of them says that it is seen to: %(base_url)s/guardian#letters"
        ),
    ),
}


async def promise(db: Writing, config: Config, letter: Letter, member_id: int, *, now: int) -> None:
    """Have a letter sent to a member; nothing where the node sends no mail. ``member_id`` 0: to nobody, as long."""
    if config.mails:
        said = json.dumps({"letter": letter.value, "member_id": member_id})
        await jobs.add(db, NewJob(SEND, payload=said), now=now)


async def write(db: Writing, node: Node, letter: Letter, member_id: int) -> Written | None:
    """The mail; None when it is to nobody (any more), or not true any more. ``member_id``: of an inquiry its id."""
    if letter is Letter.INQUIRY:
        return await _inquiry(db, node, member_id)
    try:
        member, actor = await members.by_id(db, member_id), await actors.by_id(db, member_id)
    except Missing:
        return None
    if member.disabled is not None or not _true(letter, member):
        return None
    return await _to_member(db, node, letter, member, actor)


async def _to_member(db: Writing, node: Node, letter: Letter, member: Member, actor: Actor) -> Written | None:
    match letter:
        case Letter.CONFIRM:
            return await _confirm(db, node, member, actor)
        case Letter.RESET:
            link = await _link(db, node, actor.id, Purpose.RESET, member.email)
            return _letter(node, letter, letter.value, member.email, actor, link)
        case Letter.ADDRESS:
            return await _address(db, node, actor)
        case Letter.MOVED:
            change = await address_changes.of(db, actor.id)
            moved = change is not None and change.email == member.email
            return _letter(node, letter, letter.value, change.former, actor) if change and moved else None
        case (
            Letter.CHANGED | Letter.SECURED | Letter.APPROVED | Letter.LEAVING | Letter.KEPT | Letter.ARCHIVE
            | Letter.WENT
        ):  # fmt: skip
            # An address that nobody confirmed may be a stranger's.
            theirs = await members.has_claimed(db, member)
            return _letter(node, letter, letter.value, member.email, actor, ends=member.ends) if theirs else None
        case Letter.WAITING:
            waits = node.config.contact and await joined.waits(db, actor.id)
            return _letter(node, letter, letter.value, node.config.contact, actor) if waits else None
        case Letter.DIGEST:
            return await digest(db, node, actor.id)
        case Letter.INQUIRY:
            return None
        case _:
            assert_never(letter)


async def _inquiry(db: Reading, node: Node, inquiry_id: int) -> Written | None:
    """To who runs the node; None when somebody saw to it already."""
    try:
        found = await inquiries.by_id(db, inquiry_id)
    except Missing:
        return None
    subject, text = _WORDS["inquiry"]
    told = {
        "node": node.config.name, "base_url": node.site.base_url, "text": found.text, "email": found.email or "–",
    }  # fmt: skip
    return Written(Letter.INQUIRY, node.config.contact, _(subject) % told, _(text) % told)


async def digest(db: Reading, node: Node, member_id: int) -> Written | None:
    """The weekly mail; None where there is nothing to tell, and for who does not want it (any more)."""
    if await kept.of(db, member_id) is None:
        return None
    member = await members.by_id(db, member_id)
    if not member.usable or not await members.has_claimed(db, member):
        return None
    told = await digests.contents(db, node, member_id)
    if not told:
        return None
    subject = _("Your week on %s") % node.config.name
    text, html = digests.as_text(node, told, member_id), digests.as_html(node, told, member_id)
    return Written(Letter.DIGEST, member.email, subject, text, html, digests.ending(node, member_id))


def _true(letter: Letter, member: Member) -> bool:
    """Whether a letter about leaving still says what is so."""
    if letter is Letter.LEAVING:
        return member.leaving is not None
    return member.leaving is None or letter not in (Letter.KEPT, Letter.ARCHIVE)


async def _confirm(db: Writing, node: Node, member: Member, actor: Actor) -> Written | None:
    """Whose address it is already is told so, and gets no link: signing up tells nobody else."""
    if member.confirmed is not None:
        return None
    holder = await members.holder(db, member.email)
    if holder is not None:
        return _letter(node, Letter.CONFIRM, "taken", member.email, holder[1])
    link = await _link(db, node, member.actor_id, Purpose.CONFIRM, member.email)
    return _letter(node, Letter.CONFIRM, "confirm", member.email, actor, link)


async def _address(db: Writing, node: Node, actor: Actor) -> Written | None:
    """Whose address it is already is told so, and gets no link: asking for it tells nobody else."""
    change = await address_changes.of(db, actor.id)
    if change is None:
        return None
    holder = await members.holder(db, change.email)
    if holder is not None and holder[1].id != actor.id:
        return _letter(node, Letter.ADDRESS, "address-taken", change.email, holder[1])
    link = await _link(db, node, actor.id, Purpose.ADDRESS, change.email)
    return _letter(node, Letter.ADDRESS, "address", change.email, actor, link)


async def _link(db: Writing, node: Node, member_id: int, purpose: Purpose, email: str) -> str:
    """A new link; those of earlier mails go on working until their time is over."""
    token = secrets.token_urlsafe(32)
    expires = node.clock() + LIFE[purpose]
    await links.add(
        db, sha256(token.encode()).digest(), member_id=member_id, purpose=purpose, email=email, expires=expires
    )
    return f"{node.site.base_url}/{purpose.value}/{token}"


def _letter(
    node: Node, letter: Letter, words: str, to: str, actor: Actor, link: str = "", *, ends: int | None = None
) -> Written:
    subject, text = _WORDS[words]
    told = {
        "node": node.config.name, "base_url": node.site.base_url, "link": link,
        "name": f"@{actor.handle}@{node.config.domain}", "handle": actor.handle,
        "ends": "" if ends is None else vocabulary.day(ends),
    }  # fmt: skip
    signed = f"{_(text) % told}\n\n-- \n{node.config.name}\n{node.site.base_url}\n"
    return Written(letter, to, _(subject) % told, signed)
