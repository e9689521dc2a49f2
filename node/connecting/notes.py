"""What a member notes about others: a text for themselves alone; that somebody is worth following, for everyone."""

from __future__ import annotations

from node import text as texts
from node.context import Node
from node.errors import Invalid
from node.surfacing.surface import Told
from node.texts import _
from storage import endorsements, follows, notes
from storage.actors import Actor
from storage.database import Writing

LENGTH = 2_000  # characters of a note


async def note(db: Writing, member: Actor, target: Actor, text: str) -> list[Told]:
    """Write down something about somebody, for oneself alone; "": nothing any more. Raises Invalid."""
    text = texts.clean(text)
    if len(text) > LENGTH:
        raise Invalid(_("At most %s characters.") % LENGTH, field="comment")
    await notes.put(db, member_id=member.id, target_id=target.id, text=text)
    return []


async def endorse(db: Writing, node: Node, member: Actor, target: Actor) -> list[Told]:
    """Show somebody the member follows on their page. Raises Invalid."""
    follow = await follows.between(db, follower_id=member.id, target_id=target.id)
    if follow is None or follow.accepted is None:
        raise Invalid(_("You can recommend only whom you follow."))
    await endorsements.add(db, member_id=member.id, target_id=target.id)
    return []


async def unendorse(db: Writing, node: Node, member: Actor, target: Actor) -> list[Told]:
    """Show them there no longer."""
    await endorsements.remove(db, member_id=member.id, target_id=target.id)
    return []
