"""Sessions: browsers that a member signed in with. Only the SHA-256 of the cookie is kept."""

from __future__ import annotations

from dataclasses import dataclass

from storage import actors, members
from storage.actors import Actor
from storage.database import Reading, Writing
from storage.members import Member

IDLE = 30 * 60 * 1000  # ms without a page after which a session ends
OWN_DEVICE = 90 * 24 * 60 * 60 * 1000  # ms without a page on a member's own device
TOUCH = 60 * 1000  # ms: how exact ``seen`` is


@dataclass(frozen=True, slots=True)
class Session:
    """One browser."""

    id: int
    member_id: int
    own_device: int | None
    agent: str
    created: int
    seen: int


_COLUMNS = "sessions.id, sessions.member_id, sessions.own_device, sessions.agent, sessions.created, sessions.seen"
_WIDTH = 6


async def add(db: Writing, token: bytes, *, member_id: int, own_device: bool, agent: str, now: int) -> None:
    """Keep a session (hash of its cookie)."""
    await db.run(
        """
        INSERT INTO sessions (token, member_id, own_device, agent, created, seen)
        VALUES (:token, :member_id, :own_device, :agent, :now, :now)
        """,
        token=token,
        member_id=member_id,
        own_device=now if own_device else None,
        agent=agent,
        now=now,
    )


async def current(db: Reading, token: bytes, *, now: int) -> tuple[Session, Member, Actor] | None:
    """The session of this cookie (hash) and whose it is; None when it ended or its member may not act."""
    row = await db.row(
        "SELECT " + _COLUMNS + ", " + members.COLUMNS + ", " + actors.COLUMNS + """
        FROM sessions JOIN members ON members.actor_id = sessions.member_id
        JOIN actors ON actors.id = sessions.member_id
        WHERE sessions.token = :token
          AND sessions.seen > CASE WHEN sessions.own_device IS NULL THEN CAST(:idle_since AS BIGINT)
              ELSE CAST(:device_since AS BIGINT) END
        """,
        token=token,
        idle_since=now - IDLE,
        device_since=now - OWN_DEVICE,
    )  # fmt: skip
    if row is None:
        return None
    values = list(row)
    member = members.member(values[_WIDTH:])
    if not member.usable:
        return None
    return Session(*values[:_WIDTH]), member, actors.actor(values[_WIDTH + members.WIDTH :])


async def of(db: Reading, member_id: int, token: bytes, *, now: int) -> list[tuple[Session, bool]]:
    """The member's browsers that are signed in, the one used last first; whether it is that of this cookie (hash)."""
    rows = await db.rows(
        "SELECT " + _COLUMNS + """, CASE WHEN sessions.token = :token THEN 1 ELSE 0 END AS this
        FROM sessions
        WHERE sessions.member_id = :member_id
          AND sessions.seen > CASE WHEN sessions.own_device IS NULL THEN CAST(:idle_since AS BIGINT)
              ELSE CAST(:device_since AS BIGINT) END
        ORDER BY sessions.seen DESC, sessions.id DESC LIMIT 200
        """,
        member_id=member_id,
        token=token,
        idle_since=now - IDLE,
        device_since=now - OWN_DEVICE,
    )  # fmt: skip
    return [(Session(*tuple(row)[:_WIDTH]), bool(row["this"])) for row in rows]


async def touch(db: Writing, session_id: int, *, now: int) -> None:
    """Say that the session was used."""
    await db.run("UPDATE sessions SET seen = :now WHERE id = :session_id", session_id=session_id, now=now)


async def end(db: Writing, token: bytes) -> None:
    """Sign out."""
    await db.run("DELETE FROM sessions WHERE token = :token", token=token)


async def end_one(db: Writing, session_id: int, *, member_id: int) -> bool:
    """Sign out one browser of the member; False when it is none of theirs."""
    ended = await db.run(
        "DELETE FROM sessions WHERE id = :session_id AND member_id = :member_id",
        session_id=session_id,
        member_id=member_id,
    )
    return ended == 1


async def end_others(db: Writing, member_id: int, token: bytes) -> int:
    """Sign out every browser of the member but that of this cookie (hash); how many."""
    return await db.run(
        "DELETE FROM sessions WHERE member_id = :member_id AND token <> :token", member_id=member_id, token=token
    )


async def end_all_of(db: Writing, member_id: int) -> None:
    """Sign out everywhere."""
    await db.run("DELETE FROM sessions WHERE member_id = :member_id", member_id=member_id)


async def prune(db: Writing, *, now: int) -> int:
    """Forget sessions that ended; how many went."""
    return await db.run(
        """
        DELETE FROM sessions WHERE seen < CASE WHEN own_device IS NULL THEN CAST(:idle_since AS BIGINT)
            ELSE CAST(:device_since AS BIGINT) END
        """,
        idle_since=now - IDLE,
        device_since=now - OWN_DEVICE,
    )
