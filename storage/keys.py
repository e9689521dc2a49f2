"""Keys of actors: which key proves whose requests, and the private halves of ours."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from storage import actors
from storage.actors import Actor
from storage.database import Missing, Reading, Row, Writing
from storage.records import quick


class KeyKind(StrEnum):
    """What sort of key."""

    RSA = "rsa"
    ED25519 = "ed25519"


@quick
@dataclass(frozen=True, slots=True)
class Key:
    """One key of one actor."""

    uri: str  # the keyId
    actor_id: int
    kind: KeyKind
    public: str  # PEM
    private: str | None  # PEM; None: not ours
    fetched: int


COLUMNS = "keys.uri, keys.actor_id, keys.kind, keys.public, keys.private, keys.fetched"


def _key(row: Row) -> Key:
    uri, actor_id, kind, public, private, fetched = list(row)[:6]
    return Key(uri, actor_id, KeyKind(kind), public, private, fetched)


async def put(db: Writing, key: Key) -> bool:
    """Keep a key, or its new value; False when another actor has a key of that id: nothing is changed."""
    changed = await db.run(
        """
        INSERT INTO keys (uri, actor_id, kind, public, private, fetched)
        VALUES (:uri, :actor_id, :kind, :public, :private, :fetched)
        ON CONFLICT (uri) DO UPDATE SET kind = excluded.kind, public = excluded.public, private = excluded.private,
            fetched = excluded.fetched
        WHERE keys.actor_id = excluded.actor_id
        """,
        uri=key.uri,
        actor_id=key.actor_id,
        kind=key.kind.value,
        public=key.public,
        private=key.private,
        fetched=key.fetched,
    )
    return changed == 1


async def owner(db: Reading, key_uri: str) -> tuple[Key, Actor]:
    """The key of this id and whose it is; one query. Raises Missing."""
    row = await db.row(_OWNER + " WHERE keys.uri = :key_uri", key_uri=key_uri)
    if row is None:
        raise Missing(key_uri)
    return _owned(row)


async def owner_unless_shut(db: Reading, key_uri: str, names: str) -> tuple[Key, Actor]:
    """The same, where none of ``names`` (of servers, as ``database.listed``) is suspended here. Raises Missing."""
    row = await db.row(
        _OWNER + """
        WHERE keys.uri = :key_uri AND NOT EXISTS (
            SELECT 1 FROM peers WHERE peers.policy = 'suspended'
                AND peers.host IN (SELECT value FROM json_each(:names)))
        """,
        key_uri=key_uri,
        names=names,
    )  # fmt: skip
    if row is None:
        raise Missing(key_uri)
    return _owned(row)


_OWNER = "SELECT " + actors.COLUMNS + ", " + COLUMNS + " FROM keys JOIN actors ON actors.id = keys.actor_id"


def _owned(row: Row) -> tuple[Key, Actor]:
    uri, actor_id, kind, public, private, fetched = list(row)[-6:]
    return Key(uri, actor_id, KeyKind(kind), public, private, fetched), actors.actor(row)


async def of(db: Reading, actor_id: int) -> list[Key]:
    """The keys of an actor, RSA first."""
    rows = await db.rows(
        "SELECT " + COLUMNS + " FROM keys WHERE actor_id = :actor_id ORDER BY kind DESC, id", actor_id=actor_id
    )
    return [_key(row) for row in rows]


async def drop_others(db: Writing, actor_id: int, *, kept: str) -> None:
    """Forget keys the actor no longer lists; ``kept`` as ``database.listed``."""
    await db.run(
        """
        DELETE FROM keys WHERE actor_id = :actor_id AND private IS NULL
          AND uri NOT IN (SELECT value FROM json_each(:kept))
        """,
        actor_id=actor_id,
        kept=kept,
    )
