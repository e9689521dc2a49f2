"""Ideas: how far each is, and which call for ideas it answers."""

from __future__ import annotations

import json

from storage.database import Reading, Value, Writing
from storage.kinds import Kind
from storage.mutes import UNMUTED
from storage.paging import Page
from storage.posts import VISIBLE, Post


async def keep(db: Writing, post: Post, *, was: Kind = Kind.PLAIN) -> None:
    """Keep what an idea says of itself; any other post costs no statement, unless it ``was`` an idea until now."""
    if was is Kind.IDEA and post.kind is not was:
        await db.run("DELETE FROM ideas WHERE post_id = :post_id", post_id=post.id)
    if post.kind is not Kind.IDEA or not post.fields:
        return
    said = json.loads(post.fields)
    await db.run(
        """
        INSERT INTO ideas (post_id, stage, call_uri) VALUES (:post_id, :stage, :call_uri)
        ON CONFLICT (post_id) DO UPDATE SET stage = excluded.stage, call_uri = excluded.call_uri
        """,
        post_id=post.id,
        stage=said.get("stage", "new"),
        call_uri=said.get("challenge", ""),
    )


_SEEN = (
    " AND ideas.post_id < :before AND ideas.post_id > :after AND posts.visibility = 'public' AND " + VISIBLE
    + " AND " + UNMUTED
)  # fmt: skip
_STAGE = "SELECT posts.id FROM ideas JOIN posts ON posts.id = ideas.post_id WHERE ideas.stage = :stage" + _SEEN
_CALL = (
    "SELECT posts.id FROM ideas JOIN posts ON posts.id = ideas.post_id"
    " WHERE ideas.call_uri = :call_uri AND ideas.call_uri <> ''" + _SEEN
)


async def at_stage(db: Reading, stage: str, *, reader_id: int, page: Page, now: int) -> list[int]:
    """Ids of the public ideas that are so far, newest first."""
    values: dict[str, Value] = {**_bounds(page, reader_id, now), "stage": stage}
    if page.rising:
        rows = await db.rows(_STAGE + " ORDER BY ideas.post_id LIMIT :limit", **values)
    else:
        rows = await db.rows(_STAGE + " ORDER BY ideas.post_id DESC LIMIT :limit", **values)
    return page.newest_first([row["id"] for row in rows])


async def answering(db: Reading, call_uri: str, *, reader_id: int, page: Page, now: int) -> list[int]:
    """Ids of the public ideas that answer a call, newest first."""
    values: dict[str, Value] = {**_bounds(page, reader_id, now), "call_uri": call_uri}
    if page.rising:
        rows = await db.rows(_CALL + " ORDER BY ideas.post_id LIMIT :limit", **values)
    else:
        rows = await db.rows(_CALL + " ORDER BY ideas.post_id DESC LIMIT :limit", **values)
    return page.newest_first([row["id"] for row in rows])


def _bounds(page: Page, reader_id: int, now: int) -> dict[str, Value]:
    return {"reader_id": reader_id, "before": page.before, "after": page.after, "limit": page.limit, "now": now}
