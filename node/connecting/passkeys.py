"""Passkeys: registered by members who are signed in, and a way to sign in, alone or as the second step.

https://www.w3.org/TR/webauthn-3/. What a browser is to sign is kept here and works once.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from hashlib import sha256
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from node.connecting import entering
from node.context import Node
from node.errors import Invalid, TooMany, Unauthenticated
from node.surfacing import letters
from node.surfacing.letters import Letter
from node.texts import _
from storage import actors, audit, jobs, members, passkeys, throttle
from storage.actors import Actor
from storage.database import Missing, Writing
from storage.passkeys import Passkey

LIFE = 10 * 60 * 1000  # ms that something waits to be signed
MOST = 20  # passkeys of one member
NAME = 60  # characters
LONGEST = 100_000  # characters of what a browser says
WINDOW, ASKED = 15 * 60 * 1000, 600  # times that one address may ask for something to sign, without being known


@dataclass(frozen=True, slots=True)
class Place:
    """What passkeys of a node are bound to."""

    origin: str
    rp_id: str


def place(base_url: str) -> Place | None:
    """Where passkeys of this node work; None: nowhere. Browsers want a name, and https unless it is this machine."""
    parts = urlsplit(base_url)
    host = parts.hostname or ""
    try:
        ip_address(host)
    except ValueError:
        safe = parts.scheme == "https" or host == "localhost" or host.endswith(".localhost")
        return Place(base_url, host) if safe else None
    return None


def _place(node: Node) -> Place:
    found = place(node.site.base_url)
    if found is None:
        raise Missing("passkeys")
    return found


async def to_register(node: Node, actor: Actor, holder: bytes) -> str:
    """What a browser is asked to make a passkey (JSON); ``holder``: the hash of its cookie. Raises Missing, Invalid."""
    at, challenge = _place(node), secrets.token_bytes(32)
    async with node.database.writing() as db:
        known = await passkeys.of(db, actor.id)
        if len(known) >= MOST:
            raise Invalid(_("At most %s passkeys. Remove one first.") % MOST, field="name")
        await passkeys.put_challenge(db, holder, challenge, expires=node.clock() + LIFE)
    from node.connecting import ceremonies

    return ceremonies.to_register(
        rp_id=at.rp_id,
        rp_name=node.config.name,
        user_id=sha256(actor.uri.encode()).digest(),  # says nothing of who it is (14.6.1)
        user_name=f"@{actor.handle}@{node.config.domain}",
        shown=actor.name or actor.handle,
        challenge=challenge,
        known=[one.credential for one in known],
    )


async def register(node: Node, actor: Actor, holder: bytes, said: str, name: str) -> None:
    """Keep the passkey that a browser made. Raises Missing, Invalid."""
    from node.connecting import ceremonies

    at, challenge = _place(node), await _challenge(node, holder)
    made = ceremonies.registered(_json(said), challenge=challenge, rp_id=at.rp_id, origin=at.origin)
    if made is None:
        raise _unfit()
    now = node.clock()
    async with node.database.writing() as db:
        added = await passkeys.add(
            db, member_id=actor.id, credential=made.credential_id, public=made.credential_public_key,
            counter=made.sign_count, name=" ".join(name.split())[:NAME] or _("Passkey"), now=now,
        )  # fmt: skip
        if not added:
            raise Invalid(_("This passkey is in use already."), field="name")
        await _tell(db, node, actor, "account.passkey.add")
    node.database.signal(jobs.WAKE)


async def remove(node: Node, actor: Actor, passkey_id: int) -> None:
    """Let one sign nobody in any more. Raises Missing."""
    async with node.database.writing() as db:
        if not await passkeys.remove(db, passkey_id, member_id=actor.id):
            raise Missing("passkey")
        await _tell(db, node, actor, "account.passkey.remove")
    node.database.signal(jobs.WAKE)


async def _tell(db: Writing, node: Node, actor: Actor, action: str) -> None:
    await audit.note(db, action, actor.uri, actor_id=actor.id, now=node.clock())
    await letters.promise(db, node.config, Letter.SECURED, actor.id, now=node.clock())


async def to_sign_in(node: Node, holder: bytes, *, address: str) -> str:
    """What a browser is asked to sign in with any passkey (JSON). Raises Missing, TooMany."""
    at = _place(node)
    if node.config.limits.rate:
        async with node.database.writing() as db:
            if await throttle.count(db, f"passkey {address}", now=node.clock(), window=WINDOW) > ASKED:
                raise TooMany(WINDOW // 1000)
    return await _ask(node, at, holder, [], verified=True)


async def to_step(node: Node, member_id: int, holder: bytes) -> str:
    """What a browser is asked to take the second step with a passkey of this member (JSON). Raises Missing."""
    async with node.database.reading() as db:
        known = await passkeys.of(db, member_id)
    if not known:
        raise Missing("passkey")
    return await _ask(node, _place(node), holder, known, verified=False)


async def _ask(node: Node, at: Place, holder: bytes, known: list[Passkey], *, verified: bool) -> str:
    from node.connecting import ceremonies

    challenge = secrets.token_bytes(32)
    async with node.database.writing() as db:
        await passkeys.put_challenge(db, holder, challenge, expires=node.clock() + LIFE)
    return ceremonies.to_sign(
        rp_id=at.rp_id, challenge=challenge, known=[one.credential for one in known], verified=verified
    )


async def sign_in(node: Node, holder: bytes, said: str) -> Actor:
    """Who signs in with a passkey alone, which has asked for their finger, face or PIN.

    Raises Unauthenticated, NotAllowed, Missing.
    """
    passkey = await _signed(node, holder, said, verified=True)
    async with node.database.reading() as db:
        member, actor = await members.by_id(db, passkey.member_id), await actors.by_id(db, passkey.member_id)
    await entering.check_usable(node, member)
    return actor


async def step(node: Node, member_id: int, holder: bytes, said: str) -> bool:
    """Whether a passkey of this member signed. Raises Missing."""
    try:
        return (await _signed(node, holder, said, verified=False, member_id=member_id)).member_id == member_id
    except Unauthenticated:
        return False


async def _signed(node: Node, holder: bytes, said: str, *, verified: bool, member_id: int | None = None) -> Passkey:
    """The passkey that signed what it was asked to. Raises Unauthenticated, Missing."""
    from node.connecting import ceremonies

    at = _place(node)
    try:
        challenge, given = await _challenge(node, holder), _json(said)
    except ValueError as error:  # Invalid is one
        raise Unauthenticated from error
    credential = ceremonies.credential_of(given)
    async with node.database.reading() as db:
        passkey = await passkeys.by_credential(db, credential)
    if passkey is None or member_id not in (None, passkey.member_id):
        raise Unauthenticated
    signed = ceremonies.signed(
        given,
        challenge=challenge,
        rp_id=at.rp_id,
        origin=at.origin,
        public=passkey.public,
        counter=passkey.counter,
        verified=verified,
    )
    if signed is None:
        raise Unauthenticated
    async with node.database.writing() as db:
        if not await passkeys.use(db, passkey.id, counter=signed.new_sign_count, now=node.clock()):
            raise Unauthenticated
    return passkey


async def _challenge(node: Node, holder: bytes) -> bytes:
    """Raises Invalid."""
    async with node.database.writing() as db:
        found = await passkeys.take_challenge(db, holder, now=node.clock())
    if found is None:
        raise _unfit()
    return found


def _json(said: str) -> dict[str, Any]:
    """Raises Invalid."""
    try:
        given = json.loads(said) if len(said) <= LONGEST else None
    except (ValueError, RecursionError) as error:
        raise _unfit() from error
    if not isinstance(given, dict):
        raise _unfit()
    return given


def _unfit() -> Invalid:
    return Invalid(_("The passkey did not work. Try again."), field="name")
