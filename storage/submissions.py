"""Submissions: posts that were sent to a group here, each once for a group, and what came of it."""

from __future__ import annotations

from enum import StrEnum

from storage import actors
from storage.actors import Actor
from storage.database import Reading, Writing

MOST = 50  # that wait, shown at once
OF_AUTHOR = 5  # that wait in one group, of one author
OF_HOST = 20  # and of one other server: it takes three to fill the page


class State(StrEnum):
    """What came of it."""

    WAITING = "waiting"  # for a moderator of the group
    PASSED = "passed"  # to the group's followers
    REMOVED = "removed"  # from the group, or never let in


async def add(db: Writing, group_id: int, post_id: int, state: State, *, now: int) -> bool:
    """Keep that a post was sent to a group; False when it was before."""
    changed = await db.run(
        """
        INSERT INTO submissions (group_id, post_id, state, created) VALUES (:group_id, :post_id, :state, :now)
        ON CONFLICT DO NOTHING
        """,
        group_id=group_id,
        post_id=post_id,
        state=state.value,
        now=now,
    )
    return changed == 1


async def room(db: Reading, group_id: int, *, author_id: int, domain: str) -> bool:
    """Whether one more post of an author, of the server ``domain`` ("": this one), may wait for a group. Two that come
    at once may both: it is about hundreds."""
    row = await db.row(
        """
        SELECT COUNT(*) AS of_host, COALESCE(SUM(CASE WHEN posts.author_id = :author_id THEN 1 ELSE 0 END), 0) AS own
        FROM submissions JOIN posts ON posts.id = submissions.post_id JOIN actors ON actors.id = posts.author_id
        WHERE submissions.group_id = :group_id AND submissions.state = 'waiting' AND actors.domain = :domain
        """,
        group_id=group_id,
        author_id=author_id,
        domain=domain,
    )
    return row is None or (row["own"] < OF_AUTHOR and (domain == "" or row["of_host"] < OF_HOST))


async def turn(db: Writing, group_id: int, post_id: int, *, before: State, after: State) -> bool:
    """Let it be something else; False when it was not ``before``."""
    changed = await db.run(
        """
        UPDATE submissions SET state = :after
        WHERE group_id = :group_id AND post_id = :post_id AND state = :before
        """,
        group_id=group_id,
        post_id=post_id,
        before=before.value,
        after=after.value,
    )
    return changed == 1


async def passed_by(db: Reading, uri: str) -> list[Actor]:
    """The groups here, not closed, that passed the post of this id on."""
    rows = await db.rows(
        "SELECT " + actors.COLUMNS + """
        FROM posts JOIN submissions ON submissions.post_id = posts.id AND submissions.state = 'passed'
        JOIN actors ON actors.id = submissions.group_id
        JOIN group_settings ON group_settings.actor_id = actors.id
        WHERE posts.uri = :uri AND group_settings.closed IS NULL AND actors.suspended IS NULL AND actors.gone IS NULL
        """,
        uri=uri,
    )  # fmt: skip
    return [actors.actor(row) for row in rows]


async def known(db: Reading, group_id: int, author_id: int) -> bool:
    """Whether a group passed on anything of somebody before."""
    row = await db.row(
        """
        SELECT 1 AS one FROM posts JOIN submissions ON submissions.post_id = posts.id
        WHERE posts.author_id = :author_id AND submissions.group_id = :group_id AND submissions.state = 'passed' LIMIT 1
        """,
        group_id=group_id,
        author_id=author_id,
    )
    return row is not None


async def waiting(db: Reading, group_id: int) -> list[int]:
    """Posts that wait for a group's moderators, in the order in which they came here."""
    rows = await db.rows(
        """
        SELECT post_id FROM submissions WHERE group_id = :group_id AND state = 'waiting'
        ORDER BY created, post_id LIMIT :most
        """,
        group_id=group_id,
        most=MOST,
    )
    return [row["post_id"] for row in rows]


async def kept_with(db: Reading, post_id: int, *, author_id: int, member_id: int) -> list[tuple[Actor, bool]]:
    """The groups that a member keeps and a post is in, or is of; whether it stands first on the group's page. One
    elsewhere has a post that it passed on."""
    rows = await db.rows(
        "SELECT " + actors.COLUMNS + """, pins.id AS pin
        FROM memberships JOIN actors ON actors.id = memberships.group_id
        LEFT JOIN pins ON pins.actor_id = memberships.group_id AND pins.post_id = :post_id
        WHERE memberships.actor_id = :member_id AND memberships.role IN ('lead', 'moderator')
          AND (memberships.group_id = :author_id OR EXISTS (
            SELECT 1 FROM submissions WHERE submissions.group_id = memberships.group_id
            AND submissions.post_id = :post_id AND submissions.state = 'passed')
            OR actors.domain <> '' AND EXISTS (
            SELECT 1 FROM posts AS boost WHERE boost.boost_of_id = :post_id AND boost.author_id = memberships.group_id))
        ORDER BY memberships.group_id
        """,
        post_id=post_id, author_id=author_id, member_id=member_id,
    )  # fmt: skip
    return [(actors.actor(row), row["pin"] is not None) for row in rows]


async def groups_of(db: Reading, post_id: int) -> list[int]:
    """The groups a post was passed on by."""
    rows = await db.rows(
        "SELECT group_id FROM submissions WHERE post_id = :post_id AND state = 'passed'", post_id=post_id
    )
    return [row["group_id"] for row in rows]
