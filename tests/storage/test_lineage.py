"""What posts build on, and the counters that follow; both databases."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from typing import Any

from storage import actors, affected, blocks, hidden, ideas, lineage, posts
from storage.actors import Actor
from storage.database import Database, Writing
from storage.kinds import Kind
from storage.lineage import Counts, Outcome
from storage.paging import Page
from storage.posts import Post
from tests.storage import making
from tests.storage.making import NOW


async def idea(db: Writing, author: Actor, **fields: Any) -> Post:
    made = await making.post(db, author, kind=Kind.IDEA, fields=json.dumps({"proposal": "Tie it on.", **fields}))
    await lineage.keep(db, made, new=True)
    return made


async def spread(db: Writing, author: Actor, parent: str, outcome: str = "adopted", **more: Any) -> Post:
    fields = json.dumps({"derived_from": parent, "outcome": outcome})
    made = await making.post(db, author, kind=Kind.SPREAD, fields=fields, **more)
    await lineage.keep(db, made, new=True)
    return made


async def counted(database: Database, post: Post) -> Counts:
    async with database.reading() as db:
        return (await lineage.counts(db, [post.id])).get(post.id, lineage.NONE)


async def test_twenty_at_once_count_twenty_and_each_once(database: Database) -> None:
    async with database.writing() as db:
        author = await making.member(db)
        parent = await idea(db, author)
        others = [await making.actor(db) for _ in range(20)]

    async def build(one: Actor) -> None:
        async with database.writing() as db:
            child = await spread(db, one, parent.uri)
            await lineage.keep(db, child, new=False)
            await affected.add(db, post_id=parent.id, actor_id=one.id)
            await affected.add(db, post_id=parent.id, actor_id=one.id)

    await asyncio.gather(*(build(one) for one in others))

    assert await counted(database, parent) == Counts(adopted=20, affected=20)


async def test_what_is_of_another_kind_by_now_neither_counts_nor_stands_among_ideas(database: Database) -> None:
    async with database.writing() as db:
        author = await making.member(db)
        parent = await idea(db, author)
        child = await idea(db, author, derived_from=parent.uri)
        await ideas.keep(db, child)
    assert await counted(database, parent) == Counts(built=1)

    async with database.writing() as db:
        plain = replace(child, kind=Kind.PLAIN, fields="")
        await lineage.keep(db, plain, new=False)
        await ideas.keep(db, plain, was=child.kind)

    assert await counted(database, parent) == lineage.NONE
    async with database.reading() as db:
        assert await ideas.at_stage(db, "new", reader_id=0, page=Page(), now=NOW) == []


async def test_what_is_edited_hidden_suspended_blocked_or_gone_leaves_the_count(database: Database) -> None:
    async with database.writing() as db:
        author, other = await making.member(db), await making.actor(db)
        parent = await idea(db, author)
        child = await spread(db, other, parent.uri, "interested")
    async with database.writing() as db:
        fields = json.dumps({"derived_from": parent.uri, "outcome": "abandoned"})
        await lineage.keep(db, Post(**{**_values(child), "fields": fields}), new=False)
    assert await counted(database, parent) == Counts(abandoned=1)

    async def seen(shown: Counts) -> None:
        assert await counted(database, parent) == shown

    async with database.writing() as db:
        await hidden.hide(db, child.id, unseen=False, now=NOW)
    await seen(lineage.NONE)
    async with database.writing() as db:
        await hidden.show(db, child.id)
    await seen(Counts(abandoned=1))
    for one, two in ((author, other), (other, author)):
        async with database.writing() as db:
            await blocks.add(db, actor_id=one.id, target_id=two.id)
        await seen(lineage.NONE)
        async with database.writing() as db:
            await blocks.remove(db, actor_id=one.id, target_id=two.id)
        await seen(Counts(abandoned=1))
    async with database.writing() as db:
        await actors.suspend(db, other.id, now=NOW)
    await seen(lineage.NONE)
    async with database.writing() as db:
        await actors.suspend(db, other.id, now=None)
        await posts.erase(db, child, now=NOW)
    await seen(lineage.NONE)


def _values(post: Post) -> dict[str, Any]:
    return {name: getattr(post, name) for name in Post.__dataclass_fields__}


async def test_a_child_that_came_before_its_parent_joins_it(database: Database) -> None:
    async with database.writing() as db:
        other, author = await making.actor(db), await making.actor(db)
        child = await spread(db, other, "https://far.example/idea", "adapted")
        parent = await making.post(db, author, kind=Kind.IDEA, uri="https://far.example/idea")
        await lineage.keep(db, parent, new=True)

    assert await counted(database, parent) == Counts(adapted=1)
    async with database.reading() as db:
        [link] = await lineage.children(db, parent.id, reader_id=0, page=Page())
        assert (link.child_id, link.outcome) == (child.id, Outcome.ADAPTED)
        assert [one.post_id for one in await lineage.above(db, child.id, reader_id=0)] == [parent.id]


async def test_what_is_not_for_everybody_does_not_count(database: Database) -> None:
    async with database.writing() as db:
        author, other = await making.member(db), await making.actor(db)
        parent = await idea(db, author)
        child = await spread(db, other, parent.uri, visibility=posts.Visibility.PRIVATE)

    assert await counted(database, parent) == lineage.NONE
    async with database.reading() as db:
        assert await lineage.children(db, parent.id, reader_id=0, page=Page()) == []
        assert [one.child_id for one in await lineage.children(db, parent.id, reader_id=other.id, page=Page())] == [
            child.id
        ]


async def test_circles_and_self_references_are_harmless(database: Database) -> None:
    async with database.writing() as db:
        author = await making.actor(db)
        itself = await spread(db, author, "https://far.example/self", uri="https://far.example/self")
        one = await spread(db, author, "https://far.example/2", uri="https://far.example/1")
        two = await spread(db, author, "https://far.example/1", uri="https://far.example/2")

    async with database.reading() as db:
        assert await lineage.above(db, itself.id, reader_id=0) == []
        assert [found.post_id for found in await lineage.above(db, one.id, reader_id=0)] == [two.id]
        assert {found.child_id for found in await lineage.below(db, [one.id], reader_id=0)} == {two.id}


async def test_the_same_problem_is_said_by_either_and_is_no_descent(database: Database) -> None:
    async with database.writing() as db:
        author = await making.member(db)
        first = await idea(db, author)
        second = await idea(db, author, same_problem=[first.uri])

    assert await counted(database, first) == Counts(same=1)
    async with database.reading() as db:
        assert await lineage.same(db, first.id, reader_id=0, limit=5) == [second.id]
        assert await lineage.same(db, second.id, reader_id=0, limit=5) == [first.id]
        assert await lineage.below(db, [first.id], reader_id=0) == []
        assert await lineage.above(db, second.id, reader_id=0) == []


async def test_depth_and_size_are_bounded(database: Database) -> None:
    async with database.writing() as db:
        author = await making.member(db)
        line = [await idea(db, author)]
        for _ in range(lineage.ABOVE + 2):
            line.append(await spread(db, author, line[-1].uri))

    async with database.reading() as db:
        assert len(await lineage.above(db, line[-1].id, reader_id=0)) == lineage.ABOVE
        assert len(await lineage.below(db, [line[0].id], reader_id=0)) == lineage.BELOW


async def test_a_server_is_not_asked_again_too_soon(database: Database) -> None:
    now = NOW
    async with database.writing() as db:
        post = await idea(db, await making.actor(db))
        assert await lineage.look(db, post.id, now=now, before=now - 10)
        assert not await lineage.look(db, post.id, now=now + 5, before=now - 5)
        assert await lineage.look(db, post.id, now=now + 20, before=now + 10)
        await lineage.told(db, post.id, {"adopted": 7})

    assert (await counted(database, post)).adopted == 7
