"""Make what was deleted leave the files of a SQLite database too: the search index and the write-ahead log.

Ordinary tables are overwritten at once (``secure_delete``). FTS5 only notes that a text is gone; its words stay in the
index until the parts that hold them are merged. FTS5's own ``secure-delete`` would do without, but writes an index that
SQLite before 3.42 cannot change any more: a backup could not be restored on an older machine.
"""

from __future__ import annotations

import asyncio
import sqlite3
import time
from functools import partial

from storage.committing import Committer
from storage.database import Busy

MERGE = 100  # pages of the index in one step, 10 to 30 ms
SHARE = 0.1  # of the time is spent on merging: 5 s for an index of 100,000 posts
CHECKPOINTS = 10  # how often the log is asked for
PAUSE = 0.2  # seconds between
WAIT = 50  # milliseconds a checkpoint holds up writers while it waits for readers


async def scrub(committer: Committer) -> None:
    """Merge the index in small steps between others' transactions, then empty the log.

    Raises Busy, Unavailable when it could not be finished; the next call goes on.
    """
    await _merge(committer)
    for _ in range(CHECKPOINTS):
        if await committer.alone(_checkpoint):
            return
        await asyncio.sleep(PAUSE)
    raise Busy("not all is scrubbed: readers are using the log")


async def _merge(committer: Committer) -> None:
    """Bring all parts of the index into one, when something was taken out since the last time."""
    async with committer.transaction() as db:
        rows = await db.rows("SELECT max(id) FROM unscrubbed")
    if (seen := rows[0][0]) is None:
        return
    pages = -MERGE  # less than nothing: begin, with all there is
    going_on = True
    while going_on:
        begun = time.monotonic()
        async with committer.transaction() as db:
            going_on = await db.hop(partial(_merge_some, pages))
        await asyncio.sleep((time.monotonic() - begun) * (1 / SHARE - 1) if going_on else 0)
        pages = MERGE
    async with committer.transaction() as db:
        await db.run("DELETE FROM unscrubbed WHERE id <= :seen", seen=seen)


def _merge_some(pages: int, db: sqlite3.Connection) -> bool:
    """Whether there may be more to merge. https://www.sqlite.org/fts5.html#the_merge_command"""
    before = db.total_changes
    db.execute("INSERT INTO posts_search (posts_search, rank) VALUES ('merge', ?)", (pages,))
    return db.total_changes - before >= 2


def _checkpoint(db: sqlite3.Connection) -> bool:
    """Whether the log could be written to the database file and cut to nothing: no reader was using it."""
    (before,) = db.execute("PRAGMA busy_timeout").fetchall()[0]
    db.execute(f"PRAGMA busy_timeout = {WAIT}")
    try:
        refused = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()[0][0]
    finally:
        db.execute(f"PRAGMA busy_timeout = {before}")
    return not refused
