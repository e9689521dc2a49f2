"""The measures of a member, for their archive."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import asdict
from typing import Any

from node.context import Node
from node.words import vocabulary
from storage import measures
from storage.actors import Actor
from storage.measures import MOST
from storage.paging import Page
from storage.series import dumped


async def written(node: Node, member: Actor) -> AsyncIterator[list[dict[str, Any]]]:
    """Each with its numbers, what happened when, and what was changed."""
    async with node.database.reading(stale=True) as db:
        found = await measures.of(db, member.id, Page(limit=MOST), reader_id=member.id)
        changes = await measures.changes_of(db, [one.id for one in found])
    yield [
        {
            **dumped(one.series),
            "open": one.opened is not None,
            "created": vocabulary.iso(one.created),
            "changes": [{**asdict(each), "made": vocabulary.iso(each.made)} for each in changes.get(one.id, ())],
        }
        for one in found
    ]
