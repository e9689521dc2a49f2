"""Attendance: who comes to an event, and who waits for a place. The database counts: no more come than there is room.

Whatever changes who comes holds the event's row first (``_hold``), so that one change after another sees what the one
before left: two could otherwise both find the last place, or nobody the one that was freed.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from storage.database import Reading, Row, Writing, listed
from storage.records import quick


class State(StrEnum):
    """How it stands with somebody who wants to come."""

    ASKED = "asked"  # of an event elsewhere, whose server has not answered
    WAITING = "waiting"  # all places are taken
    JOINED = "joined"
    REFUSED = "refused"  # by the event's server
    INTERESTED = "interested"  # may come: takes no place, hears of changes, is reminded


@quick
@dataclass(frozen=True, slots=True)
class Attendance:
    """That somebody wants to come."""

    id: int
    post_id: int
    actor_id: int
    state: State
    uri: str
    asked: int


COLUMNS = "id, post_id, actor_id, state, uri, asked"


def _attendance(row: Row) -> Attendance:
    id, post_id, actor_id, state, uri, asked = row
    return Attendance(id, post_id, actor_id, State(state), uri, asked)


async def _hold(db: Writing, post_id: int) -> bool:
    """Have the event's row until the transaction ends; False when there is none."""
    return await db.run("UPDATE events SET starts = starts WHERE post_id = :post_id", post_id=post_id) == 1


async def join(db: Writing, post_id: int, *, actor_id: int, now: int, uri: str = "") -> tuple[State | None, bool]:
    """Let somebody come to an event of ours, or wait until there is room: how it stands, and whether that is new. None:
    it is over, or does not take place. Who was interested gets in line now, not when that was."""
    await _hold(db, post_id)
    await lose_interest(db, post_id, actor_id=actor_id)
    added = await db.run(
        """
        INSERT INTO attendance (post_id, actor_id, state, uri, asked)
        SELECT events.post_id, CAST(:actor_id AS BIGINT), 'waiting', :uri, CAST(:now AS BIGINT) FROM events
        WHERE events.post_id = :post_id AND events.cancelled IS NULL AND events.ends > :now
        ON CONFLICT DO NOTHING
        """,
        post_id=post_id,
        actor_id=actor_id,
        uri=uri,
        now=now,
    )
    if added:
        await settle(db, post_id)
    found = await one(db, post_id, actor_id)
    return (None if found is None else found.state), added == 1


async def interest(db: Writing, post_id: int, *, actor_id: int, uri: str, now: int) -> bool:
    """Somebody may come; False when they come already, or it is over or does not take place. ``uri``: of what said so,
    where it crossed servers."""
    await _hold(db, post_id)
    row = await db.row(
        """
        INSERT INTO attendance (post_id, actor_id, state, uri, asked)
        SELECT events.post_id, CAST(:actor_id AS BIGINT), 'interested', :uri, CAST(:now AS BIGINT) FROM events
        WHERE events.post_id = :post_id AND events.cancelled IS NULL AND events.ends > :now
        ON CONFLICT (post_id, actor_id) DO UPDATE SET state = 'interested', uri = excluded.uri, asked = excluded.asked
        WHERE attendance.state = 'refused' RETURNING id
        """,
        post_id=post_id,
        actor_id=actor_id,
        uri=uri,
        now=now,
    )
    if row is not None:
        await _recount(db, {post_id})
    return row is not None


async def lose_interest(db: Writing, post_id: int, *, actor_id: int) -> bool:
    """Somebody is interested no longer; False when they were not, or come."""
    await _hold(db, post_id)
    lost = await db.run(
        "DELETE FROM attendance WHERE post_id = :post_id AND actor_id = :actor_id AND state = 'interested'",
        post_id=post_id,
        actor_id=actor_id,
    )
    if lost:
        await _recount(db, {post_id})
    return lost == 1


