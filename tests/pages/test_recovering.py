"""Get back in: a link by mail that works once and for an hour, and nobody learns who has an account."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator

import pytest

from tests.pages.conftest import browsing
from tests.relay_of_mail import Relay, relaying
from tests.serving import ON_BOTH, PASSWORD, Fediverse, Served

NEW = "another fine password"


@pytest.fixture
async def relay() -> AsyncGenerator[Relay]:
    async with relaying() as made:
        yield made


@pytest.fixture
async def served(fediverse: Fediverse, relay: Relay) -> Served:
    made = await fediverse.node("here.example", contact="help@here.example", mail=relay.options())
    await made.account("rosa")
    return made


async def forgot(served: Served, login: str) -> tuple[int, str]:
    async with served.client() as web:
        answer = await web.post("/forgot", data={"login": login})
        page = answer.text if answer.status_code != 303 else (await web.get(answer.headers["location"])).text
    await served.fediverse.quiet()
    return answer.status_code, page


async def enter(served: Served, password: str) -> int:
    async with served.client() as web:
        return (await web.post("/sign-in", data={"login": "rosa", "password": password})).status_code


@ON_BOTH
async def test_a_new_password_signs_everybody_out_and_is_told(fediverse: Fediverse, relay: Relay) -> None:
    served = await fediverse.node("here.example", mail=relay.options())
    rosa = await served.account("rosa")
    token = await served.token(rosa)
    async with browsing(served, rosa) as thief, served.client() as web:
        await forgot(served, "rosa@mail.example")
        path = relay.taken[0].path
        looked = [(await web.get(path)).status_code for _ in range(2)]
        short = await web.post(path, data={"password": "short"})
        done = await web.post(path, data={"password": NEW})
        await fediverse.quiet()
        told = (await web.get(done.headers["location"])).text
        again = [(await web.get(path)).status_code, (await web.post(path, data={"password": PASSWORD})).status_code]
        still = "your page" in (await thief.get("/")).text
    async with served.client(token) as app:
        used = (await app.get("/api/v1/accounts/verify_credentials")).status_code

    assert looked == [200, 200]
    assert (short.status_code, short.text.count("A password has 8 to 256 characters.")) == (422, 2)
    assert (done.status_code, "Your password is changed" in told) == (303, True)
    assert (again, still, used) == ([404, 404], False, 401)
    assert (await enter(served, PASSWORD), await enter(served, NEW)) == (422, 303)
    assert "was changed" in relay.taken[1].message["Subject"]


async def test_who_asks_learns_nothing_of_who_has_an_account(served: Served, relay: Relay) -> None:
    closed = await served.account("closed")
    async with served.database.writing() as db:
        await db.run("UPDATE members SET disabled = 1 WHERE actor_id = :id", id=closed.id)

    logins = ("rosa@mail.example", "rosa", "ROSA@MAIL.EXAMPLE", "nobody@mail.example", "nobody", "closed")
    answers = {await forgot(served, login) for login in logins}

    assert len(answers) == 1
    assert [one.to for one in relay.taken] == [["rosa@mail.example"]] * 3


async def test_the_link_works_for_an_hour(served: Served, relay: Relay, fediverse: Fediverse) -> None:
    await forgot(served, "rosa")
    fediverse.clock.advance(seconds=3_601)
    async with served.client() as web:
        answers = [await web.get(relay.taken[0].path), await web.post(relay.taken[0].path, data={"password": NEW})]

    assert [one.status_code for one in answers] == [404, 404]
    assert await enter(served, PASSWORD) == 303


@ON_BOTH
async def test_a_link_sets_one_password_with_20_at_once(fediverse: Fediverse, relay: Relay) -> None:
    served = await fediverse.node("here.example", mail=relay.options())
    await served.account("rosa")
    await forgot(served, "rosa")
    async with served.client() as web:
        answers = await asyncio.gather(
            *(web.post(relay.taken[0].path, data={"password": f"password {n:02}"}) for n in range(20))
        )

    first = next(n for n, one in enumerate(answers) if one.status_code == 303)
    assert sorted(one.status_code for one in answers) == [303] + [404] * 19
    assert await enter(served, f"password {first:02}") == 303


async def test_a_new_password_ends_the_other_links(served: Served, relay: Relay) -> None:
    await forgot(served, "rosa")
    await forgot(served, "rosa")
    async with served.client() as web:
        await web.post(relay.taken[0].path, data={"password": NEW})
        late = await web.post(relay.taken[1].path, data={"password": "a thief's password"})

    assert late.status_code == 404


async def test_a_link_to_confirm_sets_no_password(fediverse: Fediverse, relay: Relay) -> None:
    served = await fediverse.node("here.example", mail=relay.options(), registration={"mode": "open"})
    async with served.client() as web:
        sent = {"username": "imelda", "email": "imelda@mail.example", "password": PASSWORD}
        await web.post("/join", data=sent)
        await fediverse.quiet()
        token = relay.taken[0].path.rpartition("/")[2]
        answer = await web.post(f"/reset/{token}", data={"password": NEW})

    assert answer.status_code == 404


async def test_links_are_long_differ_and_are_kept_as_hashes(served: Served, relay: Relay) -> None:
    await forgot(served, "rosa")
    await forgot(served, "rosa")
    tokens = [one.path.rpartition("/")[2] for one in relay.taken]

    async with served.database.reading() as db:
        rows = await db.rows("SELECT token, address FROM links")
    assert len(set(tokens)) == 2
    assert all(len(one) >= 43 for one in tokens)
    assert all(bytes(row["token"]) != one.encode() and "@" not in row["address"] for row in rows for one in tokens)


async def test_nobodys_box_is_filled_by_asking(fediverse: Fediverse, relay: Relay) -> None:
    served = await fediverse.node("here.example", mail=relay.options(), limits={"rate": True})
    await served.account("rosa")

    answers = [await forgot(served, "rosa") for _ in range(22)]

    assert [status for status, _ in answers] == [303] * 20 + [429] * 2
    assert len(relay.taken) == 5


@pytest.mark.parametrize("login", ["", "  "])
async def test_an_empty_field_is_an_error_at_the_field(served: Served, login: str) -> None:
    status, page = await forgot(served, login)

    assert (status, 'id="login-e"' in page, 'href="#login"' in page) == (422, True, True)


@pytest.mark.parametrize("path", ["/forgot", "/forgot/sent", "/join", "/join/check"])
async def test_these_pages_are_not_kept_framed_or_read_by_other_sites(served: Served, path: str) -> None:
    async with served.client() as web:
        headers = (await web.get(path)).headers

    assert headers["cache-control"] == "no-store"
    assert (headers["x-frame-options"], headers["referrer-policy"]) == ("DENY", "same-origin")
    assert "access-control-allow-origin" not in headers
