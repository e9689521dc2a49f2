"""Audit: who did what. Append-only, no texts."""

from __future__ import annotations

from storage.database import Writing


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
