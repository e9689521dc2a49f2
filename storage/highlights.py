"""Highlights of the month: public posts that editors, or those who lead a team or an alliance, chose, and why.

``owner_id`` says whose list one is in: the node's own actor for those of the node, else a team or an alliance of this
node. A row stays while its post does; what stands of it elsewhere (a note, a boost) is taken back before it goes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import LiteralString

from storage.database import Reading, Row, Writing
from storage.paging import Page
from storage.posts import VISIBLE
from storage.records import quick

MOST = 3  # of one list in a month
LENGTH = 500  # characters of a reason
SHOWN = 12  # of one month, or of one post, at once; more than there can be of one list
MONTHS = 60  # months that are linked
CHOSEN = 5_000  # of one editor; more than anybody chooses in a life
WITHDRAWN = '%"withdrawn":%'  # in the fields of a post that does not hold any more (``storage.marks``)


@quick
@dataclass(frozen=True, slots=True)
class Highlight:
    """One post in one list."""

    id: int
    owner_id: int
    month: str  # YYYY-MM
    post_id: int | None
    reason: str
    editor_id: int | None
    note_id: int | None
    boost_id: int | None
    chosen: int
    changed: int | None


_COLUMNS: LiteralString = (
    "highlights.id, highlights.owner_id, highlights.month, highlights.post_id, highlights.reason, highlights.editor_id,"
    " highlights.note_id, highlights.boost_id, highlights.chosen, highlights.changed"
)
# What may stand among highlights: public, seen by the reader, and not withdrawn.
_STANDS: LiteralString = (
    " posts.visibility = 'public' AND posts.boost_of_id IS NULL AND posts.fields NOT LIKE :withdrawn AND " + VISIBLE
)
_SHOWN: LiteralString = (
    "SELECT " + _COLUMNS + " FROM highlights JOIN posts ON posts.id = highlights.post_id WHERE " + _STANDS
)


def _highlight(row: Row) -> Highlight:
    return Highlight(*row)


async def _hold(db: Writing, owner_id: int) -> None:
    """One choice for a list after another: who counts next counts what the one before chose."""
    await db.run("UPDATE actors SET changed = changed WHERE id = :owner_id", owner_id=owner_id)


async def choose(
    db: Writing, owner_id: int, post_id: int, reason: str, *, month: str, editor_id: int, now: int
) -> Highlight | None:
    """Put a public post into a list; None when it cannot stand there, is in it, or the month is full."""
    await _hold(db, owner_id)
    row = await db.row(
        """
        INSERT INTO highlights (owner_id, month, post_id, reason, editor_id, chosen)
        SELECT CAST(:owner_id AS BIGINT), :month, posts.id, :reason, CAST(:editor_id AS BIGINT), CAST(:now AS BIGINT)
        FROM posts WHERE posts.id = :post_id
          AND (SELECT COUNT(*) FROM highlights AS kept WHERE kept.owner_id = :owner_id AND kept.month = :month) < :most
          AND """
        + _STANDS
        + " ON CONFLICT DO NOTHING RETURNING id",
        owner_id=owner_id,
        month=month,
        post_id=post_id,
        reason=reason,
        editor_id=editor_id,
        now=now,
        most=MOST,
        withdrawn=WITHDRAWN,
        reader_id=0,
    )
    return None if row is None else await _any(db, row["id"])


async def _any(db: Reading, id: int) -> Highlight | None:
    row = await db.row("SELECT " + _COLUMNS + " FROM highlights WHERE id = :id", id=id)
    return None if row is None else _highlight(row)


async def count(db: Reading, owner_id: int, month: str) -> int:
    """How many a list has of a month."""
    row = await db.row(
        "SELECT COUNT(*) AS n FROM highlights WHERE owner_id = :owner_id AND month = :month",
        owner_id=owner_id,
        month=month,
    )
    return 0 if row is None else row["n"]


async def one(db: Reading, id: int, *, reader_id: int) -> Highlight | None:
    """A highlight whose post the reader may see; None: there is none such."""
    row = await db.row(_SHOWN + " AND highlights.id = :id", id=id, reader_id=reader_id, withdrawn=WITHDRAWN)
    return None if row is None else _highlight(row)


async def of_post(db: Reading, post_id: int, *, reader_id: int) -> list[Highlight]:
    """In which lists a post is, those that had it first."""
    rows = await db.rows(
        _SHOWN + " AND highlights.post_id = :post_id ORDER BY highlights.id LIMIT :limit",
        post_id=post_id,
        reader_id=reader_id,
        withdrawn=WITHDRAWN,
        limit=SHOWN,
    )
    return [_highlight(row) for row in rows]


async def newest(db: Reading, owner_id: int, *, reader_id: int, page: Page) -> list[Highlight]:
    """Those of a list, the newest first."""
    rows = await db.rows(
        _SHOWN
        + " AND highlights.owner_id = :owner_id AND highlights.id < :before AND highlights.id > :after"
        + (" ORDER BY highlights.id LIMIT :limit" if page.rising else " ORDER BY highlights.id DESC LIMIT :limit"),
        owner_id=owner_id,
        before=page.before,
        after=page.after,
        limit=page.limit,
        reader_id=reader_id,
        withdrawn=WITHDRAWN,
    )
    return page.newest_first([_highlight(row) for row in rows])


async def of_month(db: Reading, owner_id: int, month: str, *, reader_id: int) -> list[Highlight]:
    """Those of a list and a month, the newest first."""
    rows = await db.rows(
        _SHOWN
        + " AND highlights.owner_id = :owner_id AND highlights.month = :month ORDER BY highlights.id DESC LIMIT :limit",
        owner_id=owner_id,
        month=month,
        limit=SHOWN,
        reader_id=reader_id,
        withdrawn=WITHDRAWN,
    )
    return [_highlight(row) for row in rows]


async def months(db: Reading, owner_id: int) -> list[str]:
    """The months of which a list has any, the newest first; at most ``MONTHS``."""
    rows = await db.rows(
        """
        SELECT highlights.month AS month FROM highlights WHERE highlights.owner_id = :owner_id
        GROUP BY highlights.month ORDER BY highlights.month DESC LIMIT :limit
        """,
        owner_id=owner_id,
        limit=MONTHS,
    )
    return [row["month"] for row in rows]


async def chosen_by(db: Reading, editor_id: int) -> list[tuple[Highlight, str]]:
    """What an editor chose or gave its words last, the oldest first, with the uris of the posts; at most ``CHOSEN``."""
    rows = await db.rows(
        "SELECT " + _COLUMNS + """, posts.uri FROM highlights JOIN posts ON posts.id = highlights.post_id
        WHERE highlights.editor_id = :editor_id LIMIT :limit
        """,
        editor_id=editor_id,
        limit=CHOSEN,
    )  # fmt: skip
    return sorted(((_highlight(list(row)[:-1]), row["uri"]) for row in rows), key=lambda one: one[0].id)


async def say(db: Writing, id: int, reason: str, *, editor_id: int, now: int) -> None:
    """Give a reason new words."""
    await db.run(
        "UPDATE highlights SET reason = :reason, editor_id = :editor_id, changed = :now WHERE id = :id",
        reason=reason,
        editor_id=editor_id,
        now=now,
        id=id,
    )


async def told(db: Writing, id: int, *, note_id: int, boost_id: int | None) -> None:
    """Remember what was said of it: the note, and the boost where the post was not passed on before."""
    await db.run(
        "UPDATE highlights SET note_id = :note_id, boost_id = :boost_id WHERE id = :id",
        note_id=note_id,
        boost_id=boost_id,
        id=id,
    )


async def remove(db: Writing, id: int) -> bool:
    """Take one out of its list; False when it was taken out before."""
    return await db.run("DELETE FROM highlights WHERE id = :id", id=id) == 1


async def forget_all_of(db: Writing, actor_id: int) -> None:
    """Forget the list of a team or an alliance, and what an editor chose for others as theirs; that stays chosen."""
    await db.run("DELETE FROM highlights WHERE owner_id = :actor_id", actor_id=actor_id)
    await db.run("UPDATE highlights SET editor_id = NULL WHERE editor_id = :actor_id", actor_id=actor_id)


async def fallen(db: Reading, *, limit: int) -> list[Highlight]:
    """Those whose post is gone, hidden, withdrawn or of a suspended account, the oldest first."""
    rows = await db.rows(
        "SELECT " + _COLUMNS + """ FROM highlights LEFT JOIN posts ON posts.id = highlights.post_id
        WHERE posts.id IS NULL OR NOT (""" + _STANDS + ") ORDER BY highlights.id LIMIT :limit",
        limit=limit,
        reader_id=0,
        withdrawn=WITHDRAWN,
    )  # fmt: skip
    return [_highlight(row) for row in rows]


async def loose(db: Reading) -> bool:
    """Whether the post of any is gone."""
    return await db.row("SELECT 1 AS yes FROM highlights WHERE post_id IS NULL LIMIT 1") is not None


async def chosen(db: Reading, post_id: int) -> bool:
    """Whether a post is in any list, whoever may see it."""
    return await db.row("SELECT 1 AS yes FROM highlights WHERE post_id = :post_id LIMIT 1", post_id=post_id) is not None


async def pinned_before(db: Reading, owner_id: int, *, keep: int) -> list[int]:
    """Posts of a list's notes that are pinned though ``keep`` newer ones are."""
    rows = await db.rows(
        """
        SELECT highlights.note_id AS note_id FROM highlights
        JOIN pins ON pins.post_id = highlights.note_id
        WHERE highlights.owner_id = :owner_id AND highlights.note_id IS NOT NULL
        ORDER BY highlights.id DESC LIMIT :limit
        """,
        owner_id=owner_id,
        limit=keep + MOST,
    )
    return [row["note_id"] for row in rows][keep:]
