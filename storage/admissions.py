"""Admissions: who asked to be in a group, and whom a group asked; until it is answered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from storage import actors
from storage.actors import Actor
from storage.database import Reading, Row, Writing, listed

MOST = 200  # that wait on each side, shown at once
ASKED_OF_HOST = 40  # who ask to be in one group, of one other server
INVITED_OF_HOST = 10  # groups of one other server that ask one member in


class Way(StrEnum):
    """Who asked."""

    ASKED = "asked"
    INVITED = "invited"


@dataclass(frozen=True, slots=True)
class Admission:
    """``actor_id`` asked to be in ``group_id``, or was asked by it."""

    group_id: int
    actor_id: int
    way: Way
    uri: str  # of the Join or Invite
    created: int


_COLUMNS = "admissions.group_id, admissions.actor_id, admissions.way, admissions.uri, admissions.created"


def _admission(row: Row) -> Admission:
    group_id, actor_id, way, uri, created = row
    return Admission(group_id, actor_id, Way(way), uri, created)


async def add(db: Writing, new: Admission) -> bool:
    """Keep it; False when one of the two asked the other before."""
    changed = await db.run(
        """
        INSERT INTO admissions (group_id, actor_id, way, uri, created)
        VALUES (:group_id, :actor_id, :way, :uri, :created) ON CONFLICT DO NOTHING
        """,
        group_id=new.group_id,
        actor_id=new.actor_id,
        way=new.way.value,
        uri=new.uri,
        created=new.created,
    )
    return changed == 1


async def take(db: Writing, group_id: int, actor_id: int, way: Way) -> Admission | None:
    """It is answered or taken back: what it was; None: nobody asked in this way."""
    row = await db.row(
        "DELETE FROM admissions WHERE group_id = :group_id AND actor_id = :actor_id AND way = :way RETURNING "
        + _COLUMNS,
        group_id=group_id,
        actor_id=actor_id,
        way=way.value,
    )
    return None if row is None else _admission(row)


async def between(db: Reading, group_id: int, actor_id: int) -> Admission | None:
    """What waits between a group and somebody."""
    row = await db.row(
        "SELECT " + _COLUMNS + " FROM admissions WHERE group_id = :group_id AND actor_id = :actor_id",
        group_id=group_id,
        actor_id=actor_id,
    )
    return None if row is None else _admission(row)


async def room_to_ask(db: Reading, group_id: int, domain: str) -> bool:
    """Whether one more of another server may ask to be in a group."""
    row = await db.row(
        """
        SELECT COUNT(*) AS n FROM admissions JOIN actors ON actors.id = admissions.actor_id
        WHERE admissions.group_id = :group_id AND admissions.way = 'asked' AND actors.domain = :domain
        """,
        group_id=group_id,
        domain=domain,
    )
    return row is None or row["n"] < ASKED_OF_HOST


async def room_to_invite(db: Reading, actor_id: int, domain: str) -> bool:
    """Whether one more group of another server may ask somebody in."""
    row = await db.row(
        """
        SELECT COUNT(*) AS n FROM admissions JOIN actors ON actors.id = admissions.group_id
        WHERE admissions.actor_id = :actor_id AND admissions.way = 'invited' AND actors.domain = :domain
        """,
        actor_id=actor_id,
        domain=domain,
    )
    return row is None or row["n"] < INVITED_OF_HOST


async def named(db: Reading, uri: str, *, by_id: int) -> Admission | None:
    """What ``by_id`` asked, of a group or for one, with the activity of this id; None: nothing that waits."""
    row = await db.row(
        "SELECT " + _COLUMNS + """ FROM admissions
        WHERE uri = :uri AND (actor_id = :by_id AND way = 'asked' OR group_id = :by_id AND way = 'invited') LIMIT 1
        """,
        uri=uri,
        by_id=by_id,
    )  # fmt: skip
    return None if row is None else _admission(row)


async def of_group(db: Reading, group_id: int, way: Way) -> list[Actor]:
    """Who waits for a group's answer, or whose answer a group waits for: those who waited longest, by name."""
    rows = await db.rows(
        "SELECT " + actors.COLUMNS + """
        FROM admissions JOIN actors ON actors.id = admissions.actor_id
        WHERE admissions.group_id = :group_id AND admissions.way = :way
        ORDER BY admissions.created, admissions.actor_id LIMIT :most
        """,
        group_id=group_id, way=way.value, most=MOST,
    )  # fmt: skip
    return sorted((actors.actor(row) for row in rows), key=lambda one: one.handle.lower())


