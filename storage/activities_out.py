"""Activities on their way out: each body once, however many inboxes it goes to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from storage.database import Reading, Writing, listed

KEPT = 10 * 60 * 1000  # ms a body stays after it was promised, though no job needs it: the same promised twice is one


@dataclass(frozen=True, slots=True)
class Outgoing:
    """An activity with what is needed to sign it."""

    id: int
    uri: str
    object_uri: str
    signer_id: int
    signer_uri: str
    body: bytes
    key_uri: str
    private: str  # PEM
    recall_id: int | None = None  # what becomes of each inbox is noted there


async def add(
    db: Writing, *, uri: str, object_uri: str, signer_id: int, body: bytes, now: int, recall_id: int | None = None
) -> int | None:
    """Keep the body of an activity to be sent; its id, None when an activity of this uri is here already."""
    row = await db.row(
        """
        INSERT INTO activities_out (uri, object_uri, signer_id, body, created, recall_id)
        VALUES (:uri, :object_uri, :signer_id, :body, :now, :recall_id) ON CONFLICT DO NOTHING RETURNING id
        """,
        uri=uri,
        object_uri=object_uri,
        signer_id=signer_id,
        body=body,
        now=now,
        recall_id=recall_id,
    )
    return None if row is None else row["id"]


async def by_uri(db: Reading, uri: str) -> int | None:
    """The id of the activity with this uri, while it is here."""
    row = await db.row("SELECT id FROM activities_out WHERE uri = :uri", uri=uri)
    return None if row is None else row["id"]


async def by_ids(db: Reading, ids: Iterable[int]) -> list[Outgoing]:
    """Those of ``ids`` that are here and whose signer has an RSA key, in one query."""
    rows = await db.rows(
        """
        SELECT activities_out.id, activities_out.uri, activities_out.object_uri, activities_out.signer_id,
            actors.uri AS signer_uri, activities_out.body, keys.uri AS key_uri, keys.private,
            activities_out.recall_id
        FROM activities_out JOIN actors ON actors.id = activities_out.signer_id
        JOIN keys ON keys.actor_id = activities_out.signer_id
        WHERE activities_out.id IN (SELECT value FROM json_each(:ids)) AND keys.kind = 'rsa'
          AND keys.private IS NOT NULL
        ORDER BY activities_out.id, keys.id
        """,
        ids=listed(ids),
    )
    return [Outgoing(*row) for row in rows]


async def about(db: Reading, object_uri: str, *, signer_id: int) -> list[tuple[int, bytes]]:
    """Id and body of what ``signer_id`` has on its way about an object."""
    rows = await db.rows(
        """
        SELECT id, body FROM activities_out
        WHERE object_uri = :object_uri AND object_uri <> '' AND signer_id = :signer_id ORDER BY id
        """,
        object_uri=object_uri,
        signer_id=signer_id,
    )
    return [(row["id"], row["body"]) for row in rows]


async def cancel(db: Writing, object_uri: str) -> int:
    """Delete what is on its way about an object, and the jobs that would send it; how many activities went."""
    return await db.run(
        "DELETE FROM activities_out WHERE object_uri = :object_uri AND object_uri <> ''", object_uri=object_uri
    )


async def cancel_uri(db: Writing, uri: str, *, signer_id: int) -> int:
    """Delete one activity by its id, and the jobs that would send it; whether it was here (0 or 1)."""
    return await db.run(
        "DELETE FROM activities_out WHERE uri = :uri AND signer_id = :signer_id", uri=uri, signer_id=signer_id
    )


async def cancel_ids(db: Writing, ids: Iterable[int]) -> int:
    """Delete activities by our own ids, and the jobs that would send them; how many went."""
    return await db.run("DELETE FROM activities_out WHERE id IN (SELECT value FROM json_each(:ids))", ids=listed(ids))


async def cancel_about(db: Writing, object_uri: str, *, signer_id: int, kept: str) -> int:
    """Delete what an actor has on its way about an object, except the activity ``kept``; how many went."""
    return await db.run(
        """
        DELETE FROM activities_out
        WHERE object_uri = :object_uri AND object_uri <> '' AND signer_id = :signer_id AND uri <> :kept
        """,
        object_uri=object_uri,
        signer_id=signer_id,
        kept=kept,
    )


async def cancel_of(db: Writing, signer_id: int, *, kept: str) -> int:
    """Delete everything an actor has on its way, except the activity ``kept``; how many went."""
    return await db.run(
        "DELETE FROM activities_out WHERE signer_id = :signer_id AND uri <> :kept", signer_id=signer_id, kept=kept
    )


async def prune(db: Writing, *, now: int, limit: int = 1000) -> int:
    """Delete bodies that no job needs any more; how many went."""
    return await db.run(
        """
        DELETE FROM activities_out WHERE id IN (
            SELECT activities_out.id FROM activities_out
            WHERE activities_out.created < :before
              AND NOT EXISTS (SELECT 1 FROM jobs WHERE jobs.activity_id = activities_out.id)
            ORDER BY activities_out.id LIMIT :limit)
        """,
        before=now - KEPT,
        limit=limit,
    )
