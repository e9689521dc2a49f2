"""Nothing that was acknowledged is lost, and nothing is there twice, however the process ends."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpx2
import pytest

from node import config
from node.opening import opened_database
from storage.jobs import SHARDS
from tests.drills.rig import Rig, rig

pytestmark = pytest.mark.xdist_group("drills")


@pytest.fixture(params=["sqlite", "postgres"])
def where(request: pytest.FixtureRequest) -> str:
    """The setting ``database``."""
    return "" if request.param == "sqlite" else str(request.getfixturevalue("postgres_url"))


async def test_killed_under_load_everything_acknowledged_is_there_once(where: str, tmp_path: Path) -> None:
    async with rig(tmp_path, database=where) as one:
        process = await one.serve()
        load = await one.loaded("first", enough=60)

        await process.kill()
        await load.ended()
        again = await one.serve()

        assert await one.lost() == []
        assert await one.undelivered() == set()
        assert await again.stop() == 0


async def test_on_sqlite_a_killed_node_does_not_wait_for_its_own_lease(tmp_path: Path) -> None:
    async with rig(tmp_path) as one, httpx2.AsyncClient(timeout=60) as http:
        process = await one.serve()
        await one.share(http, one.tokens[0], "delivered")
        assert await one.undelivered() == set()

        one.down = True
        await one.share(http, one.tokens[0], "promised")
        await process.kill()
        await _lengthen_leases(one, by=60 * 60 * 1000)
        one.down = False
        await one.serve()
        await one.share(http, one.tokens[0], "shared anew")

        assert len(one.shared) == 3
        assert await one.undelivered() == set()


async def _lengthen_leases(one: Rig, *, by: int) -> None:
    """Let the leases of a dead worker last longer than the test waits."""
    async with (
        opened_database(config.load(one.folder / "config.toml"), command=True) as database,
        database.writing() as db,
    ):
        assert await db.run("UPDATE shards SET until = until + :by WHERE owner <> ''", by=by) == SHARDS


async def test_asked_to_end_under_load_it_ends_with_0_and_loses_nothing(where: str, tmp_path: Path) -> None:
    async with rig(tmp_path, database=where) as one:
        process = await one.serve()
        load = await one.loaded("first", enough=40)

        status = await process.stop()
        await load.ended()
        await one.serve()

        assert status == 0
        assert await one.lost() == []
        assert await one.undelivered() == set()


async def test_a_hundred_copies_of_an_activity_are_one(where: str, tmp_path: Path) -> None:

    async with rig(tmp_path, database=where) as one:
        await one.serve()
        by, member = one.people[0], one.member_uris[0]
        mention = {"type": "Mention", "href": member, "name": "@member0"}
        note = by.note("same", "Hello.", tag=[mention], cc=[by.followers, member], published="2026-11-27T00:00:00Z")
        async with httpx2.AsyncClient(timeout=60) as http:
            answers = await asyncio.gather(*(one.deliver(http, by, by.create(note)) for _ in range(100)))
            like = [by.activity("Like", note["id"], name=str(number)) for number in range(50)]
            await asyncio.gather(*(one.deliver(http, by, each) for each in like))

        [told] = await one.rows("SELECT COUNT(*) AS n FROM notifications WHERE reason = 'mention'")
        [liked] = await one.rows("SELECT likes_count AS n FROM posts WHERE uri = :uri", uri=note["id"])
        assert {answer.status_code for answer in answers} == {202}
        assert (await one.kept())[note["id"]] == 1
        assert (told["n"], liked["n"]) == (1, 1)
