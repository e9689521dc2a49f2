"""Notes: what a member wrote down about somebody, for themselves alone."""

from __future__ import annotations

from collections.abc import Sequence

from storage.database import Reading, Writing, listed


async def put(db: Writing, *, member_id: int, target_id: int, text: str) -> None:
    """Keep a note instead of the one before; "": none."""
    if not text:
        await db.run(
            "DELETE FROM notes WHERE member_id = :member_id AND target_id = :target_id",
            member_id=member_id,
            target_id=target_id,
        )
        return
    await db.run(
        """
        INSERT INTO notes (member_id, target_id, text) VALUES (:member_id, :target_id, :text)
        ON CONFLICT (member_id, target_id) DO UPDATE SET text = excluded.text
        """,
        member_id=member_id,
        target_id=target_id,
        text=text,
    )


async def of(db: Reading, *, member_id: int, target_ids: Sequence[int]) -> dict[int, str]:
    """The member's notes about ``target_ids``, by target."""
    rows = await db.rows(
        """
        SELECT target_id, text FROM notes
        WHERE member_id = :member_id AND target_id IN (SELECT value FROM json_each(:target_ids))
        """,
        member_id=member_id,
        target_ids=listed(target_ids),
    )
    return {row["target_id"]: row["text"] for row in rows}


async def all_of(db: Reading, member_id: int, *, after: int, limit: int) -> list[tuple[int, str]]:
    """The member's notes about actors with ids above ``after``: actor and text."""
    rows = await db.rows(
        """
        SELECT target_id, text FROM notes
        WHERE member_id = :member_id AND target_id > :after ORDER BY target_id LIMIT :limit
        """,
        member_id=member_id,
        after=after,
        limit=limit,
    )
    return [(row["target_id"], row["text"]) for row in rows]
