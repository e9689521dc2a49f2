"""Collections: who sees which, how many there can be, and that nobody stays in one who left or took consent back."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from federation.keeping import erase_actor
from storage import actors, blocks, collections
from storage.actors import Actor
from storage.collections import Collection, Item, State
from storage.database import Database, Missing, Writing
from storage.paging import Page
from tests.storage import making
from tests.storage.making import NOW
from tests.storage.test_invariants import AT_ONCE, at_once


def new(owner: Actor, name: str = "wards", discoverable: int | None = NOW) -> Collection:
    uri = f"{owner.uri}/collections/{name}"
    return Collection(0, uri, owner.id, "", name, "", "", "", None, discoverable, NOW, NOW)


async def keep(db: Writing, owner: Actor, name: str = "wards", discoverable: int | None = NOW) -> Collection:
    kept = await collections.add(db, new(owner, name, discoverable), most=10)
    assert kept is not None
    return kept


async def put(
    db: Writing, kept: Collection, actor: Actor, state: State = State.ACCEPTED, stamp: str = "", most: int = 25
) -> Item | None:
    return await collections.put(db, Item(0, kept.id, actor.id, state, NOW + 1, "", stamp), most=most)


async def shown(database: Database, kept: Collection, *, reader_id: int) -> list[int]:
    async with database.reading() as db:
        found = await collections.items(db, [kept.id], reader_id=reader_id)
        together = await collections.accounts(db, kept.id, reader_id=reader_id)
    assert [(item, actor.id) for item, actor in together] == [
        (item, item.actor_id) for item in found.get(kept.id, [])
    ]  # fmt: skip
    return [item.actor_id for item in found.get(kept.id, [])]


async def test_of_twenty_at_once_there_are_as_many_as_a_member_may_have(database: Database) -> None:
    async with database.writing() as db:
        me = await making.member(db)

    async def make(db: Writing, number: int) -> bool:
        try:
            return await collections.add(db, new(me, str(number)), most=7) is not None
        except Missing:
            return False

    answers = await at_once(database, make)

    async with database.reading() as seen:
        assert await collections.count(seen, me.id) == 7
    assert Counter(answers) == {True: 7, False: AT_ONCE - 7}


async def test_twenty_of_one_uri_are_one_collection(database: Database) -> None:
    async with database.writing() as db:
        me = await making.member(db)

    answers = await at_once(database, lambda db, n: collections.add(db, new(me), most=50))

    assert answers.count(None) == AT_ONCE - 1


async def test_of_twenty_at_once_as_many_are_in_a_collection_as_it_holds(database: Database) -> None:
    async with database.writing() as db:
        kept = await keep(db, await making.member(db))
        people = [await making.actor(db) for _ in range(AT_ONCE)]

    async def one(db: Writing, number: int) -> bool:
        try:
            return await put(db, kept, people[number], most=9) is not None
        except Missing:
            return False

    answers = await at_once(database, one)

    assert len(await shown(database, kept, reader_id=0)) == 9
    assert Counter(answers) == {True: 9, False: AT_ONCE - 9}


async def test_one_account_is_in_a_collection_once_and_agrees_and_leaves_once(database: Database) -> None:
    async with database.writing() as db:
        kept, other = await keep(db, await making.member(db)), await making.actor(db)

    items = await at_once(database, lambda db, n: put(db, kept, other, State.PENDING))
    (item,) = [one for one in items if isinstance(one, Item)]
    agreed = await at_once(database, lambda db, n: collections.accept(db, item.id, stamp=f"https://far.example/{n}"))
    left = await at_once(database, lambda db, n: collections.revoke(db, item.id))

    assert [Counter(one)[True] for one in (agreed, left)] == [1, 1]
    assert await shown(database, kept, reader_id=0) == []


async def test_who_took_consent_back_is_not_put_there_again_and_makes_room(database: Database) -> None:
    async with database.writing() as db:
        owner, other, third = await making.member(db), await making.actor(db), await making.actor(db)
        kept = await keep(db, owner)
        item = await put(db, kept, other, stamp="https://far.example/stamp")
        assert item is not None

        others = await collections.revoke_stamp(db, "https://far.example/stamp", actor_id=third.id)
        ended = await collections.revoke_stamp(db, "https://far.example/stamp", actor_id=other.id)
        again = await put(db, kept, other)
        taken = await collections.take(db, item.id, now=NOW)
        room = await put(db, kept, third, most=1)

    assert (others, [one.id for one in ended], again, taken) == ([], [item.id], None, False)
    assert room is not None
    assert await shown(database, kept, reader_id=owner.id) == [third.id]


async def test_the_owner_alone_sees_who_has_not_agreed_yet_and_nobody_whom_they_block(database: Database) -> None:
    async with database.writing() as db:
        owner, reader = await making.member(db), await making.member(db)
        people = [await making.actor(db) for _ in range(5)]
        kept = await keep(db, owner)
        for number, one in enumerate(people):
            await put(db, kept, one, State.PENDING if number == 0 else State.ACCEPTED)
        await blocks.add(db, actor_id=reader.id, target_id=people[1].id)
        await blocks.add(db, actor_id=people[2].id, target_id=reader.id)
        await actors.suspend(db, people[3].id, now=NOW)

    seen = [await shown(database, kept, reader_id=one) for one in (owner.id, reader.id, 0)]

    assert seen == [
        [people[n].id for n in (0, 1, 2, 4)],
        [people[4].id],
        [people[n].id for n in (1, 2, 4)],
    ]


async def test_lists_come_newest_first_page_by_page_and_hide_what_only_a_link_shows(database: Database) -> None:
    async with database.writing() as db:
        owner, other = await making.member(db), await making.actor(db)
        kept = [await keep(db, owner, str(n), discoverable=None if n == 1 else NOW) for n in range(4)]
        for one in kept:
            await put(db, one, other)
    ids = [one.id for one in kept]

    async with database.reading() as seen:
        mine = await collections.of(seen, owner.id, Page(), reader_id=owner.id)
        theirs = await collections.of(seen, owner.id, Page(), reader_id=0)
        below = await collections.of(seen, owner.id, Page(before=ids[3], limit=1), reader_id=0)
        above = await collections.of(seen, owner.id, Page(after=ids[0], limit=1, rising=True), reader_id=0)
        featuring = await collections.featuring(seen, other.id, Page(before=ids[2]), reader_id=other.id)
        rising = await collections.featuring(seen, other.id, Page(after=ids[1], rising=True), reader_id=other.id)

    assert [[one.id for one in found] for found in (mine, theirs, below, above, featuring, rising)] == [
        ids[::-1], [ids[3], ids[2], ids[0]], [ids[2]], [ids[2]], [ids[1], ids[0]], [ids[3], ids[2]],
    ]  # fmt: skip


@pytest.mark.parametrize("why", ["blocked", "suspended", "gone"])
async def test_nobody_reads_a_collection_whose_owner_blocks_them_or_left(database: Database, why: str) -> None:
    async with database.writing() as db:
        owner, reader = await making.member(db), await making.member(db)
        kept = await keep(db, owner)
        await put(db, kept, reader)
        if why == "blocked":
            await blocks.add(db, actor_id=owner.id, target_id=reader.id)
        elif why == "suspended":
            await actors.suspend(db, owner.id, now=NOW)
        else:
            await actors.erase(db, owner.id, now=NOW)

    async with database.reading() as seen:
        assert await collections.of(seen, owner.id, Page(), reader_id=reader.id) == []
        assert await collections.featuring(seen, reader.id, Page(), reader_id=reader.id) == []
        with pytest.raises(Missing):
            await collections.by_id(seen, kept.id, reader_id=reader.id)


async def test_an_account_that_is_erased_takes_its_collections_and_its_places_along(database: Database) -> None:
    async with database.writing() as db:
        me, other = await making.member(db), await making.member(db)
        mine, theirs = await keep(db, me), await keep(db, other)
        for kept, one in ((mine, other), (theirs, me), (theirs, await making.actor(db))):
            await put(db, kept, one)

        await erase_actor(db, me.id, now=NOW)
        left = await collections.every(db, theirs.id)
        gone = await collections.every(db, mine.id)
        with pytest.raises(Missing):
            await collections.by_uri(db, mine.uri)

    assert ([one.actor_id == me.id for one in left], gone) == ([False], [])


async def test_a_change_keeps_owner_and_id(database: Database) -> None:
    async with database.writing() as db:
        kept = await keep(db, await making.member(db))
        changed = replace(kept, name="beds", description="All of them", language="cy", tag="Beds", sensitive=NOW,
                          discoverable=None, updated=NOW + 5)  # fmt: skip
        await collections.change(db, changed)

        assert await collections.by_uri(db, kept.uri) == changed
        assert await collections.remove(db, kept.id) is True
        assert await collections.remove(db, kept.id) is False
        with pytest.raises(Missing):
            await put(db, kept, await making.actor(db))
