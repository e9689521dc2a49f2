"""Follows: who asked to see whose posts, and whether they were let."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from storage import actors
from storage.actors import Actor
from storage.database import Reading, Row, Writing, listed
from storage.paging import Page
from storage.records import quick


@quick
@dataclass(frozen=True, slots=True)
class Follow:
    """``follower_id`` asked to see what ``target_id`` shares."""

    id: int
    follower_id: int
    target_id: int
    uri: str
    asked: int
    accepted: int | None
    boosts: int | None
    notify: int | None


COLUMNS = "id, follower_id, target_id, uri, asked, accepted, boosts, notify"


def _follow(row: Row) -> Follow:
    return Follow(*row)


async def ask(
    db: Writing, *, follower_id: int, target_id: int, uri: str, now: int, accepted: int | None
) -> tuple[Follow, bool]:
    """Keep a follow; with it, whether it is new. A repeated one keeps its acceptance and takes the new ``uri``.

    ``accepted`` is milliseconds since 1970 UTC, or None while the target has not answered.
    """
    row = await db.row(
        "INSERT INTO follows (follower_id, target_id, uri, asked, accepted)"
        " VALUES (:follower_id, :target_id, :uri, :now, :accepted) ON CONFLICT DO NOTHING RETURNING " + COLUMNS,
        follower_id=follower_id,
        target_id=target_id,
        uri=uri,
        now=now,
        accepted=accepted,
    )
    if row is not None:
        return _follow(row), True
    row = await db.row(
        "UPDATE follows SET uri = :uri WHERE follower_id = :follower_id AND target_id = :target_id RETURNING "
        + COLUMNS,
        follower_id=follower_id,
        target_id=target_id,
        uri=uri,
    )
    assert row is not None  # noqa: S101 - the row that was in the way; this transaction holds it
    return _follow(row), False


async def accept(db: Writing, *, follower_id: int, target_id: int, now: int) -> bool:
    """The target lets the follower; False when nothing was asked or it was accepted before."""
    changed = await db.run(
        """
        UPDATE follows SET accepted = :now
        WHERE follower_id = :follower_id AND target_id = :target_id AND accepted IS NULL
        """,
        follower_id=follower_id,
        target_id=target_id,
        now=now,
    )
    return changed == 1


async def remove(db: Writing, *, follower_id: int, target_id: int) -> Follow | None:
    """End a follow or take back a request; what it was, None when there was none."""
    row = await db.row(
        "DELETE FROM follows WHERE follower_id = :follower_id AND target_id = :target_id RETURNING " + COLUMNS,
        follower_id=follower_id,
        target_id=target_id,
    )
    return None if row is None else _follow(row)


async def tune(db: Writing, *, follower_id: int, target_id: int, boosts: int | None, notify: int | None) -> None:
    """Whether the follower sees boosts, and is told of each post."""
    await db.run(
        """
        UPDATE follows SET boosts = :boosts, notify = :notify
        WHERE follower_id = :follower_id AND target_id = :target_id
        """,
        follower_id=follower_id,
        target_id=target_id,
        boosts=boosts,
        notify=notify,
    )


async def between(db: Reading, *, follower_id: int, target_id: int) -> Follow | None:
    """The follow of one by the other, accepted or not."""
    row = await db.row(
        "SELECT " + COLUMNS + " FROM follows WHERE follower_id = :follower_id AND target_id = :target_id",
        follower_id=follower_id,
        target_id=target_id,
    )
    return None if row is None else _follow(row)


async def by_uri(db: Reading, *, follower_id: int, uri: str) -> Follow | None:
    """The follow this follower sent under this id."""
    row = await db.row(
        "SELECT " + COLUMNS + " FROM follows WHERE follower_id = :follower_id AND uri = :uri",
        follower_id=follower_id,
        uri=uri,
    )
    return None if row is None else _follow(row)


async def of(db: Reading, *, follower_id: int, target_ids: Sequence[int]) -> dict[int, Follow]:
    """What ``follower_id`` follows among ``target_ids``, by target."""
    rows = await db.rows(
        "SELECT " + COLUMNS + """
        FROM follows WHERE follower_id = :follower_id AND target_id IN (SELECT value FROM json_each(:target_ids))
        """,
        follower_id=follower_id,
        target_ids=listed(target_ids),
    )  # fmt: skip
    return {row["target_id"]: _follow(row) for row in rows}


async def by(db: Reading, *, target_id: int, follower_ids: Sequence[int]) -> dict[int, Follow]:
    """Who among ``follower_ids`` follows ``target_id``, by follower."""
    rows = await db.rows(
        "SELECT " + COLUMNS + """
        FROM follows WHERE target_id = :target_id AND follower_id IN (SELECT value FROM json_each(:follower_ids))
        """,
        target_id=target_id,
        follower_ids=listed(follower_ids),
    )  # fmt: skip
    return {row["follower_id"]: _follow(row) for row in rows}


# Who follows a group that lets nobody in unasked is in it, and who is in it is nobody's to see.
_FOLLOWERS = """
    FROM follows JOIN actors ON actors.id = follows.follower_id
    WHERE follows.target_id = :actor_id AND follows.accepted IS NOT NULL AND actors.suspended IS NULL
      AND actors.gone IS NULL AND follows.id < :before AND follows.id > :after
      AND NOT EXISTS (SELECT 1 FROM actors AS target WHERE target.id = :actor_id
                      AND target.kind = 'Group' AND target.locked IS NOT NULL)
