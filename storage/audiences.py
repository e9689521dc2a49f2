"""Audiences: the inboxes and servers that each post of this node went to."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import orjson

from storage.database import Reading, Writing

FRESH = 60 * 60 * 1000  # ms that ``used`` may be behind
KEPT = 24 * FRESH  # ms that a set stays which no post went to: longer than any transaction that may still name it
ASKERS = 500  # servers of which we know no key that are remembered of one post


@dataclass(frozen=True, slots=True)
class Fetch:
    """A server that asked for a post, and the key it named."""

    post_id: int
    host: str
    key_uri: str


async def note(db: Writing, post_id: int, inboxes: Iterable[str], *, now: int) -> None:
    """Remember that a post goes to these inboxes: one statement where another went there within the hour."""
    kept = orjson.dumps(sorted(set(inboxes)))
    digest = hashlib.blake2b(kept, digest_size=16).hexdigest()
    added = await db.run(
        """
        INSERT INTO post_audiences (post_id, audience_id)
        SELECT CAST(:post_id AS BIGINT), id FROM audiences WHERE digest = :digest AND used > :fresh
        ON CONFLICT (post_id, audience_id) DO UPDATE SET audience_id = excluded.audience_id
        """,
        post_id=post_id,
        digest=digest,
        fresh=now - FRESH,
    )
    if added:
        return
    # The row is locked by its update: pruning, which looks at ``used``, cannot take it away meanwhile.
    row = await db.row(
        """
        INSERT INTO audiences (digest, inboxes, used) VALUES (:digest, :inboxes, :now)
        ON CONFLICT (digest) DO UPDATE SET used = excluded.used RETURNING id
        """,
        digest=digest,
        inboxes=kept.decode(),
        now=now,
    )
    await db.run(
        """
        INSERT INTO post_audiences (post_id, audience_id) VALUES (:post_id, :audience_id)
        ON CONFLICT DO NOTHING
        """,
        post_id=post_id,
        audience_id=0 if row is None else row["id"],
    )


async def of(db: Reading, post_id: int) -> list[str]:
    """Every inbox that a post was promised to."""
    rows = await db.rows(
        """
        SELECT audiences.inboxes FROM post_audiences JOIN audiences ON audiences.id = post_audiences.audience_id
        WHERE post_audiences.post_id = :post_id
        """,
        post_id=post_id,
    )
    return list(dict.fromkeys(inbox for row in rows for inbox in orjson.loads(row["inboxes"])))


async def of_author(db: Reading, author_id: int) -> list[str]:
    """Every inbox that any post of an author was promised to."""
    rows = await db.rows(
        """
        SELECT audiences.inboxes FROM audiences WHERE audiences.id IN (
            SELECT post_audiences.audience_id FROM posts JOIN post_audiences ON post_audiences.post_id = posts.id
            WHERE posts.author_id = :author_id)
        """,
        author_id=author_id,
    )
    return list(dict.fromkeys(inbox for row in rows for inbox in orjson.loads(row["inboxes"])))


async def prune(db: Writing, *, now: int, limit: int = 1000) -> int:
    """Forget sets that no post went to any more; how many."""
    return await db.run(
        """
        DELETE FROM audiences WHERE used < :before AND id IN (
            SELECT audiences.id FROM audiences
            WHERE audiences.used < :before
              AND NOT EXISTS (SELECT 1 FROM post_audiences WHERE post_audiences.audience_id = audiences.id)
            ORDER BY audiences.used LIMIT :limit)
        """,
        before=now - KEPT,
        limit=limit,
    )


async def note_fetches(db: Writing, fetches: Sequence[Fetch]) -> None:
    """Remember who asked for posts that are here. Servers of which we know no key are so many at most: anybody can
    claim to be one."""
    await db.many(
        """
        INSERT INTO post_fetchers (post_id, host, key_uri)
        SELECT posts.id, :host, :key_uri FROM posts
        WHERE posts.id = :post_id AND posts.local IS NOT NULL
          AND (EXISTS (SELECT 1 FROM keys WHERE keys.uri = :key_uri)
               OR (SELECT COUNT(*) FROM post_fetchers AS others WHERE others.post_id = :post_id) < :most)
        ON CONFLICT (post_id, host) DO UPDATE SET key_uri = excluded.key_uri
        """,
        [{"post_id": one.post_id, "host": one.host, "key_uri": one.key_uri, "most": ASKERS} for one in fetches],
    )


async def fetchers(db: Reading, post_id: int) -> list[tuple[Fetch, str]]:
    """Who asked for a post, each with the inbox of the key's owner: "" where that is not known."""
    rows = await db.rows(
        """
        SELECT post_fetchers.host, post_fetchers.key_uri, COALESCE(NULLIF(actors.shared_inbox, ''), actors.inbox, '')
            AS inbox
        FROM post_fetchers LEFT JOIN keys ON keys.uri = post_fetchers.key_uri
        LEFT JOIN actors ON actors.id = keys.actor_id
        WHERE post_fetchers.post_id = :post_id
        """,
        post_id=post_id,
    )
    return [(Fetch(post_id, row["host"], row["key_uri"]), row["inbox"]) for row in rows]