async def invitations_of(db: Reading, actor_id: int) -> list[Actor]:
    """Groups that asked somebody in and have no answer, in the order of asking."""
    rows = await db.rows(
        "SELECT " + actors.COLUMNS + """
        FROM admissions JOIN actors ON actors.id = admissions.group_id
        WHERE admissions.actor_id = :actor_id AND admissions.way = 'invited' AND actors.gone IS NULL
        ORDER BY admissions.created, admissions.group_id LIMIT :most
        """,
        actor_id=actor_id, most=MOST,
    )  # fmt: skip
    return [actors.actor(row) for row in rows]


async def waiting_for(db: Reading, actor_id: int) -> int:
    """How many ask to be in groups that somebody leads or moderates, and groups ask somebody in."""
    row = await db.row(
        """
        SELECT (SELECT COUNT(*) FROM memberships JOIN admissions ON admissions.group_id = memberships.group_id
                WHERE memberships.actor_id = :actor_id AND memberships.role IN ('lead', 'moderator')
                  AND admissions.way = 'asked')
             + (SELECT COUNT(*) FROM admissions WHERE actor_id = :actor_id AND way = 'invited') AS n
        """,
        actor_id=actor_id,
    )
    return 0 if row is None else row["n"]


async def kept_by(
    db: Reading, member_id: int, *, actor_ids: Iterable[int], post_ids: Iterable[int]
) -> list[tuple[int, int | None, Actor]]:
    """What waits for a member in groups that they lead or moderate: one of these who asks to be in it, or, with its
    author, one of these posts; and the group."""
    rows = await db.rows(
        "SELECT found.actor_id AS who, found.post_id AS post, " + actors.COLUMNS + """
        FROM (
            SELECT mine.group_id, admissions.actor_id, CAST(NULL AS BIGINT) AS post_id
            FROM memberships AS mine JOIN admissions ON admissions.group_id = mine.group_id
            WHERE mine.actor_id = :member_id AND mine.role IN ('lead', 'moderator') AND admissions.way = 'asked'
              AND admissions.actor_id IN (SELECT value FROM json_each(:actor_ids))
            UNION
            SELECT mine.group_id, follows.follower_id, NULL
            FROM memberships AS mine JOIN group_settings ON group_settings.actor_id = mine.group_id
            JOIN follows ON follows.target_id = mine.group_id
            WHERE mine.actor_id = :member_id AND mine.role IN ('lead', 'moderator')
              AND group_settings.private IS NOT NULL AND follows.accepted IS NULL
              AND follows.follower_id IN (SELECT value FROM json_each(:actor_ids))
            UNION
            SELECT mine.group_id, posts.author_id, posts.id
            FROM memberships AS mine JOIN submissions ON submissions.group_id = mine.group_id
            JOIN posts ON posts.id = submissions.post_id
            WHERE mine.actor_id = :member_id AND mine.role IN ('lead', 'moderator') AND submissions.state = 'waiting'
              AND submissions.post_id IN (SELECT value FROM json_each(:post_ids))
        ) AS found JOIN actors ON actors.id = found.group_id
        WHERE actors.domain = ''
        """,
        member_id=member_id, actor_ids=listed(sorted(actor_ids)), post_ids=listed(sorted(post_ids)),
    )  # fmt: skip
    found = [(row["who"], row["post"], actors.actor(list(row)[2:])) for row in rows]
    return sorted(found, key=lambda one: one[2].handle.lower())


async def forget_all_of(db: Writing, actor_id: int) -> None:
    """Forget what somebody asked and was asked."""
    await db.run("DELETE FROM admissions WHERE actor_id = :actor_id OR group_id = :actor_id", actor_id=actor_id)
