"""Featured hashtags: those that a member shows on their page."""

from __future__ import annotations

from dataclasses import dataclass

from storage.database import Missing, Reading, Row, Writing
from storage.records import quick


@quick
@dataclass(frozen=True, slots=True)
class Featured:
    """One hashtag on a member's page, and how they used it in public."""

    id: int
    tag_id: int
    name: str
    posts: int
    last: int | None  # published, ms since 1970 UTC


# The member's posts under each hashtag are found among those of the member.
_USED = """
    FROM featured_tags JOIN tags ON tags.id = featured_tags.tag_id
    LEFT JOIN (
        SELECT post_tags.tag_id, COUNT(*) AS posts, MAX(posts.published) AS last
        FROM posts JOIN post_tags ON post_tags.post_id = posts.id
        WHERE posts.author_id = :member_id AND posts.visibility IN ('public', 'unlisted')
        GROUP BY post_tags.tag_id
    ) AS used ON used.tag_id = featured_tags.tag_id
    WHERE featured_tags.member_id = :member_id
"""
_COLUMNS = "SELECT featured_tags.id, tags.id AS tag_id, tags.name, COALESCE(used.posts, 0) AS posts, used.last"


def _featured(row: Row) -> Featured:
    return Featured(*row)


async def of(db: Reading, member_id: int) -> list[Featured]:
    """The hashtags on a member's page, most used first."""
    rows = await db.rows(_COLUMNS + _USED + " ORDER BY posts DESC, featured_tags.id", member_id=member_id)
    return [_featured(row) for row in rows]


async def by_tag(db: Reading, *, member_id: int, tag_id: int) -> Featured:
    """One hashtag on a member's page. Raises Missing."""
    row = await db.row(_COLUMNS + _USED + " AND tags.id = :tag_id", member_id=member_id, tag_id=tag_id)
    if row is None:
        raise Missing(str(tag_id))
    return _featured(row)


async def add(db: Writing, *, member_id: int, tag_id: int) -> bool:
    """Show a hashtag; False when it is shown already."""
    added = await db.run(
        "INSERT INTO featured_tags (member_id, tag_id) VALUES (:member_id, :tag_id) ON CONFLICT DO NOTHING",
        member_id=member_id,
        tag_id=tag_id,
    )
    return added == 1


async def remove(db: Writing, featured_id: int, *, member_id: int) -> bool:
    """Show it no longer; False when there is no such one of the member's."""
    removed = await db.run(
        "DELETE FROM featured_tags WHERE id = :featured_id AND member_id = :member_id",
        featured_id=featured_id,
        member_id=member_id,
    )
    return removed == 1


async def suggested(db: Reading, member_id: int, *, limit: int) -> list[tuple[int, str]]:
    """Hashtags the member uses most and does not show: id and name."""
    rows = await db.rows(
        """
        SELECT tags.id, tags.name FROM posts JOIN post_tags ON post_tags.post_id = posts.id
        JOIN tags ON tags.id = post_tags.tag_id
        WHERE posts.author_id = :member_id AND posts.visibility IN ('public', 'unlisted')
          AND NOT EXISTS (SELECT 1 FROM featured_tags
                          WHERE featured_tags.member_id = :member_id AND featured_tags.tag_id = tags.id)
        GROUP BY tags.id, tags.name ORDER BY COUNT(*) DESC, tags.id LIMIT :limit
        """,
        member_id=member_id,
        limit=limit,
    )
    return [(row["id"], row["name"]) for row in rows]
