"""Where posts went, and what servers said when they were told of their end; both databases."""

from __future__ import annotations

import asyncio

from storage import activities_out, actors, audiences, concerned, jobs, posts, recalls
from storage.actors import Actor
from storage.audiences import FRESH, KEPT, Fetch
from storage.concerned import Did
from storage.database import Database, Writing, listed
from storage.jobs import PARKED, NewJob
from storage.posts import Post
from storage.reactions import bookmark
from storage.recalls import Act, Reason, Report, Standing, Target
from tests.storage import making
from tests.storage.making import NOW

INBOXES = [f"https://h{n}.example/inbox" for n in range(30)]


async def sets(database: Database) -> int:
    async with database.reading() as db:
        row = await db.row("SELECT COUNT(*) AS n FROM audiences")
    assert row is not None
    return int(row["n"])


async def shared(database: Database, many: int) -> list[Post]:
    async with database.writing() as db:
        author = await making.member(db)
        return [await making.post(db, author) for _ in range(many)]


async def test_one_set_of_inboxes_is_kept_once_though_twenty_posts_go_there_at_once(database: Database) -> None:
    made = await shared(database, 20)

    async def note(post: Post) -> None:
        async with database.writing() as db:
            await audiences.note(db, post.id, INBOXES, now=NOW)

    await asyncio.gather(*(note(one) for one in made))

    assert await sets(database) == 1
    async with database.reading() as db:
        assert {tuple(await audiences.of(db, one.id)) for one in made} == {tuple(sorted(INBOXES))}


async def test_a_post_remembers_each_set_and_says_an_inbox_once(database: Database) -> None:
    [post] = await shared(database, 1)
    async with database.writing() as db:
        for inboxes in (INBOXES[:3], INBOXES[2:5], INBOXES[:3][::-1]):
            await audiences.note(db, post.id, inboxes, now=NOW)

    async with database.reading() as db:
        assert sorted(await audiences.of(db, post.id)) == sorted(INBOXES[:5])
        assert sorted(await audiences.of_author(db, post.author_id)) == sorted(INBOXES[:5])
    assert await sets(database) == 2


async def test_a_set_is_forgotten_with_its_last_post_and_not_before_nor_while_it_is_used(database: Database) -> None:
    first, second = await shared(database, 2)
    async with database.writing() as db:
        await audiences.note(db, first.id, INBOXES, now=NOW)
        assert await audiences.prune(db, now=NOW + 2 * KEPT) == 0
        await posts.erase(db, first, now=NOW)
        assert await audiences.prune(db, now=NOW + KEPT) == 0
        await audiences.note(db, second.id, INBOXES, now=NOW + KEPT)
        assert await audiences.prune(db, now=NOW + KEPT + FRESH) == 0
        await posts.erase(db, second, now=NOW)
        assert await audiences.prune(db, now=NOW + 3 * KEPT) == 1


async def test_pruning_beside_twenty_posts_takes_away_nothing_that_is_named(database: Database) -> None:
    made = await shared(database, 20)
    async with database.writing() as db:  # a set that nothing names, and nothing used for long
        await audiences.note(db, made[0].id, INBOXES, now=NOW - 3 * KEPT)
        await db.run("DELETE FROM post_audiences")

    async def note(post: Post) -> None:
        async with database.writing() as db:
            await audiences.note(db, post.id, INBOXES, now=NOW)

    async def prune() -> None:
        async with database.writing() as db:
            await audiences.prune(db, now=NOW)

    await asyncio.gather(*(work for one in made for work in (note(one), prune())))

    async with database.reading() as reading:
        assert [len(await audiences.of(reading, one.id)) for one in made] == [len(INBOXES)] * 20


async def test_who_asked_is_remembered_of_posts_of_ours_and_hosts_that_are_unknown_only_so_many(
    database: Database,
) -> None:
    [post] = await shared(database, 1)
    claimed = [Fetch(post.id, f"f{n}.example", f"https://f{n}.example/actor#key") for n in range(audiences.ASKERS + 9)]
    async with database.writing() as db:
        far = await making.post(db, await making.actor(db))
        await audiences.note_fetches(db, [Fetch(far.id, "a.example", "k"), Fetch(7, "a.example", "k")])
        await audiences.note_fetches(db, claimed)

    async with database.reading() as db:
        assert await audiences.fetchers(db, far.id) == []
        assert len(await audiences.fetchers(db, post.id)) == audiences.ASKERS


