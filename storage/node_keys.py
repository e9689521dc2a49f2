"""Keys of the node itself that speak for no actor, each made once."""

from __future__ import annotations

from storage.database import Reading, Writing

VAPID = "vapid"


async def add(db: Writing, name: str, private: str) -> bool:
    """Keep a key (PEM); False when there is one of this name, which stays."""
    added = await db.run(
        "INSERT INTO node_keys (name, private) VALUES (:name, :private) ON CONFLICT DO NOTHING",
        name=name,
        private=private,
    )
    return added == 1


async def by_name(db: Reading, name: str) -> str | None:
    """The key (PEM), if it was made."""
    row = await db.row("SELECT private FROM node_keys WHERE name = :name", name=name)
    return None if row is None else row["private"]
