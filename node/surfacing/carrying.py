"""Members who follow somebody that moves go along: a job does some of them and promises the next."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from storage import jobs
from storage.database import Writing
from storage.jobs import NewJob

CARRY = "carry"  # the kind of job
FOLLOWERS, BLOCKERS = "followers", "blockers"  # who is looked at, one after the other


@dataclass(frozen=True, slots=True)
class Turn:
    """Whom to look at next."""

    actor_id: int  # who moved
    target_id: int
    whom: str = FOLLOWERS
    after: int = 0

    def written(self) -> str:
        """As a job has it."""
        return json.dumps(asdict(self))


def read(payload: str) -> Turn:
    """The turn of a job."""
    return Turn(**json.loads(payload))


async def promise(db: Writing, turn: Turn, *, now: int) -> None:
    """Have some looked at; one turn of a move at a time."""
    key = f"{CARRY} {turn.actor_id} {turn.target_id} {turn.whom} {turn.after}"
    new = NewJob(CARRY, payload=turn.written(), host=f"move of {turn.actor_id}", key=key)
    await jobs.add(db, new, now=now)