async def settle(db: Writing, post_id: int) -> list[Attendance]:
    """Give the free places of an event of ours to those who wait, in the order of asking; who got one."""
    await _hold(db, post_id)
    rows = await db.rows(
        """
        UPDATE attendance SET state = 'joined' WHERE id IN (
            SELECT next.id FROM attendance AS next JOIN events ON events.post_id = next.post_id
            WHERE next.post_id = :post_id AND next.state = 'waiting' AND events.cancelled IS NULL
            ORDER BY next.id LIMIT (
                SELECT CASE WHEN room.capacity IS NULL THEN room.waiting
                    WHEN room.capacity > room.joined THEN room.capacity - room.joined ELSE 0 END
                FROM (SELECT capacity,
                    (SELECT COUNT(*) FROM attendance WHERE post_id = :post_id AND state = 'joined') AS joined,
                    (SELECT COUNT(*) FROM attendance WHERE post_id = :post_id AND state = 'waiting') AS waiting
                    FROM events WHERE post_id = :post_id) AS room))
        RETURNING
        """
        + COLUMNS,
        post_id=post_id,
    )
    await db.run(
        """
        UPDATE events SET
            joined_count = (SELECT COUNT(*) FROM attendance WHERE post_id = :post_id AND state = 'joined'),
            waiting_count = (SELECT COUNT(*) FROM attendance WHERE post_id = :post_id AND state = 'waiting'),
            interested_count = (SELECT COUNT(*) FROM attendance WHERE post_id = :post_id AND state = 'interested')
        WHERE post_id = :post_id
        """,
        post_id=post_id,
    )
    return sorted((_attendance(row) for row in rows), key=lambda one: one.id)


async def leave(db: Writing, post_id: int, *, actor_id: int) -> Attendance | None:
    """Somebody does not come; what was kept of them. Then ``settle``."""
    await _hold(db, post_id)
    row = await db.row(
        "DELETE FROM attendance WHERE post_id = :post_id AND actor_id = :actor_id RETURNING " + COLUMNS,
        post_id=post_id,
        actor_id=actor_id,
    )
    if row is not None and row["state"] == State.INTERESTED:
        await _recount(db, {post_id})
    return None if row is None else _attendance(row)


async def joined_as(db: Reading, actor_id: int, uri: str) -> int | None:
    """The event that somebody wants to come to, as the Join of this id says; None: none."""
    row = await db.row(
        "SELECT post_id FROM attendance WHERE actor_id = :actor_id AND uri = :uri AND uri <> '' LIMIT 1",
        actor_id=actor_id,
        uri=uri,
    )
    return None if row is None else row["post_id"]


async def ask(db: Writing, post_id: int, *, actor_id: int, uri: str, now: int) -> bool:
    """Note that somebody here asks to come to an event elsewhere; False when they did before. Who was refused, or was
    interested, may ask."""
    row = await db.row(
        """
        INSERT INTO attendance (post_id, actor_id, state, uri, asked)
        VALUES (:post_id, :actor_id, 'asked', :uri, :now)
        ON CONFLICT (post_id, actor_id) DO UPDATE SET state = 'asked', uri = :uri, asked = :now
        WHERE attendance.state IN ('refused', 'interested') RETURNING id
        """,
        post_id=post_id,
        actor_id=actor_id,
        uri=uri,
        now=now,
    )
    if row is not None:
        await _recount(db, {post_id})
    return row is not None


async def answer(db: Writing, post_id: int, *, actor_id: int, state: State) -> State | None:
    """Keep what the server of an event elsewhere says to somebody here; how it stood before, None when it is nothing
    new, or they did not ask."""
    before = await one(db, post_id, actor_id)
    if before is None:
        return None
    changed = await db.run(
        "UPDATE attendance SET state = :state WHERE id = :id AND state <> :state AND state = :before",
        id=before.id,
        state=state.value,
        before=before.state.value,
    )
    return before.state if changed else None


async def one(db: Reading, post_id: int, actor_id: int) -> Attendance | None:
    """How it stands with one person."""
    row = await db.row(
        "SELECT " + COLUMNS + " FROM attendance WHERE post_id = :post_id AND actor_id = :actor_id",
        post_id=post_id,
        actor_id=actor_id,
    )
    return None if row is None else _attendance(row)


async def of(db: Reading, post_id: int, state: State, *, after: int, limit: int) -> list[Attendance]:
    """Those with whom it stands so, in the order of asking, with ids above ``after``."""
    rows = await db.rows(
        "SELECT " + COLUMNS + """
        FROM attendance WHERE post_id = :post_id AND state = :state AND id > :after ORDER BY id LIMIT :limit
        """,
        post_id=post_id,
        state=state.value,
        after=after,
        limit=limit,
    )  # fmt: skip
    return [_attendance(row) for row in rows]


