"""What guardians leave is not kept for ever: a post goes back to its author, and what went back is erased."""

from __future__ import annotations

import logging

from node import erasure
from node.context import Node
from node.review import notes
from node.sharing.standing import KEPT
from node.surfacing.surface import Told, announce
from node.texts import _
from storage import actors, audit, cases, pending
from storage.jobs import Job

log = logging.getLogger("sharewell.review")

PATIENCE = 30 * 24 * 60 * 60 * 1000  # ms that a post waits for a decision
SOME = 50  # posts in one transaction


async def sweep(node: Node, job: Job) -> None:
    """Give back what nobody decided on; erase what was given back a week ago, and what its author was told."""
    while await _give_back(node) == SOME:
        pass
    async with node.database.writing() as db:
        gone = await pending.erase_returned(db, now=node.clock())
        await cases.forget_reasons(db, before=node.clock() - KEPT)
        if gone:
            await erasure.promise(db, now=node.clock())


async def _give_back(node: Node) -> int:
    now = node.clock()
    reason = _("No guardian decided on it within 30 days. You can copy it and share it again.")
    told: list[Told] = []
    async with node.database.writing() as db:
        left = await cases.close_overdue(db, before=now - PATIENCE, reason=reason, limit=SOME, now=now)
        ids = [one.pending_id for one in left if one.pending_id is not None]
        await pending.give_back_all(db, ids, until=now + KEPT)
        for case in left:
            await audit.note(db, "case.overdue", f"case {case.id}", actor_id=None, now=now)
            await cases.unname(db, case.id)
        for author in (await actors.by_ids(db, {one.author_id for one in left})).values():
            words = _(
                "No guardian decided within 30 days on a post of yours. You can read and copy it for 7 days: {link}"
            )
            told += await notes.write(db, node, [author], words.format(link=f"{node.site.base_url}/#waiting"))
    if left:
        log.warning("posts waited 30 days for a guardian: count=%d", len(left))
    announce(node, told)
    return len(left)
