"""Questions: the newest, and the queue of those that nobody has answered for two days."""

from __future__ import annotations

from storage.database import Reading, Value
from storage.mutes import UNMUTED
from storage.paging import Page
from storage.posts import VISIBLE

PATIENCE = 48 * 60 * 60 * 1000  # ms without a reply, after which a question is in the queue

_UNANSWERED = (
    "SELECT posts.id FROM posts WHERE posts.kind = 'question' AND posts.visibility = 'public'"
    " AND posts.replies_count = 0 AND posts.id < :before AND posts.published <= :since AND "
    + VISIBLE + " AND " + UNMUTED + " ORDER BY posts.id DESC LIMIT :limit"
)  # fmt: skip
_NEWEST = (
    "SELECT posts.id FROM posts WHERE posts.kind = 'question' AND posts.kind <> 'plain'"
    " AND posts.visibility = 'public' AND posts.id < :before AND "
    + VISIBLE + " AND " + UNMUTED + " ORDER BY posts.id DESC LIMIT :limit"
)  # fmt: skip


async def newest(db: Reading, *, unanswered: bool, reader_id: int, page: Page, now: int) -> list[int]:
    """Ids of public questions, newest first; ``unanswered``: those that had no reply for two days."""
    values: dict[str, Value] = {"before": page.before, "limit": page.limit, "reader_id": reader_id, "now": now}
    if unanswered:
        rows = await db.rows(_UNANSWERED, since=now - PATIENCE, **values)
    else:
        rows = await db.rows(_NEWEST, **values)
    return [row[0] for row in rows]
