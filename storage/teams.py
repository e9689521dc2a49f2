"""Teams: which members write for them, and who of these looks after the team."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from storage import actors
from storage.actors import Actor
from storage.database import Reading, Row, Writing

MOST = 200  # members of a team, and teams of a member


class Place(StrEnum):
    """What somebody is in a team."""

    MEMBER = "member"
    LEAD = "lead"  # adds and removes members, changes what the team shared


@dataclass(frozen=True, slots=True)
class Membership:
    """Somebody in a team, or a team of somebody."""

    actor: Actor
    place: Place
    since: int


def _by_name(rows: Iterable[Row]) -> list[Membership]:
    found = [Membership(actors.actor(row), Place(row["role"]), row["since"]) for row in rows]
    return sorted(found, key=lambda one: one.actor.handle.lower())


async def put(db: Writing, team_id: int, actor_id: int, place: Place, *, now: int) -> bool:
    """Let somebody be in a team, or be something else there; False when the team is full."""
    changed = await db.run(
        """
        INSERT INTO memberships (group_id, actor_id, role, since)
        SELECT CAST(:team_id AS BIGINT), CAST(:actor_id AS BIGINT), :place, CAST(:now AS BIGINT)
        WHERE (SELECT COUNT(*) FROM memberships WHERE group_id = :team_id AND actor_id <> :actor_id) < :most
        ON CONFLICT (group_id, actor_id) DO UPDATE SET role = excluded.role
        """,
        team_id=team_id, actor_id=actor_id, place=place.value, now=now, most=MOST,
    )  # fmt: skip
    return changed == 1


async def remove(db: Writing, team_id: int, actor_id: int) -> bool:
    """Let somebody be in a team no longer; False when they were not."""
    gone = await db.run(
        "DELETE FROM memberships WHERE group_id = :team_id AND actor_id = :actor_id", team_id=team_id, actor_id=actor_id
    )
    return gone == 1


async def place(db: Reading, team_id: int, actor_id: int) -> Place | None:
    """What somebody is in a team; None: nothing."""
    row = await db.row(
        "SELECT role FROM memberships WHERE group_id = :team_id AND actor_id = :actor_id",
        team_id=team_id,
        actor_id=actor_id,
    )
    return None if row is None else Place(row["role"])


async def of(db: Reading, actor_id: int) -> list[Membership]:
    """The teams of a member that are not hidden, by name."""
    rows = await db.rows(
        "SELECT " + actors.COLUMNS + """, memberships.role, memberships.since
        FROM memberships JOIN actors ON actors.id = memberships.group_id
        WHERE memberships.actor_id = :actor_id AND actors.suspended IS NULL AND actors.gone IS NULL
        ORDER BY memberships.group_id LIMIT :most
        """,
        actor_id=actor_id,
        most=MOST,
    )  # fmt: skip
    return _by_name(rows)


async def members(db: Reading, team_id: int) -> list[Membership]:
    """Who is in a team, by name."""
    rows = await db.rows(
        "SELECT " + actors.COLUMNS + """, memberships.role, memberships.since
        FROM memberships JOIN actors ON actors.id = memberships.actor_id
        WHERE memberships.group_id = :team_id AND actors.gone IS NULL
        ORDER BY memberships.actor_id LIMIT :most
        """,
        team_id=team_id,
        most=MOST,
    )  # fmt: skip
    return _by_name(rows)


async def everybody(db: Reading) -> list[tuple[str, Membership]]:
    """Who is in which team of this node: the team's handle, and who; for whoever runs the node."""
    rows = await db.rows(
        "SELECT " + actors.COLUMNS + """, memberships.role, memberships.since, team.handle AS team
        FROM memberships JOIN actors ON actors.id = memberships.actor_id
        JOIN actors AS team ON team.id = memberships.group_id
        WHERE team.domain = '' AND team.gone IS NULL ORDER BY team.handle_key, actors.handle_key
        """
    )  # fmt: skip
    return [(row["team"], Membership(actors.actor(row), Place(row["role"]), row["since"])) for row in rows]


async def forget_all_of(db: Writing, actor_id: int) -> None:
    """Forget in which teams somebody was, or who was in a team."""
    await db.run("DELETE FROM memberships WHERE group_id = :actor_id OR actor_id = :actor_id", actor_id=actor_id)