async def by(db: Reading, actor_id: int, *, before: int, limit: int) -> list[tuple[Attendance, str]]:
    """Where somebody wants to come, the last asked first, with ids below ``before``: each with the event's uri."""
    rows = await db.rows(
        """
        SELECT attendance.id, attendance.post_id, attendance.actor_id, attendance.state, attendance.uri,
            attendance.asked, posts.uri AS event
        FROM attendance JOIN posts ON posts.id = attendance.post_id
        WHERE attendance.actor_id = :actor_id AND attendance.id < :before ORDER BY attendance.id DESC LIMIT :limit
        """,
        actor_id=actor_id,
        before=before,
        limit=limit,
    )
    return [(_attendance(list(row)[:6]), row["event"]) for row in rows]


async def inboxes(db: Reading, post_id: int) -> list[str]:
    """Inboxes of those elsewhere who come, or wait."""
    rows = await db.rows(
        """
        SELECT DISTINCT CASE WHEN actors.shared_inbox <> '' THEN actors.shared_inbox ELSE actors.inbox END AS inbox
        FROM attendance JOIN actors ON actors.id = attendance.actor_id
        WHERE attendance.post_id = :post_id AND actors.domain <> '' AND actors.inbox <> ''
        """,
        post_id=post_id,
    )
    return [row["inbox"] for row in rows]


async def forget_all_of(db: Writing, actor_id: int) -> None:
    """Take an actor out of every event. Their places are given to those who wait by ``unsettled``."""
    rows = await db.rows("DELETE FROM attendance WHERE actor_id = :actor_id RETURNING post_id", actor_id=actor_id)
    await _recount(db, {row["post_id"] for row in rows})


async def _recount(db: Writing, post_ids: Collection[int]) -> None:
    await db.run(
        """
        UPDATE events SET
            joined_count = (SELECT COUNT(*) FROM attendance
                            WHERE attendance.post_id = events.post_id AND state = 'joined'),
            waiting_count = (SELECT COUNT(*) FROM attendance
                             WHERE attendance.post_id = events.post_id AND state = 'waiting'),
            interested_count = (SELECT COUNT(*) FROM attendance
                                WHERE attendance.post_id = events.post_id AND state = 'interested')
        WHERE post_id IN (SELECT value FROM json_each(:post_ids))
        """,
        post_ids=listed(sorted(post_ids)),
    )


async def unsettled(db: Reading, *, now: int, limit: int) -> list[int]:
    """Events to come of ours with free places for which somebody waits: who had them was erased."""
    rows = await db.rows(
        """
        SELECT events.post_id FROM events JOIN posts ON posts.id = events.post_id
        WHERE events.starts > :now AND events.waiting_count > 0 AND events.cancelled IS NULL
          AND posts.local IS NOT NULL AND events.joined_count < COALESCE(events.capacity, events.joined_count + 1)
        ORDER BY events.starts LIMIT :limit
        """,
        now=now,
        limit=limit,
    )
    return [row["post_id"] for row in rows]


@dataclass(frozen=True, slots=True)
class Due:
    """Somebody is to be reminded of an event."""

    id: int  # of the attendance
    member_id: int
    post_id: int


async def remind(db: Writing, *, now: int, until: int, limit: int) -> list[Due]:
    """Members who come to an event between now and ``until``, or may, each once; not who said so when it was as near
    as that already."""
    rows = await db.rows(
        """
        UPDATE attendance SET reminded = CAST(:now AS BIGINT) WHERE reminded IS NULL AND id IN (
            SELECT coming.id FROM events JOIN attendance AS coming ON coming.post_id = events.post_id
            JOIN members ON members.actor_id = coming.actor_id
            WHERE events.starts > :now AND events.starts <= :until AND events.cancelled IS NULL
              AND coming.state IN ('joined', 'interested') AND coming.reminded IS NULL
              AND coming.asked < events.starts - CAST(:notice AS BIGINT)
            ORDER BY events.starts LIMIT :limit)
        RETURNING id, actor_id, post_id
        """,
        now=now,
        until=until,
        notice=until - now,
        limit=limit,
    )
    return [Due(row["id"], row["actor_id"], row["post_id"]) for row in rows]


async def of_member(db: Reading, post_ids: Sequence[int], actor_id: int) -> dict[int, State]:
    """How it stands with one person at each of these events; one query."""
    rows = await db.rows(
        """
        SELECT post_id, state FROM attendance
        WHERE actor_id = :actor_id AND post_id IN (SELECT value FROM json_each(:post_ids))
        """,
        actor_id=actor_id,
        post_ids=listed(post_ids),
    )
    return {row["post_id"]: State(row["state"]) for row in rows}
