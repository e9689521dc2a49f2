"""Events: when posts of the type Event are, and in what order they come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from storage.attendance import Due
from storage.database import Reading, Row, Writing, listed
from storage.notifications import UNMUTED
from storage.posts import VISIBLE
from storage.records import quick
from storage.shapes.event import LASTS


@quick
@dataclass(frozen=True, slots=True)
class Event:
    """When an event is, and how many come."""

    post_id: int
    starts: int
    ends: int
    cancelled: int | None = None
    capacity: int | None = None  # None: as many as want to come
    link: str = ""  # for those who come alone
    joined: int = 0
    waiting: int = 0
    their_joined: int | None = None
    interested: int = 0

    @property
    def coming(self) -> int:
        """How many come, as far as anybody knows."""
        return max(self.joined, self.their_joined or 0)


_COLUMNS = (
    "events.post_id, events.starts, events.ends, events.cancelled, events.capacity, events.link,"
    " events.joined_count, events.waiting_count, events.their_joined, events.interested_count"
)


def _event(row: Row) -> Event:
    return Event(*row)


async def put(db: Writing, new: Event) -> None:
    """Keep when an event is; of one that is here the new time, place and room. The counts stay."""
    await db.run(
        """
        INSERT INTO events (post_id, starts, ends, cancelled, capacity, link, their_joined)
        VALUES (:post_id, :starts, :ends, :cancelled, :capacity, :link, :their_joined)
        ON CONFLICT (post_id) DO UPDATE SET starts = excluded.starts, ends = excluded.ends,
            cancelled = excluded.cancelled, capacity = excluded.capacity, link = excluded.link,
            their_joined = excluded.their_joined
        """,
        post_id=new.post_id,
        starts=new.starts,
        ends=new.ends,
        cancelled=new.cancelled,
        capacity=new.capacity,
        link=new.link,
        their_joined=new.their_joined,
    )


async def remind_anew(db: Writing, post_id: int) -> None:
    """The time changed: who was reminded of the former is reminded of this one."""
    await db.run("UPDATE attendance SET reminded = NULL WHERE post_id = :post_id AND reminded IS NOT NULL",
                 post_id=post_id)  # fmt: skip


async def drop(db: Writing, post_id: int) -> None:
    """The post is no event any more."""
    await db.run("DELETE FROM events WHERE post_id = :post_id", post_id=post_id)


async def one(db: Reading, post_id: int) -> Event | None:
    """When this post is; None: it is no event."""
    row = await db.row("SELECT " + _COLUMNS + " FROM events WHERE post_id = :post_id", post_id=post_id)
    return None if row is None else _event(row)


_SHOWN = (
    """
    FROM events JOIN posts ON posts.id = events.post_id
    WHERE posts.visibility = 'public' AND """
    + VISIBLE
)
_TAGGED = (
    """
    FROM tags JOIN post_tags ON post_tags.tag_id = tags.id JOIN events ON events.post_id = post_tags.post_id
    JOIN posts ON posts.id = events.post_id
    WHERE tags.name = :tag AND posts.visibility = 'public' AND """
    + VISIBLE
)
_COMING = """
      AND events.ends > :now AND (events.starts, events.post_id) > (:at, :id)
    ORDER BY events.starts, events.post_id LIMIT :limit"""
_PAST = """
      AND (events.ends, events.post_id) < (:at, :id)
    ORDER BY events.ends DESC, events.post_id DESC LIMIT :limit"""


LOOKED_AT = 500  # events to come among which those of a group are looked for


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page of events ended: a time and a post."""

    at: int
    id: int


async def coming(
    db: Reading, *, reader_id: int, now: int, after: Place | None, limit: int, tag: str = ""
) -> Sequence[Event]:
    """Public events that are not over, the next first. ``tag``: about this alone."""
    place = after or Place(now - LASTS - 1, 0)
    if tag:
        rows = await db.rows(
            "SELECT " + _COLUMNS + _TAGGED + _COMING, reader_id=reader_id, now=now, at=place.at, id=place.id,
            limit=limit, tag=tag,
        )  # fmt: skip
    else:
        rows = await db.rows(
            "SELECT " + _COLUMNS + _SHOWN + _COMING, reader_id=reader_id, now=now, at=place.at, id=place.id, limit=limit
        )
    return [_event(row) for row in rows]


async def past(
    db: Reading, *, reader_id: int, now: int, before: Place | None, limit: int, tag: str = ""
) -> Sequence[Event]:
    """Public events that are over, the last first. ``tag``: about this alone."""
    place = before or Place(now, 0)
    if tag:
        rows = await db.rows(
            "SELECT " + _COLUMNS + _TAGGED + _PAST, reader_id=reader_id, at=place.at, id=place.id, limit=limit, tag=tag
        )
    else:
        rows = await db.rows(
            "SELECT " + _COLUMNS + _SHOWN + _PAST, reader_id=reader_id, at=place.at, id=place.id, limit=limit
        )
    return [_event(row) for row in rows]


