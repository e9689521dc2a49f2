"""What PostgreSQL says, and which of our errors it becomes."""

from __future__ import annotations

import asyncio

import asyncpg
import pytest

from storage.database import Busy, Database, Unavailable, Unknown, Unreached
from storage.opening import open_database
from storage.refusals import Refusal, refusal
from tests import postgres


def said(code: str) -> asyncpg.PostgresError:
    """The error that asyncpg makes of an SQLSTATE."""
    made: asyncpg.PostgresError = asyncpg.PostgresError.new({"C": code, "M": "message", "S": "ERROR"})
    return made


TABLE: dict[str, tuple[Refusal | None, Refusal | None]] = {  # in a statement, in place of COMMIT's answer
    "40001": (Busy, Busy),
    "40P01": (Busy, Busy),
    "55P03": (Busy, Busy),
    "08006": (Unreached, Unknown),
    "25006": (Unreached, Unreached),
    "25P03": (Unreached, Unreached),
    "53100": (Unavailable, Unavailable),
    "53200": (Unavailable, Unavailable),
    "53300": (Unreached, Unreached),
    "57014": (Unavailable, Unknown),
    "57P01": (Unreached, Unknown),
    "57P02": (Unreached, Unknown),
    "57P03": (Unreached, Unreached),
    "58030": (Unavailable, Unavailable),
    "28P01": (Unavailable, Unavailable),
    "3D000": (Unavailable, Unavailable),
    "23505": (None, None),
    "42601": (None, None),
    "22003": (None, None),
}


@pytest.mark.parametrize("code", TABLE)
def test_each_sqlstate_means_one_thing(code: str) -> None:
    statement, commit = TABLE[code]

    assert refusal(said(code), closed=False) is statement
    assert refusal(said(code), closed=False, committing=True) is commit


ASYNCPGS_OWN: dict[str, tuple[Exception, bool, Refusal | None, Refusal | None]] = {
    "reset": (ConnectionResetError(), True, Unreached, Unknown),
    "slow": (TimeoutError(), False, Unavailable, Unknown),
    "silent": (TimeoutError(), True, Unreached, Unknown),
    "closed": (asyncpg.InterfaceError("connection is closed"), True, Unreached, Unknown),
    "protocol": (asyncpg.InternalClientError("unexpected"), False, Unreached, Unknown),
    "role": (asyncpg.exceptions.TargetServerAttributeNotMatched("read-write"), True, Unreached, Unknown),
    "misused": (asyncpg.InterfaceError("another operation is in progress"), False, None, Unknown),
    "value": (asyncpg.DataError("out of range"), False, None, None),
    "url": (asyncpg.exceptions.ClientConfigurationError("invalid DSN"), True, None, None),
}


@pytest.mark.parametrize("name", ASYNCPGS_OWN)
def test_each_error_of_asyncpg_means_one_thing(name: str) -> None:
    error, closed, statement, commit = ASYNCPGS_OWN[name]

    assert refusal(error, closed=closed) is statement
    assert refusal(error, closed=closed, committing=True) is commit


async def add_tags(database: Database) -> None:
    async with database.writing() as db:
        await db.run("INSERT INTO tags (id, name, shown) VALUES (1, 'one', 'One'), (2, 'two', 'Two')")


async def test_one_of_two_that_lock_each_other_out_is_busy(postgres_database: Database) -> None:
    await add_tags(postgres_database)
    both = asyncio.Barrier(2)

    async def touch(first: int, second: int) -> None:
        async with postgres_database.writing() as db:
            await db.run("UPDATE tags SET shown = 'x' WHERE id = :id", id=first)
            await both.wait()
            await db.run("UPDATE tags SET shown = 'x' WHERE id = :id", id=second)

    ended = await asyncio.gather(touch(1, 2), touch(2, 1), return_exceptions=True)

    assert [type(one) for one in ended if one is not None] == [Busy]


async def test_a_broken_constraint_stays_the_databases_own_error(postgres_database: Database) -> None:
    await add_tags(postgres_database)

    with pytest.raises(asyncpg.UniqueViolationError):
        await add_tags(postgres_database)


async def test_what_a_hung_up_connection_had_begun_is_not_kept(
    postgres_server: postgres.Server, postgres_database: Database
) -> None:
    with pytest.raises(Unreached):
        async with postgres_database.writing() as db:
            await db.run("INSERT INTO tags (name, shown) VALUES ('one', 'One')")
            await postgres_server.hang_up()
            await db.run("INSERT INTO tags (name, shown) VALUES ('two', 'Two')")

    async with postgres_database.reading() as db:
        assert await db.rows("SELECT name FROM tags") == []


async def test_a_commit_on_a_hung_up_connection_is_not_acknowledged(
    postgres_server: postgres.Server, postgres_database: Database
) -> None:
    with pytest.raises(Unavailable):
        async with postgres_database.writing() as db:
            await db.run("INSERT INTO tags (name, shown) VALUES ('one', 'One')")
            await postgres_server.hang_up()


async def test_connections_that_the_server_hung_up_are_replaced_unseen(
    postgres_server: postgres.Server, postgres_database: Database
) -> None:
    await asyncio.gather(*(add_nothing(postgres_database) for _ in range(10)))
    await postgres_server.hang_up()

    await asyncio.gather(*(add_nothing(postgres_database) for _ in range(10)))


async def add_nothing(database: Database) -> None:
    async with database.writing() as db:
        await db.run("DELETE FROM tags")


async def test_a_server_without_a_free_connection_is_unreached(
    postgres_server: postgres.Server, postgres_url: str
) -> None:
    name = postgres_url.rpartition("/")[2]
    await postgres_server.run(f"CREATE ROLE crowded_{name} LOGIN CONNECTION LIMIT 0")

    with pytest.raises(Unreached, match="too many connections"):
        await open_database(postgres_server.url(name, f"crowded_{name}"))


async def test_a_database_that_is_not_there_is_unavailable_in_one_line(postgres_server: postgres.Server) -> None:
    with pytest.raises(Unavailable, match=r'^127.0.0.1:\d+: database "nowhere" does not exist$'):
        await open_database(postgres_server.url("nowhere"))


async def test_a_server_that_is_not_there_is_unreached_in_one_line() -> None:
    port = postgres.free_port()

    with pytest.raises(Unreached, match=rf"^127.0.0.1:{port}: [^\n]*Connect call failed[^\n]*$"):
        await open_database(f"postgresql://nobody@127.0.0.1:{port}/nowhere")
