"""Sign-ins that are half done: the password was right, the second step is to come. Only the cookie's hash is kept."""

from __future__ import annotations

from dataclasses import dataclass

from storage.database import Reading, Row, Writing


@dataclass(frozen=True, slots=True)
class SignIn:
    """One browser on its way in."""

    member_id: int
    own_device: int | None
    target: str
    expires: int


_COLUMNS = "member_id, own_device, target, expires"


def _sign_in(row: Row) -> SignIn:
    return SignIn(*row)


async def add(
    db: Writing, token: bytes, *, member_id: int, own_device: bool, target: str, now: int, expires: int
) -> None:
    """Keep a sign-in (hash of its cookie) until its second step."""
    await db.run(
        """
        INSERT INTO sign_ins (token, member_id, own_device, target, expires)
        VALUES (:token, :member_id, :own_device, :target, :expires)
        """,
        token=token,
        member_id=member_id,
        own_device=now if own_device else None,
        target=target,
        expires=expires,
    )


async def by_token(db: Reading, token: bytes, *, now: int) -> SignIn | None:
    """The sign-in of this cookie (hash); None when there is none, or its time is over."""
    row = await db.row(
        "SELECT " + _COLUMNS + " FROM sign_ins WHERE token = :token AND expires > :now", token=token, now=now
    )
    return None if row is None else _sign_in(row)


async def end(db: Writing, token: bytes) -> bool:
    """Forget one; whether it was there."""
    return await db.run("DELETE FROM sign_ins WHERE token = :token", token=token) == 1


async def end_all_of(db: Writing, member_id: int) -> None:
    """Let no half sign-in of a member go on."""
    await db.run("DELETE FROM sign_ins WHERE member_id = :member_id", member_id=member_id)


async def prune(db: Writing, *, now: int) -> int:
    """Forget those whose time is over; how many went."""
    return await db.run("DELETE FROM sign_ins WHERE expires <= :now", now=now)
