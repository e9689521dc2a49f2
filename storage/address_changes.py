"""Addresses that members want instead of theirs, and the ones of before, until both were told."""

from __future__ import annotations

from dataclasses import dataclass

from storage.database import Reading, Writing


@dataclass(frozen=True, slots=True)
class AddressChange:
    """One wish."""

    member_id: int
    email: str
    former: str
    asked: int


_COLUMNS = "member_id, email, former, asked"


async def put(db: Writing, change: AddressChange) -> None:
    """Keep what a member wishes now; an earlier wish is over."""
    await db.run(
        """
        INSERT INTO address_changes (member_id, email, former, asked) VALUES (:member_id, :email, :former, :asked)
        ON CONFLICT (member_id) DO UPDATE SET
            email = excluded.email, former = excluded.former, asked = excluded.asked
        """,
        member_id=change.member_id,
        email=change.email,
        former=change.former,
        asked=change.asked,
    )


async def of(db: Reading, member_id: int) -> AddressChange | None:
    """What the member wished last."""
    row = await db.row("SELECT " + _COLUMNS + " FROM address_changes WHERE member_id = :member_id", member_id=member_id)
    return None if row is None else AddressChange(*row)


async def forget(db: Writing, member_id: int) -> None:
    """Forget it."""
    await db.run("DELETE FROM address_changes WHERE member_id = :member_id", member_id=member_id)


async def prune(db: Writing, *, before: int) -> int:
    """Forget wishes from before; how many went."""
    return await db.run("DELETE FROM address_changes WHERE asked < :before", before=before)
