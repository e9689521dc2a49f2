"""The rows of home timelines are what a query over follows would find, whatever happened before."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage import actors, blocks, domain_blocks, follows, home, lists, members, mutes, posts, timelines
from storage.actors import Actor
from storage.database import Database, Reading, Writing
from storage.ids import LAST
from storage.lists import Replies
from storage.opening import open_database
from storage.paging import Page
from storage.posts import Visibility
from tests.storage import making
from tests.storage.making import NOW

WHO = st.integers(0, 4)  # three members, two people elsewhere
STEPS = st.one_of(
    st.tuples(st.just("follow"), st.integers(0, 2), WHO),
    st.tuples(st.just("unfollow"), st.integers(0, 2), WHO),
    st.tuples(st.just("block"), st.integers(0, 2), WHO),
    st.tuples(st.just("unblock"), st.integers(0, 2), WHO),
    st.tuples(st.sampled_from(["mute", "mute for a while", "unmute", "set apart", "join"]), st.integers(0, 2), WHO),
    st.tuples(st.just("post"), WHO, st.sampled_from(Visibility), WHO),
    st.tuples(st.just("erase"), st.integers(0, 30)),
    st.tuples(st.just("away"), st.integers(0, 2)),
    st.tuples(st.just("back"), st.integers(0, 2)),
)


async def relate(db: Writing, what: str, me: Actor, target: Actor) -> None:
    """What one does about another, as the use cases keep it."""
    match what:
        case "follow" if not await blocks.either(db, me.id, target.id):
            await making.follow(db, me, target)
            await home.backfill(db, member_id=me.id, author_id=target.id, now=NOW)
        case "unfollow":
            await follows.remove(db, follower_id=me.id, target_id=target.id)
            await home.forget(db, member_id=me.id, author_id=target.id)
        case "block":
            await blocks.add(db, actor_id=me.id, target_id=target.id)
            for a, b in ((me, target), (target, me)):
                await follows.remove(db, follower_id=a.id, target_id=b.id)
                await home.forget(db, member_id=a.id, author_id=b.id)
        case "unblock":
            await blocks.remove(db, actor_id=me.id, target_id=target.id)
        case "mute" | "mute for a while":
            ends = LAST if what == "mute" else NOW + 1
            await mutes.put(db, member_id=me.id, target_id=target.id, notifications=None, ends=ends)
            await home.forget(db, member_id=me.id, author_id=target.id)
        case "unmute":
            await mutes.remove(db, member_id=me.id, target_id=target.id)
            await home.backfill(db, member_id=me.id, author_id=target.id, now=NOW)
        case "set apart":
            [apart] = await lists.of(db, me.id)
            await lists.put(db, apart.id, [target.id])
            await home.forget_list(db, member_id=me.id, list_id=apart.id)
        case "join":
            await lists.forget(db, member_id=me.id, actor_id=target.id)
            await home.rebuild(db, member_id=me.id, now=NOW)
        case _:
            pass


async def step(db: Writing, people: list[Actor], done: tuple[Any, ...]) -> None:
    """One thing that happens."""
    match done:
        case ("post", author, visibility, to):
            named = people[to] if visibility is Visibility.DIRECT else None
            await home.spread(db, await making.post(db, people[author], to=named, visibility=visibility), now=NOW)
        case ("erase", number):
            rows = await db.rows("SELECT id FROM posts ORDER BY id")
            if number < len(rows):
                await posts.erase(db, await posts.any_by_id(db, rows[number]["id"]), now=NOW)
        case ("away", one):
            await home.drop(db, member_id=people[one].id)
            await members.leave_home(db, people[one].id)
        case ("back", one):
            await members.visit(db, people[one].id, now=NOW)
            await home.rebuild(db, member_id=people[one].id, now=NOW)
        case (what, one, other) if one != other:
            await relate(db, what, people[one], people[other])
        case _:
            pass


async def pulled(db: Reading, member: Actor, *, now: int) -> list[int]:
    """What the member should see: their own posts and those of whom they follow and do not mute, as far as they may."""
    rows = await db.rows(
        "SELECT posts.id FROM posts WHERE (posts.author_id = :reader_id OR posts.author_id IN ("
        "SELECT target_id FROM follows WHERE follower_id = :reader_id AND accepted IS NOT NULL)) AND "
        "NOT EXISTS (SELECT 1 FROM mutes WHERE member_id = :reader_id AND target_id = author_id AND ends > :now) AND "
        "author_id NOT IN (SELECT list_accounts.actor_id FROM list_accounts JOIN lists ON lists.id = list_id "
        "WHERE member_id = :reader_id) AND " + posts.VISIBLE + " ORDER BY posts.id DESC",
        reader_id=member.id,
        now=now,
    )
    return [row["id"] for row in rows]


async def lives(path: Path, history: list[tuple[Any, ...]]) -> None:
    database: Database = await open_database(path)
    try:
        async with database.writing() as db:
            people = [*[await making.member(db) for _ in range(3)], *[await making.actor(db) for _ in range(2)]]
            for member in people[:3]:
                await lists.add(db, member_id=member.id, title="Apart", replies=Replies.LIST, exclusive=NOW, most=1)
        for one in history:
            async with database.writing() as db:
                await step(db, people, one)
        for member in people[:3]:
            async with database.writing() as db:  # whoever reads is back
                await step(db, people, ("back", people.index(member))) if await _is_away(db, member) else None
            async with database.reading() as view:
                seen = [
                    line.id for line in await timelines.home(view, reader_id=member.id, page=Page(limit=80), now=NOW)
                ]
                assert seen == await pulled(view, member, now=NOW)
            async with database.writing() as db:  # the time of some mutes is over
                for member_id, target_id in await mutes.end_due(db, now=NOW + 1, limit=100):
                    await home.backfill(db, member_id=member_id, author_id=target_id, now=NOW + 1)
            async with database.reading() as view:
                lines = await timelines.home(view, reader_id=member.id, page=Page(limit=80), now=NOW + 1)
                assert [line.id for line in lines] == await pulled(view, member, now=NOW + 1)
    finally:
        await database.close()


async def _is_away(db: Reading, member: Actor) -> bool:
    return (await members.by_id(db, member.id)).home_since is None


@given(st.lists(STEPS, max_size=24))
@settings(
    max_examples=40, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
def test_home_is_what_a_query_over_follows_finds(
    migrated_sqlite: Path, tmp_path: Path, history: list[tuple[Any, ...]]
) -> None:
    path = Path(shutil.copy(migrated_sqlite, tmp_path / "home.db"))
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)

    asyncio.run(lives(path, history))


async def test_home_shows_a_boost_once_and_not_beside_the_post(database: Database) -> None:
    async with database.writing() as db:
        me, author, one, other = (
            await making.member(db), await making.actor(db), await making.actor(db), await making.actor(db)
        )  # fmt: skip
        for followed in (one, other):
            await making.follow(db, me, followed)
        post = await making.post(db, author)
        for booster in (one, other):
            boost = await making.post(db, booster, type="Announce", boost_of_id=post.id, html="", text="")
            await home.spread(db, boost, now=NOW)

    async with database.reading() as view:
        lines = await timelines.home(view, reader_id=me.id, page=Page(), now=NOW)
    assert [(line.post_id, line.booster_id) for line in lines] == [(post.id, one.id)]


async def test_home_that_is_made_anew_has_the_boosts_too(database: Database) -> None:
    async with database.writing() as db:
        me, author, one = await making.member(db), await making.actor(db), await making.actor(db)
        await making.follow(db, me, one)
        post = await making.post(db, author)
        boost = await making.post(db, one, type="Announce", boost_of_id=post.id, html="", text="")

        await home.rebuild(db, member_id=me.id, now=NOW)

    async with database.reading() as view:
        lines = await timelines.home(view, reader_id=me.id, page=Page(), now=NOW)
    assert [(line.id, line.post_id, line.booster_id) for line in lines] == [(boost.id, post.id, one.id)]


async def test_home_leaves_out_replies_to_strangers(database: Database) -> None:
    async with database.writing() as db:
        me, friend, stranger = await making.member(db), await making.actor(db), await making.actor(db)
        await making.follow(db, me, friend)
        replies = [
            await making.post(
                db, friend, in_reply_to_id=parent.id, in_reply_to_uri=parent.uri, reply_to_actor_id=parent.author_id
            )
            for parent in (await making.post(db, stranger), await making.post(db, me))
        ]
        for reply in replies:
            await home.spread(db, reply, now=NOW)

    async with database.reading() as view:
        lines = await timelines.home(view, reader_id=me.id, page=Page(), now=NOW)
    assert [line.post_id for line in lines] == [replies[1].id]


@pytest.mark.parametrize("hidden", ["suspended", "blocked", "muted", "domain"])
async def test_a_row_that_was_written_before_never_leaks(database: Database, hidden: str) -> None:

    async with database.writing() as db:
        me, author = await making.member(db), await making.actor(db)
        await making.follow(db, me, author)
        await home.spread(db, await making.post(db, author), now=NOW)
        if hidden == "suspended":
            await actors.suspend(db, author.id, now=NOW)
        elif hidden == "domain":
            await domain_blocks.add(db, member_id=me.id, domain=author.domain)
        elif hidden == "muted":
            await mutes.put(db, member_id=me.id, target_id=author.id, notifications=None, ends=LAST)
        else:
            await blocks.add(db, actor_id=author.id, target_id=me.id)

    async with database.reading() as view:
        assert await timelines.home(view, reader_id=me.id, page=Page(), now=NOW) == []


async def test_a_boost_of_or_by_somebody_muted_leaves_room_for_anothers(database: Database) -> None:
    async with database.writing() as db:
        me, author, muted, other = (
            await making.member(db), await making.actor(db), await making.actor(db), await making.actor(db)
        )  # fmt: skip
        for followed in (muted, other):
            await making.follow(db, me, followed)
        await mutes.put(db, member_id=me.id, target_id=muted.id, notifications=None, ends=LAST)
        seen, unseen = await making.post(db, author), await making.post(db, muted)
        for booster, post in ((muted, seen), (other, seen), (other, unseen)):
            boost = await making.post(db, booster, type="Announce", boost_of_id=post.id, html="", text="")
            await home.spread(db, boost, now=NOW)

    async with database.reading() as view:
        lines = await timelines.home(view, reader_id=me.id, page=Page(), now=NOW)
    assert [(line.post_id, line.booster_id) for line in lines] == [(seen.id, other.id)]
