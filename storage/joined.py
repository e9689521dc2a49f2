"""Who joined by themselves, and who of them still waits to be confirmed or approved."""

from __future__ import annotations

from dataclasses import dataclass

from storage import actors, members
from storage.actors import Actor
from storage.database import Reading, Writing
from storage.members import Member


@dataclass(frozen=True, slots=True)
class Waiting:
    """A member who may not act yet."""

    member: Member
    actor: Actor
    reason: str


async def add(db: Writing, member_id: int, *, reason: str, app_id: int | None, invitation_id: int | None) -> None:
    """Say that a member joined by themselves, by an app or (None) a page."""
    await db.run(
        """
        INSERT INTO joined (member_id, reason, app_id, invitation_id)
        VALUES (:member_id, :reason, :app_id, :invitation_id)
        """,
        member_id=member_id,
        reason=reason,
        app_id=app_id,
        invitation_id=invitation_id,
    )


async def app_of(db: Reading, member_id: int) -> int | None:
    """The app that signed a member up."""
    row = await db.row("SELECT app_id FROM joined WHERE member_id = :member_id", member_id=member_id)
    return None if row is None else row["app_id"]


async def waits(db: Reading, member_id: int) -> bool:
    """Whether the account was never shown to anybody."""
    row = await db.row(
        "SELECT 1 AS yes FROM joined WHERE member_id = :member_id AND opened IS NULL", member_id=member_id
    )
    return row is not None


async def open(db: Writing, member_id: int, *, now: int) -> bool:
    """Show an account that is confirmed and approved now; False when it is not, or was shown before."""
    opened = await db.run(
        """
        UPDATE joined SET opened = :now WHERE member_id = :member_id AND opened IS NULL AND EXISTS (
            SELECT 1 FROM members WHERE members.actor_id = joined.member_id
            AND members.confirmed IS NOT NULL AND members.approved IS NOT NULL)
        """,
        now=now,
        member_id=member_id,
    )
    if opened:
        await actors.suspend(db, member_id, now=None)
    return opened == 1


async def welcome(db: Writing, member_id: int, *, now: int) -> bool:
    """Whether to show the welcome page: the first time it is asked for a member who joined by themselves."""
    welcomed = await db.run(
        "UPDATE joined SET welcomed = :now WHERE member_id = :member_id AND welcomed IS NULL",
        now=now,
        member_id=member_id,
    )
    return welcomed == 1


async def waiting(db: Reading, *, after: int, limit: int) -> list[Waiting]:
    """Members with ids above ``after`` who were never let in, who waits longest first."""
    rows = await db.rows(
        "SELECT " + members.COLUMNS + ", " + actors.COLUMNS + """, joined.reason
        FROM joined JOIN members ON members.actor_id = joined.member_id JOIN actors ON actors.id = joined.member_id
        WHERE joined.opened IS NULL AND joined.member_id > :after AND members.approved IS NULL
        ORDER BY joined.member_id LIMIT :limit
        """,
        after=after,
        limit=limit,
    )  # fmt: skip
    return [Waiting(members.member(row), actors.actor(list(row)[members.WIDTH :]), row["reason"]) for row in rows]


async def withdraw(db: Writing, member_id: int) -> bool:
    """Take an account away that was never shown, with its name and all else; False when it was."""
    gone = await db.run(
        "DELETE FROM actors WHERE id IN (SELECT member_id FROM joined WHERE member_id = :member_id AND opened IS NULL)",
        member_id=member_id,
    )
    return gone == 1


async def prune(db: Writing, *, before: int, limit: int) -> int:
    """Take accounts away that were made before and whose address nobody confirmed; how many went."""
    return await db.run(
        """
        DELETE FROM actors WHERE id IN (
            SELECT joined.member_id FROM joined JOIN members ON members.actor_id = joined.member_id
            WHERE joined.opened IS NULL AND members.confirmed IS NULL AND members.created < :before
            ORDER BY joined.member_id LIMIT :limit)
        """,
        before=before,
        limit=limit,
    )


async def forget(db: Writing, member_id: int) -> None:
    """Forget how and why a member joined."""
    await db.run("DELETE FROM joined WHERE member_id = :member_id", member_id=member_id)
