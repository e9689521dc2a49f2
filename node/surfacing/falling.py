"""Highlights of the month fall with their post: a job takes back what was said of one that is gone or not shown."""

from __future__ import annotations

from federation.happenings import Edited, Erased, Left, Withheld
from storage import highlights, jobs
from storage.database import Writing
from storage.jobs import NewJob

END = "end-highlights"  # the job


async def notice(db: Writing, happening: Edited | Erased | Left | Withheld, *, now: int) -> bool:
    """Have highlights ended whose post this took away; whether there are any."""
    match happening:
        case Erased() | Left():
            fell = await highlights.loose(db)
        case Edited(post, marked=True) | Withheld(post):
            fell = await highlights.chosen(db, post.id)
        case _:
            return False
    if fell:
        await promise(db, now=now)
    return fell


async def hidden(db: Writing, post_id: int, *, now: int) -> None:
    """The same, of a post that is hidden now."""
    if await highlights.chosen(db, post_id):
        await promise(db, now=now)


async def promise(db: Writing, *, now: int) -> None:
    """Have those ended whose post does not stand any more."""
    await jobs.add(db, NewJob(END), now=now)
