"""What was erased leaves the files too: a job, since it takes longer than a request may, and one of many erasures."""

from __future__ import annotations

from node import sweeping
from node.context import Node
from storage import jobs, tags
from storage.database import Writing
from storage.jobs import Job, NewJob

SCRUB = "scrub"
WINDOW = 5_000  # ms whose erasures are one job; it is due a window later, when each of them is committed


async def promise(db: Writing, *, now: int) -> None:
    """Have ``Database.scrub`` called soon; in the transaction that erases."""
    window = now // WINDOW
    await jobs.add(db, NewJob(SCRUB, key=f"{SCRUB} {window}", due=(window + 2) * WINDOW), now=now)


async def scrub(node: Node, job: Job) -> None:
    """Do it; files go first, and words that only erased posts had as hashtags."""
    await sweeping.remove_loose(node)
    await sweeping.remove_archives(node)
    async with node.database.writing() as db:
        await tags.prune(db)
    await node.database.scrub()
