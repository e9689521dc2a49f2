"""Members: who lives here and may sign in."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

from storage import actors, throttle
from storage.actors import Actor
from storage.database import Missing, Reading, Writing
from storage.records import quick

WAIT = 7 * 24 * 60 * 60 * 1000  # ms in which who leaves can change their mind


class Role(StrEnum):
    """What a member may do beyond sharing."""

    MEMBER = "member"
    GUARDIAN = "guardian"
    MODERATOR = "moderator"
    ADMIN = "admin"


@quick
@dataclass(frozen=True, slots=True)
class Member:
    """The account behind an actor of this node."""

    actor_id: int
    email: str
    password: str  # argon2id
    role: Role
    confirmed: int | None
    approved: int | None
    trusted: int | None
    disabled: int | None
    created: int
    seen: int
    home_since: int | None
    language: str
    visibility: str
    sensitive: int | None
    locale: str
    leaving: int | None = None
    quote_policy: str = "public"  # storage.quotes.Policy

    @property
    def usable(self) -> bool:
        """May sign in and act."""
        stays = self.disabled is None and self.leaving is None
        return self.confirmed is not None and self.approved is not None and stays

    @property
    def ends(self) -> int | None:
        """When the account is erased; None: it stays."""
        return None if self.leaving is None else self.leaving + WAIT


COLUMNS = (
    "members.actor_id, members.email, members.password, members.role, members.confirmed, members.approved,"
    " members.trusted, members.disabled, members.created, members.seen, members.home_since, members.language,"
    " members.visibility, members.sensitive, members.locale, members.leaving,"
    " members.quote_policy"
)
WIDTH = len(fields(Member))


def member(row: Iterable[Any]) -> Member:
    """The record of a row that starts with ``COLUMNS``."""
    values = list(row)[:WIDTH]
    values[3] = Role(values[3])
    return Member(*values)


def key_of(email: str) -> str:
    """What two spellings of an address have in common."""
    return email.lower()


async def add(db: Writing, new: Member, *, claimed: bool = True) -> bool:
    """Keep the account of a new actor; False when the e-mail address is taken.

    ``claimed`` False: nobody has shown that the address is theirs; see ``claim``.
    """
    key = key_of(new.email) if claimed else f"{key_of(new.email)} {new.actor_id}"
    if claimed:
        await _alone(db, key, now=new.created)
    added = await db.run(
        """
        INSERT INTO members (actor_id, email, email_key, password, role, confirmed, approved, trusted, disabled,
            created, seen, home_since, language, visibility, sensitive, locale)
        VALUES (:actor_id, :email, :email_key, :password, :role, :confirmed, :approved, :trusted, :disabled, :created,
            :seen, :home_since, :language, :visibility, :sensitive, :locale)
        ON CONFLICT DO NOTHING
        """,
        actor_id=new.actor_id, email=new.email, email_key=key, password=new.password,
        role=new.role.value, confirmed=new.confirmed, approved=new.approved, trusted=new.trusted,
        disabled=new.disabled, created=new.created, seen=new.seen, home_since=new.home_since, language=new.language,
        visibility=new.visibility, sensitive=new.sensitive, locale=new.locale,
    )  # fmt: skip
    return added == 1


async def _alone(db: Writing, key: str, *, now: int) -> None:
    """Let one transaction at a time take an address: a row that both databases lock until the commit."""
    await throttle.count(db, f"address {hashlib.sha256(key.encode()).hexdigest()}", now=now, window=0)


async def claim(db: Writing, actor_id: int, email: str, *, now: int) -> bool:
    """Give the address to the member whose it is from now on; False when it is somebody else's."""
    key = key_of(email)
    await _alone(db, key, now=now)
    claimed = await db.run(
        """
        UPDATE members SET email_key = :key WHERE actor_id = :actor_id AND NOT EXISTS (
            SELECT 1 FROM members AS others WHERE others.email_key = :key AND others.actor_id <> :actor_id)
        """,
        key=key,
        actor_id=actor_id,
    )
    return claimed == 1


async def holder(db: Reading, email: str) -> tuple[Member, Actor] | None:
    """Whose address this is, as was shown."""
    return await _found(db, email=key_of(email), handle="-")


async def has_claimed(db: Reading, member: Member) -> bool:
    """Whether a member's address is known to be theirs."""
    row = await db.row(
        "SELECT 1 AS yes FROM members WHERE actor_id = :actor_id AND email_key = :key",
        actor_id=member.actor_id,
        key=key_of(member.email),
    )
    return row is not None


async def change_address(db: Writing, actor_id: int, email: str) -> bool:
    """Another address for a member who has not confirmed theirs; False when they have."""
    changed = await db.run(
        """
        UPDATE members SET email = :email, email_key = :key WHERE actor_id = :actor_id AND confirmed IS NULL
        """,
        email=email,
        key=f"{key_of(email)} {actor_id}",
        actor_id=actor_id,
    )
    return changed == 1


async def move(db: Writing, actor_id: int, email: str) -> None:
    """Another address for a member, which they have claimed."""
    await db.run("UPDATE members SET email = :email WHERE actor_id = :actor_id", email=email, actor_id=actor_id)


async def by_id(db: Reading, actor_id: int) -> Member:
    """The account of this actor. Raises Missing."""
    row = await db.row("SELECT " + COLUMNS + " FROM members WHERE actor_id = :actor_id", actor_id=actor_id)
    if row is None:
        raise Missing(str(actor_id))
    return member(row)


async def with_actor(db: Reading, *, email: str = "", handle: str = "") -> tuple[Member, Actor]:
    """The account with this e-mail address or, if there is none, this handle, and its actor. Raises Missing."""
    found = await _found(db, email=key_of(email) or "-", handle=handle.lower() or "-")
    if found is None:
        raise Missing(email or handle)
    return found


