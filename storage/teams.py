"""Teams: which members write for them, and who of these looks after the team."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from storage import actors
from storage.actors import Actor
from storage.database import Reading, Row, Writing, listed

MOST = 200  # members of a team, and teams of a member
OF_HOST = 50  # of them from one other server, that come into an open group without being asked


class Place(StrEnum):
    """What somebody is in a team."""

    MEMBER = "member"
    MODERATOR = "moderator"  # lets people and posts in, and takes posts out
    LEAD = "lead"  # besides adds and removes members, changes what the team shared, edits and closes it


KEEPERS = frozenset({Place.MODERATOR, Place.LEAD})


@dataclass(frozen=True, slots=True)
class Membership:
    """Somebody in a team, or a team of somebody."""

    actor: Actor
    place: Place
    since: int


def _by_name(rows: Iterable[Row]) -> list[Membership]:
    found = [Membership(actors.actor(row), Place(row["role"]), row["since"]) for row in rows]
    return sorted(found, key=lambda one: one.actor.handle.lower())


async def _hold(db: Writing, team_id: int) -> None:
    """One change of who is in a team after another: who counts next counts what the one before did."""
    await db.run("UPDATE actors SET changed = changed WHERE id = :team_id", team_id=team_id)


async def put(db: Writing, team_id: int, actor_id: int, place: Place, *, now: int) -> bool:
    """Let somebody be in a team, or be something else there; False when the team is full, or would have no lead."""
    await _hold(db, team_id)
    changed = await db.run(
        """
        INSERT INTO memberships (group_id, actor_id, role, since)
        SELECT CAST(:team_id AS BIGINT), CAST(:actor_id AS BIGINT), :place, CAST(:now AS BIGINT)
        WHERE (SELECT COUNT(*) FROM memberships WHERE group_id = :team_id AND actor_id <> :actor_id) < :most
        ON CONFLICT (group_id, actor_id) DO UPDATE SET role = excluded.role
            WHERE memberships.role <> 'lead' OR excluded.role = 'lead' OR EXISTS (
                SELECT 1 FROM memberships AS other WHERE other.group_id = :team_id AND other.actor_id <> :actor_id
                AND other.role = 'lead')
        """,
        team_id=team_id, actor_id=actor_id, place=place.value, now=now, most=MOST,
    )  # fmt: skip
    return changed == 1


async def join(db: Writing, team_id: int, actor_id: int, *, now: int, uri: str = "") -> bool:
    """Let somebody be in a team as what they are there, or as a member; False when the team is full. ``uri``: of the
    Join that they asked with."""
    await _hold(db, team_id)
    await db.run(
        """
        INSERT INTO memberships (group_id, actor_id, role, since, uri)
        SELECT CAST(:team_id AS BIGINT), CAST(:actor_id AS BIGINT), 'member', CAST(:now AS BIGINT), :uri
        WHERE (SELECT COUNT(*) FROM memberships WHERE group_id = :team_id AND actor_id <> :actor_id) < :most
        ON CONFLICT (group_id, actor_id) DO UPDATE SET uri = excluded.uri WHERE excluded.uri <> ''
        """,
        team_id=team_id,
        actor_id=actor_id,
        now=now,
        uri=uri,
        most=MOST,
    )
    return await place(db, team_id, actor_id) is not None


async def leave(db: Writing, team_id: int, actor_id: int) -> bool:
    """As ``remove``, but not of the only lead: then False."""
    await _hold(db, team_id)
    gone = await db.run(
        """
        DELETE FROM memberships WHERE group_id = :team_id AND actor_id = :actor_id
          AND (role <> 'lead' OR EXISTS (
            SELECT 1 FROM memberships AS other WHERE other.group_id = :team_id AND other.actor_id <> :actor_id
            AND other.role = 'lead'))
        """,
        team_id=team_id,
        actor_id=actor_id,
    )
    return gone == 1


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


async def room_for(db: Reading, team_id: int, domain: str) -> bool:
    """Whether one more of another server may come in without being asked or let in."""
    row = await db.row(
        """
        SELECT COUNT(*) AS n FROM memberships JOIN actors ON actors.id = memberships.actor_id
        WHERE memberships.group_id = :team_id AND actors.domain = :domain
        """,
        team_id=team_id,
        domain=domain,
    )
    return row is None or row["n"] < OF_HOST


async def joined_as(db: Reading, actor_id: int, uri: str) -> int | None:
    """The group that somebody joined with the activity of this id; None: none that they are in."""
    row = await db.row(
        "SELECT group_id FROM memberships WHERE actor_id = :actor_id AND uri = :uri AND uri <> '' LIMIT 1",
        actor_id=actor_id,
        uri=uri,
    )
    return None if row is None else row["group_id"]


async def of(db: Reading, actor_id: int) -> list[Membership]:
    """The teams in whose name a member may write: of this node, not hidden and not closed, by name. In one that
    everybody may join, those who keep it."""
    rows = await db.rows(
        "SELECT " + actors.COLUMNS + """, memberships.role, memberships.since
        FROM memberships JOIN actors ON actors.id = memberships.group_id
        WHERE memberships.actor_id = :actor_id AND actors.suspended IS NULL AND actors.gone IS NULL
          AND actors.domain = '' AND NOT EXISTS (
            SELECT 1 FROM group_settings AS known WHERE known.actor_id = actors.id
            AND (known.closed IS NOT NULL OR known.joining = 'open' AND memberships.role = 'member'))
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


