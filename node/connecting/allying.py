"""Allied nodes: the actor of each follows the other's, which announces what its members share as safety notes."""

from __future__ import annotations

import logging

from federation.documents import activities
from federation.errors import Forbidden, Gone, Refused
from federation.fetching import nodes
from federation.outbox.promise import promise
from node.context import Node
from storage import actors, follows, jobs, peers
from storage.actors import Actor
from storage.allies import ALLY
from storage.database import Writing
from storage.jobs import Job
from storage.peers import Policy

log = logging.getLogger(__name__)
__all__ = ["ALLY", "settle"]
SOME = 10  # actors of one server that follow the node, or that it follows, parted with in one transaction


async def settle(node: Node, job: Job) -> None:
    """Follow the node of this host when it is allied now, else end what there was. Raises Unreachable."""
    host = job.payload
    async with node.database.reading() as db:
        known = await peers.by_host(db, host)
        me = await actors.by_uri(db, node.site.node_actor)
    if known is None or known.policy is not Policy.ALLIED:
        more = True
        while more:
            async with node.database.writing() as db:
                more = await _part(db, node, me, host)
            node.database.signal(jobs.WAKE)
        return
    try:
        other = await nodes.by_host(node.database, node.site, host)
    except (Refused, Forbidden, Gone) as error:
        log.warning("allied node has no actor to follow host=%s cause=%s", host, error)
        return
    async with node.database.writing() as db:
        await ask(db, node, me, other)
    node.database.signal(jobs.WAKE)


async def ask(db: Writing, node: Node, me: Actor, other: Actor) -> None:
    """Ask to follow an allied node, unless it let us already; again, since it may have refused before."""
    now = node.clock()
    before = await follows.between(db, follower_id=me.id, target_id=other.id)
    if before is not None and before.accepted is not None:
        return
    uri = f"{me.uri}#follows/{other.id}/{now}"
    await follows.ask(db, follower_id=me.id, target_id=other.id, uri=uri, now=now, accepted=None)
    await promise(db, node.site, activities.follow(me, other, uri), signer=me, inboxes=[other.inbox])


async def _part(db: Writing, node: Node, me: Actor, host: str) -> bool:
    """End some of what there is with the actors of a host; whether there was any."""
    followed, followers = await follows.with_domain(db, me.id, host, limit=SOME)
    for one in followed:
        ended = await follows.remove(db, follower_id=me.id, target_id=one.id)
        if ended is not None:
            said = activities.undo(me, activities.follow(me, one, ended.uri))
            await promise(db, node.site, said, signer=me, inboxes=[one.inbox])
    for one in followers:
        ended = await follows.remove(db, follower_id=one.id, target_id=me.id)
        if ended is not None:
            said = activities.reject(me, activities.follow(one, me, ended.uri))
            await promise(db, node.site, said, signer=me, inboxes=[one.inbox])
    return bool(followed or followers)