async def _found(db: Reading, *, email: str, handle: str) -> tuple[Member, Actor] | None:
    row = await db.row(
        "SELECT " + COLUMNS + ", " + actors.COLUMNS + """
        FROM members JOIN actors ON actors.id = members.actor_id
        WHERE members.email_key = :email OR (actors.handle_key = :handle AND actors.domain = '')
        ORDER BY CASE WHEN members.email_key = :email THEN 0 ELSE 1 END LIMIT 1
        """,
        email=email,
        handle=handle,
    )  # fmt: skip
    if row is None:
        return None
    values = list(row)
    return member(values), actors.actor(values[WIDTH:])


async def set_password(db: Writing, actor_id: int, password: str) -> None:
    """Keep a new password (argon2id)."""
    await db.run(
        "UPDATE members SET password = :password WHERE actor_id = :actor_id", actor_id=actor_id, password=password
    )


async def approve(db: Writing, actor_id: int, *, now: int) -> bool:
    """Let a member act, after they were disabled too."""
    changed = await db.run(
        """
        UPDATE members SET confirmed = COALESCE(confirmed, :now), approved = COALESCE(approved, :now), disabled = NULL
        WHERE actor_id = :actor_id
        """,
        actor_id=actor_id,
        now=now,
    )
    return changed == 1


async def confirm(db: Writing, actor_id: int, *, now: int) -> None:
    """Say that a member showed that the address is theirs."""
    await db.run(
        "UPDATE members SET confirmed = COALESCE(confirmed, :now) WHERE actor_id = :actor_id",
        now=now,
        actor_id=actor_id,
    )


async def disable(db: Writing, actor_id: int, *, now: int) -> bool:
    """Let a member act no more; tokens and sessions are the caller's to end."""
    changed = await db.run("UPDATE members SET disabled = :now WHERE actor_id = :actor_id", actor_id=actor_id, now=now)
    return changed == 1


async def leave(db: Writing, actor_id: int, *, now: int) -> bool:
    """Say that the member leaves; False when they said so before, or are gone."""
    left = await db.run(
        "UPDATE members SET leaving = :now WHERE actor_id = :actor_id AND leaving IS NULL", now=now, actor_id=actor_id
    )
    return left == 1


async def stay(db: Writing, actor_id: int, *, now: int) -> bool:
    """Say that a member stays who was leaving; False when they were not, or it is too late."""
    stayed = await db.run(
        "UPDATE members SET leaving = NULL WHERE actor_id = :actor_id AND leaving > :since",
        actor_id=actor_id,
        since=now - WAIT,
    )
    return stayed == 1


async def over(db: Writing, actor_id: int, *, now: int) -> bool:
    """Whether the member's time to change their mind is over; if so it stays so until the transaction ends."""
    over = await db.run(
        "UPDATE members SET leaving = leaving WHERE actor_id = :actor_id AND leaving <= :since",
        actor_id=actor_id,
        since=now - WAIT,
    )
    return over == 1


async def overdue(db: Reading, *, now: int, limit: int) -> list[int]:
    """Members whose time to change their mind is over, the longest over first."""
    rows = await db.rows(
        "SELECT actor_id FROM members WHERE leaving <= :since ORDER BY leaving LIMIT :limit",
        since=now - WAIT,
        limit=limit,
    )
    return [row["actor_id"] for row in rows]


async def prefer(
    db: Writing, actor_id: int, *, language: str, visibility: str, sensitive: int | None, quote_policy: str
) -> None:
    """What new posts of the member are unless they say otherwise; ``quote_policy`` "": as it was."""
    await db.run(
        """
        UPDATE members SET language = :language, visibility = :visibility, sensitive = :sensitive,
            quote_policy = CASE WHEN :quote_policy = '' THEN quote_policy ELSE :quote_policy END
        WHERE actor_id = :actor_id
        """,
        actor_id=actor_id,
        language=language,
        visibility=visibility,
        sensitive=sensitive,
        quote_policy=quote_policy,
    )


async def visit(db: Writing, actor_id: int, *, now: int) -> None:
    """Say that the member is here now, and keeps a home timeline from now on."""
    await db.run(
        "UPDATE members SET seen = :now, home_since = COALESCE(home_since, :now) WHERE actor_id = :actor_id",
        actor_id=actor_id,
        now=now,
    )


async def away(db: Reading, *, before: int, limit: int) -> list[int]:
    """Members with home rows who were not here since ``before``."""
    rows = await db.rows(
        "SELECT actor_id FROM members WHERE home_since IS NOT NULL AND seen < :before LIMIT :limit",
        before=before,
        limit=limit,
    )
    return [row["actor_id"] for row in rows]


async def leave_home(db: Writing, actor_id: int) -> None:
    """Keep no home rows for the member until the next visit."""
    await db.run("UPDATE members SET home_since = NULL WHERE actor_id = :actor_id", actor_id=actor_id)


async def remove(db: Writing, actor_id: int) -> None:
    """Forget the account; its actor is ``actors.erase``'s."""
    await db.run("DELETE FROM members WHERE actor_id = :actor_id", actor_id=actor_id)


async def count_active(db: Reading, *, since: int) -> int:
    """Members who were here since."""
    row = await db.row(
        """
        SELECT COUNT(*) AS n FROM members
        WHERE seen >= :since AND disabled IS NULL AND leaving IS NULL AND confirmed IS NOT NULL
          AND approved IS NOT NULL
        """,
        since=since,
    )
    return 0 if row is None else row["n"]
