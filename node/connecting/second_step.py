"""The second step of a sign-in: codes of an authenticator app (RFC 6238), and recovery codes for whoever lost it.

It is asked of members who set an app up. A passkey may take the place of the code; see ``passkeys``.
"""

from __future__ import annotations

import asyncio
import base64
import hmac
import logging
import secrets
from pathlib import Path

from pyotp.totp import TOTP

from node.config import Config
from node.connecting import sealing
from node.connecting.registering import hashed
from node.context import Node
from node.errors import Invalid, TooMany
from node.surfacing import letters
from node.surfacing.letters import Letter
from node.texts import _
from storage import audit, authenticators, jobs, sign_ins, throttle
from storage.actors import Actor
from storage.authenticators import Authenticator
from storage.database import Missing, Reading, Writing

log = logging.getLogger(__name__)

STEP = 30  # seconds, RFC 6238 5.2
DRIFT = 1  # steps that a phone's clock may be off
SET_UP = 60 * 60 * 1000  # ms until a secret that was shown and not confirmed is no longer shown
CODES, CODE = 10, 10  # recovery codes; bytes of one: no guessing, not even with the hashes at hand
PAIR_WINDOW, PAIR_TRIES = 15 * 60 * 1000, 10  # for one account from one address
WHOLE_WINDOW, WHOLE_TRIES = 60 * 60 * 1000, 30  # from anywhere: who tries knows the password, a code has six digits


async def asked(db: Reading, member_id: int) -> bool:
    """Whether the member's password alone lets nobody in."""
    found = await authenticators.of(db, member_id)
    return found is not None and found.confirmed is not None


async def start(node: Node, member_id: int) -> None:
    """Make the secret of an app that is to be set up. Raises Missing when there is one that counts."""
    folder, made = Path(node.config.data), secrets.token_bytes(20)  # RFC 4226 4, R6
    sealed = await asyncio.to_thread(sealing.seal, folder, made, _about(member_id))
    async with node.database.writing() as db:
        if not await authenticators.start(db, member_id, sealed, now=node.clock()):
            raise Missing("authenticator")


async def to_scan(node: Node, member_id: int) -> str | None:
    """The secret of the app that is being set up, in base32; None when none is."""
    app = await _waiting(node, member_id)
    try:
        return None if app is None else await _secret(node, app)
    except sealing.Unreadable:
        return None


async def _waiting(node: Node, member_id: int) -> Authenticator | None:
    async with node.database.reading() as db:
        found = await authenticators.of(db, member_id)
    fresh = found is not None and found.confirmed is None and found.started > node.clock() - SET_UP
    return found if fresh else None


async def _secret(node: Node, app: Authenticator) -> str:
    """Raises Unreadable."""
    folder = Path(node.config.data)
    opened = await asyncio.to_thread(sealing.unseal, folder, app.secret, _about(app.member_id))
    return base64.b32encode(opened).decode()


def address(node: Node, actor: Actor, shown: str) -> str:
    """What the QR code says: https://github.com/google/google-authenticator/wiki/Key-Uri-Format"""
    name = f"@{actor.handle}@{node.config.domain}"
    return TOTP(shown).provisioning_uri(name=name, issuer_name=node.config.name.replace(":", " "))


async def confirm(node: Node, actor: Actor, typed: str, *, address: str) -> list[str]:
    """Let the app count whose code this is; new recovery codes. Raises Invalid (the code), Missing, TooMany."""
    app = await _waiting(node, actor.id)
    if app is None:
        raise Missing("authenticator")
    steps = await _steps(node, app, typed)
    async with node.database.writing() as db:
        await _count(db, node, actor.id, address)
    if not steps:
        raise Invalid(
            _("This code does not fit. Wait for the next one and check the time of your phone."), field="code"
        )
    async with node.database.writing() as db:
        if not await authenticators.confirm(db, actor.id, app.secret, step=steps[-1], now=node.clock()):
            raise Missing("authenticator")
        codes = await _new_codes(db, actor.id)
        await _tell(db, node.config, actor, "account.second-step.on", actor.id, now=node.clock())
    node.database.signal(jobs.WAKE)
    return codes


async def renew_codes(node: Node, actor: Actor) -> list[str]:
    """New recovery codes instead of those of before. Raises Missing where no second step is asked."""
    async with node.database.writing() as db:
        if not await asked(db, actor.id):
            raise Missing("authenticator")
        codes = await _new_codes(db, actor.id)
        await _tell(db, node.config, actor, "account.second-step.codes", actor.id, now=node.clock())
    node.database.signal(jobs.WAKE)
    return codes


async def passes(node: Node, member_id: int, typed: str, *, address: str) -> bool:
    """Whether this is a code of the member's app, or a recovery code; it is used up then. Raises TooMany."""
    async with node.database.reading() as db:
        app = await authenticators.of(db, member_id)
    if app is None or app.confirmed is None:
        return False
    steps = await _steps(node, app, typed)
    async with node.database.writing() as db:
        await _count(db, node, member_id, address)
        for step in steps:
            if await authenticators.use_step(db, member_id, app.secret, step=step):
                return True
        return not steps and await authenticators.use_code(db, member_id, hashed(_plain(typed)))


async def switch_off(db: Writing, config: Config, actor: Actor, *, by: int | None, now: int) -> bool:
    """Ask no second step any more; recovery codes go too. False when none was asked. ``by`` None: the operator."""
    await sign_ins.end_all_of(db, actor.id)
    if not await authenticators.remove(db, actor.id):
        return False
    await _tell(db, config, actor, "account.second-step.off", by, now=now)
    return True


async def _tell(db: Writing, config: Config, actor: Actor, action: str, by: int | None, *, now: int) -> None:
    await audit.note(db, action, actor.uri, actor_id=by, now=now)
    await letters.promise(db, config, Letter.SECURED, actor.id, now=now)


async def _new_codes(db: Writing, member_id: int) -> list[str]:
    codes = [base64.b32encode(secrets.token_bytes(CODE)).decode().lower() for _number in range(CODES)]
    await authenticators.put_codes(db, member_id, [hashed(one) for one in codes])
    return ["-".join(one[at : at + 4] for at in range(0, len(one), 4)) for one in codes]


def _plain(typed: str) -> str:
    return "".join(typed.lower().replace("-", "").split())


async def _steps(node: Node, app: Authenticator, typed: str) -> list[int]:
    """The time steps around now whose code this is, the first first."""
    code = _plain(typed)
    if not (code.isascii() and code.isdigit() and len(code) == 6):
        return []
    try:
        made = TOTP(await _secret(node, app), interval=STEP)
    except sealing.Unreadable as error:
        log.error("codes of authenticator apps cannot be checked: %s", error)  # noqa: TRY400 - the cause is all of it
        return []
    now = node.clock() // 1000 // STEP
    return [one for one in range(now - DRIFT, now + DRIFT + 1) if hmac.compare_digest(made.generate_otp(one), code)]


async def _count(db: Writing, node: Node, member_id: int, address: str) -> None:
    """Count a try. Raises TooMany, which takes the count back.

    Who is asked for a code knows the password already: a right code does not take back what was counted, so that
    whoever has a code now and then cannot try on for ever.
    """
    if not node.config.limits.rate:
        return
    for subject, window, most in (
        (f"code {member_id} {address}", PAIR_WINDOW, PAIR_TRIES),
        (f"code {member_id}", WHOLE_WINDOW, WHOLE_TRIES),
    ):
        if await throttle.count(db, subject, now=node.clock(), window=window) > most:
            raise TooMany(window // 1000)


def _about(member_id: int) -> str:
    return f"authenticator {member_id}"
