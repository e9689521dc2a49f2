"""Links that are mailed to a member and work once. Only the SHA-256 of what they end with is kept."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum

from storage.database import Reading, Row, Writing


class Purpose(StrEnum):
    """What a link lets its holder do."""

    CONFIRM = "confirm"  # show that an address is theirs
    RESET = "reset"  # set a new password
    ADDRESS = "address"  # have another address from now on
    KEEP = "keep"  # keep an account that was to be deleted; given to who signs in, never mailed


@dataclass(frozen=True, slots=True)
class Link:
    """One link."""

    member_id: int
    purpose: Purpose
    address: str  # ``digest`` of the one it was mailed to
    expires: int
    used: int | None


_COLUMNS = "member_id, purpose, address, expires, used"


def _link(row: Row) -> Link:
    member_id, purpose, *rest = row
    return Link(member_id, Purpose(purpose), *rest)


def digest(email: str) -> str:
    """What is kept of an address."""
    return hashlib.sha256(email.lower().encode()).hexdigest()


async def add(db: Writing, token: bytes, *, member_id: int, purpose: Purpose, email: str, expires: int) -> None:
    """Keep a link (hash of what it ends with) that is mailed to ``email``."""
    await db.run(
        """
        INSERT INTO links (token, member_id, purpose, address, expires)
        VALUES (:token, :member_id, :purpose, :address, :expires)
        """,
        token=token,
        member_id=member_id,
        purpose=purpose.value,
        address=digest(email),
        expires=expires,
    )


async def by_token(db: Reading, token: bytes, purpose: Purpose, *, now: int) -> Link | None:
    """The link with this hash, used ones too; None when there is none or its time is over."""
    row = await db.row(
        "SELECT " + _COLUMNS + " FROM links WHERE token = :token AND purpose = :purpose AND expires > :now",
        token=token,
        purpose=purpose.value,
        now=now,
    )
    return None if row is None else _link(row)


async def use(db: Writing, token: bytes, purpose: Purpose, *, now: int) -> Link | None:
    """The link, which is used from now on; None when it was used before, its time is over, or it is none."""
    row = await db.row(
        """
        UPDATE links SET used = :now
        WHERE token = :token AND purpose = :purpose AND used IS NULL AND expires > :now RETURNING """
        + _COLUMNS,
        token=token,
        purpose=purpose.value,
        now=now,
    )
    return None if row is None else _link(row)


async def end_all_of(db: Writing, member_id: int, purpose: Purpose) -> None:
    """Let no link of a member work that is for this."""
    await db.run(
        "DELETE FROM links WHERE member_id = :member_id AND purpose = :purpose",
        member_id=member_id,
        purpose=purpose.value,
    )


async def forget_all_of(db: Writing, member_id: int) -> None:
    """Forget every link of a member."""
    await db.run("DELETE FROM links WHERE member_id = :member_id", member_id=member_id)


async def prune(db: Writing, *, now: int) -> int:
    """Forget links whose time is over; how many went."""
    return await db.run("DELETE FROM links WHERE expires <= :now", now=now)
