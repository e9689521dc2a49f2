"""A member's archive: asked for on a page, gathered by a job, fetched within a week, gone then."""

from __future__ import annotations

import json
import secrets
from pathlib import Path

from node import sweeping
from node.context import Node
from node.errors import NotAllowed
from node.portability import gathering
from node.surfacing import letters
from node.surfacing.letters import Letter
from node.texts import _
from storage import actors, archives, jobs
from storage.actors import Actor
from storage.archives import Archive
from storage.database import Missing, Reading
from storage.jobs import Job, NewJob

GATHER = "gather"  # the kind of job


class Unwanted(Exception):
    """Nobody waits for the archive any more."""


async def ask(node: Node, member: Actor) -> None:
    """Have the archive gathered. Raises NotAllowed: it is being gathered, or was within the day."""
    file = f"{secrets.token_hex(16)}.zip"
    now = node.clock()
    async with node.database.writing() as db:
        if not await archives.ask(db, member.id, file, now=now):
            raise NotAllowed(_("You can ask for your data once a day."))
        payload = json.dumps({"member_id": member.id, "file": file})
        await jobs.add(db, NewJob(GATHER, payload=payload, host=f"member {member.id}", key=f"{GATHER} {file}"), now=now)
    node.database.signal(jobs.WAKE)


async def gather(node: Node, job: Job) -> None:
    """Write the archive; begun anew when it was broken off. Nothing when the account is gone meanwhile."""
    said = json.loads(job.payload)
    file: str = said["file"]
    path = node.archives / file

    async def come(done: int, total: int) -> None:
        async with node.database.writing() as db:
            if not await archives.come(db, file, done=done, total=total):
                raise Unwanted

    try:
        async with node.database.reading() as db:
            found, member = await archives.of(db, said["member_id"]), await actors.by_id(db, said["member_id"])
        if found is None or found.file != file or found.ready is not None:  # done before, too
            return
        size = await gathering.write(node, member, path, come)
        async with node.database.writing() as db:
            if not await archives.finish(db, file, size=size, now=node.clock()):
                raise Unwanted
            await letters.promise(db, node.config, Letter.ARCHIVE, member.id, now=node.clock())
    except (Unwanted, Missing):
        await sweeping.remove_archives(node)
        return
    node.database.signal(jobs.WAKE)


async def fetch(db: Reading, node: Node, member: Actor) -> tuple[Archive, Path]:
    """The archive that is ready, and where it is. Raises Missing."""
    found = await archives.of(db, member.id)
    if found is None or found.ready is None or found.ends <= node.clock():
        raise Missing("archive")
    return found, node.archives / found.file
