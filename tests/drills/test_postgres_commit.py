"""Drill 3: the connection breaks around COMMIT, and nobody knows whether the work was kept."""

from __future__ import annotations

import pytest

from storage.database import Database, Unknown, Writing
from storage.opening import open_database
from storage.retrying import retrying
from tests import postgres
from tests.relay import Cut, Relay, relaying

CUTS: list[Cut] = ["before the commit", "after the commit"]


def through(relay: Relay, url: str) -> str:
    return f"postgresql://{postgres.SUPERUSER}@127.0.0.1:{relay.port}/{url.rpartition('/')[2]}"


async def keyed(db: Writing) -> int:
    """Keeps one row, however often it is done."""
    return await db.run("INSERT INTO received (uri, arrived) VALUES ('https://there/1', 1) ON CONFLICT DO NOTHING")


async def unkeyed(db: Writing) -> int:
    return await db.run("INSERT INTO audit (at, action) VALUES (1, 'signed in')")


async def kept(database: Database) -> tuple[int, int]:
    async with database.reading() as db:
        row = await db.row("SELECT (SELECT COUNT(*) FROM received) AS keyed, (SELECT COUNT(*) FROM audit) AS unkeyed")
    assert row is not None
    return row["keyed"], row["unkeyed"]


@pytest.mark.parametrize("cut", CUTS)
async def test_keyed_work_exists_once(postgres_server: postgres.Server, postgres_url: str, cut: Cut) -> None:
    async with relaying(postgres_server.port) as relay:
        database = await open_database(through(relay, postgres_url))
        relay.cut = cut

        await retrying(database, keyed, keyed=True)

        assert relay.cuts == 1
        assert await kept(database) == (1, 0)
        await database.close()


@pytest.mark.parametrize("cut", CUTS)
async def test_work_without_a_key_is_not_done_again(
    postgres_server: postgres.Server, postgres_url: str, cut: Cut
) -> None:
    async with relaying(postgres_server.port) as relay:
        database = await open_database(through(relay, postgres_url))
        relay.cut = cut

        with pytest.raises(Unknown):
            await retrying(database, unkeyed, keyed=False)

        assert await kept(database) == (0, 1 if cut == "after the commit" else 0)
        await database.close()
