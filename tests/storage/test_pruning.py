"""What is forgotten by itself, so that nothing is kept for ever by accident."""

from __future__ import annotations

from node.worker import COUNTED, prune
from storage import home, inquiries, mutes, received, throttle, timelines
from storage.jobs import Job
from storage.paging import Page
from tests.serving import ON_BOTH, Fediverse
from tests.storage import making

JOB = Job(1, None, "prune", 0, "", None, "", 0, 0, 0)


@ON_BOTH
async def test_addresses_that_tried_to_sign_in_are_forgotten_after_a_day(fediverse: Fediverse) -> None:
    node = await fediverse.node("north.example")
    async with node.database.writing() as db:
        await throttle.count(db, "sign-in rosa 192.0.2.1", now=fediverse.clock(), window=60_000)
    fediverse.clock.advance(seconds=COUNTED / 2000)
    async with node.database.writing() as db:
        await throttle.count(db, "sign-in sam 192.0.2.2", now=fediverse.clock(), window=60_000)
    fediverse.clock.advance(seconds=COUNTED / 1500)

    await prune(node.node, JOB)

    async with node.database.reading() as db:
        assert [row["subject"] for row in await db.rows("SELECT subject FROM attempts")] == ["sign-in sam 192.0.2.2"]


@ON_BOTH
async def test_an_activity_that_was_given_up_does_not_stay_for_ever(fediverse: Fediverse) -> None:
    node = await fediverse.node("north.example")
    async with node.database.writing() as db:
        await received.note(db, "https://good.test/1", actor_id=None, now=fediverse.clock(), body=b"{}")
    fediverse.clock.advance(seconds=received.KEPT / 1000 + 60)

    await prune(node.node, JOB)

    async with node.database.reading() as db:
        assert await db.rows("SELECT uri FROM received") == []


async def test_letters_that_nobody_saw_to_leave_the_files_too(fediverse: Fediverse) -> None:
    node = await fediverse.node("north.example")
    async with node.database.writing() as db:
        await inquiries.add(db, email="", text="My mother lay on four.", now=fediverse.clock())
    fediverse.clock.advance(seconds=inquiries.KEPT / 1000 + 60)

    promised = []
    for _ in range(2):
        await prune(node.node, JOB)
        async with node.database.reading() as seen:
            promised.append(len(await seen.rows("SELECT id FROM jobs WHERE kind = 'scrub'")))
        fediverse.clock.advance(seconds=60)
        await fediverse.quiet()

    async with node.database.reading() as seen:
        assert await seen.rows("SELECT id FROM inquiries") == []
    assert promised == [1, 0]  # the second found nothing more to forget


@ON_BOTH
async def test_a_mute_whose_time_is_over_goes_and_its_posts_come_home(fediverse: Fediverse) -> None:
    node = await fediverse.node("north.example")
    ends = fediverse.clock() + 60_000
    async with node.database.writing() as db:
        me, other = await making.member(db), await making.actor(db)
        await making.follow(db, me, other)
        await mutes.put(db, member_id=me.id, target_id=other.id, notifications=1, ends=ends)
        post = await making.post(db, other)
        await home.spread(db, post, now=fediverse.clock())

    await prune(node.node, JOB)
    fediverse.clock.advance(seconds=61)
    async with node.database.reading() as db:
        kept = len(await db.rows("SELECT id FROM mutes"))
    await prune(node.node, JOB)

    async with node.database.reading() as db:
        lines = await timelines.home(db, reader_id=me.id, page=Page(), now=fediverse.clock())
        assert (kept, await db.rows("SELECT id FROM mutes"), [one.id for one in lines]) == (1, [], [post.id])
