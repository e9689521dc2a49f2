"""Pending: posts that are not out yet. No row of ``posts`` exists, so nothing can leak one."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from storage.database import Missing, Reading, Row, Value, Writing, listed
from storage.paging import Page


class Reason(StrEnum):
    """Why a post is not out."""

    UNDO = "undo"  # its author can still take it back
    SCHEDULED = "scheduled"  # its author chose when it comes out
    HELD = "held"  # a guardian reads it first
    RETURNED = "returned"  # a guardian gave it back; its author sees it for some days


@dataclass(frozen=True, slots=True)
class Pending:
    """One post that waits."""

    id: int
    author_id: int
    reason: Reason
    due: int | None  # held: the time its author chose, if any; returned: when it is erased
    payload: str  # JSON: what was asked for; "" once it is out
    idempotency_key: str | None
    created: int
    post_id: int | None  # what it became
    as_id: int | None = None  # under whose name it comes out; None: its author's

    @property
    def name_id(self) -> int:
        """Whose name will stand over it."""
        return self.author_id if self.as_id is None else self.as_id


COLUMNS = "id, author_id, reason, due, payload, idempotency_key, created, post_id, as_id"


def _pending(row: Row) -> Pending:
    id, author_id, reason, *rest = row
    return Pending(id, author_id, Reason(reason), *rest)


async def add(db: Writing, new: Pending) -> bool:
    """Keep a post that waits; False when this author asked for it before under this key."""
    added = await db.run(
        """
        INSERT INTO pending (id, author_id, reason, due, payload, idempotency_key, created, as_id)
        VALUES (:id, :author_id, :reason, :due, :payload, :idempotency_key, :created, :as_id) ON CONFLICT DO NOTHING
        """,
        id=new.id,
        author_id=new.author_id,
        reason=new.reason.value,
        due=new.due,
        payload=new.payload,
        idempotency_key=new.idempotency_key,
        created=new.created,
        as_id=new.as_id,
    )
    return added == 1


async def of(db: Reading, author_id: int) -> list[Pending]:
    """What of an author's is not out yet, newest first; at most 40."""
    mine = " FROM pending WHERE author_id = :author_id AND post_id IS NULL ORDER BY id DESC LIMIT 40"
    rows = await db.rows("SELECT " + COLUMNS + mine, author_id=author_id)
    return [_pending(row) for row in rows]


async def all_by(db: Reading, author_id: int, *, before: int, limit: int) -> list[Pending]:
    """What of an author's is not out yet, newest first, with ids below ``before``."""
    rows = await db.rows(
        "SELECT " + COLUMNS + """
        FROM pending WHERE author_id = :author_id AND post_id IS NULL AND id < :before ORDER BY id DESC LIMIT :limit
        """,
        author_id=author_id,
        before=before,
        limit=limit,
    )  # fmt: skip
    return [_pending(row) for row in rows]


async def by_id(db: Reading, pending_id: int, *, author_id: int) -> Pending:
    """The author's own post that waits, or what it became. Raises Missing: it is nobody else's to see."""
    row = await db.row(
        "SELECT " + COLUMNS + " FROM pending WHERE id = :pending_id AND author_id = :author_id",
        pending_id=pending_id,
        author_id=author_id,
    )
    if row is None:
        raise Missing(str(pending_id))
    return _pending(row)


async def asked(db: Reading, author_id: int, idempotency_key: str, *, writer_id: int) -> tuple[int | None, int | None]:
    """What this author already asked for under this Idempotency-Key: the id of a post, or of one that waits.

    ``writer_id``: who wrote it, if that is another; while it waits it is theirs.
    """
    row = await db.row(
        """
        SELECT (SELECT posts.id FROM posts WHERE posts.author_id = :author_id AND posts.idempotency_key = :key),
            (SELECT MAX(pending.id) FROM pending
             WHERE pending.author_id IN (:author_id, :writer_id) AND pending.idempotency_key = :key)
        """,
        author_id=author_id,
        writer_id=writer_id,
        key=idempotency_key,
    )
    return (None, None) if row is None else (row[0], row[1])


async def any_by_id(db: Reading, pending_id: int) -> Pending | None:
    """The post that waits, for whoever brings it out."""
    row = await db.row("SELECT " + COLUMNS + " FROM pending WHERE id = :pending_id", pending_id=pending_id)
    return None if row is None else _pending(row)


async def claim(db: Writing, pending_id: int, *, now: int) -> Pending | None:
    """Take one whose time has come to bring it out; None when another did, or it was taken back or put off. It will
    not be due again."""
    row = await db.row(
        """
        UPDATE pending SET due = NULL
        WHERE id = :pending_id AND due <= :now AND post_id IS NULL AND reason IN ('undo', 'scheduled') RETURNING
        """
        + COLUMNS,
        pending_id=pending_id,
        now=now,
    )
    return None if row is None else _pending(row)


_SCHEDULED = (
    " FROM pending WHERE author_id = :author_id AND post_id IS NULL"
    " AND (reason = 'scheduled' OR (reason = 'held' AND due IS NOT NULL))"
)


