"""Who comes to an event: no more than there is room, in the order of asking, whoever asks and leaves at once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from storage import attendance, consultations, events, polls
from storage.actors import Actor
from storage.attendance import State
from storage.database import Database, Writing
from storage.events import Event, Place
from storage.ids import LAST
from storage.kinds import Kind
from storage.polls import Option, Poll
from storage.posts import Post, Visibility
from tests.storage import making
from tests.storage.making import NOW
from tests.storage.test_invariants import AT_ONCE, at_once

DAY = 24 * 60 * 60 * 1000


async def an_event(db: Writing, author: Actor, *, starts: int = NOW + 2 * DAY, **more: Any) -> Post:
    post = await making.post(db, author, type="Event", kind=Kind.EVENT)
    await events.put(db, Event(post.id, starts, starts + 60_000, **more))
    return post


async def test_no_more_than_there_is_room_come_of_twenty_who_ask_at_once(database: Database) -> None:
    async with database.writing() as db:
        post = await an_event(db, await making.member(db), capacity=3)
        people = [await making.actor(db) for _ in range(AT_ONCE)]

    said = await at_once(database, lambda db, n: attendance.join(db, post.id, actor_id=people[n].id, now=NOW))

    assert sorted(said, key=str).count((State.JOINED, True)) == 3
    async with database.writing() as db:
        found = await events.one(db, post.id)
        waiting = await attendance.of(db, post.id, State.WAITING, after=0, limit=40)
        coming = await attendance.of(db, post.id, State.JOINED, after=0, limit=40)
    assert found is not None and (found.joined, found.waiting) == (3, AT_ONCE - 3)
    assert max(one.id for one in coming) < min(one.id for one in waiting)


async def test_nobody_waits_for_a_place_that_was_left_while_they_asked(database: Database) -> None:
    half = AT_ONCE // 2
    async with database.writing() as db:
        post = await an_event(db, await making.member(db), capacity=half)
        people = [await making.actor(db) for _ in range(AT_ONCE)]
        for one in people[:half]:
            await attendance.join(db, post.id, actor_id=one.id, now=NOW)

    async def act(db: Writing, n: int) -> None:
        if n < half:
            await attendance.leave(db, post.id, actor_id=people[n].id)
            await attendance.settle(db, post.id)
        else:
            await attendance.join(db, post.id, actor_id=people[n].id, now=NOW)

    await at_once(database, act)

    async with database.writing() as db:
        found = await events.one(db, post.id)
    assert found is not None and (found.joined, found.waiting) == (half, 0)


async def test_one_who_asks_twice_has_one_place(database: Database) -> None:
    async with database.writing() as db:
        post = await an_event(db, await making.member(db))
        eve = await making.actor(db)

    said = await at_once(database, lambda db, n: attendance.join(db, post.id, actor_id=eve.id, now=NOW))

    assert sorted(said, key=str) == [(State.JOINED, False)] * (AT_ONCE - 1) + [(State.JOINED, True)]


async def test_a_free_place_goes_to_who_asked_first(database: Database) -> None:
    async with database.writing() as db:
        post = await an_event(db, await making.member(db), capacity=1)
        first, second, third = [await making.actor(db) for _ in range(3)]
        for one in (first, second, third):
            await attendance.join(db, post.id, actor_id=one.id, now=NOW)

        left = await attendance.leave(db, post.id, actor_id=first.id)
        promoted = await attendance.settle(db, post.id)
        await events.put(db, Event(post.id, NOW + DAY, NOW + 2 * DAY, capacity=2))
        more = await attendance.settle(db, post.id)

    assert left is not None and left.state is State.JOINED
    assert [one.actor_id for one in promoted] == [second.id]
    assert [one.actor_id for one in more] == [third.id]


async def test_nobody_joins_what_is_over_or_does_not_take_place(database: Database) -> None:
    async with database.writing() as db:
        me, eve = await making.member(db), await making.actor(db)
        over = await an_event(db, me, starts=NOW - DAY)
        off = await an_event(db, me, cancelled=NOW)

        said = [await attendance.join(db, one.id, actor_id=eve.id, now=NOW) for one in (over, off)]

    assert said == [(None, False), (None, False)]


async def test_who_is_erased_leaves_a_place_that_is_given_on(database: Database) -> None:
    async with database.writing() as db:
        post = await an_event(db, await making.member(db), capacity=1)
        eve, una = await making.actor(db), await making.actor(db)
        for one in (eve, una):
            await attendance.join(db, post.id, actor_id=one.id, now=NOW)

        await attendance.forget_all_of(db, eve.id)

        assert await attendance.unsettled(db, now=NOW, limit=10) == [post.id]
        assert [one.actor_id for one in await attendance.settle(db, post.id)] == [una.id]
        assert await attendance.unsettled(db, now=NOW, limit=10) == []


async def test_members_are_reminded_once_a_day_before(database: Database) -> None:
    async with database.writing() as db:
        me, eve = await making.member(db), await making.member(db)
        post = await an_event(db, me)
        soon = await an_event(db, me, starts=NOW + DAY // 2)
        await attendance.join(db, post.id, actor_id=eve.id, now=NOW)
        await attendance.join(db, soon.id, actor_id=eve.id, now=NOW)
        early = await attendance.remind(db, now=NOW, until=NOW + DAY, limit=10)

    said = await at_once(
        database, lambda db, n: attendance.remind(db, now=NOW + DAY + 1, until=NOW + 2 * DAY + 1, limit=10)
    )

    assert early == []
    assert [(one.member_id, one.post_id) for some in said for one in some] == [(eve.id, post.id)]  # type: ignore[attr-defined]


async def test_events_come_in_the_order_of_their_time_page_by_page(database: Database) -> None:
    async with database.writing() as db:
        me = await making.member(db)
        times = [NOW + 3 * DAY, NOW + DAY, NOW - DAY, NOW + 2 * DAY, NOW - 3 * DAY]
        made = {one: (await an_event(db, me, starts=one)).id for one in times}
        private = await making.post(db, me, type="Event", kind=Kind.EVENT, visibility=Visibility.PRIVATE)
        await events.put(db, Event(private.id, NOW + DAY, NOW + 2 * DAY))

    async with database.reading() as db:
        first = await events.coming(db, reader_id=0, now=NOW, after=None, limit=2)
        last = Place(first[-1].starts, first[-1].post_id)
        rest = await events.coming(db, reader_id=0, now=NOW, after=last, limit=2)
        past = await events.past(db, reader_id=0, now=NOW, before=None, limit=5)

    assert [one.post_id for one in (*first, *rest)] == [made[one] for one in sorted(times) if one > NOW]
    assert [one.post_id for one in past] == [made[NOW - DAY], made[NOW - 3 * DAY]]


async def test_a_consultation_is_open_then_over_then_closed_by_one_summary(database: Database) -> None:
    async with database.writing() as db:
        me, eve = await making.member(db), await making.member(db)
        asked = await making.post(db, me, type="Question", kind=Kind.CONSULTATION)
        await polls.put(db, asked.id, Poll([Option("Torch"), Option("Mirror")], ends=NOW + DAY))
        await consultations.put(db, asked.id)
        await polls.vote(db, asked.id, actor_id=eve.id, places=[0], now=NOW)
        await polls.vote(db, asked.id, actor_id=(await making.actor(db)).id, places=[1], now=NOW)
        sums = [await making.post(db, me, in_reply_to_id=asked.id, in_reply_to_uri=asked.uri) for _ in range(AT_ONCE)]
        foreign = await making.post(db, eve, in_reply_to_id=asked.id, in_reply_to_uri=asked.uri)
        others = await consultations.conclude(db, asked.id, foreign.id)
        page = {"reader_id": 0, "before": LAST, "limit": 10}
        before = await consultations.still_open(db, now=NOW, **page)
        over = await consultations.without_summary(db, now=NOW + 2 * DAY, **page)
        voters = await consultations.voters(db, asked.id)

    closed = await at_once(database, lambda db, n: consultations.conclude(db, asked.id, sums[n].id))

    async with database.writing() as db:
        told = await consultations.tell(db, asked.id, summary_id=sums[0].id, actor_id=me.id, now=NOW)
        after = await consultations.concluded(db, **page)
        nothing = await consultations.without_summary(db, now=NOW + 2 * DAY, **page)
    assert (others, before, over, voters) == (False, [asked.id], [asked.id], (1, 1))
    assert (closed.count(True), after, nothing) == (1, [asked.id], [])
    assert [one for _, one in told] == [eve.id]


async def test_new_times_keep_who_comes(database: Database) -> None:
    async with database.writing() as db:
        post = await an_event(db, await making.member(db))
        eve = await making.actor(db)
        await attendance.join(db, post.id, actor_id=eve.id, now=NOW)
        before = await events.one(db, post.id)
        assert before is not None

        await events.put(db, replace(before, starts=NOW + 5 * DAY, ends=NOW + 6 * DAY))

        after = await events.one(db, post.id)
    assert after is not None and (after.starts, after.joined) == (NOW + 5 * DAY, 1)
