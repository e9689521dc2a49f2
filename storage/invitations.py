"""Invitations: links that let somebody join without being approved. Only the SHA-256 of the code is kept."""

from __future__ import annotations

from dataclasses import dataclass

from storage.actors import ActorKind
from storage.database import Missing, Reading, Row, Writing


@dataclass(frozen=True, slots=True)
class Invitation:
    """One link, for as many people as it has uses."""

    id: int
    kind: ActorKind  # of the accounts it makes
    uses: int
    used: int
    created: int
    expires: int
    revoked: int | None

    def open(self, now: int) -> bool:
        """Whether somebody can still join with it."""
        return self.used < self.uses and self.expires > now and self.revoked is None


_COLUMNS = "id, kind, uses, used, created, expires, revoked"


def _invitation(row: Row) -> Invitation:
    return Invitation(row[0], ActorKind(row[1]), *list(row)[2:])


async def add(db: Writing, code: bytes, *, kind: ActorKind, uses: int, expires: int, now: int) -> int:
    """Keep an invitation (hash of its code); its number."""
    row = await db.row(
        """
        INSERT INTO invitations (code, kind, uses, created, expires)
        VALUES (:code, :kind, :uses, :now, :expires) RETURNING id
        """,
        code=code,
        kind=kind.value,
        uses=uses,
        now=now,
        expires=expires,
    )
    if row is None:
        raise Missing("invitation")
    number: int = row["id"]
    return number


async def by_code(db: Reading, code: bytes) -> Invitation | None:
    """The invitation with this code (hash), whether it still works or not."""
    row = await db.row("SELECT " + _COLUMNS + " FROM invitations WHERE code = :code", code=code)
    return None if row is None else _invitation(row)


async def use(db: Writing, code: bytes, *, now: int) -> Invitation | None:
    """Count one more who joins with it; None when it does not work (any more)."""
    row = await db.row(
        """
        UPDATE invitations SET used = used + 1
        WHERE code = :code AND used < uses AND expires > :now AND revoked IS NULL RETURNING """
        + _COLUMNS,
        code=code,
        now=now,
    )
    return None if row is None else _invitation(row)


async def revoke(db: Writing, invitation_id: int, *, now: int) -> bool:
    """Let nobody join with it any more; False when there is no such invitation, or it was revoked before."""
    changed = await db.run(
        "UPDATE invitations SET revoked = :now WHERE id = :id AND revoked IS NULL", now=now, id=invitation_id
    )
    return changed == 1


async def newest(db: Reading, *, before: int, limit: int) -> list[Invitation]:
    """Invitations with numbers below ``before``, the newest first."""
    rows = await db.rows(
        "SELECT " + _COLUMNS + " FROM invitations WHERE id < :before ORDER BY id DESC LIMIT :limit",
        before=before,
        limit=limit,
    )
    return [_invitation(row) for row in rows]
