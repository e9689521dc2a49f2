"""Audit: who did what. Append-only, no texts. It alone knows who wrote what came out under another name."""

from __future__ import annotations

from storage.database import Reading, Writing

WROTE = "post.as"  # a member wrote the post (subject: its uri) that another name stands over
PASSED = "case.passed"  # a guardian released what a member wrote so


async def note(db: Writing, action: str, subject: str, *, actor_id: int | None, now: int) -> None:
    """Write down that ``actor_id`` (None: the operator's command line, or the node by itself) did ``action`` to
    ``subject`` (a uri)."""
    await db.run(
        "INSERT INTO audit (at, actor_id, action, subject) VALUES (:now, :actor_id, :action, :subject)",
        now=now,
        actor_id=actor_id,
        action=action,
        subject=subject,
    )


async def wrote(db: Reading, actor_id: int, uri: str) -> bool:
    """Whether a member wrote a post that another name stands over."""
    row = await db.row(
        "SELECT 1 AS yes FROM audit WHERE actor_id = :actor_id AND action = 'post.as' AND subject = :uri LIMIT 1",
        actor_id=actor_id,
        uri=uri,
    )
    return row is not None
