"""Transactions that share a commit: who is kept, who is not, and that nobody waits for ever."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import AsyncGenerator, Awaitable
from contextlib import closing, suppress
from pathlib import Path
from typing import TypeVar

import pytest

from storage.committing import LONGEST, MOST, Committer
from storage.database import Busy, Unavailable
from storage.lines import Here, Line, Session, Work, whole

T = TypeVar("T")
BUSY_TIMEOUT = 0.2  # seconds


class Counting(Line):
    """Counts the round trips to its thread."""

    hops = 0

    def ask(self, work: Work[T], /) -> asyncio.Future[T]:
        self.hops += 1
        return super().ask(work)


class Clock:
    """Stands still until moved."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


class File:
    """A database file with one table, and what of it is on disk."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with closing(self.connect()) as db:
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("CREATE TABLE words (word TEXT PRIMARY KEY)")
            db.execute("CREATE TABLE followers (word TEXT REFERENCES words (word) DEFERRABLE INITIALLY DEFERRED)")

    def connect(self) -> sqlite3.Connection:
        return sqlite3.connect(self.path, timeout=BUSY_TIMEOUT, isolation_level=None, check_same_thread=False)

    def kept(self) -> list[str]:
        with closing(self.connect()) as db:
            return [row[0] for row in db.execute("SELECT word FROM words ORDER BY rowid")]


@pytest.fixture
def file(tmp_path: Path) -> File:
    return File(tmp_path / "words.db")


@pytest.fixture
async def line(file: File) -> AsyncGenerator[Counting]:
    line = Counting(file.connect)
    await line
    await line.hop(lambda db: db.execute("PRAGMA foreign_keys = ON"))
    yield line
    await line.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def committer(line: Counting, clock: Clock) -> AsyncGenerator[Committer]:
    committer = Committer(line, clock=clock)
    yield committer
    await committer.close()


async def add(db: Session, word: str) -> None:
    await db.run("INSERT INTO words (word) VALUES (:word)", word=word)


async def write(committer: Committer, word: str) -> None:
    async with committer.transaction() as db:
        await add(db, word)


async def outcomes(*callers: Awaitable[object]) -> list[object]:
    """What each came to: None or its error. None of them may take longer than 10 s."""
    return await asyncio.wait_for(asyncio.gather(*callers, return_exceptions=True), 10)


async def errand(committer: Committer, word: str, *, long: bool = False) -> str:
    """Write by an errand; a word that begins with an exclamation mark is too much for it."""

    def work(db: sqlite3.Connection) -> str:
        db.execute("INSERT INTO words (word) VALUES (?)", (word,))
        if word.startswith("!"):
            raise LookupError(word)
        return word

    return await committer.run(work, long=long)


async def in_its_turn(committer: Committer, word: str, there: asyncio.Event, go: asyncio.Event) -> None:
    """Write, say so, and stay inside until told to go on."""
    async with committer.transaction() as db:
        await add(db, word)
        there.set()
        await go.wait()


async def test_sixteen_at_once_share_one_commit(committer: Committer, file: File) -> None:
    await outcomes(*(write(committer, f"word {n}") for n in range(16)))

    assert committer.commits == 1
    assert len(file.kept()) == 16


async def test_sixteen_that_write_again_and_again_share_each_commit(committer: Committer, file: File) -> None:
    async def writer(name: int) -> None:
        for n in range(20):
            await write(committer, f"{name} {n}")

    await outcomes(*(writer(name) for name in range(16)))

    assert committer.commits == 20
    assert len(file.kept()) == 320


async def test_a_group_is_full_at_64(committer: Committer, file: File) -> None:
    await outcomes(*(write(committer, str(n)) for n in range(MOST + 1)))

    assert committer.commits == 2
    assert len(file.kept()) == MOST + 1


async def test_a_group_that_lasts_ten_milliseconds_lets_nobody_more_in(committer: Committer, clock: Clock) -> None:
    async def slow(word: str) -> None:
        async with committer.transaction() as db:
            await add(db, word)
            clock.now += LONGEST / 2

    await outcomes(*(slow(str(n)) for n in range(4)))

    assert committer.commits == 2


async def test_a_transaction_costs_one_hop_a_statement_and_two_a_group(committer: Committer, line: Counting) -> None:
    before = line.hops

    async def six(name: int) -> None:
        async with committer.transaction() as db:
            for n in range(6):
                await add(db, f"{name} {n}")

    await outcomes(*(six(name) for name in range(10)))

    assert line.hops - before == 10 * 6 + 2


async def test_who_raises_takes_back_only_its_own(committer: Committer, file: File) -> None:
    async def fails() -> None:
        async with committer.transaction() as db:
            await add(db, "failed")
            raise LookupError("not today")

    told = await outcomes(write(committer, "before"), fails(), write(committer, "after"))

    assert [type(one) for one in told] == [type(None), LookupError, type(None)]
    assert file.kept() == ["before", "after"]
    assert committer.commits == 1


async def test_a_wrong_statement_takes_back_only_its_own(committer: Committer, file: File) -> None:
    async def wrong() -> None:
        async with committer.transaction() as db:
            await add(db, "first of two")
            await add(db, "first of two")

    told = await outcomes(write(committer, "before"), wrong(), write(committer, "after"))

    assert [type(one) for one in told] == [type(None), sqlite3.IntegrityError, type(None)]
    assert file.kept() == ["before", "after"]


async def test_who_is_cancelled_in_its_turn_takes_back_only_its_own(committer: Committer, file: File) -> None:
    there = asyncio.Event()
    before = asyncio.create_task(write(committer, "before"))
    cancelled = asyncio.create_task(in_its_turn(committer, "cancelled", there, asyncio.Event()))
    after = asyncio.create_task(write(committer, "after"))
    await there.wait()

    cancelled.cancel()

    assert [type(one) for one in await outcomes(before, cancelled, after)] == [
        type(None),
        asyncio.CancelledError,
        type(None),
    ]
    assert file.kept() == ["before", "after"]


async def test_who_is_cancelled_within_a_statement_takes_it_back(committer: Committer, file: File) -> None:
    there = asyncio.Event()

    async def writes() -> None:
        async with committer.transaction() as db:
            there.set()
            await add(db, "cancelled")  # on its way to the thread when the test goes on

    cancelled = asyncio.create_task(writes())
    after = asyncio.create_task(write(committer, "after"))
    await there.wait()

    cancelled.cancel()

    assert [type(one) for one in await outcomes(cancelled, after)] == [asyncio.CancelledError, type(None)]
    assert file.kept() == ["after"]


async def test_who_is_cancelled_before_its_turn_holds_nobody_up(committer: Committer, file: File) -> None:
    there, go = asyncio.Event(), asyncio.Event()
    first = asyncio.create_task(in_its_turn(committer, "first", there, go))
    cancelled = asyncio.create_task(write(committer, "cancelled"))
    after = asyncio.create_task(write(committer, "after"))
    await there.wait()

    cancelled.cancel()
    go.set()

    assert [type(one) for one in await outcomes(first, cancelled, after)] == [
        type(None),
        asyncio.CancelledError,
        type(None),
    ]
    assert file.kept() == ["first", "after"]


async def test_who_is_cancelled_while_all_begin_holds_nobody_up(committer: Committer, file: File) -> None:
    with closing(file.connect()) as other:
        other.execute("BEGIN IMMEDIATE")
        cancelled = asyncio.create_task(write(committer, "cancelled"))
        after = asyncio.create_task(write(committer, "after"))
        await asyncio.sleep(BUSY_TIMEOUT / 4)
        cancelled.cancel()
        other.execute("COMMIT")

        assert [type(one) for one in await outcomes(cancelled, after)] == [asyncio.CancelledError, type(None)]
    assert file.kept() == ["after"]


async def test_who_is_cancelled_while_its_commit_is_awaited_is_kept(committer: Committer, file: File) -> None:
    there, go = asyncio.Event(), asyncio.Event()
    gone = asyncio.create_task(write(committer, "gone"))
    last = asyncio.create_task(in_its_turn(committer, "last", there, go))
    await there.wait()

    gone.cancel()
    go.set()

    assert [type(one) for one in await outcomes(gone, last)] == [asyncio.CancelledError, type(None)]
    assert file.kept() == ["gone", "last"]


async def test_when_sqlite_rolls_back_by_itself_all_of_the_group_have_failed(committer: Committer, file: File) -> None:
    await write(committer, "kept")

    async def gives_up() -> None:
        async with committer.transaction() as db:
            await db.run("INSERT OR ROLLBACK INTO words (word) VALUES ('kept')")

    told = await outcomes(write(committer, "before"), gives_up(), write(committer, "after"))

    assert [type(one) for one in told] == [Unavailable, Unavailable, type(None)]
    assert file.kept() == ["kept", "after"]


async def test_nothing_is_kept_of_a_caller_that_goes_on_after_sqlite_rolled_back(
    committer: Committer, file: File
) -> None:
    await write(committer, "kept")

    async def goes_on() -> None:
        async with committer.transaction() as db:
            for word in ("kept", "more", "and more"):
                try:
                    await db.run("INSERT OR ROLLBACK INTO words (word) VALUES (:word)", word=word)
                except Unavailable:
                    continue

    assert [type(one) for one in await outcomes(goes_on())] == [Unavailable]
    assert file.kept() == ["kept"]


async def test_a_full_disk_is_told_and_nothing_acknowledged_is_lost(
    committer: Committer, line: Counting, file: File
) -> None:
    pages = await line.hop(lambda db: db.execute("PRAGMA page_count").fetchone()[0])
    await line.hop(lambda db: db.execute(f"PRAGMA max_page_count = {pages + 4}").fetchall())

    words = [f"{n} {'x' * 500}" for n in range(100)]
    told = [await outcomes(write(committer, word), write(committer, word + "!")) for word in words]

    errors = [one for pair in told for one in pair]
    assert {type(one) for one in errors} == {type(None), Unavailable}
    asked = [word + mark for word in words for mark in ("", "!")]
    assert file.kept() == [word for word, one in zip(asked, errors, strict=True) if one is None]


async def test_writing_goes_on_when_the_disk_has_room_again(committer: Committer, line: Counting, file: File) -> None:
    pages = await line.hop(lambda db: db.execute("PRAGMA page_count").fetchone()[0])
    await line.hop(lambda db: db.execute(f"PRAGMA max_page_count = {pages}").fetchall())
    refused = await outcomes(*(write(committer, f"{n} {'x' * 2000}") for n in range(10)))
    await line.hop(lambda db: db.execute("PRAGMA max_page_count = 100000").fetchall())

    assert await outcomes(write(committer, "room")) == [None]

    assert Unavailable in {type(one) for one in refused}
    assert file.kept()[-1] == "room"


async def test_a_locked_file_fails_all_that_wait_at_once(committer: Committer, file: File) -> None:
    with closing(file.connect()) as other:
        other.execute("BEGIN IMMEDIATE")
        begun = asyncio.get_running_loop().time()

        told = await outcomes(*(write(committer, str(n)) for n in range(10)))

        assert {type(one) for one in told} == {Busy}
        assert asyncio.get_running_loop().time() - begun < 5 * BUSY_TIMEOUT
        other.execute("ROLLBACK")
    assert await outcomes(write(committer, "free")) == [None]
    assert file.kept() == ["free"]


async def test_a_failed_commit_fails_all_and_leaves_nothing(committer: Committer, file: File) -> None:
    async def points_to_nothing() -> None:
        async with committer.transaction() as db:
            await db.run("INSERT INTO followers (word) VALUES ('nobody')")

    told = await outcomes(write(committer, "before"), points_to_nothing())

    assert [type(one) for one in told] == [Unavailable, Unavailable]
    assert file.kept() == []
    assert await outcomes(write(committer, "next")) == [None]


async def test_what_is_to_be_alone_runs_outside_any_transaction(committer: Committer, file: File) -> None:
    told = await outcomes(
        write(committer, "before"), committer.alone(lambda db: db.in_transaction), write(committer, "after")
    )

    assert told == [None, False, None]
    assert file.kept() == ["before", "after"]


async def test_a_transaction_cannot_be_used_after_its_end(committer: Committer, file: File) -> None:
    async with committer.transaction() as db:
        await add(db, "within")

    with pytest.raises(Unavailable, match="over"):
        await add(db, "later")
    assert file.kept() == ["within"]


async def test_closing_keeps_who_has_left_and_fails_who_has_not(committer: Committer, file: File) -> None:
    there, go = asyncio.Event(), asyncio.Event()
    left = asyncio.create_task(write(committer, "left"))
    inside = asyncio.create_task(in_its_turn(committer, "inside", there, go))
    waiting = asyncio.create_task(write(committer, "waiting"))
    await there.wait()

    await asyncio.wait_for(committer.close(), 10)
    go.set()

    assert [type(one) for one in await outcomes(left, inside, waiting)] == [type(None), Unavailable, Unavailable]
    assert [type(one) for one in await outcomes(write(committer, "late"))] == [Unavailable]
    assert file.kept() == ["left"]


def test_an_event_loop_that_is_shut_down_waits_for_nobody(file: File) -> None:
    async def main() -> None:
        line = Line(file.connect)
        await line
        committer = Committer(line)
        there = asyncio.Event()
        tasks.append(asyncio.create_task(write(committer, "left")))
        tasks.append(asyncio.create_task(in_its_turn(committer, "inside", there, asyncio.Event())))
        tasks.append(asyncio.create_task(write(committer, "waiting")))
        await there.wait()
        lines.append(line)

    lines: list[Line] = []
    tasks: list[asyncio.Task[None]] = []
    with asyncio.Runner() as runner:
        runner.run(main())

    assert all(task.done() for task in tasks)
    with closing(file.connect()) as other:
        other.execute("BEGIN IMMEDIATE")  # nobody holds the file any more
    lines[0].stop()
    assert file.kept() == []


async def test_work_of_one_hop_cannot_go_on_after_sqlite_rolled_back(committer: Committer, file: File) -> None:
    await write(committer, "kept")

    async def goes_on(db: Session) -> None:
        for word in ("kept", "more", "and more"):
            with suppress(sqlite3.IntegrityError, Unavailable):
                await db.run("INSERT OR ROLLBACK INTO words (word) VALUES (:word)", word=word)

    async def caller() -> None:
        async with committer.transaction() as db:
            await db.hop(lambda db: whole(goes_on, Here(db)))

    assert [type(one) for one in await outcomes(caller())] == [Unavailable]
    assert file.kept() == ["kept"]


@pytest.mark.parametrize("long", [False, True])
async def test_errands_and_transactions_share_a_commit(committer: Committer, file: File, long: bool) -> None:
    told = await outcomes(
        errand(committer, "one", long=long), write(committer, "two"), errand(committer, "three", long=long)
    )

    assert told == ["one", None, "three"]
    assert committer.commits == 1
    assert file.kept() == ["one", "two", "three"]


@pytest.mark.parametrize("long", [False, True])
async def test_an_errand_that_raises_fails_alone(committer: Committer, file: File, long: bool) -> None:
    told = await outcomes(
        errand(committer, "one"), errand(committer, "!two", long=long), errand(committer, "one", long=long),
        write(committer, "three"), errand(committer, "four"),
    )  # fmt: skip

    assert [type(one) for one in told] == [str, LookupError, sqlite3.IntegrityError, type(None), str]
    assert file.kept() == ["one", "three", "four"]


@pytest.mark.parametrize("long", [False, True])
async def test_errands_are_lost_with_the_transaction(committer: Committer, file: File, long: bool) -> None:
    await errand(committer, "kept")

    def gives_up(db: sqlite3.Connection) -> None:
        db.execute("INSERT OR ROLLBACK INTO words (word) VALUES ('kept')")

    told = await outcomes(
        errand(committer, "before"), committer.run(gives_up, long=long), errand(committer, "after", long=long)
    )

    assert [type(one) for one in told[:2]] == [Unavailable, Unavailable]
    assert told[2] == "after"  # of the next group
    assert file.kept() == ["kept", "after"]


async def test_an_errand_waits_for_what_a_cancelled_caller_left_running(committer: Committer, file: File) -> None:
    def slow(db: sqlite3.Connection) -> None:
        running.set()
        going_on.wait(10)
        db.execute("INSERT INTO words (word) VALUES ('cancelled')")

    async def caller() -> None:
        async with committer.transaction() as db:
            await db.hop(slow)

    running, going_on = threading.Event(), threading.Event()
    left = asyncio.create_task(caller())
    await asyncio.to_thread(running.wait)
    left.cancel()
    after = asyncio.create_task(errand(committer, "after"))
    await asyncio.sleep(0.05)
    assert not after.done()
    going_on.set()

    assert await outcomes(after) == ["after"]
    assert left.cancelled()
    assert file.kept() == ["after"]


async def test_a_cancelled_errand_is_not_begun(committer: Committer, file: File) -> None:
    there, go = asyncio.Event(), asyncio.Event()
    inside = asyncio.create_task(in_its_turn(committer, "inside", there, go))
    await there.wait()
    waiting = asyncio.create_task(errand(committer, "cancelled"))
    await asyncio.sleep(0)
    waiting.cancel()
    go.set()

    await outcomes(inside, waiting)
    assert file.kept() == ["inside"]


@pytest.mark.parametrize("long", [False, True])
async def test_a_failed_commit_fails_errands_too(committer: Committer, file: File, long: bool) -> None:
    def points_to_nothing(db: sqlite3.Connection) -> None:
        db.execute("INSERT INTO followers (word) VALUES ('nobody')")

    told = await outcomes(errand(committer, "before", long=long), committer.run(points_to_nothing, long=long))

    assert [type(one) for one in told] == [Unavailable, Unavailable]
    assert file.kept() == []
