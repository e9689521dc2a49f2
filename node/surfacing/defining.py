"""Who comes to a group from another server is told what it has counted until now; others hear of it as it is said."""

from __future__ import annotations

from federation.documents import shared as documents
from federation.documents.actors import GROUPS
from federation.happenings import Followed
from federation.outbox.promise import promise
from node.context import Node
from storage import shared
from storage.database import Writing


async def welcome(db: Writing, node: Node, happening: Followed) -> bool:
    """Tell them; whether there was anything to tell. No query but for who follows a group from elsewhere."""
    actor, group = happening.actor, happening.target
    if actor.here or not group.here or group.kind not in GROUPS:
        return False
    found = await shared.of(db, group.id, reader_id=group.id)
    for one in found:
        await promise(db, node.site, documents.add(one, group, actor), signer=group, inboxes=[actor.inbox])
    return bool(found)
