"""Ask other servers what builds on posts of theirs that members here look at: in jobs, seldom, and never too much."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from federation.errors import FederationError
from federation.fetching import lineage as asking
from federation.fetching import posts as fetching
from node.context import Node
from node.streams import EDITED
from node.surfacing import growing
from node.surfacing.surface import Told, announce, surface
from storage import jobs, lineage, posts
from storage.database import Missing, Reading
from storage.jobs import Job
from storage.lineage import PARENTS
from storage.posts import Post

STALE = 30 * 60 * 1000  # ms after which a server is asked anew
AT_ONCE = 5  # posts that one look at a page has other servers asked about
FETCHED = 20  # posts that one answer has us fetch
DEPTH = 2  # answers that lead from one to the next

log = logging.getLogger(__name__)


async def due(db: Reading, node: Node, post_ids: Sequence[int]) -> list[int]:
    """Those of these posts whose servers may be asked again."""
    return await lineage.stale(db, post_ids, before=node.clock() - STALE, limit=AT_ONCE)


async def promise(node: Node, post_ids: Sequence[int], depth: int = 0) -> None:
    """Have the servers of these posts asked, unless they were just now."""
    if not post_ids:
        return
    now = node.clock()
    async with node.database.writing() as db:
        for post in (await posts.by_ids(db, post_ids)).values():
            wanted = post.local is None and post.kind in PARENTS and post.public
            if wanted and await lineage.look(db, post.id, now=now, before=now - STALE):
                await growing.look(db, post, depth, now=now)
    node.database.signal(jobs.WAKE)


async def look(node: Node, job: Job) -> None:
    """Ask the server of a post what builds on it, and fetch what is not here. What does not answer waits for the next
    time somebody looks."""
    post_id, _, depth = job.payload.partition(" ")
    try:
        post = await node.database.read(lambda db: posts.any_by_id(db, int(post_id)))
        said = await asking.ask(node.database, node.site, post.uri)
    except (Missing, FederationError) as error:
        log.info("lineage not asked for post=%s cause=%s", post_id, error)
        return
    found = await _children(node, post, said.children)
    async with node.database.writing() as db:
        await lineage.told(db, post.id, said.counts)
        await posts.touch(db, post.id)
    announce(node, [Told(EDITED, post.id)])
    if int(depth or 0) + 1 < DEPTH and found:
        further = await node.database.read(lambda db: due(db, node, found))
        if further:
            await promise(node, further, int(depth or 0) + 1)


async def _children(node: Node, parent: Post, uris: Sequence[str]) -> list[int]:
    """Ids of those of these posts that are here now; each says itself what it builds on."""
    known = await node.database.read(lambda db: lineage.here(db, uris))
    found = [known[uri] for uri in uris if uri in known]
    new = [uri for uri in uris if uri not in known and not node.site.ours(uri)]
    for uri in new[:FETCHED]:
        try:
            post, happenings = await fetching.by_uri(node.database, node.site, uri)
        except FederationError as error:
            log.info("not fetched child=%s of=%s cause=%s", uri, parent.uri, error)
            continue
        async with node.database.writing() as db:
            told = await surface(db, node, happenings)
        announce(node, told)
        found.append(post.id)
    return found
