"""Hidden: posts that nobody but their author and guardians may see, since somebody may be recognised in them.

A hidden post has the visibility ``hidden`` in ``posts``, which every list, index and ``posts.VISIBLE`` leave out; a row
here says what it was. So no query has to know of this, and none can forget it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from storage.database import Reading, Row, Writing, listed
from storage.posts import Post, Visibility


@dataclass(frozen=True, slots=True)
class Hidden:
    """One post that is hidden."""

    post_id: int
    visibility: Visibility  # that it had, and has again when it is shown
    since: int
    unseen: int | None  # it was hidden as it came: nobody was told of it
    unsent: int | None  # it had not reached every server yet


COLUMNS = "post_id, visibility, since, unseen, unsent"


def _hidden(row: Row) -> Hidden:
    post_id, visibility, *rest = row
    return Hidden(post_id, Visibility(visibility), *rest)


async def hide(db: Writing, post_id: int, *, unseen: bool, now: int) -> bool:
    """Hide a post; False when it is hidden already, is a boost, or is gone."""
    new = await db.run(
        """
        INSERT INTO hidden (post_id, visibility, since, unseen)
        SELECT id, visibility, CAST(:now AS BIGINT), CAST(:unseen AS BIGINT) FROM posts
        WHERE id = :post_id AND boost_of_id IS NULL AND visibility <> 'hidden' ON CONFLICT DO NOTHING
        """,
        post_id=post_id,
        now=now,
        unseen=now if unseen else None,
    )
    if new == 0:
        return False
    await db.run("UPDATE posts SET visibility = 'hidden', changed = changed + 1 WHERE id = :post_id", post_id=post_id)
    return True


async def stopped(db: Writing, post_id: int, *, now: int) -> None:
    """Remember that not every server may have got a post of ours: it is promised anew when it is shown."""
    await db.run("UPDATE hidden SET unsent = :now WHERE post_id = :post_id", post_id=post_id, now=now)


async def show(db: Writing, post_id: int) -> Hidden | None:
    """Show a post to those who could see it before; None when it is not hidden."""
    row = await db.row("DELETE FROM hidden WHERE post_id = :post_id RETURNING " + COLUMNS, post_id=post_id)
    if row is None:
        return None
    shown = _hidden(row)
    await db.run(
        "UPDATE posts SET visibility = :visibility, changed = changed + 1 WHERE id = :post_id",
        post_id=post_id,
        visibility=shown.visibility.value,
    )
    return shown


async def one(db: Reading, post_id: int) -> Hidden | None:
    """What is known of a hidden post; None when it is not hidden."""
    return (await some(db, [post_id])).get(post_id)


async def some(db: Reading, post_ids: Collection[int]) -> dict[int, Hidden]:
    """Those of these posts that are hidden, by id."""
    rows = await db.rows(
        "SELECT " + COLUMNS + " FROM hidden WHERE post_id IN (SELECT value FROM json_each(:ids))", ids=listed(post_ids)
    )
    return {row["post_id"]: _hidden(row) for row in rows}


async def of(db: Reading, found: Mapping[int, Post]) -> dict[int, Hidden]:
    """Those of these posts that are hidden, by id. Without any that is no query."""
    ids = [post_id for post_id, one in found.items() if one.visibility is Visibility.HIDDEN]
    return await some(db, ids) if ids else {}


async def before(db: Reading, post: Post) -> Visibility:
    """Whom a post is for, or was before it was hidden."""
    found = await one(db, post.id) if post.visibility is Visibility.HIDDEN else None
    return post.visibility if found is None else found.visibility


async def public(db: Reading, post_id: int) -> bool:
    """Whether a post is hidden that everybody could read otherwise: they may know that it is there."""
    found = await one(db, post_id)
    return found is not None and found.visibility in (Visibility.PUBLIC, Visibility.UNLISTED)


async def forget_versions(db: Writing, post_id: int) -> None:
    """Erase what a post said before: it was never read, or found wanting."""
    await db.run("DELETE FROM edits WHERE post_id = :post_id", post_id=post_id)


async def kept(db: Reading, *, before: int, limit: int) -> list[int]:
    """Posts of other servers that were hidden before ``before`` and that guardians kept so, the oldest first."""
    rows = await db.rows(
        """
        SELECT hidden.post_id AS id FROM hidden JOIN posts ON posts.id = hidden.post_id
        WHERE hidden.since < :before AND posts.local IS NULL AND NOT EXISTS (
            SELECT 1 FROM cases WHERE cases.post_id = hidden.post_id AND cases.closed IS NULL)
        ORDER BY hidden.since LIMIT :limit
        """,
        before=before,
        limit=limit,
    )
    return [row["id"] for row in rows]