_UPCOMING = _COLUMNS.replace("events.", "upcoming.")
_OF_GROUP = (
    " FROM (SELECT "
    + _COLUMNS
    + """ FROM events WHERE events.ends > :now
          AND (events.starts, events.post_id) > (:at, 0)
          ORDER BY events.starts, events.post_id LIMIT :looked_at) AS upcoming
    JOIN posts ON posts.id = upcoming.post_id
    WHERE posts.visibility = 'public' AND (posts.author_id = :group_id OR EXISTS (
        SELECT 1 FROM posts AS boost WHERE boost.boost_of_id = posts.id AND boost.author_id = :group_id))
      AND """
    + VISIBLE
)


async def of_group(db: Reading, group_id: int, *, reader_id: int, now: int, limit: int) -> Sequence[Event]:
    """Of the next ``LOOKED_AT`` events those that a group announced or passed on, the next first."""
    rows = await db.rows(
        "SELECT " + _UPCOMING + _OF_GROUP, group_id=group_id, reader_id=reader_id, now=now, at=now - LASTS - 1,
        looked_at=LOOKED_AT,
    )  # fmt: skip
    return sorted((_event(row) for row in rows), key=lambda one: (one.starts, one.post_id))[:limit]


async def tell(db: Writing, post_id: int, *, actor_id: int, now: int) -> list[tuple[int, int]]:
    """Tell the members who come, or want to, that an event is at another time or does not take place; notification and
    member of each. Those who were told of an earlier change are told anew."""
    await db.run("DELETE FROM notifications WHERE post_id = :post_id AND reason = 'event_changed'", post_id=post_id)
    rows = await db.rows(
        """
        INSERT INTO notifications (member_id, reason, actor_id, post_id, created)
        SELECT members.actor_id, 'event_changed', CAST(:actor_id AS BIGINT), CAST(:post_id AS BIGINT),
            CAST(:now AS BIGINT)
        FROM attendance JOIN members ON members.actor_id = attendance.actor_id
        WHERE attendance.post_id = :post_id AND attendance.state <> 'refused' AND members.actor_id <> :actor_id
          AND """
        + UNMUTED
        + """
        ON CONFLICT DO NOTHING RETURNING id, member_id
        """,
        post_id=post_id,
        actor_id=actor_id,
        now=now,
    )
    return [(row["id"], row["member_id"]) for row in rows]


async def tell_seated(
    db: Writing, post_id: int, member_ids: Sequence[int], *, actor_id: int, now: int
) -> list[tuple[int, int]]:
    """Tell members who waited that they have a place; notification and member of each."""
    rows = await db.rows(
        """
        INSERT INTO notifications (member_id, reason, actor_id, post_id, created)
        SELECT members.actor_id, 'event_place', CAST(:actor_id AS BIGINT), CAST(:post_id AS BIGINT),
            CAST(:now AS BIGINT)
        FROM members WHERE members.actor_id IN (SELECT value FROM json_each(:member_ids))
        ON CONFLICT DO NOTHING RETURNING id, member_id
        """,
        member_ids=listed(member_ids),
        post_id=post_id,
        actor_id=actor_id,
        now=now,
    )
    return [(row["id"], row["member_id"]) for row in rows]


async def remind(db: Writing, due: Sequence[Due], *, now: int) -> list[tuple[int, int]]:
    """Tell each that their event is soon; notification and member of each."""
    if not due:
        return []
    rows = await db.rows(
        """
        INSERT INTO notifications (member_id, reason, actor_id, post_id, created)
        SELECT attendance.actor_id, 'event_soon', posts.author_id, posts.id, CAST(:now AS BIGINT)
        FROM attendance JOIN posts ON posts.id = attendance.post_id
        WHERE attendance.id IN (SELECT value FROM json_each(:ids))
        ON CONFLICT DO NOTHING RETURNING id, member_id
        """,
        ids=listed(one.id for one in due),
        now=now,
    )
    return [(row["id"], row["member_id"]) for row in rows]


async def links_of(db: Reading, author_id: int) -> list[tuple[str, str]]:
    """The ways in to an author's events, for themselves: the uri of each, and its address."""
    rows = await db.rows(
        """
        SELECT posts.uri, events.link FROM posts JOIN events ON events.post_id = posts.id
        WHERE posts.author_id = :author_id AND events.link <> '' ORDER BY posts.id
        """,
        author_id=author_id,
    )
    return [(row["uri"], row["link"]) for row in rows]
