"""Allies: what is to be done when a server becomes one, or is one no longer."""

from __future__ import annotations

from storage import jobs
from storage.database import Writing
from storage.jobs import NewJob

ALLY = "ally"  # the job


async def promise(db: Writing, host: str, *, now: int) -> None:
    """Have the node follow the other's actor, or end it, as is decided by then."""
    await jobs.add(db, NewJob(ALLY, payload=host, host=host, key=f"{ALLY} {host} {now}"), now=now)
