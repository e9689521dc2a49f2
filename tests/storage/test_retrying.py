"""Work is done again when nothing of it was kept, and only then."""

from __future__ import annotations

import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, TypeVar

import pytest

from storage import retrying as module
from storage.database import Busy, Database, Unavailable, Unknown, Unreached, Writing
from storage.retrying import retrying

T = TypeVar("T")


@dataclass
class Failing:
    """A database whose next transactions fail at their end as told, the later ones not."""

    database: Database
    failures: list[Exception]

    async def write(self, work: Callable[[Writing], Coroutine[Any, Any, T]], /, *, long: bool = False) -> T:
        async def failing(db: Writing) -> T:
            done = await work(db)
            if self.failures:
                raise self.failures.pop(0)
            return done

        return await self.database.write(failing, long=long)


async def write(db: Writing) -> int:
    return await db.run("INSERT INTO audit (at, action) VALUES (1, 'signed in')")


async def rows(database: Database) -> int:
    async with database.reading() as db:
        row = await db.row("SELECT COUNT(*) AS n FROM audit")
    assert row is not None
    return int(row["n"])


@pytest.mark.parametrize("failure", [Busy("deadlock"), Unreached("gone")], ids=["busy", "unreached"])
async def test_what_was_not_kept_is_done_again(database: Database, failure: Exception) -> None:
    assert await retrying(Failing(database, [failure, failure]), write, keyed=False) == 1

    assert await rows(database) == 1


async def test_what_may_be_kept_is_not_done_again_without_a_key(database: Database) -> None:
    with pytest.raises(Unknown):
        await retrying(Failing(database, [Unknown("commit")]), write, keyed=False)

    assert await rows(database) == 0


async def test_what_may_be_kept_is_done_again_with_a_key(database: Database) -> None:
    assert await retrying(Failing(database, [Unknown("commit")]), write, keyed=True) == 1


@pytest.mark.parametrize("failure", [Unavailable("disk full"), ValueError("a bug")], ids=["full", "bug"])
async def test_what_would_fail_again_is_raised_at_once(database: Database, failure: Exception) -> None:
    with pytest.raises(type(failure)):
        await retrying(Failing(database, [failure]), write, keyed=True)

    assert await rows(database) == 0


async def test_after_the_time_given_it_is_unavailable(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PATIENCE", 0.3)
    begun = time.monotonic()

    with pytest.raises(Unavailable, match="deadlock"):
        await retrying(Failing(database, [Busy("deadlock")] * 100), write, keyed=True)

    assert time.monotonic() - begun < 0.6
