"""Passkeys: public keys with which members sign in, and what one has to sign next."""

from __future__ import annotations

from dataclasses import dataclass

from storage.database import Reading, Row, Writing


@dataclass(frozen=True, slots=True)
class Passkey:
    """One key of a member."""

    id: int
    member_id: int
    credential: bytes
    public: bytes  # COSE
    counter: int
    name: str
    created: int
    used: int | None


_COLUMNS = "id, member_id, credential, public, counter, name, created, used"


def _passkey(row: Row) -> Passkey:
    return Passkey(*row)


async def add(
    db: Writing, *, member_id: int, credential: bytes, public: bytes, counter: int, name: str, now: int
) -> bool:
    """Keep a new one; False when it is known already."""
    added = await db.run(
        """
        INSERT INTO passkeys (member_id, credential, public, counter, name, created)
        VALUES (:member_id, :credential, :public, :counter, :name, :now) ON CONFLICT DO NOTHING
        """,
        member_id=member_id,
        credential=credential,
        public=public,
        counter=counter,
        name=name,
        now=now,
    )
    return added == 1


async def of(db: Reading, member_id: int) -> list[Passkey]:
    """The member's, the first added first."""
    rows = await db.rows(
        "SELECT " + _COLUMNS + " FROM passkeys WHERE member_id = :member_id ORDER BY id LIMIT 100", member_id=member_id
    )
    return [_passkey(row) for row in rows]


async def by_credential(db: Reading, credential: bytes) -> Passkey | None:
    """The one that calls itself so."""
    row = await db.row("SELECT " + _COLUMNS + " FROM passkeys WHERE credential = :credential", credential=credential)
    return None if row is None else _passkey(row)


async def use(db: Writing, passkey_id: int, *, counter: int, now: int) -> bool:
    """Say that it signed; False when its count did not grow: it may have been copied (WebAuthn 6.1.1)."""
    used = await db.run(
        """
        UPDATE passkeys SET counter = :counter, used = :now
        WHERE id = :passkey_id AND (counter < :counter OR (counter = 0 AND CAST(:counter AS BIGINT) = 0))
        """,
        passkey_id=passkey_id,
        counter=counter,
        now=now,
    )
    return used == 1


async def remove(db: Writing, passkey_id: int, *, member_id: int) -> bool:
    """Forget one of a member; False when it is none of theirs."""
    removed = await db.run(
        "DELETE FROM passkeys WHERE id = :passkey_id AND member_id = :member_id",
        passkey_id=passkey_id,
        member_id=member_id,
    )
    return removed == 1


async def forget_all_of(db: Writing, member_id: int) -> None:
    """Forget every one of a member."""
    await db.run("DELETE FROM passkeys WHERE member_id = :member_id", member_id=member_id)


async def put_challenge(db: Writing, holder: bytes, challenge: bytes, *, expires: int) -> None:
    """Keep what is to be signed in the browser with this cookie (hash); what was there before is over."""
    await db.run(
        """
        INSERT INTO challenges (holder, challenge, expires) VALUES (:holder, :challenge, :expires)
        ON CONFLICT (holder) DO UPDATE SET challenge = excluded.challenge, expires = excluded.expires
        """,
        holder=holder,
        challenge=challenge,
        expires=expires,
    )


async def take_challenge(db: Writing, holder: bytes, *, now: int) -> bytes | None:
    """What was to be signed in this browser, which is over with this; None when there is nothing."""
    row = await db.row("DELETE FROM challenges WHERE holder = :holder RETURNING challenge, expires", holder=holder)
    return row["challenge"] if row is not None and row["expires"] > now else None


async def prune_challenges(db: Writing, *, now: int) -> int:
    """Forget those whose time is over; how many went."""
    return await db.run("DELETE FROM challenges WHERE expires <= :now", now=now)
