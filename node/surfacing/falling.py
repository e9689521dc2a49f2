"""Highlights of the month fall with their post: a job takes back what was said of one that is gone or not shown. What
is said of one whose author changed it names it as it is called now: another job."""

from __future__ import annotations

from collections.abc import Sequence

from federation.happenings import Edited, Erased, Happening, Left, Withheld
from storage import highlights, jobs
from storage.database import Reading, Writing
from storage.jobs import NewJob

END, SAY = "end-highlights", "say-highlight"  # the jobs; the second is about a post


async def notice(db: Writing, happenings: Sequence[Happening], *, now: int) -> bool:
    """Have highlights ended whose post this took away, and said anew whose post it changed; whether there are any."""
    found = [one for one in happenings if await _concerns(db, one)]
    for one in found:
        if isinstance(one, Edited):
            await jobs.add(db, NewJob(SAY, payload=str(one.post.id)), now=now)
    if any(not isinstance(one, Edited) or one.marked for one in found):
        await promise(db, now=now)
    return bool(found)


async def _concerns(db: Reading, happening: Happening) -> bool:
    """At most one query, none for what neither changes nor takes anything away."""
    match happening:
        case Erased() | Left():
            return await highlights.loose(db)
        case Edited(post=post) | Withheld(post=post):
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
