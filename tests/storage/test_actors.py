"""An actor that was read before it shared something is the same as one that is read after."""

from __future__ import annotations

import pytest

from storage import actors, profiles
from storage.actors import Actor
from storage.database import Database
from storage.posts import Visibility
from storage.profiles import Description
from tests.storage import making


async def both(database: Database, known: Actor) -> tuple[Actor, Actor]:
    """The actor as counted anew, and as it stands."""
    async with database.reading() as db:
        return await actors.recounted(db, known), await actors.by_id(db, known.id)


@pytest.mark.parametrize("visibility", [Visibility.PUBLIC, Visibility.DIRECT])
async def test_what_an_actor_shared_moves_its_counters(database: Database, visibility: Visibility) -> None:
    async with database.writing() as db:
        known = await making.member(db)
        await making.post(db, known, visibility=visibility)

    found, real = await both(database, known)

    assert found == real
    assert (found.posts_count, found.changed - known.changed) == ((1, 1) if visibility != "direct" else (0, 0))


@pytest.mark.parametrize("shared", [0, 1])
async def test_an_actor_that_others_changed_meanwhile_is_read_anew(database: Database, shared: int) -> None:
    async with database.writing() as db:
        known = await making.member(db)
        for _ in range(shared):
            await making.post(db, known)
        await profiles.describe(db, known.id, Description("Somebody New", "", ""))
        await making.follow(db, await making.member(db), known)

    found, real = await both(database, known)

    assert found == real
    assert (found.name, found.followers_count) == ("Somebody New", 1)
