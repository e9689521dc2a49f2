"""Moves: who went on under another account, and which members of this node go along."""

from __future__ import annotations

from dataclasses import dataclass

from storage.database import Reading, Row, Writing
from storage.records import quick


@quick
@dataclass(frozen=True, slots=True)
class Move:
    """The latest move of an actor."""

    actor_id: int
    target_id: int
    begun: int  # ms
    ended: int | None  # ms; taken back
    carried: int  # members of this node who went along


@quick
@dataclass(frozen=True, slots=True)
class Follower:
    """A member who follows somebody who moved, and how."""

    follow_id: int
    member_id: int
    boosts: bool
    notify: bool


_COLUMNS = "actor_id, target_id, begun, ended, carried"


def _move(row: Row) -> Move:
    return Move(*row)


async def begin(db: Writing, *, actor_id: int, target_id: int, now: int, pause: int) -> bool:
    """Keep that somebody moves, and have their page say so; False while their latest move, also one that was taken
    back, is younger than ``pause`` ms."""
    changed = await db.run(
        """
        INSERT INTO moves (actor_id, target_id, begun) VALUES (:actor_id, :target_id, :now)
        ON CONFLICT (actor_id) DO UPDATE
        SET target_id = excluded.target_id, begun = excluded.begun, ended = NULL, carried = 0
        WHERE moves.begun <= :before
        """,
        actor_id=actor_id,
        target_id=target_id,
        now=now,
        before=now - pause,
    )
    if changed:
        await db.run(
            """
            UPDATE actors SET changed = changed + 1,
                moved_to = (SELECT target.uri FROM actors AS target WHERE target.id = :target_id)
            WHERE id = :actor_id
            """,
            actor_id=actor_id,
            target_id=target_id,
        )
    return changed == 1


async def end(db: Writing, actor_id: int, *, now: int) -> bool:
    """Take a move back; False when there is none that holds."""
    changed = await db.run(
        "UPDATE moves SET ended = :now WHERE actor_id = :actor_id AND ended IS NULL", now=now, actor_id=actor_id
    )
    if changed:
        await db.run("UPDATE actors SET moved_to = '', changed = changed + 1 WHERE id = :actor_id", actor_id=actor_id)
    return changed == 1


async def renew(db: Writing, domain: str) -> None:
    """Have shown anew what says where it moved: to accounts of a server that is hidden, or shown again."""
    await db.run(
        """
        UPDATE actors SET changed = changed + 1
        WHERE moved_to <> '' AND moved_to IN (
            SELECT target.uri FROM actors AS target
            WHERE target.domain <> '' AND (target.domain = :domain OR target.domain LIKE '%.' || :domain))
        """,
        domain=domain,
    )


async def of(db: Reading, actor_id: int) -> Move | None:
    """The latest move of an actor, also one that was taken back."""
    row = await db.row("SELECT " + _COLUMNS + " FROM moves WHERE actor_id = :actor_id", actor_id=actor_id)
    return None if row is None else _move(row)


async def count(db: Writing, actor_id: int, some: int) -> None:
    """Note that so many more members went along."""
    await db.run("UPDATE moves SET carried = carried + :some WHERE actor_id = :actor_id", some=some, actor_id=actor_id)


async def followers(db: Reading, actor_id: int, *, after: int, limit: int) -> list[Follower]:
    """Members who follow an actor, from the follow behind ``after`` on."""
    rows = await db.rows(
        """
        SELECT follows.id, follows.follower_id, follows.boosts IS NOT NULL AS boosts,
            follows.notify IS NOT NULL AS notify
        FROM follows JOIN members ON members.actor_id = follows.follower_id
            JOIN actors ON actors.id = follows.follower_id
        WHERE follows.target_id = :actor_id AND follows.id > :after AND follows.accepted IS NOT NULL
          AND actors.suspended IS NULL AND actors.gone IS NULL
        ORDER BY follows.id LIMIT :limit
        """,
        actor_id=actor_id,
        after=after,
        limit=limit,
    )
    return [Follower(row[0], row[1], bool(row[2]), bool(row[3])) for row in rows]


async def blockers(db: Reading, actor_id: int, *, after: int, limit: int) -> list[int]:
    """Members who block an actor, from the one behind ``after`` on."""
    rows = await db.rows(
        """
        SELECT blocks.actor_id FROM blocks JOIN members ON members.actor_id = blocks.actor_id
        WHERE blocks.target_id = :actor_id AND blocks.actor_id > :after ORDER BY blocks.actor_id LIMIT :limit
        """,
        actor_id=actor_id,
        after=after,
        limit=limit,
    )
    return [row["actor_id"] for row in rows]


async def carry_mutes(db: Writing, *, actor_id: int, target_id: int) -> None:
    """Mute the new account for whoever mutes the old one, on the same terms."""
    await db.run(
        """
        INSERT INTO mutes (member_id, target_id, notifications, ends)
        SELECT member_id, CAST(:target_id AS BIGINT), notifications, ends FROM mutes
        WHERE target_id = :actor_id AND member_id <> :target_id
        ON CONFLICT DO NOTHING
        """,
        actor_id=actor_id,
        target_id=target_id,
    )


async def carry_lists(db: Writing, *, member_id: int, actor_id: int, target_id: int) -> None:
    """Put the new account on the lists of a member that the old one is on."""
    await db.run(
        """
        INSERT INTO list_accounts (list_id, actor_id)
        SELECT list_accounts.list_id, CAST(:target_id AS BIGINT)
        FROM lists JOIN list_accounts ON list_accounts.list_id = lists.id
        WHERE lists.member_id = :member_id AND list_accounts.actor_id = :actor_id
        ON CONFLICT DO NOTHING
        """,
        member_id=member_id,
        actor_id=actor_id,
        target_id=target_id,
    )
