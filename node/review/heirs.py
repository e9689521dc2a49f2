"""Tell members that what they tried or built on was taken back: by a private note each, in a job."""

from __future__ import annotations

import zlib

from node.context import Node
from node.review import notes
from node.surfacing.surface import Told, announce
from node.texts import _
from storage import actors, lineage, posts
from storage.jobs import Job

TOLD = 20  # members told in one transaction


async def tell(node: Node, job: Job) -> None:
    """Tell each of them once, with a link to their own."""
    uri, after = job.payload, 0
    while True:
        told: list[Told] = []
        async with node.database.writing() as db:
            some = await lineage.heirs_here(db, uri, after=after, limit=TOLD)
            if not some:
                return
            own = await posts.by_ids(db, [child_id for child_id, _author in some])
            here = await actors.by_ids(db, {author_id for _child, author_id in some})
            text = _("A post that you tried or built on was taken back. Please look whether yours still holds: %s")
            for child_id, author_id in some:
                key = f"gone {zlib.crc32(uri.encode()):08x} {child_id}"
                told += await notes.write(db, node, [here[author_id]], text % own[child_id].uri, key=key)
        announce(node, told)
        after = some[-1][0]
