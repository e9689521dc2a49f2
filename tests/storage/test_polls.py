"""The counts of a poll are what a plain list of its votes says, whoever voted, left, and in whatever order."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage import polls
from storage.database import Database, Writing
from storage.opening import open_database
from storage.polls import Option, Poll
from tests.storage import making
from tests.storage.making import NOW

PEOPLE, OPTIONS = 4, 3
Vote = tuple[int, frozenset[int], bool]  # who, what, one option after another
VOTES = st.tuples(st.integers(0, PEOPLE - 1), st.frozensets(st.integers(0, OPTIONS - 1), min_size=1), st.booleans())
LEAVES = st.integers(0, PEOPLE - 1)


def counted(history: list[Vote | int], *, multiple: bool) -> tuple[list[int], int]:
    """The counts and the number of voters, reckoned with sets."""
    chose: dict[int, set[int]] = {}
    for step in history:
        if isinstance(step, int):
            chose.pop(step, None)
            continue
        who, what, again = step
        if who not in chose or (again and multiple):
            chose.setdefault(who, set()).update(what)
    return [sum(place in one for one in chose.values()) for place in range(OPTIONS)], len(chose)


async def _vote(db: Writing, post_id: int, ids: list[int], step: Vote | int) -> None:
    if isinstance(step, int):
        await polls.forget_all_of(db, ids[step])
        return
    who, what, again = step
    await polls.vote(db, post_id, actor_id=ids[who], places=sorted(what), now=NOW, again=again)


async def lives(database: Database, history: list[Vote | int], *, multiple: bool) -> tuple[list[int], int | None]:
    async with database.writing() as db:
        author = await making.member(db)
        post = await making.post(db, author)
        other = await making.post(db, author)
        ids = [(await making.actor(db)).id for _ in range(PEOPLE)]
        asked = Poll([Option(str(place)) for place in range(OPTIONS)], multiple=NOW if multiple else None)
        for one in (post, other):
            await polls.put(db, one.id, asked)
        await polls.vote(db, other.id, actor_id=author.id, places=[0], now=NOW)
        for step in history:
            await _vote(db, post.id, ids, step)
        found = await polls.of(db, [post.id, other.id])
    assert [one.votes for one in found[other.id].options] == [1, 0, 0]
    return [one.votes for one in found[post.id].options], found[post.id].voters


@given(st.lists(st.one_of(VOTES, LEAVES), max_size=12), st.booleans())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_counts_are_what_the_votes_say(
    migrated_sqlite: Path, tmp_path: Path, history: list[Vote | int], multiple: bool
) -> None:
    path = Path(shutil.copy(migrated_sqlite, tmp_path / "polls.db"))
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)

    async def run() -> tuple[list[int], int | None]:
        database = await open_database(path)
        try:
            return await lives(database, history, multiple=multiple)
        finally:
            await database.close()

    if not multiple:
        history = [step if isinstance(step, int) else (step[0], frozenset([min(step[1])]), step[2]) for step in history]
    assert asyncio.run(run()) == counted(history, multiple=multiple)
