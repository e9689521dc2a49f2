"""Codes and tokens of OAuth. Only their SHA-256 is kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from storage import members
from storage.database import Reading, Row, Writing, listed
from storage.members import Member
from storage.records import quick


@dataclass(frozen=True, slots=True)
class Code:
    """A member's leave for an app, to be traded for a token once."""

    id: int
    app_id: int
    member_id: int
    redirect_uri: str
    scopes: str
    challenge: str  # RFC 7636 S256; "": none
    expires: int
    used: int | None


@quick
@dataclass(frozen=True, slots=True)
class Token:
    """What an app shows to act: for a member, or for itself (``member_id`` None)."""

    id: int
    app_id: int | None
    member_id: int | None
    scopes: str
    created: int


@quick
@dataclass(frozen=True, slots=True)
class Bearer:
    """A token with the member it speaks for."""

    token: Token
    member: Member | None


@dataclass(frozen=True, slots=True)
class Grant:
    """What an app may do for a member: the latest of its tokens, and how many it has."""

    app_id: int | None  # None: a token that the operator made
    name: str
    website: str
    scopes: str
    created: int
    tokens: int


_CODE = "id, app_id, member_id, redirect_uri, scopes, challenge, expires, used"
_TOKEN = "tokens.id, tokens.app_id, tokens.member_id, tokens.scopes, tokens.created"  # noqa: S105 - columns
_TOKEN_WIDTH = 5


async def add_code(
    db: Writing, code: bytes, *, app_id: int, member_id: int, redirect_uri: str, scopes: str, challenge: str,
    expires: int,
) -> None:  # fmt: skip
    """Keep a code (its hash)."""
    await db.run(
        """
        INSERT INTO codes (code, app_id, member_id, redirect_uri, scopes, challenge, expires)
        VALUES (:code, :app_id, :member_id, :redirect_uri, :scopes, :challenge, :expires)
        """,
        code=code,
        app_id=app_id,
        member_id=member_id,
        redirect_uri=redirect_uri,
        scopes=scopes,
        challenge=challenge,
        expires=expires,
    )


async def use_code(db: Writing, code: bytes, *, now: int) -> tuple[Code, bool] | None:
    """The code, marked as used now; and whether this was its first use. None: no such code.

    RFC 6749 4.1.2: a code used twice was stolen, and what it gave is to be taken back (``revoke_of_code``).
    """
    row = await db.row(
        "UPDATE codes SET used = :now WHERE code = :code AND used IS NULL RETURNING " + _CODE, code=code, now=now
    )
    if row is not None:
        return Code(*row), True
    row = await db.row("SELECT " + _CODE + " FROM codes WHERE code = :code", code=code)
    return None if row is None else (Code(*row), False)


async def revoke_of_code(db: Writing, code_id: int) -> None:
    """Take back what a code gave."""
    await db.run("DELETE FROM tokens WHERE code_id = :code_id", code_id=code_id)


async def add(
    db: Writing, token: bytes, *, app_id: int | None, member_id: int | None, scopes: str, now: int,
    code_id: int | None = None,
) -> None:  # fmt: skip
    """Keep a token (its hash)."""
    await db.run(
        """
        INSERT INTO tokens (token, app_id, member_id, code_id, scopes, created)
        VALUES (:token, :app_id, :member_id, :code_id, :scopes, :now)
        """,
        token=token,
        app_id=app_id,
        member_id=member_id,
        code_id=code_id,
        scopes=scopes,
        now=now,
    )


async def bearer(db: Reading, token: bytes) -> Bearer | None:
    """Whom this token (hash) speaks for; one query."""
    row = await db.row(_BEARER, token=token)
    if row is None:
        return None
    values = list(row)
    found = _token(values)
    return Bearer(found, None if found.member_id is None else members.member(values[_TOKEN_WIDTH:]))


_BEARER = (
    "SELECT " + _TOKEN + ", " + members.COLUMNS + """
    FROM tokens LEFT JOIN members ON members.actor_id = tokens.member_id
    WHERE tokens.token = :token AND (tokens.member_id IS NULL OR members.actor_id IS NOT NULL)
    """
)  # fmt: skip


async def alive(db: Reading, token_ids: Iterable[int]) -> set[int]:
    """Those of these tokens that still let somebody act."""
    rows = await db.rows(
        """
        SELECT tokens.id FROM tokens JOIN members ON members.actor_id = tokens.member_id
        JOIN actors ON actors.id = tokens.member_id
        WHERE tokens.id IN (SELECT value FROM json_each(:token_ids)) AND members.confirmed IS NOT NULL
          AND members.approved IS NOT NULL AND members.disabled IS NULL
          AND actors.gone IS NULL AND actors.suspended IS NULL
        """,
        token_ids=listed(token_ids),
    )
    return {row["id"] for row in rows}


def _token(values: list[object] | Row) -> Token:
    return Token(*list(values)[:_TOKEN_WIDTH])


async def revoke(db: Writing, token: bytes, *, app_id: int | None = None) -> bool:
    """Take a token (hash) back; ``app_id``: only if it is that app's. False: there was none."""
    if app_id is None:
        return await db.run("DELETE FROM tokens WHERE token = :token", token=token) == 1
    return await db.run("DELETE FROM tokens WHERE token = :token AND app_id = :app_id", token=token, app_id=app_id) == 1


async def grants(db: Reading, member_id: int) -> list[Grant]:
    """The apps that may act for the member, the latest let in first; at most 200."""
    rows = await db.rows(
        """
        SELECT found.app_id, COALESCE(apps.name, '') AS name, COALESCE(apps.website, '') AS website, found.scopes,
            found.created, found.count
        FROM (
            SELECT id, app_id, scopes, created, COUNT(*) OVER (PARTITION BY app_id) AS count,
                ROW_NUMBER() OVER (PARTITION BY app_id ORDER BY id DESC) AS place
            FROM tokens WHERE member_id = :member_id
        ) AS found
        LEFT JOIN apps ON apps.id = found.app_id
        WHERE found.place = 1 ORDER BY found.id DESC LIMIT 200
        """,
        member_id=member_id,
    )
    return [Grant(*row) for row in rows]


async def revoke_of_app(db: Writing, member_id: int, app_id: int | None) -> int:
    """Take back what an app (None: the operator) may do for a member, and codes not yet traded; how many tokens."""
    if app_id is None:
        return await db.run("DELETE FROM tokens WHERE member_id = :member_id AND app_id IS NULL", member_id=member_id)
    await db.run(
        "DELETE FROM codes WHERE member_id = :member_id AND app_id = :app_id", member_id=member_id, app_id=app_id
    )
    return await db.run(
        "DELETE FROM tokens WHERE member_id = :member_id AND app_id = :app_id", member_id=member_id, app_id=app_id
    )


async def revoke_all_of(db: Writing, member_id: int) -> None:
    """Take every token and code of a member back."""
    await db.run("DELETE FROM tokens WHERE member_id = :member_id", member_id=member_id)
    await db.run("DELETE FROM codes WHERE member_id = :member_id", member_id=member_id)


async def prune_codes(db: Writing, *, before: int) -> int:
    """Forget codes that ended before; how many went."""
    return await db.run("DELETE FROM codes WHERE expires < :before", before=before)
