"""Who comes into a group, and goes: a membership, and a follow, so that what the group passes on arrives."""

from __future__ import annotations

from federation.happenings import Accepted, Followed, Happening, Unfollowed
from storage import admissions, follows, teams
from storage.actors import Actor
from storage.admissions import Way
from storage.database import Writing


class Full(Exception):
    """As many are in the group as can be."""


async def admit(db: Writing, group: Actor, actor: Actor, *, now: int, uri: str = "") -> list[Happening]:
    """Let somebody be in a group; one of the two lives here. Whatever was asked between them is answered. ``uri``: of
    the Join that they came with; "": of the one that waits, if any. Raises Full."""
    asked = await admissions.between(db, group.id, actor.id)
    if not uri and asked is not None and asked.way is Way.ASKED:
        uri = asked.uri
    if not await teams.join(db, group.id, actor.id, now=now, uri=uri):
        raise Full
    for way in Way:
        await admissions.take(db, group.id, actor.id, way)
    uri = f"{actor.uri}#follows/{group.id}/{now}"
    before = await follows.between(db, follower_id=actor.id, target_id=group.id)
    if before is not None and before.accepted is not None:
        return []
    if before is None:
        await follows.ask(db, follower_id=actor.id, target_id=group.id, uri=uri, now=now, accepted=now)
    else:
        await follows.accept(db, follower_id=actor.id, target_id=group.id, now=now)
    return [Followed(actor, group) if group.here else Accepted(actor, group)]


async def part(db: Writing, group: Actor, actor: Actor) -> list[Happening] | None:
    """Let somebody be in a group no longer, nor wait to be; None: they are its only lead, and have to stay."""
    if await teams.place(db, group.id, actor.id) is not None and not await teams.leave(db, group.id, actor.id):
        return None
    for way in Way:
        await admissions.take(db, group.id, actor.id, way)
    ended = await follows.remove(db, follower_id=actor.id, target_id=group.id)
    return [] if ended is None else [Unfollowed(actor, group)]
