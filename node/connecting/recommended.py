"""Collections of other servers, read at their own id when these tell of them."""

from __future__ import annotations

import logging

from federation.errors import Forbidden, Gone, Refused
from federation.fetching import featuring
from federation.happenings import Collected
from node.context import Node
from node.surfacing.surface import announce, surface
from storage import actors, collections
from storage.collections import State
from storage.database import Missing
from storage.jobs import Job

log = logging.getLogger(__name__)


async def read(node: Node, job: Job) -> None:
    """Read the collection of this id, and who agreed to be in it; members in it are told what changed. Raises
    Unreachable."""
    try:
        found = await featuring.collection(node.database, node.site, job.payload)
    except Gone:
        await _forget(node, job.payload)
        return
    except (Refused, Forbidden) as error:
        log.info("collection not read uri=%s cause=%s", job.payload, error)
        return
    if found.changed:
        async with node.database.writing() as db:
            placed = await collections.every(db, found.kept.id)
            who = await actors.by_ids(db, [one.actor_id for one in placed if one.state is State.ACCEPTED])
            ours = [one.id for one in who.values() if one.here]
            told = await surface(db, node, [Collected(found.owner, found.kept, ours, changed=True)])
        announce(node, told)
    await featuring.items(node.database, node.site, found)


async def _forget(node: Node, uri: str) -> None:
    async with node.database.writing() as db:
        try:
            kept = await collections.by_uri(db, uri)
        except Missing:
            return
        if not kept.here:
            await collections.remove(db, kept.id)
