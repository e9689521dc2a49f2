"""Authenticator apps of members, and recovery codes for whoever lost theirs. Of codes only the SHA-256 is kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from storage.database import Reading, Writing


@dataclass(frozen=True, slots=True)
class Authenticator:
    """The app of one member."""

    member_id: int
    secret: bytes  # sealed
    started: int
    confirmed: int | None
    step: int


_COLUMNS = "member_id, secret, started, confirmed, step"


async def start(db: Writing, member_id: int, secret: bytes, *, now: int) -> bool:
    """Keep the secret (sealed) of an app that does not count yet; False when there is one that does."""
    started = await db.run(
        """
        INSERT INTO authenticators (member_id, secret, started) VALUES (:member_id, :secret, :now)
        ON CONFLICT (member_id) DO UPDATE SET secret = excluded.secret, started = excluded.started
        WHERE authenticators.confirmed IS NULL
        """,
        member_id=member_id,
        secret=secret,
        now=now,
    )
    return started == 1


async def of(db: Reading, member_id: int) -> Authenticator | None:
    """The member's app, if there is one; one that does not count yet too."""
    row = await db.row("SELECT " + _COLUMNS + " FROM authenticators WHERE member_id = :member_id", member_id=member_id)
    return None if row is None else Authenticator(*row)


async def confirm(db: Writing, member_id: int, secret: bytes, *, step: int, now: int) -> bool:
    """Let the app with this secret (sealed) count, a code of whose was shown; False when it is not there to confirm."""
    confirmed = await db.run(
        """
        UPDATE authenticators SET confirmed = :now, step = :step
        WHERE member_id = :member_id AND secret = :secret AND confirmed IS NULL
        """,
        member_id=member_id,
        secret=secret,
        step=step,
        now=now,
    )
    return confirmed == 1


async def use_step(db: Writing, member_id: int, secret: bytes, *, step: int) -> bool:
    """Say that the code of a time step was used; False when it was, or a later one (RFC 6238 5.2)."""
    used = await db.run(
        """
        UPDATE authenticators SET step = :step
        WHERE member_id = :member_id AND secret = :secret AND confirmed IS NOT NULL AND step < :step
        """,
        member_id=member_id,
        secret=secret,
        step=step,
    )
    return used == 1


async def put_codes(db: Writing, member_id: int, codes: Iterable[bytes]) -> None:
    """Keep new recovery codes (hashes) instead of those of before."""
    await db.run("DELETE FROM recovery_codes WHERE member_id = :member_id", member_id=member_id)
    await db.many(
        "INSERT INTO recovery_codes (member_id, code) VALUES (:member_id, :code)",
        [{"member_id": member_id, "code": code} for code in codes],
    )


async def use_code(db: Writing, member_id: int, code: bytes) -> bool:
    """Use a recovery code (hash) up; False when it is none of the member's."""
    used = await db.run(
        "DELETE FROM recovery_codes WHERE member_id = :member_id AND code = :code", member_id=member_id, code=code
    )
    return used == 1


async def codes_left(db: Reading, member_id: int) -> int:
    """How many recovery codes the member has."""
    row = await db.row("SELECT COUNT(*) AS n FROM recovery_codes WHERE member_id = :member_id", member_id=member_id)
    return 0 if row is None else row["n"]


async def remove(db: Writing, member_id: int) -> bool:
    """Forget the member's app and recovery codes; whether there was an app."""
    await db.run("DELETE FROM recovery_codes WHERE member_id = :member_id", member_id=member_id)
    return await db.run("DELETE FROM authenticators WHERE member_id = :member_id", member_id=member_id) == 1