async def begun(db: Writing, post: Post, act: Act = Act.TAKEN_BACK, activity: str = "https://x/1") -> int | None:
    return await recalls.begin(
        db, post_id=post.id, uri=post.uri, act=act, activity=activity, author_id=post.author_id, by_id=1,
        reason=Reason.WRONG, kind="plain", now=NOW,
    )  # fmt: skip


async def test_twenty_recalls_of_a_post_at_once_are_one(database: Database) -> None:
    [post] = await shared(database, 1)

    async def begin(n: int) -> int | None:
        async with database.writing() as db:
            return await begun(db, post, activity=f"https://x/{n}")

    found = await asyncio.gather(*(begin(n) for n in range(20)))

    assert len([one for one in found if one is not None]) == 1


async def test_what_is_settled_stays_and_a_server_stands_as_its_worst_inbox(database: Database) -> None:
    [post] = await shared(database, 1)
    async with database.writing() as db:
        recall_id = await begun(db, post)
        assert recall_id is not None
        two = ["https://a.example/1", "https://a.example/2"]
        targets = [*(Target(one, "a.example") for one in two), Target("https://b.example/1", "b.example")]
        await recalls.add(db, recall_id, [*targets, *targets], now=NOW)
        for inbox, standing in ((two[0], Standing.CONFIRMED), (two[0], Standing.GIVEN_UP), (two[1], Standing.REFUSED)):
            await recalls.report(db, [Report(recall_id, inbox, standing, 1, NOW + 1)])

        [first, second] = await recalls.hosts(db, recall_id, after="", limit=9)
        counted = (await recalls.counts(db, listed([recall_id])))[recall_id]

    assert (first.host, first.standing, first.inboxes) == ("a.example", Standing.REFUSED, 2)
    assert (second.host, second.standing, second.tries) == ("b.example", Standing.PROMISED, 0)
    assert counted == {Standing.REFUSED: 1, Standing.PROMISED: 1}


async def _on_its_way(db: Writing, author: Actor, post: Post, recall_id: int) -> int:
    activity_id = await activities_out.add(
        db, uri="https://x/1", object_uri=post.uri, signer_id=author.id, body=b"{}", now=NOW, recall_id=recall_id
    )
    assert activity_id is not None
    parked = NewJob(jobs.DELIVER, "[]", "a.example", activity_id=activity_id, due=PARKED, promised=NOW)
    await jobs.add(db, parked, now=NOW)
    return activity_id


async def test_what_was_parked_too_long_is_given_up_and_something_later_takes_its_place(database: Database) -> None:
    [post] = await shared(database, 1)
    async with database.writing() as db:
        author = await actors.by_id(db, post.author_id)
        recall_id = await begun(db, post)
        assert recall_id is not None
        await recalls.add(db, recall_id, [Target(f"https://{h}.example/1", f"{h}.example") for h in "ab"], now=NOW)
        activity_id = await _on_its_way(db, author, post, recall_id)

        given_up = await jobs.give_up(db, ["a.example"], before=NOW + 1)
        await recalls.give_up(db, given_up, now=NOW + 2)
        await recalls.supersede(db, post.uri, now=NOW + 3)
        found = await recalls.hosts(db, recall_id, after="", limit=9)

    assert given_up == [("a.example", activity_id)]
    assert [one.standing for one in found] == [Standing.GIVEN_UP, Standing.SUPERSEDED]


async def test_a_member_who_did_several_things_is_told_of_one_and_but_some_of_none(database: Database) -> None:
    [post] = await shared(database, 1)
    async with database.writing() as db:
        ann, ben, cat = [await making.member(db) for _ in range(3)]
        far = await making.actor(db)
        for one in (ann, ben, cat, far):
            await bookmark(db, actor_id=one.id, post_id=post.id)
        await making.post(db, ann, in_reply_to_id=post.id, in_reply_to_uri=post.uri)
        recall_id = await begun(db, post)
        assert recall_id is not None
        await concerned.note(db, recall_id, post.id, but=[cat.id])

        found = await concerned.to_tell(db, recall_id, after=0, limit=9)
        await concerned.told(db, recall_id, listed([ann.id]))
        left = await concerned.to_tell(db, recall_id, after=0, limit=9)

    assert found == [(ann.id, Did.ANSWERED), (ben.id, Did.SAVED)]
    assert left == [(ben.id, Did.SAVED)]