async def every(db: Reading, actor_id: int) -> list[Membership]:
    """The groups that somebody is in, here and elsewhere, closed ones too, by name."""
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


async def count_led(db: Reading, actor_id: int) -> int:
    """How many groups somebody leads."""
    row = await db.row(
        "SELECT COUNT(*) AS n FROM memberships WHERE actor_id = :actor_id AND role = 'lead'", actor_id=actor_id
    )
    return 0 if row is None else row["n"]


async def moderators(db: Reading, team_id: int) -> list[Actor]:
    """Who keeps a group: its leads and moderators, by name."""
    rows = await db.rows(
        "SELECT " + actors.COLUMNS + """
        FROM memberships JOIN actors ON actors.id = memberships.actor_id
        WHERE memberships.group_id = :team_id AND memberships.role IN ('lead', 'moderator') AND actors.gone IS NULL
        ORDER BY memberships.actor_id LIMIT :most
        """,
        team_id=team_id,
        most=MOST,
    )  # fmt: skip
    return sorted((actors.actor(row) for row in rows), key=lambda one: one.handle.lower())


async def inboxes(db: Reading, author_id: int, group_ids: Sequence[int]) -> list[str]:
    """Where those elsewhere are reached who are in one of these private groups, with ``author_id``."""
    rows = await db.rows(
        """
        SELECT DISTINCT CASE WHEN actors.shared_inbox <> '' THEN actors.shared_inbox ELSE actors.inbox END AS inbox
        FROM memberships AS mine JOIN group_settings ON group_settings.actor_id = mine.group_id
        JOIN memberships ON memberships.group_id = mine.group_id JOIN actors ON actors.id = memberships.actor_id
        WHERE mine.actor_id = :author_id AND mine.group_id IN (SELECT value FROM json_each(:group_ids))
          AND group_settings.private IS NOT NULL AND group_settings.closed IS NULL AND actors.domain <> ''
        """,
        author_id=author_id,
        group_ids=listed(group_ids),
    )
    return [row["inbox"] for row in rows]


async def private_with(db: Reading, author_id: int, group_ids: Sequence[int]) -> list[int]:
    """Those of these groups that are private, open, and have somebody in them."""
    rows = await db.rows(
        """
        SELECT mine.group_id FROM memberships AS mine
        JOIN group_settings ON group_settings.actor_id = mine.group_id
        WHERE mine.actor_id = :author_id AND mine.group_id IN (SELECT value FROM json_each(:group_ids))
          AND group_settings.private IS NOT NULL AND group_settings.closed IS NULL
        """,
        author_id=author_id,
        group_ids=listed(group_ids),
    )
    return [row["group_id"] for row in rows]


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
    """Forget in which teams somebody was, or who was in a team. Where they were the only lead, whoever of this node is
    in it longest leads, those who moderate it before others, and who is hidden or has moved after all others."""
    await db.run(
        """
        UPDATE memberships SET role = 'lead' WHERE role <> 'lead' AND EXISTS (
            SELECT 1 FROM memberships AS mine
            WHERE mine.group_id = memberships.group_id AND mine.actor_id = :actor_id AND mine.role = 'lead')
          AND NOT EXISTS (
            SELECT 1 FROM memberships AS other WHERE other.group_id = memberships.group_id
            AND other.actor_id <> :actor_id AND other.role = 'lead')
          AND memberships.actor_id = (
            SELECT heir.actor_id FROM memberships AS heir JOIN members ON members.actor_id = heir.actor_id
            JOIN actors ON actors.id = heir.actor_id AND actors.kind = 'Person'
            WHERE heir.group_id = memberships.group_id AND heir.actor_id <> :actor_id AND members.disabled IS NULL
            ORDER BY actors.suspended IS NOT NULL OR actors.moved_to <> '', heir.role DESC, heir.since, heir.actor_id
            LIMIT 1)
        """,
        actor_id=actor_id,
    )
    await db.run("DELETE FROM memberships WHERE group_id = :actor_id OR actor_id = :actor_id", actor_id=actor_id)