"""
_FOLLOWING = """
    FROM follows JOIN actors ON actors.id = follows.target_id
    WHERE follows.follower_id = :actor_id AND follows.accepted IS NOT NULL AND actors.suspended IS NULL
      AND actors.gone IS NULL AND follows.id < :before AND follows.id > :after
      AND (actors.kind <> 'Group' OR actors.locked IS NULL)
"""
_WANTING = """
    FROM follows JOIN actors ON actors.id = follows.follower_id
    WHERE follows.target_id = :actor_id AND follows.accepted IS NULL AND actors.suspended IS NULL
      AND actors.gone IS NULL AND follows.id < :before AND follows.id > :after
"""
_NEWEST = " ORDER BY follows.id DESC LIMIT :limit"
_OLDEST = " ORDER BY follows.id LIMIT :limit"


async def followers(db: Reading, actor_id: int, page: Page) -> list[tuple[int, Actor]]:
    """Who follows an actor, newest first, each with the follow's id to page by."""
    rows = await db.rows(
        "SELECT " + actors.COLUMNS + ", follows.id AS place" + _FOLLOWERS + (_OLDEST if page.rising else _NEWEST),
        actor_id=actor_id, before=page.before, after=page.after, limit=page.limit,
    )  # fmt: skip
    return page.newest_first(_placed(rows))


async def following(db: Reading, actor_id: int, page: Page) -> list[tuple[int, Actor]]:
    """Whom an actor follows, newest first, each with the follow's id to page by."""
    rows = await db.rows(
        "SELECT " + actors.COLUMNS + ", follows.id AS place" + _FOLLOWING + (_OLDEST if page.rising else _NEWEST),
        actor_id=actor_id, before=page.before, after=page.after, limit=page.limit,
    )  # fmt: skip
    return page.newest_first(_placed(rows))


async def wanting(db: Reading, actor_id: int, page: Page) -> list[tuple[int, Actor]]:
    """Who asked to follow an actor and waits for an answer, newest first."""
    rows = await db.rows(
        "SELECT " + actors.COLUMNS + ", follows.id AS place" + _WANTING + (_OLDEST if page.rising else _NEWEST),
        actor_id=actor_id, before=page.before, after=page.after, limit=page.limit,
    )  # fmt: skip
    return page.newest_first(_placed(rows))


def _placed(rows: Sequence[Row]) -> list[tuple[int, Actor]]:
    return [(row["place"], actors.actor(row)) for row in rows]


async def follower_inboxes(db: Reading, actor_id: int) -> list[str]:
    """Where the posts of ``actor_id`` go: the inboxes of remote followers, shared ones folded, each once."""
    rows = await db.rows(
        """
        SELECT DISTINCT CASE WHEN actors.shared_inbox <> '' THEN actors.shared_inbox ELSE actors.inbox END AS inbox
        FROM follows JOIN actors ON actors.id = follows.follower_id
        WHERE follows.target_id = :actor_id AND follows.accepted IS NOT NULL AND actors.domain <> ''
          AND actors.gone IS NULL AND actors.suspended IS NULL AND actors.inbox <> ''
        """,
        actor_id=actor_id,
    )
    return [row["inbox"] for row in rows]


async def inbox_gone(db: Writing, target_id: int, inbox: str) -> int:
    """End the follows of ``target_id`` by actors whose own inbox this is and is no more; how many.

    An inbox that is also somebody's shared inbox says nothing of one actor: nothing ends.
    """
    return await db.run(
        """
        DELETE FROM follows WHERE target_id = :target_id AND follower_id IN (
            SELECT actors.id FROM follows AS theirs JOIN actors ON actors.id = theirs.follower_id
            WHERE theirs.target_id = :target_id AND actors.inbox = :inbox AND actors.shared_inbox <> :inbox
              AND actors.domain <> '')
        """,
        target_id=target_id,
        inbox=inbox,
    )


async def has_follower_here(db: Reading, actor_id: int) -> bool:
    """Whether any member of this node follows the actor."""
    row = await db.row(
        """
        SELECT 1 AS yes FROM follows JOIN members ON members.actor_id = follows.follower_id
        WHERE follows.target_id = :actor_id AND follows.accepted IS NOT NULL LIMIT 1
        """,
        actor_id=actor_id,
    )
    return row is not None


