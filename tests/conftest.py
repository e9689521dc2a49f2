"""What most tests need: a fresh database, in both dialects. PostgreSQL is started once for the session."""

from __future__ import annotations

import asyncio
import itertools
import shutil
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from storage.database import Database
from storage.opening import open_database
from tests import postgres
from tests.clients import counts
from tests.peers import matrix
from tests.serving import Fediverse, OpenDatabase


def pytest_configure() -> None:
    """Stop at once, in one line, when there is no PostgreSQL to test with: a skipped test proves nothing."""
    if postgres.programs() is None:
        raise pytest.UsageError(postgres.MISSING)


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """A run that skipped a test has not passed: a skipped test proves nothing."""
    reporter: Any = session.config.pluginmanager.get_plugin("terminalreporter")
    if exitstatus == pytest.ExitCode.OK and reporter is not None and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Show what was seen to work with which peer, and how much of each app."""
    reports = [
        one
        for outcome in ("passed", "failed", "error")
        for one in terminalreporter.getreports(outcome)
        if getattr(one, "when", "") == "call" or (outcome == "error" and hasattr(one, "when"))
    ]
    matrix.show(terminalreporter, reports)
    counts.show(terminalreporter, reports)


@pytest.fixture(scope="session")
def postgres_server() -> Generator[postgres.Server]:
    """The session's PostgreSQL; with pytest-xdist one for each worker."""
    with postgres.serving() as server:
        yield server


@pytest.fixture
async def postgres_url(postgres_server: postgres.Server) -> AsyncGenerator[str]:
    """A fresh, migrated PostgreSQL database that nobody has opened."""
    name = await postgres_server.fresh()
    yield postgres_server.url(name)
    await postgres_server.drop(name)


@pytest.fixture
async def postgres_database(postgres_url: str) -> AsyncGenerator[Database]:
    """A fresh, migrated PostgreSQL database, open."""
    database = await open_database(postgres_url)
    yield database
    await database.close()


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the newest schema and nothing in it, to copy."""
    path = tmp_path_factory.mktemp("migrated") / "sharewell.db"

    async def make() -> None:
        database = await open_database(path)
        await database.close()

    with asyncio.Runner() as runner:
        runner.run(make())
    return path


@pytest.fixture
async def sqlite_database(migrated_sqlite: Path, tmp_path: Path) -> AsyncGenerator[Database]:
    """A fresh, migrated SQLite database, open: ``tmp_path / "sharewell.db"``."""
    database = await open_database(shutil.copy(migrated_sqlite, tmp_path / "sharewell.db"))
    yield database
    await database.close()


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest) -> Database:
    """A fresh, migrated, open database: each test that uses it runs on both."""
    opened: Database = request.getfixturevalue(f"{request.param}_database")
    return opened


@pytest.fixture
def opening_sqlite(migrated_sqlite: Path, tmp_path: Path) -> OpenDatabase:
    """Opens a fresh, migrated SQLite database each time it is called."""
    numbers = itertools.count()

    @asynccontextmanager
    async def opening() -> AsyncGenerator[Database]:
        database = await open_database(shutil.copy(migrated_sqlite, tmp_path / f"node-{next(numbers)}.db"))
        try:
            yield database
        finally:
            await database.close()

    return opening


@pytest.fixture
def opening_postgres(postgres_server: postgres.Server) -> OpenDatabase:
    """Opens a fresh, migrated PostgreSQL database each time it is called."""

    @asynccontextmanager
    async def opening() -> AsyncGenerator[Database]:
        name = await postgres_server.fresh()
        database = await open_database(postgres_server.url(name))
        try:
            yield database
        finally:
            await database.close()
            await postgres_server.drop(name)

    return opening


@pytest.fixture
def opening(request: pytest.FixtureRequest) -> OpenDatabase:
    """Opens fresh databases: SQLite, or what ``@ON_BOTH`` of ``tests.serving`` asks for."""
    found: OpenDatabase = request.getfixturevalue(f"opening_{getattr(request, 'param', 'sqlite')}")
    return found


@pytest.fixture
async def fediverse(opening: OpenDatabase, tmp_path: Path) -> AsyncGenerator[Fediverse]:
    """Nodes that reach each other."""
    made = Fediverse(opening, tmp_path)
    yield made
    await made.close()
