"""Tries to sign in are counted by account and address: an attack on one account hinders nobody else, nor its owner."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from typing import Any

import httpx2
import pytest
from argon2 import PasswordHasher

from storage import members
from storage.actors import Actor
from tests.serving import ON_BOTH, PASSWORD, Fediverse, Served

HOSPITAL, HOME = "203.0.113.7", "198.51.100.9"
STAFF = 200
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


@pytest.fixture
async def served(fediverse: Fediverse) -> Served:
    return await fediverse.node("here.example", limits={"rate": True})


async def member(served: Served, handle: str) -> Actor:
    """A member whose password is quick to check: what is kept says how much work that is."""
    actor = await served.account(handle)
    async with served.database.writing() as db:
        await members.set_password(db, actor.id, QUICK)
    return actor


def at(served: Served, address: str) -> httpx2.AsyncClient:
    """A browser at an address."""
    transport: Any = httpx2.ASGITransport(served.app, client=(address, 40_000))
    return httpx2.AsyncClient(transport=transport, base_url=served.site.base_url)


async def sign_in(served: Served, address: str, login: str, password: str = PASSWORD) -> int:
    async with at(served, address) as web:
        return (await web.post("/sign-in", data={"login": login, "password": password})).status_code


@ON_BOTH
async def test_200_people_of_one_hospital_sign_in_while_one_of_them_is_attacked_from_there(
    fediverse: Fediverse,
) -> None:
    served = await fediverse.node("here.example", limits={"rate": True})
    names = [f"nurse{n}" for n in range(10)]
    for name in [*names, "victim"]:
        await member(served, name)

    async def honest(number: int) -> int:
        return await sign_in(served, HOSPITAL, names[number % len(names)])

    async def attack() -> list[int]:
        return [await sign_in(served, HOSPITAL, "victim", f"guess {n:03}") for n in range(40)]

    *signed_in, attacked = await asyncio.gather(*(honest(n) for n in range(STAFF)), attack())

    assert Counter(signed_in) == {303: STAFF}
    assert attacked == [422] * 10 + [429] * 30
    assert await sign_in(served, HOSPITAL, "victim") == 429
    assert await sign_in(served, HOME, "victim") == 303


@ON_BOTH
async def test_of_40_guesses_at_once_ten_are_answered(fediverse: Fediverse) -> None:
    served = await fediverse.node("here.example", limits={"rate": True})
    await member(served, "victim")

    answers = await asyncio.gather(*(sign_in(served, HOME, "victim", f"guess {n:03}") for n in range(40)))

    assert Counter(answers) == {422: 10, 429: 30}


async def test_one_attacker_never_closes_an_account_to_its_owner(served: Served) -> None:
    await member(served, "victim")
    for n in range(150):
        await sign_in(served, HOSPITAL, "victim", f"guess {n:03}")

    assert [await sign_in(served, HOME, "victim", "my old password"), await sign_in(served, HOME, "victim")] == [
        422,
        303,
    ]


async def test_many_addresses_get_a_hundred_tries_and_one_each_and_the_owner_gets_in(served: Served) -> None:
    await member(served, "victim")
    for n in range(10):
        for guess in range(10):
            await sign_in(served, f"192.0.2.{n}", "victim", f"guess {guess:03}")

    late = [await sign_in(served, "192.0.2.99", "victim", f"guess {n:03}") for n in range(3)]

    assert late == [422, 429, 429]
    assert await sign_in(served, HOME, "victim") == 303


@pytest.mark.parametrize(
    "login", ["@victim", "VICTIM", "victim@mail.example", "victim@here.example", "Victim@Mail.example"]
)
async def test_an_account_is_one_however_it_is_written(served: Served, login: str) -> None:
    await member(served, "victim")
    for n in range(10):
        await sign_in(served, HOSPITAL, "victim", f"guess {n:03}")

    assert await sign_in(served, HOSPITAL, login) == 429


async def test_a_name_with_another_domain_is_nobodys(served: Served) -> None:
    await member(served, "victim")

    assert await sign_in(served, HOME, "victim@elsewhere.example") == 422


async def test_somebody_whose_name_begins_like_an_address_does_not_take_its_place(served: Served) -> None:
    rosa = await member(served, "rosa")
    async with served.database.writing() as db:
        await db.run(
            "UPDATE members SET email = 'nurse@mail.example', email_key = 'nurse@mail.example' WHERE actor_id = :id",
            id=rosa.id,
        )
    await member(served, "first")
    async with served.database.writing() as db:
        await db.run("UPDATE members SET email_key = 'x' WHERE email = 'first@mail.example'")
        await db.run("UPDATE actors SET handle = 'nurse', handle_key = 'nurse' WHERE handle = 'first'")

    async with at(served, HOME) as web:
        await web.post("/sign-in", data={"login": "nurse@mail.example", "password": PASSWORD})
        assert 'href="/@rosa"' in (await web.get("/")).text


async def test_addresses_of_one_ipv6_network_are_one(served: Served) -> None:
    await member(served, "victim")

    tries = [await sign_in(served, f"2001:db8:1:2::{n:x}", "victim", f"guess {n:03}") for n in range(12)]

    assert tries == [422] * 10 + [429] * 2
    assert await sign_in(served, "2001:db8:1:3::1", "victim") == 303


async def test_no_address_that_was_typed_is_kept_where_tries_are_counted(served: Served) -> None:
    await sign_in(served, HOME, "somebody@mail.example", "a password")

    async with served.database.reading() as db:
        rows = await db.rows("SELECT subject FROM attempts")
    assert rows
    assert not any("somebody" in row["subject"] for row in rows)


async def test_a_name_that_nobody_has_takes_as_long_as_a_wrong_password(served: Served) -> None:
    await served.account("rosa")

    async def least(login: str) -> float:
        took: list[float] = []
        for number in range(5):
            begun = time.perf_counter()
            assert await sign_in(served, f"192.0.2.{number}", login, "wrong") == 422
            took.append(time.perf_counter() - begun)
        return min(took)

    await least("nobody")  # what it is compared with is made the first time
    known, unknown = await least("rosa"), await least("nobody")

    assert 0.5 < unknown / known < 2
