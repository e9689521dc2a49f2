"""Places of an offer, steps of a match, and whose turn it is to be asked: 20 at once, on both databases."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from typing import Any

from node.mentoring import scoring
from storage import boards, experts, hidden, matches, notices, posts
from storage.actors import Actor
from storage.database import Database, Writing
from storage.experts import DAY, Expertise
from storage.kinds import Kind
from storage.matches import Match, State
from storage.notifications import Reason
from storage.paging import Page
from storage.posts import Post
from storage.shapes.mentoring import MentoringOffer, MentoringRequest
from tests.storage import making
from tests.storage.making import NOW
from tests.storage.test_invariants import AT_ONCE, at_once


async def offered(db: Writing, by: Actor, **more: Any) -> Post:
    post = await making.post(db, by, kind=Kind.MENTORING_OFFER, fields="{}")
    await boards.put(db, post, MentoringOffer(topics=("falls",), **more))
    return post


async def wanted(db: Writing, by: Actor) -> Post:
    post = await making.post(db, by, kind=Kind.MENTORING_REQUEST, fields="{}")
    await boards.put(db, post, MentoringRequest(topics=("falls",)))
    return post


def match(offer: Post, request: Post, n: int = 0) -> Match:
    return Match(
        0, f"https://north.example/m{offer.id}-{request.id}-{n}", offer.id, request.id, offer.author_id,
        request.author_id, request.author_id, State.PROPOSED, "", "", 1, 2, NOW, None, None, NOW,
    )  # fmt: skip


async def test_an_offer_for_three_is_taken_three_times_of_twenty(database: Database) -> None:
    async with database.writing() as db:
        offer = await offered(db, await making.member(db), places=3)

    taken = await at_once(database, lambda db, n: boards.take(db, offer.id))

    board = await database.read(lambda db: boards.one(db, offer.id))
    assert Counter(taken) == {True: 3, False: AT_ONCE - 3}
    assert board is not None and (board.taken, board.status) == (3, "matched")


async def test_of_acceptances_and_withdrawals_at_once_one_happens(database: Database) -> None:
    async with database.writing() as db:
        offer, request = await offered(db, await making.member(db)), await wanted(db, await making.member(db))
        one = await matches.propose(db, match(offer, request))
    assert one is not None

    async def step(db: Writing, n: int) -> bool:
        if n % 2:
            return await matches.accept(db, one.id, now=NOW) is not None
        return await matches.turn_down(db, one.id, State.WITHDRAWN, now=NOW) is not None

    assert Counter(await at_once(database, step)) == {True: 1, False: AT_ONCE - 1}


async def test_two_posts_are_proposed_once_of_twenty_and_again_when_that_came_to_nothing(database: Database) -> None:
    async with database.writing() as db:
        offer, request = await offered(db, await making.member(db)), await wanted(db, await making.member(db))

    kept = await at_once(database, lambda db, n: matches.propose(db, match(offer, request, n)))

    [one] = [found for found in kept if isinstance(found, Match)]
    async with database.writing() as db:
        await matches.turn_down(db, one.id, State.DECLINED, now=NOW)
        assert await matches.propose(db, match(offer, request, 99)) is not None


async def test_an_expert_is_asked_once_a_day_by_twenty_questions_at_once(database: Database) -> None:
    async with database.writing() as db:
        expert, asker = await making.member(db), await making.member(db)
        await experts.put(db, expert.id, Expertise(("falls",)))
        asked = [await making.post(db, asker, kind=Kind.QUESTION) for _ in range(AT_ONCE)]

    async def ask(db: Writing, n: int) -> tuple[int, ...]:
        found = await experts.ask(
            db, post_id=asked[n].id, author_id=asker.id, topics=["falls"], here=True, now=NOW, limit=5
        )
        return tuple(found)

    assert Counter(await at_once(database, ask)) == {(expert.id,): 1, (): AT_ONCE - 1}
    one_by_one = await at_once(
        database,
        lambda db, n: experts.ask_one(
            db, expert.id, post_id=asked[n].id, author_id=asker.id, topics=["falls"], now=NOW + DAY
        ),
    )
    assert Counter(one_by_one)[True] == 1


async def test_who_was_left_alone_longest_is_asked_first(database: Database) -> None:
    async with database.writing() as db:
        asker = await making.member(db)
        people = [await making.member(db) for _ in range(4)]
        for one in people:
            await experts.put(db, one.id, Expertise(("falls",)))
        found = []
        for day in range(1, 5):
            post = await making.post(db, asker, kind=Kind.QUESTION)
            found += await experts.ask(
                db, post_id=post.id, author_id=asker.id, topics=["falls"], here=True, now=NOW + day, limit=1
            )
    assert sorted(found) == sorted(one.id for one in people)


async def test_an_erased_post_leaves_the_match_and_no_board(database: Database) -> None:
    async with database.writing() as db:
        offer, request = await offered(db, await making.member(db)), await wanted(db, await making.member(db))
        one = await matches.propose(db, match(offer, request))
        await posts.erase(db, offer, now=NOW)
        assert one is not None
        assert (await matches.by_id(db, one.id)).offer_id is None
        assert await boards.one(db, offer.id) is None
        board = await boards.one(db, request.id)
        assert board is not None
        assert await boards.fitting(db, board, author_id=1, reader_id=0, now=NOW) == []


async def test_the_same_is_told_anew_and_not_twice(database: Database) -> None:
    async with database.writing() as db:
        me, other = await making.member(db), await making.actor(db)
        told = [
            await notices.tell(db, [me.id], reason=Reason.MENTORING, actor_id=other.id, post_id=None, now=NOW + n)
            for n in range(2)
        ]
        rows = await db.rows("SELECT id FROM notifications WHERE member_id = :me", me=me.id)
    assert [row[0] for row in rows] == [told[1][0][0]]


async def test_what_is_of_another_kind_by_now_stands_on_no_board_or_on_the_other(database: Database) -> None:
    async with database.writing() as db:
        by = await making.member(db)
        offer = await making.post(db, by, kind=Kind.MENTORING_OFFER, fields=json.dumps({"topics": ["falls"]}))
        await boards.notice(db, offer)
        asks = replace(offer, kind=Kind.MENTORING_REQUEST, fields=json.dumps({"topics": ["sepsis"]}))
        await boards.notice(db, asks, was=offer.kind)

    async def listed() -> list[list[int]]:
        async with database.reading() as db:
            return [
                await boards.open_ones(db, way, topic=topic, reader_id=0, page=Page(), now=NOW)
                for way, topic in (("offer", ""), ("offer", "falls"), ("request", ""), ("request", "sepsis"))
            ]

    assert await listed() == [[], [], [offer.id], [offer.id]]
    async with database.writing() as db:
        await boards.notice(db, replace(asks, kind=Kind.PLAIN, fields=""), was=asks.kind)
    assert await listed() == [[], [], [], []]


async def test_offers_stand_by_how_well_they_fit_and_the_newest_first_of_equals(database: Database) -> None:
    async with database.writing() as db:
        asker, other = await making.member(db), await making.member(db)
        request = await making.post(db, asker, kind=Kind.MENTORING_REQUEST, fields="{}")
        board = await boards.put(
            db, request, MentoringRequest(topics=("falls", "sepsis"), level="team", hours_a_month=2)
        )
        plain, equal = await offered(db, other), await offered(db, other)
        team = await offered(db, other, level="team")
        enough = await offered(db, other, hours_a_month=2)
        both = await making.post(db, other, kind=Kind.MENTORING_OFFER, fields="{}")
        await boards.put(db, both, MentoringOffer(topics=("falls", "sepsis")))
        hid = await offered(db, other, level="team", hours_a_month=2)
        await hidden.hide(db, hid.id, unseen=False, now=NOW)
        found = await boards.fitting(db, board, author_id=asker.id, reader_id=asker.id, now=NOW)

    assert [(one.board.post_id, one.points) for one in scoring.best(board, found)] == [
        (both.id, 8), (team.id, 7), (enough.id, 6), (equal.id, 4), (plain.id, 4),
    ]  # fmt: skip
