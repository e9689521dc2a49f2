"""Highlights of the month fall with their post: a job takes back what was said of one that is gone or not shown."""

from __future__ import annotations

from collections.abc import Sequence

from federation.happenings import Edited, Erased, Happening, Left, Withheld
from storage import highlights, jobs
from storage.database import Reading, Writing
from storage.jobs import NewJob

END = "end-highlights"  # the job


async def notice(db: Writing, happenings: Sequence[Happening], *, now: int) -> bool:
    """Have highlights ended whose post this took away; whether there are any."""
    for one in happenings:
        if await _fell(db, one):
            await promise(db, now=now)
            return True
    return False


async def _fell(db: Reading, happening: Happening) -> bool:
    """At most one query, none for what takes nothing away."""
    match happening:
        case Erased() | Left():
            return await highlights.loose(db)
        case Edited(post=post, marked=True) | Withheld(post=post):
            return await highlights.chosen(db, post.id)
        case _:
            return False


async def hidden(db: Writing, post_id: int, *, now: int) -> None:
    """The same, of a post that is hidden now."""
    if await highlights.chosen(db, post_id):
        await promise(db, now=now)


async def promise(db: Writing, *, now: int) -> None:
    """Have those ended whose post does not stand any more."""
    await jobs.add(db, NewJob(END), now=now)
