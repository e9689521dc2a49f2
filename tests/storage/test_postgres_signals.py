"""Signals from one process to the others on PostgreSQL. Two open databases here are two processes there."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage import listening
from storage.database import Database
from storage.listening import CHANNEL, PAYLOAD, payloads, signals_of
from storage.opening import open_database
from tests import postgres

TOPICS = st.text("abcdefghijklmnopqrstuvwxyz_.:é", min_size=1, max_size=40)


@pytest.fixture
async def there(postgres_url: str) -> AsyncGenerator[Database]:
    """Another process on the same database."""
    database = await open_database(postgres_url)
    yield database
    await database.close()


class Heard:
    """What a listener heard, to wait for."""

    def __init__(self) -> None:
        self.ids: list[int] = []
        self._more = asyncio.Event()

    def __call__(self, id: int) -> None:
        self.ids.append(id)
        self._more.set()

    async def until(self, id: int, *, seconds: float = 4) -> None:
        """Wait for ``id``."""
        async with asyncio.timeout(seconds):
            while id not in self.ids:
                self._more.clear()
                await self._more.wait()


@given(st.sets(st.tuples(TOPICS, st.integers(-(1 << 63), (1 << 63) - 1)), max_size=2000))
def test_signals_survive_their_payloads(signals: set[tuple[str, int]]) -> None:
    made = list(payloads(signals))

    assert sorted(signal for payload in made for signal in signals_of(payload)) == sorted(signals)


def test_no_payload_is_larger_than_postgresql_takes() -> None:
    made = list(payloads(("posts", (1 << 62) + n) for n in range(5000)))

    assert len(made) == 13
    assert max(len(payload.encode()) for payload in made) <= PAYLOAD


async def test_another_process_hears_a_signal(postgres_database: Database, there: Database) -> None:
    heard = Heard()
    there.listen("posts", heard)
    await heard.until(0)  # it listens

    postgres_database.signal("posts", 7)

    await heard.until(7)


async def test_the_process_itself_hears_its_signal_at_once_and_once(
    postgres_database: Database, there: Database
) -> None:
    here, elsewhere = Heard(), Heard()
    postgres_database.listen("posts", here)
    there.listen("posts", elsewhere)
    await here.until(0)
    await elsewhere.until(0)

    postgres_database.signal("posts", 7)

    assert here.ids[-1] == 7
    await elsewhere.until(7)
    there.signal("posts", 8)
    await here.until(8)
    assert here.ids.count(7) == 1


async def test_signals_of_one_moment_are_one_notification(
    postgres_database: Database, there: Database, postgres_url: str
) -> None:
    heard = Heard()
    there.listen("posts", heard)
    await heard.until(0)
    notified: list[object] = []
    connection = await asyncpg.connect(postgres_url)
    await connection.add_listener(CHANNEL, lambda *said: notified.append(said[-1]))

    for id in range(1, 101):
        postgres_database.signal("posts", id)

    await heard.until(100)
    async with asyncio.timeout(10):
        while not notified:  # noqa: ASYNC110 - two connections hear of it each in its own time
            await asyncio.sleep(0.02)
    assert len(notified) == 1
    await connection.close()


async def test_what_was_signalled_just_before_closing_is_still_told(postgres_url: str, there: Database) -> None:
    heard = Heard()
    there.listen("posts", heard)
    await heard.until(0)
    command = await open_database(postgres_url)

    command.signal("posts", 7)
    await command.close()

    await heard.until(7, seconds=1)


async def test_listeners_are_told_to_look_every_few_seconds(
    postgres_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listening, "LOOK", 0.2)
    heard = Heard()
    postgres_database.listen("posts", heard)

    async with asyncio.timeout(20):
        while heard.ids.count(0) < 3:
            postgres_database.signal("posts", 7)  # signals all the while do not put the look off
            await asyncio.sleep(0.01)


async def test_a_notification_that_is_not_ours_hurts_nobody(
    postgres_server: postgres.Server,
    postgres_url: str,
    postgres_database: Database,
    caplog: pytest.LogCaptureFixture,
) -> None:
    heard = Heard()
    postgres_database.listen("posts", heard)
    await heard.until(0)
    name = postgres_url.rpartition("/")[2]

    await postgres_server.run(f"NOTIFY {CHANNEL}, 'posts seven'", name)
    await postgres_server.run(f"NOTIFY {CHANNEL}", name)
    await postgres_server.run(f"NOTIFY {CHANNEL}, 'posts 8'", name)

    await heard.until(8)
    assert [record.message for record in caplog.records] == ["a signal in a form not ours: 'posts seven'"]


async def test_who_neither_tells_nor_hears_has_no_connection_for_it(
    postgres_server: postgres.Server, postgres_database: Database
) -> None:
    async with postgres_database.reading() as db:
        row = await db.row(
            "SELECT COUNT(*) AS n FROM pg_stat_activity WHERE datname = current_database() AND backend_type = :client",
            client="client backend",
        )

    assert row is not None
    assert row["n"] == 1
