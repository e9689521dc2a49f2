"""Consultations: polls that are answered in words too, and closed by a summary."""

from __future__ import annotations

from dataclasses import dataclass

from storage.database import Reading, Writing
from storage.notifications import UNMUTED
from storage.posts import VISIBLE
from storage.records import quick


@quick
@dataclass(frozen=True, slots=True)
class Consultation:
    """A post that consults. ``summary_id``: the post that says what came of it."""

    post_id: int
    summary_id: int | None


async def put(db: Writing, post_id: int) -> None:
    """Keep that a post consults; again is no error."""
    await db.run("INSERT INTO consultations (post_id) VALUES (:post_id) ON CONFLICT DO NOTHING", post_id=post_id)


async def one(db: Reading, post_id: int) -> Consultation | None:
    """The consultation of a post; None: it is none."""
    row = await db.row("SELECT post_id, summary_id FROM consultations WHERE post_id = :post_id", post_id=post_id)
    return None if row is None else Consultation(row["post_id"], row["summary_id"])


async def conclude(db: Writing, post_id: int, summary_id: int) -> bool:
    """This summary closes it; False when it is no consultation of the same author, or was closed by another."""
    changed = await db.run(
        """
        UPDATE consultations SET summary_id = :summary_id
        WHERE post_id = :post_id AND summary_id IS NULL
          AND (SELECT author_id FROM posts WHERE posts.id = :post_id)
            = (SELECT author_id FROM posts WHERE posts.id = :summary_id)
        """,
        post_id=post_id,
        summary_id=summary_id,
    )
    return changed == 1


async def voters(db: Reading, post_id: int) -> tuple[int, int]:
    """How many people of this node voted, and of others, as far as this node counted."""
    row = await db.row(
        """
        SELECT COUNT(*) FILTER (WHERE actors.domain = '') AS here,
            COUNT(*) FILTER (WHERE actors.domain <> '') AS elsewhere
        FROM poll_voters JOIN actors ON actors.id = poll_voters.actor_id WHERE poll_voters.post_id = :post_id
        """,
        post_id=post_id,
    )
    return (0, 0) if row is None else (row["here"], row["elsewhere"])


async def answerers_inboxes(db: Reading, post_id: int) -> list[str]:
    """Inboxes of those elsewhere who voted, or answered in words."""
    rows = await db.rows(
        """
        SELECT DISTINCT CASE WHEN actors.shared_inbox <> '' THEN actors.shared_inbox ELSE actors.inbox END AS inbox
        FROM actors WHERE actors.domain <> '' AND actors.inbox <> '' AND actors.id IN (
            SELECT actor_id FROM poll_voters WHERE post_id = :post_id
            UNION SELECT author_id FROM posts WHERE in_reply_to_id = :post_id)
        """,
        post_id=post_id,
    )
    return [row["inbox"] for row in rows]


async def tell(db: Writing, post_id: int, *, summary_id: int, actor_id: int, now: int) -> list[tuple[int, int]]:
    """Tell the members who voted or answered that the summary is out; notification and member of each."""
    rows = await db.rows(
        """
        INSERT INTO notifications (member_id, reason, actor_id, post_id, created)
        SELECT members.actor_id, 'summary', CAST(:actor_id AS BIGINT), CAST(:summary_id AS BIGINT),
            CAST(:now AS BIGINT)
        FROM members WHERE members.actor_id IN (
            SELECT actor_id FROM poll_voters WHERE post_id = :post_id
            UNION SELECT author_id FROM posts WHERE in_reply_to_id = :post_id)
          AND members.actor_id <> :actor_id AND """
        + UNMUTED
        + """
        ON CONFLICT DO NOTHING RETURNING id, member_id
        """,
        post_id=post_id,
        summary_id=summary_id,
        actor_id=actor_id,
        now=now,
    )
    return [(row["id"], row["member_id"]) for row in rows]


_FOUND = (
    """
    SELECT consultations.post_id FROM consultations JOIN posts ON posts.id = consultations.post_id
    WHERE consultations.post_id < :before AND posts.visibility = 'public' AND """
    + VISIBLE
)
# Asked for each, not joined: nobody reads all polls for a page of consultations.
_ENDS = "(SELECT polls.ends FROM polls WHERE polls.post_id = consultations.post_id)"
_NEWEST = " ORDER BY consultations.post_id DESC LIMIT :limit"


async def still_open(db: Reading, *, reader_id: int, now: int, before: int, limit: int) -> list[int]:
    """Public consultations that can be answered, newest first; their posts' ids."""
    rows = await db.rows(
        _FOUND + " AND " + _ENDS + " > :now" + _NEWEST,
        reader_id=reader_id, now=now, before=before, limit=limit,
    )  # fmt: skip
    return [row["post_id"] for row in rows]


async def without_summary(db: Reading, *, reader_id: int, now: int, before: int, limit: int) -> list[int]:
    """Those that are over, of which nobody said yet what came of them."""
    rows = await db.rows(
        _FOUND + " AND " + _ENDS + " <= :now AND consultations.summary_id IS NULL" + _NEWEST,
        reader_id=reader_id, now=now, before=before, limit=limit,
    )  # fmt: skip
    return [row["post_id"] for row in rows]


async def concluded(db: Reading, *, reader_id: int, before: int, limit: int) -> list[int]:
    """Those that have a summary."""
    rows = await db.rows(
        _FOUND + " AND consultations.summary_id IS NOT NULL" + _NEWEST,
        reader_id=reader_id, before=before, limit=limit,
    )  # fmt: skip
    return [row["post_id"] for row in rows]
