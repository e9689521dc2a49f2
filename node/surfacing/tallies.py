"""When the counts of a poll are told, and its end: a job each, promised with what makes it due."""

from __future__ import annotations

from storage import jobs, polls
from storage.database import Writing
from storage.jobs import NewJob

TALLY = "poll-tally"  # the job that tells how a poll of ours stands
END = "poll-end"  # the job that tells that a poll is over
WINDOW = 60_000  # ms whose votes are told together
LATE = 10_000  # ms that a vote of the window may need until it is committed


async def promise(db: Writing, post_id: int, *, now: int) -> None:
    """Have the counts told soon, in one with the other votes of this minute."""
    window = now // WINDOW
    due = (window + 1) * WINDOW + LATE
    await jobs.add(db, NewJob(TALLY, payload=str(post_id), key=f"{TALLY} {post_id} {window}", due=due), now=now)


async def promise_end(db: Writing, post_id: int, ends: int | None, *, now: int) -> None:
    """Have the end told when it comes."""
    if ends is not None:
        await jobs.add(db, NewJob(END, payload=str(post_id), key=f"{END} {post_id} {ends}", due=ends + 1), now=now)


async def promise_early_end(db: Writing, post_id: int, *, now: int) -> None:
    """Have the end of a poll elsewhere told that its server closed before the time that was known here."""
    poll = await polls.one(db, post_id)
    if poll is not None and poll.closed is None and poll.over(now):
        await promise_end(db, post_id, poll.ends, now=now)
