"""A month has no more highlights than are allowed, however many editors choose at the same time."""

from __future__ import annotations

from storage import highlights
from storage.database import Database, Writing
from storage.highlights import MOST
from storage.paging import Page
from tests.storage import making
from tests.storage.making import NOW
from tests.storage.test_invariants import AT_ONCE, at_once


async def test_twenty_who_choose_at_once_fill_a_month_and_no_more(database: Database) -> None:
    async with database.writing() as db:
        owner, editor = await making.actor(db, domain=""), await making.member(db)
        found = [await making.post(db, editor) for _ in range(AT_ONCE)]

    async def choose(db: Writing, n: int) -> bool:
        one = await highlights.choose(
            db, owner.id, found[n].id, "Read it", month="2026-11", editor_id=editor.id, now=NOW
        )
        return one is not None

    said = await at_once(database, choose)

    async with database.writing() as db:
        kept = await highlights.newest(db, owner.id, reader_id=0, page=Page())
    assert (said.count(True), len(kept), await _next(database, owner.id, found[0].id)) == (MOST, MOST, 1)


async def _next(database: Database, owner_id: int, post_id: int) -> int:
    """Highlights of the month after, in which one is chosen that is free."""
    async with database.writing() as db:
        await db.run("DELETE FROM highlights WHERE post_id = :post_id", post_id=post_id)
        await highlights.choose(db, owner_id, post_id, "Read it", month="2026-12", editor_id=owner_id, now=NOW)
        return await highlights.count(db, owner_id, "2026-12")
