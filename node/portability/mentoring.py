"""A member's mentoring matches in their archive, with what the two wrote to each other."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from node.context import Node
from node.words import vocabulary
from storage import actors, check_ins, matches
from storage.actors import Actor
from storage.ids import LAST

SOME = 50  # matches read together


async def written(node: Node, member: Actor) -> AsyncIterator[list[dict[str, Any]]]:
    """The newest first, each with its notes."""
    before = LAST
    while True:
        async with node.database.reading(stale=True) as db:
            found = await matches.of(db, [member.id], before=before, limit=SOME)
            who = await actors.by_ids(db, {one for match in found for one in match.parties})
            notes = await check_ins.of_all(db, [one.id for one in found])
        if not found:
            return
        before = found[-1].id
        yield [
            {
                "mentor": who[one.mentor_id].uri, "mentee": who[one.mentee_id].uri, "state": one.state.value,
                "proposed": vocabulary.iso(one.proposed), "message": one.message, "goal": one.goal,
                "notes": [
                    {"by": who[note.author_id].uri, "what": note.sort.value, "day": note.day, "text": note.text}
                    for note in notes.get(one.id, [])
                ],
            }
            for one in found
        ]  # fmt: skip