async def count_wanting(db: Reading, actor_id: int) -> int:
    """How many wait for the actor's answer."""
    row = await db.row(
        "SELECT COUNT(*) AS n FROM follows WHERE target_id = :actor_id AND accepted IS NULL", actor_id=actor_id
    )
    return 0 if row is None else row["n"]


async def by_sent_uri(db: Reading, *, target_id: int, uri: str) -> Follow | None:
    """The follow of ``target_id`` that was sent under this id."""
    row = await db.row(
        "SELECT " + COLUMNS + " FROM follows WHERE target_id = :target_id AND uri = :uri",
        target_id=target_id,
        uri=uri,
    )
    return None if row is None else _follow(row)


async def all_inboxes(db: Reading, actor_id: int) -> list[str]:
    """Inboxes of everyone elsewhere who follows the actor or is followed by it, shared ones folded."""
    rows = await db.rows(
        """
        SELECT DISTINCT CASE WHEN actors.shared_inbox <> '' THEN actors.shared_inbox ELSE actors.inbox END AS inbox
        FROM actors WHERE actors.domain <> '' AND actors.inbox <> '' AND actors.id IN (
            SELECT follower_id FROM follows WHERE target_id = :actor_id
            UNION SELECT target_id FROM follows WHERE follower_id = :actor_id)
        """,
        actor_id=actor_id,
    )
    return [row["inbox"] for row in rows]


async def end_all_of(db: Writing, actor_id: int) -> None:
    """End every follow of and by an actor."""
    await db.run("DELETE FROM follows WHERE follower_id = :actor_id", actor_id=actor_id)
    await db.run("DELETE FROM follows WHERE target_id = :actor_id", actor_id=actor_id)


async def with_domain(db: Reading, actor_id: int, domain: str, *, limit: int) -> tuple[list[Actor], list[Actor]]:
    """Whom of a server the actor follows, and who there follows the actor or asked to; at most ``limit`` of each."""
    followed = await db.rows(
        "SELECT " + actors.COLUMNS + """
        FROM follows JOIN actors ON actors.id = follows.target_id
        WHERE follows.follower_id = :actor_id AND actors.domain = :domain LIMIT :limit
        """,
        actor_id=actor_id, domain=domain, limit=limit,
    )  # fmt: skip
    followers = await db.rows(
        "SELECT " + actors.COLUMNS + """
        FROM follows JOIN actors ON actors.id = follows.follower_id
        WHERE follows.target_id = :actor_id AND actors.domain = :domain LIMIT :limit
        """,
        actor_id=actor_id, domain=domain, limit=limit,
    )  # fmt: skip
    return [actors.actor(row) for row in followed], [actors.actor(row) for row in followers]


async def familiar(db: Reading, *, member_id: int, target_ids: Iterable[int]) -> dict[int, list[Actor]]:
    """Who among those the member follows follows each of ``target_ids``; at most 40 of each, the latest first."""
    rows = await db.rows(
        "SELECT " + actors.COLUMNS + """, found.target_id
        FROM (
            SELECT theirs.target_id, theirs.follower_id,
                ROW_NUMBER() OVER (PARTITION BY theirs.target_id ORDER BY theirs.id DESC) AS place
            FROM follows AS theirs JOIN follows AS mine ON mine.target_id = theirs.follower_id
            WHERE theirs.target_id IN (SELECT value FROM json_each(:target_ids)) AND theirs.accepted IS NOT NULL
              AND mine.follower_id = :member_id AND mine.accepted IS NOT NULL
              AND NOT EXISTS (SELECT 1 FROM actors AS target WHERE target.id = theirs.target_id
                              AND target.kind = 'Group' AND target.locked IS NOT NULL)
        ) AS found
        JOIN actors ON actors.id = found.follower_id
        WHERE found.place <= 40 AND actors.suspended IS NULL AND actors.gone IS NULL
        ORDER BY found.target_id, found.place
        """,
        member_id=member_id,
        target_ids=listed(target_ids),
    )  # fmt: skip
    found: dict[int, list[Actor]] = {}
    for row in rows:
        found.setdefault(row["target_id"], []).append(actors.actor(row))
    return found


async def followed_here(db: Reading, actor_id: int) -> bool:
    """Whether anybody of this node, the node itself included, follows somebody."""
    row = await db.row(
        """
        SELECT 1 AS yes FROM follows JOIN actors ON actors.id = follows.follower_id
        WHERE follows.target_id = :actor_id AND follows.accepted IS NOT NULL AND actors.domain = '' LIMIT 1
        """,
        actor_id=actor_id,
    )
    return row is not None
