"""Whether something is still in place is asked once and answered once: 20 at once, on both databases."""

from __future__ import annotations

from collections import Counter

from storage import prompts
from storage.database import Database, Writing
from storage.kinds import Kind
from storage.prompts import Prompt, at_age
from tests.storage import making
from tests.storage.making import NOW
from tests.storage.test_invariants import AT_ONCE, at_once


async def test_of_twenty_at_once_one_asks_and_one_answers(database: Database) -> None:
    async with database.writing() as db:
        post = await making.post(db, await making.member(db), kind=Kind.CASE_STUDY, fields="{}")
        await prompts.keep(db, post)
        await prompts.keep(db, post)
    later = at_age(NOW, 3)

    async def ask(db: Writing, _n: int) -> int:
        taken = await prompts.take(db, await prompts.due(db, now=later, limit=5), now=later)
        await prompts.put(db, [Prompt(one.post_id, 3, later) for one in taken])
        return len(await prompts.tell(db, [one.post_id for one in taken], now=later))

    early = await database.read(lambda db: prompts.due(db, now=later - 1, limit=5))
    asked = await at_once(database, ask)
    answered = await at_once(database, lambda db, _n: prompts.answer(db, post.id, last=False))

    assert early == []
    assert Counter(asked) == {1: 1, 0: AT_ONCE - 1}
    assert Counter(answered) == {3: 1, 0: AT_ONCE - 1}


async def test_what_is_asked_again_is_a_new_notification_and_the_only_one(database: Database) -> None:
    async with database.writing() as db:
        post = await making.post(db, await making.member(db), kind=Kind.CASE_STUDY, fields="{}")
        await prompts.keep(db, post)
        first = await prompts.tell(db, [post.id], now=NOW)
        again = await prompts.tell(db, [post.id], now=NOW + 1)
        kept = await db.rows("SELECT id FROM notifications")

    assert first[0][0] < again[0][0]
    assert [row["id"] for row in kept] == [again[0][0]]


def test_ages_count_by_the_calendar() -> None:
    day = 24 * 60 * 60 * 1000
    last_of_august = 1_788_134_400_000  # 2026-08-31
    assert at_age(last_of_august, 6) == 1_803_772_800_000  # 2027-02-28
    assert at_age(last_of_august, 12) == last_of_august + 365 * day
