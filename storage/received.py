"""Activities taken in, by id: the same one twice is one. Bodies only while something must be fetched first."""

from __future__ import annotations

from dataclasses import dataclass

from storage.database import Reading, Writing

KEPT = 30 * 24 * 60 * 60 * 1000  # ms an activity's id is remembered


@dataclass(frozen=True, slots=True)
class Waiting:
    """An activity that was acknowledged and is still to be taken in."""

    uri: str
    actor_id: int | None
    arrived: int
    body: bytes


async def note(db: Writing, uri: str, *, actor_id: int | None, now: int, body: bytes | None = None) -> bool:
    """Remember an activity; False when it was here before. ``body`` when it cannot be taken in yet."""
    added = await db.run(
        """
        INSERT INTO received (uri, actor_id, arrived, body) VALUES (:uri, :actor_id, :now, :body) ON CONFLICT DO NOTHING
        """,
        uri=uri,
        actor_id=actor_id,
        now=now,
        body=body,
    )
    return added == 1


async def waiting(db: Reading, uri: str) -> Waiting | None:
    """The activity that is still to be taken in; None when it was."""
    row = await db.row(
        "SELECT uri, actor_id, arrived, body FROM received WHERE uri = :uri AND body IS NOT NULL", uri=uri
    )
    return None if row is None else Waiting(row["uri"], row["actor_id"], row["arrived"], row["body"])


async def done(db: Writing, uri: str) -> None:
    """Forget the body; the id stays."""
    await db.run("UPDATE received SET body = NULL WHERE uri = :uri", uri=uri)


async def prune(db: Writing, *, now: int, limit: int = 1000) -> int:
    """Forget ids older than ``KEPT``, and bodies that nobody took in until then; how many went."""
    return await db.run(
        """
        DELETE FROM received WHERE uri IN (
            SELECT uri FROM received WHERE arrived < :before ORDER BY arrived LIMIT :limit)
        """,
        before=now - KEPT,
        limit=limit,
    )