async def scheduled(db: Reading, author_id: int, page: Page) -> list[Pending]:
    """What comes out at a time its author chose, the last written first."""
    values: dict[str, Value] = {
        "author_id": author_id, "before": page.before, "after": page.after, "limit": page.limit,
    }  # fmt: skip
    mine = "SELECT " + COLUMNS + _SCHEDULED + " AND id < :before AND id > :after"
    if page.rising:
        rows = await db.rows(mine + " ORDER BY id LIMIT :limit", **values)
    else:
        rows = await db.rows(mine + " ORDER BY id DESC LIMIT :limit", **values)
    return page.newest_first([_pending(row) for row in rows])


async def scheduled_by_id(db: Reading, pending_id: int, *, author_id: int) -> Pending:
    """The author's own post that comes out at a time they chose, and is not out yet. Raises Missing."""
    row = await db.row(
        "SELECT " + COLUMNS + _SCHEDULED + " AND id = :pending_id", pending_id=pending_id, author_id=author_id
    )
    if row is None:
        raise Missing(str(pending_id))
    return _pending(row)


async def count_scheduled(db: Reading, author_id: int, *, since: int, until: int) -> tuple[int, int]:
    """How many of an author's come out at a time they chose: in all, and from ``since`` to before ``until``."""
    row = await db.row(
        "SELECT COUNT(*) AS total, COUNT(*) FILTER (WHERE due >= :since AND due < :until) AS that_day" + _SCHEDULED,
        author_id=author_id,
        since=since,
        until=until,
    )
    return (0, 0) if row is None else (row[0], row[1])


async def put_off(db: Writing, pending_id: int, *, author_id: int, due: int) -> bool:
    """Another time for the author's own post; False when it is out, or coming out just now."""
    changed = await db.run(
        """
        UPDATE pending SET due = :due
        WHERE id = :pending_id AND author_id = :author_id AND reason IN ('scheduled', 'held') AND due IS NOT NULL
          AND post_id IS NULL
        """,
        pending_id=pending_id,
        author_id=author_id,
        due=due,
    )
    return changed == 1


async def let_go(db: Writing, pending_id: int, *, soonest: int) -> int | None:
    """A guardian released it: when it comes out now, at the time its author chose or ``soonest``, whichever is later;
    None when it was not held."""
    row = await db.row(
        """
        UPDATE pending SET reason = CASE WHEN due > :soonest THEN 'scheduled' ELSE 'undo' END,
            due = CASE WHEN due > :soonest THEN due ELSE :soonest END
        WHERE id = :pending_id AND reason = 'held' AND post_id IS NULL RETURNING due
        """,
        pending_id=pending_id,
        soonest=soonest,
    )
    return None if row is None else row["due"]


async def give_back(db: Writing, pending_id: int, *, until: int) -> bool:
    """A guardian returned it: its author sees it until then; False when it was not held."""
    changed = await db.run(
        """
        UPDATE pending SET reason = 'returned', due = :until
        WHERE id = :pending_id AND reason = 'held' AND post_id IS NULL
        """,
        pending_id=pending_id,
        until=until,
    )
    return changed == 1


async def give_back_all(db: Writing, pending_ids: Collection[int], *, until: int) -> None:
    """As ``give_back``, for many."""
    await db.run(
        """
        UPDATE pending SET reason = 'returned', due = :until
        WHERE id IN (SELECT value FROM json_each(:ids)) AND reason = 'held' AND post_id IS NULL
        """,
        ids=listed(pending_ids),
        until=until,
    )


async def erase_returned(db: Writing, *, now: int) -> int:
    """Erase what was returned and whose time is over; how many went."""
    return await db.run("DELETE FROM pending WHERE reason = 'returned' AND due <= :now", now=now)


async def by_ids(db: Reading, ids: Collection[int]) -> dict[int, Pending]:
    """Posts that wait, for whoever reads them for the node."""
    rows = await db.rows(
        "SELECT " + COLUMNS + " FROM pending WHERE id IN (SELECT value FROM json_each(:ids))", ids=listed(ids)
    )
    return {one.id: one for one in map(_pending, rows)}


async def became(db: Writing, pending_id: int, post_id: int) -> None:
    """It is out as ``post_id``; its text is kept there alone, and who wrote it for another nowhere here."""
    await db.run(
        """
        UPDATE pending SET post_id = :post_id, payload = '', author_id = COALESCE(as_id, author_id), as_id = NULL
        WHERE id = :pending_id
        """,
        pending_id=pending_id,
        post_id=post_id,
    )


async def take_back(db: Writing, pending_id: int, *, author_id: int) -> Pending | None:
    """Its author takes it back before it is out; None when it is out, or was never."""
    row = await db.row(
        "DELETE FROM pending WHERE id = :pending_id AND author_id = :author_id AND post_id IS NULL RETURNING "
        + COLUMNS,
        pending_id=pending_id,
        author_id=author_id,
    )
    return None if row is None else _pending(row)


async def erase_all_of(db: Writing, author_id: int) -> None:
    """Erase what of an author's, or under their name, is not out, and what was remembered of the rest."""
    await db.run("DELETE FROM pending WHERE author_id = :author_id OR as_id = :author_id", author_id=author_id)


async def stop(db: Writing, author_id: int, *, as_id: int, until: int) -> None:
    """Let nothing more of an author's come out under a name; they see it until then."""
    await db.run(
        """
        UPDATE pending SET reason = 'returned', due = :until
        WHERE as_id = :as_id AND author_id = :author_id AND post_id IS NULL
        """,
        author_id=author_id,
        as_id=as_id,
        until=until,
    )
