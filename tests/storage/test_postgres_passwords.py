"""Where the password for PostgreSQL comes from. The role is one that ``tests.postgres.ACCESS`` asks for it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from storage.database import Unavailable
from storage.opening import open_database
from tests import postgres

PASSWORD = "hunter2"


@pytest.fixture
async def asking_url(postgres_server: postgres.Server, postgres_url: str) -> str:
    """A database whose owner has to say the password."""
    name, role = postgres_url.rpartition("/")[2], postgres.ASKS
    await postgres_server.run(f"DROP ROLE IF EXISTS {role}; CREATE ROLE {role} LOGIN SUPERUSER PASSWORD '{PASSWORD}'")
    return postgres_server.url(name, role)


async def test_it_is_taken_from_the_environment(asking_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHAREWELL_DATABASE_PASSWORD", PASSWORD)

    database = await open_database(asking_url)

    await database.close()


async def test_it_is_taken_from_the_file_that_pgpassfile_names(
    asking_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "pgpass"
    path.write_text(f"127.0.0.1:*:*:{postgres.ASKS}:{PASSWORD}\n")
    os.chmod(path, 0o600)
    monkeypatch.setenv("PGPASSFILE", str(path))

    database = await open_database(asking_url)

    await database.close()


async def test_a_wrong_one_is_unavailable_and_told_to_nobody(asking_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHAREWELL_DATABASE_PASSWORD", "a secret")

    with pytest.raises(Unavailable, match=f'password authentication failed for user "{postgres.ASKS}"') as raised:
        await open_database(asking_url)

    assert "secret" not in str(raised.value)
