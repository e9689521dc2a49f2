"""The collections of a member, for their archive."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from node.context import Node
from node.portability import tables
from storage import actors, collections
from storage.actors import Actor
from storage.paging import Page

MOST = 100  # more than a member may have


async def written(node: Node, member: Actor) -> AsyncIterator[list[dict[str, Any]]]:
    """Each with what it says and the addresses of who is in it."""
    async with node.database.reading(stale=True) as db:
        found = await collections.of(db, member.id, Page(limit=MOST), reader_id=member.id)
        placed = await collections.items(db, [one.id for one in found], reader_id=member.id)
        who = await actors.by_ids(db, {item.actor_id for some in placed.values() for item in some})
    yield [
        {
            "name": one.name, "description": one.description, "language": one.language, "hashtag": one.tag,
            "sensitive": one.sensitive is not None, "listed": one.discoverable is not None,
            "accounts": [tables.address(node, who[item.actor_id]) for item in placed.get(one.id, ())],
        }
        for one in found
    ]  # fmt: skip
