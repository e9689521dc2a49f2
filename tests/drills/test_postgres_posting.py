"""Drill 3, as members and other servers see it: the COMMIT of their post is cut, and the post exists once."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from storage.database import Database
from storage.opening import open_database
from tests import postgres
from tests.clients.person import Person, person
from tests.relay import Cut, Relay, relaying
from tests.serving import Fediverse

TEXT = "We moved the crash cart."
CUTS: list[Cut] = ["before the commit", "after the commit"]


@pytest.fixture
def relays() -> list[Relay]:
    """Those in front of the nodes' databases, in the order in which the nodes were made."""
    return []


@pytest.fixture
async def fediverse(postgres_server: postgres.Server, relays: list[Relay], tmp_path: Path) -> AsyncGenerator[Fediverse]:
    """Nodes whose databases are behind relays."""

    @asynccontextmanager
    async def opening() -> AsyncGenerator[Database]:
        name = await postgres_server.fresh()
        async with relaying(postgres_server.port) as relay:
            relays.append(relay)
            database = await open_database(f"postgresql://{postgres.SUPERUSER}@127.0.0.1:{relay.port}/{name}")
            yield database
            await database.close()
        await postgres_server.drop(name)

    made = Fediverse(opening, tmp_path)
    yield made
    await made.close()


async def counted(database: Database) -> tuple[int, int]:
    """Posts, and activities that are or were to be sent about them."""
    async with database.reading() as db:
        row = await db.row(
            """
            SELECT (SELECT COUNT(*) FROM posts) AS posts,
                   (SELECT COUNT(*) FROM activities_out WHERE object_uri IN (SELECT uri FROM posts)) AS promised
            """
        )
    assert row is not None
    return row["posts"], row["promised"]


async def follow(fediverse: Fediverse, follower: Person, handle: str) -> None:
    found = await follower.get("/api/v2/search", q=handle, resolve="true")
    await follower.post(f"/api/v1/accounts/{found['accounts'][0]['id']}/follow")
    await fediverse.quiet()


@pytest.mark.parametrize("cut", CUTS)
async def test_a_post_and_its_delivery_exist_once_and_the_app_is_told_its_id(
    fediverse: Fediverse, relays: list[Relay], cut: Cut
) -> None:
    north, south = await fediverse.node("north.example"), await fediverse.node("south.example")
    async with person(north, "rosa") as rosa, person(south, "sam") as sam:
        await follow(fediverse, sam, "@rosa@north.example")
        relays[0].about, relays[0].cut = TEXT.encode(), cut

        made = await rosa.say(TEXT)

        assert relays[0].cuts == 1
        assert (await rosa.get(f"/api/v1/statuses/{made['id']}"))["id"] == made["id"]
        assert (await counted(north.database))[0] == 1
        await fediverse.quiet()
        home = await sam.get("/api/v1/timelines/home")
        assert [status["uri"] for status in home] == [made["uri"]]
        creates = [one for one in fediverse.exchanged if b'"Create"' in one.body]
        assert len(creates) == 1


@pytest.mark.parametrize("cut", CUTS)
async def test_a_post_that_arrives_is_taken_in_once_and_202_is_said(
    fediverse: Fediverse, relays: list[Relay], cut: Cut
) -> None:
    north, south = await fediverse.node("north.example"), await fediverse.node("south.example")
    async with person(north, "rosa") as rosa, person(south, "sam") as sam:
        await follow(fediverse, sam, "@rosa@north.example")
        relays[1].about, relays[1].cut = TEXT.encode(), cut

        made = await rosa.say(TEXT)
        await fediverse.quiet()

        assert relays[1].cuts == 1
        creates = [one.status for one in fediverse.exchanged if b'"Create"' in one.body]
        assert creates == [202]
        home = await sam.get("/api/v1/timelines/home")
        assert [status["uri"] for status in home] == [made["uri"]]
        assert (await counted(south.database))[0] == 1
