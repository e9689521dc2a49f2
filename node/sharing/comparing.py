"""Numbers against a shared measure of a group are shared with the group: it is named, so that they reach it."""

from __future__ import annotations

from storage import actors, shared
from storage.actors import Actor
from storage.database import Reading
from storage.posts import Visibility
from storage.shapes.common import Shape


async def groups(db: Reading, me: Actor, structured: Shape | None, visibility: Visibility) -> dict[int, Actor]:
    """The groups against whose shared measures a post shows numbers, by id; no query where it shows none. What is for
    few goes to nobody whom its author did not name."""
    copies = getattr(structured, "measures", ())
    uris = {one["shared"] for one in copies if one.get("shared")}
    if not uris or visibility not in (Visibility.PUBLIC, Visibility.UNLISTED):
        return {}
    found = await shared.by_uris(db, uris, reader_id=me.id)
    open = {one.group_id for one in found.values() if one.private is None}
    known = await actors.by_ids(db, open) if open else {}
    return {id: one for id, one in known.items() if one.gone is None and id != me.id}
