"""Mentoring offers and requests as a board: which are open, what they are about, how many matches they still take.

The post says it all; this is what lists and matches ask. A place is taken by one guarded UPDATE.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from storage.database import Reading, Row, Value, Writing, listed
from storage.kinds import Kind, load
from storage.mutes import UNMUTED
from storage.paging import Page
from storage.posts import VISIBLE, Post
from storage.shapes.mentoring import LEVELS, Mentoring, MentoringOffer

OFFER, REQUEST = "offer", "request"
DIRECTIONS = {Kind.MENTORING_OFFER: OFFER, Kind.MENTORING_REQUEST: REQUEST}
CONSIDERED = 200  # open posts that are looked at for one suggestion, the newest


@dataclass(frozen=True, slots=True)
class Board:
    """What the board knows of one offer or request."""

    post_id: int
    direction: str
    level: str
    format: str
    hours: int
    months: int
    places: int
    taken: int
    local: int | None
    status: str
    said: str


COLUMNS = (
    "boards.post_id, boards.direction, boards.level, boards.format, boards.hours, boards.months, boards.places,"
    " boards.taken, boards.local, boards.status, boards.said"
)
_OPEN = "boards.status = 'open' AND posts.visibility = 'public' AND " + VISIBLE + " AND " + UNMUTED


def _board(row: Row) -> Board:
    return Board(*list(row)[:11])


async def notice(db: Writing, post: Post, *, was: Kind | None = None) -> None:
    """Keep what a post says, if it is an offer or request; of any other kind that is no statement. ``was``: its kind
    until now."""
    if was in DIRECTIONS and post.kind is not was:
        await db.run("DELETE FROM board_topics WHERE post_id = :post_id", post_id=post.id)
        await db.run("DELETE FROM boards WHERE post_id = :post_id", post_id=post.id)
    given = load(post.kind, post.fields) if post.kind in DIRECTIONS else None
    if isinstance(given, Mentoring):
        await put(db, post, given)


async def put(db: Writing, post: Post, given: Mentoring) -> Board:
    """Keep what a post says now. Of ours only ``closed`` is its author's to say: the rest its matches make."""
    places = given.places or 1 if isinstance(given, MentoringOffer) else 1
    row = await db.row(
        """
        INSERT INTO boards (post_id, direction, level, format, hours, months, places, local, status, said)
        VALUES (:post_id, :direction, :level, :format, CAST(:hours AS BIGINT), CAST(:months AS BIGINT),
            CAST(:places AS BIGINT), CAST(:local AS BIGINT),
            CASE WHEN CAST(:local AS BIGINT) IS NOT NULL AND :said <> 'closed' THEN 'open' ELSE :said END, :said)
        ON CONFLICT (post_id) DO UPDATE SET level = excluded.level, format = excluded.format, hours = excluded.hours,
            months = excluded.months, places = excluded.places, said = excluded.said,
            status = CASE WHEN boards.local IS NULL OR excluded.said = 'closed' THEN excluded.said
                WHEN boards.taken >= excluded.places THEN 'matched' ELSE 'open' END
        RETURNING """ + COLUMNS,
        post_id=post.id, direction=DIRECTIONS[post.kind], level=given.level, format=given.format,
        hours=given.hours_a_month or 0, months=given.months or 0, places=places, local=post.local, said=given.status,
    )  # fmt: skip
    await db.run("DELETE FROM board_topics WHERE post_id = :post_id", post_id=post.id)
    await db.many(
        "INSERT INTO board_topics (topic, post_id) VALUES (:topic, :post_id) ON CONFLICT DO NOTHING",
        [{"topic": one, "post_id": post.id} for one in given.topics],
    )
    assert row is not None  # noqa: S101 - an upsert without a condition
    return _board(row)


async def one(db: Reading, post_id: int) -> Board | None:
    """What the board knows of a post; None: it is no offer or request."""
    row = await db.row("SELECT " + COLUMNS + " FROM boards WHERE post_id = :post_id", post_id=post_id)
    return None if row is None else _board(row)


_LISTED = (
    "SELECT boards.post_id FROM boards JOIN posts ON posts.id = boards.post_id"
    " WHERE boards.direction = :direction AND boards.status = 'open' AND boards.post_id < :before"
    " AND boards.level IN (SELECT value FROM json_each(:levels)) AND " + _OPEN
    + " ORDER BY boards.post_id DESC LIMIT :limit"
)  # fmt: skip
_LISTED_ON = (
    "SELECT boards.post_id FROM board_topics JOIN boards ON boards.post_id = board_topics.post_id"
    " JOIN posts ON posts.id = boards.post_id"
    " WHERE board_topics.topic = :topic AND board_topics.post_id < :before AND boards.direction = :direction"
    " AND boards.level IN (SELECT value FROM json_each(:levels)) AND " + _OPEN
    + " ORDER BY board_topics.post_id DESC LIMIT :limit"
)  # fmt: skip


async def open_ones(
    db: Reading, direction: str, *, topic: str = "", level: str = "", reader_id: int, page: Page, now: int
) -> list[int]:
    """Ids of the open offers or requests a reader may see, newest first; ``topic``, ``level`` "": of any."""
    values: dict[str, Value] = {
        "direction": direction, "before": page.before, "limit": page.limit, "reader_id": reader_id, "now": now,
        "levels": listed([level] if level else ["", *LEVELS]),
    }  # fmt: skip
    if topic:
        rows = await db.rows(_LISTED_ON, topic=topic, **values)
    else:
        rows = await db.rows(_LISTED, **values)
    return [row[0] for row in rows]


