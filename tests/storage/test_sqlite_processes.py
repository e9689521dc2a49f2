"""Several processes on one SQLite file: a node that serves, and commands beside it."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from storage.database import Database, Unavailable
from storage.locks import FileLock
from storage.opening import open_database
from storage.sqlite import PATIENCE

ROOT = Path(__file__).parents[2]

COMMAND = """
import asyncio, sys, time
from storage.opening import open_database

async def main():
    database = await open_database(sys.argv[1], command=True)
    for n in range(20):
        begun = time.monotonic()
        async with database.writing() as db:
            await db.run("INSERT INTO tags (name, shown) VALUES (:name, '')", name=f"command {n}")
        print(time.monotonic() - begun, flush=True)
    await database.close()

asyncio.run(main())
"""

SERVE = """
import asyncio, sys
from storage.opening import open_database

async def main():
    database = await open_database(sys.argv[1])
    print("serving", flush=True)
    await asyncio.to_thread(sys.stdin.read)

asyncio.run(main())
"""

START = """
import asyncio, sys
from storage.opening import open_database

async def main():
    print("ready", flush=True)
    sys.stdin.readline()
    database = await open_database(sys.argv[1], command=True)
    await database.close()

asyncio.run(main())
"""

FAIL = """
import asyncio, sys
from storage.opening import open_database

async def main():
    await open_database(sys.argv[1])
    sys.exit(7)

asyncio.run(main())
"""


@asynccontextmanager
async def process(script: str, path: Path) -> AsyncGenerator[asyncio.subprocess.Process]:
    """A Python process of its own."""
    pipe = asyncio.subprocess.PIPE
    running = await asyncio.create_subprocess_exec(
        sys.executable, "-c", script, str(path), cwd=ROOT, stdin=pipe, stdout=pipe, stderr=pipe
    )
    try:
        yield running
    finally:
        if running.returncode is None:
            running.kill()
        await running.communicate()


async def line(running: asyncio.subprocess.Process) -> str:
    assert running.stdout is not None
    return (await asyncio.wait_for(running.stdout.readline(), 30)).decode().strip()


async def write_for_ever(database: Database, name: int) -> None:
    n = 0
    while True:
        async with database.writing() as db:
            for _ in range(6):
                n += 1
                await db.run("INSERT INTO tags (name, shown) VALUES (:name, '')", name=f"{name} {n}")


async def test_a_command_writes_within_two_seconds_beside_a_node_under_full_load(
    sqlite_database: Database, tmp_path: Path
) -> None:
    writers = [asyncio.create_task(write_for_ever(sqlite_database, name)) for name in range(16)]
    try:
        async with process(COMMAND, tmp_path / "sharewell.db") as command:
            out, errors = await asyncio.wait_for(command.communicate(), 60)
    finally:
        for writer in writers:
            writer.cancel()
        ended = await asyncio.gather(*writers, return_exceptions=True)

    waited = [float(one) for one in out.split()]
    assert (command.returncode, len(waited)) == (0, 20), errors.decode()
    assert max(waited) < 2
    assert {type(one) for one in ended} == {asyncio.CancelledError}  # nobody was refused


@pytest.fixture
def turnstile(sqlite_database: Database, tmp_path: Path) -> Generator[FileLock]:
    """The lock that another process, which is about to write, holds."""
    lock = FileLock(tmp_path / "sharewell.db.turn")
    assert lock.taken()
    yield lock
    lock.close()


async def write(database: Database) -> None:
    async with database.writing() as db:
        await db.run("INSERT INTO tags (name, shown) VALUES ('falls', '')")


async def test_a_writer_lets_pass_who_is_at_the_turnstile(sqlite_database: Database, turnstile: FileLock) -> None:
    writing = asyncio.create_task(write(sqlite_database))

    done, _ = await asyncio.wait([writing], timeout=PATIENCE / 4)
    turnstile.release()

    assert not done
    await asyncio.wait_for(writing, 10)


async def test_a_writer_goes_past_who_stays_in_the_turnstile(sqlite_database: Database, turnstile: FileLock) -> None:
    await asyncio.wait_for(write(sqlite_database), 10 * PATIENCE)


async def test_a_second_process_that_serves_the_same_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "sharewell.db"
    async with process(SERVE, path) as serving:
        assert await line(serving) == "serving"

        with pytest.raises(Unavailable, match=r"another process serves .*sharewell\.db") as refused:
            await open_database(path)

    assert "\n" not in str(refused.value)


async def test_a_killed_process_leaves_the_file_free_to_serve(tmp_path: Path) -> None:
    path = tmp_path / "sharewell.db"
    async with process(SERVE, path) as serving:
        assert await line(serving) == "serving"
        serving.kill()
        await serving.wait()

        database = await open_database(path)

    await database.close()


async def test_a_process_that_fails_without_closing_its_database_ends(tmp_path: Path) -> None:
    async with process(FAIL, tmp_path / "sharewell.db") as failing:
        await asyncio.wait_for(failing.communicate(), 30)

    assert failing.returncode == 7


async def test_commands_open_a_file_that_is_served(sqlite_database: Database, tmp_path: Path) -> None:
    async with process(START, tmp_path / "sharewell.db") as command:
        _, errors = await asyncio.wait_for(command.communicate(b"\n"), 30)

    assert command.returncode == 0, errors.decode()


async def test_a_database_that_was_closed_can_be_served_again(tmp_path: Path) -> None:
    path = tmp_path / "sharewell.db"
    for _ in range(2):
        database = await open_database(path)
        await database.close()


@pytest.mark.parametrize("attempt", range(3))
async def test_processes_that_start_at_once_on_nothing_all_succeed(tmp_path: Path, attempt: int) -> None:
    path = tmp_path / "new" / "sharewell.db"
    async with process(START, path) as one, process(START, path) as two, process(START, path) as three:
        started = (one, two, three)
        for each in started:
            assert await line(each) == "ready"
        ended = await asyncio.gather(*(asyncio.wait_for(each.communicate(b"\n"), 30) for each in started))

    assert [each.returncode for each in started] == [0, 0, 0], b"".join(errors for _, errors in ended).decode()
