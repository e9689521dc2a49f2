"""Full-text search over posts, newest first: ranking a common word would cost a scan of all that has it."""

from __future__ import annotations

from storage.database import Reading
from storage.mutes import UNMUTED
from storage.posts import VISIBLE

WORDS = 10  # of one search
WORD = 60  # characters of a word


def _words(query: str) -> list[str]:
    """The words of a search, without anything that a query language could mean."""
    kept = "".join(c if c.isalnum() else " " for c in query)
    return [word[:WORD] for word in kept.split()][:WORDS]


_SQLITE = (
    """
    SELECT posts.id FROM posts_search JOIN posts ON posts.id = posts_search.rowid
    WHERE posts_search MATCH :words AND posts_search.rowid < :before AND posts.boost_of_id IS NULL AND """
    + VISIBLE
    + " AND "
    + UNMUTED
    + " ORDER BY posts_search.rowid DESC LIMIT :limit"
)
_POSTGRES = (
    """
    SELECT posts.id FROM posts
    WHERE posts.words @@ to_tsquery('english', :words) AND posts.text <> '' AND posts.id < :before
      AND posts.boost_of_id IS NULL AND """
    + VISIBLE
    + " AND "
    + UNMUTED
    + " ORDER BY posts.id DESC LIMIT :limit"
)


async def posts(db: Reading, query: str, *, reader_id: int, now: int, before: int, limit: int) -> list[int]:
    """Ids of posts that have every word of ``query`` (the last may be the start of one), newest first.

    None of those whom the reader mutes at ``now`` (milliseconds since 1970 UTC).
    """
    words = _words(query)
    if not words:
        return []
    if db.dialect == "sqlite":
        text = " ".join(f'"{word}"' for word in words) + "*"
        rows = await db.rows(_SQLITE, words=text, reader_id=reader_id, now=now, before=before, limit=limit)
    else:
        text = " & ".join(f"'{word}'" for word in words) + ":*"
        rows = await db.rows(_POSTGRES, words=text, reader_id=reader_id, now=now, before=before, limit=limit)
    return [row["id"] for row in rows]