async def fitting(db: Reading, board: Board, *, author_id: int, reader_id: int, now: int) -> list[tuple[Board, int]]:
    """Open posts of the other direction that share a topic with one, and how many topics; not its author's own, nor
    what it is matched with or was proposed to already. The newest first."""
    rows = await db.rows(
        "SELECT " + COLUMNS + """, COUNT(*) AS shared
        FROM board_topics AS mine JOIN board_topics AS theirs ON theirs.topic = mine.topic
        JOIN boards ON boards.post_id = theirs.post_id JOIN posts ON posts.id = boards.post_id
        WHERE mine.post_id = :post_id AND boards.direction = :direction AND posts.author_id <> :author_id
          AND NOT EXISTS (SELECT 1 FROM matches
                          WHERE matches.request_id = :post_id AND matches.offer_id = boards.post_id)
          AND NOT EXISTS (SELECT 1 FROM matches
                          WHERE matches.offer_id = :post_id AND matches.request_id = boards.post_id)
          AND """ + _OPEN + " GROUP BY " + COLUMNS + " ORDER BY boards.post_id DESC LIMIT :limit",
        post_id=board.post_id, direction=REQUEST if board.direction == OFFER else OFFER, author_id=author_id,
        reader_id=reader_id, now=now, limit=CONSIDERED,
    )  # fmt: skip
    return [(_board(row), row["shared"]) for row in rows]


async def open_of(db: Reading, author_ids: Iterable[int], direction: str, *, limit: int) -> list[Board]:
    """The open offers or requests of these authors here, newest first."""
    rows = await db.rows(
        "SELECT " + COLUMNS + """ FROM posts JOIN boards ON boards.post_id = posts.id
        WHERE posts.author_id IN (SELECT value FROM json_each(:author_ids)) AND boards.direction = :direction
          AND boards.status = 'open' AND posts.kind IN ('mentoring-offer', 'mentoring-request')
          AND posts.visibility <> 'hidden'
        ORDER BY boards.post_id DESC LIMIT :limit
        """,
        author_ids=listed(author_ids),
        direction=direction,
        limit=limit,
    )  # fmt: skip
    return [_board(row) for row in rows]


async def topics_of(db: Reading, post_ids: Iterable[int]) -> dict[int, list[str]]:
    """What each of these is about; one query for all."""
    rows = await db.rows(
        "SELECT post_id, topic FROM board_topics WHERE post_id IN (SELECT value FROM json_each(:post_ids))"
        " ORDER BY post_id, topic",
        post_ids=listed(post_ids),
    )
    found: dict[int, list[str]] = {}
    for row in rows:
        found.setdefault(row["post_id"], []).append(row["topic"])
    return found


async def take(db: Writing, post_id: int) -> bool:
    """Take one of the places of a post of ours; False when it has none left, or is closed."""
    changed = await db.run(
        """
        UPDATE boards SET taken = taken + 1, status = CASE WHEN taken + 1 >= places THEN 'matched' ELSE 'open' END
        WHERE post_id = :post_id AND local IS NOT NULL AND status = 'open' AND taken < places
        """,
        post_id=post_id,
    )
    return changed == 1


async def give_back(db: Writing, post_id: int) -> None:
    """A match of a post of ours is over: another may have its place, unless its author closed it."""
    await db.run(
        """
        UPDATE boards SET taken = taken - 1,
            status = CASE WHEN status = 'closed' THEN 'closed' WHEN taken - 1 >= places THEN 'matched' ELSE 'open' END
        WHERE post_id = :post_id AND local IS NOT NULL AND taken > 0
        """,
        post_id=post_id,
    )


async def close(db: Writing, post_id: int) -> None:
    """A request that was met is over."""
    await db.run("UPDATE boards SET status = 'closed' WHERE post_id = :post_id AND local IS NOT NULL", post_id=post_id)


async def reopen(db: Writing, post_id: int) -> None:
    """Its author wants more matches, as far as there are places."""
    await db.run(
        """
        UPDATE boards SET status = CASE WHEN taken >= places THEN 'matched' ELSE 'open' END
        WHERE post_id = :post_id AND local IS NOT NULL AND status = 'closed'
        """,
        post_id=post_id,
    )


async def unsaid(db: Reading, *, limit: int) -> list[int]:
    """Posts of ours that do not say yet how they stand."""
    rows = await db.rows(
        "SELECT post_id FROM boards WHERE post_id > 0 AND local IS NOT NULL AND said <> status"
        " ORDER BY post_id LIMIT :limit",
        limit=limit,
    )
    return [row[0] for row in rows]


async def counts(db: Reading) -> dict[tuple[str, str], int]:
    """How many offers and requests for everybody there are, by direction and status."""
    rows = await db.rows(
        "SELECT boards.direction, boards.status, COUNT(*) AS n FROM boards JOIN posts ON posts.id = boards.post_id"
        " WHERE posts.visibility = 'public' AND " + VISIBLE + " GROUP BY boards.direction, boards.status",
        reader_id=0,
    )
    return {(row["direction"], row["status"]): row["n"] for row in rows}
