"""Sign in and out: cookies, sessions that end, forms of other sites, and where one may be sent next."""

from __future__ import annotations

import time

import httpx2
import pytest

from tests.pages.conftest import browsing, hidden
from tests.pages.sample import Sample
from tests.serving import ON_BOTH, PASSWORD

COOKIE = "__Host-sharewell_session"
MINUTE = 60
EVIL = [
    "//evil.example", "/%2fevil.example", "/\\evil.example", "\\\\evil.example", "https://evil.example/",
    "http:evil.example", "javascript:alert(1)", "/\t/evil.example", "///evil.example", "/%5cevil.example\\@x",
    "/%2Fevil.example", " //evil.example", "//northmoor.example@evil.example", "/\n/evil.example", "evil.example",
    "data:text/html,x", "",
]  # fmt: skip


async def sign_in(client: httpx2.AsyncClient, **values: str) -> httpx2.Response:
    """Send the form as a browser does."""
    return await client.post("/sign-in", data={"login": "rosa", "password": PASSWORD, **values})


@pytest.mark.parametrize("login", ["rosa", "@rosa", "Rosa", "rosa@mail.example", "rosa@northmoor.example"])
@ON_BOTH
async def test_a_member_signs_in_by_name_or_address(sample: Sample, reader: httpx2.AsyncClient, login: str) -> None:
    answer = await sign_in(reader, login=login, next="/@rosa")

    assert (answer.status_code, answer.headers["location"]) == (303, "/@rosa")
    assert "Rosa Quill: your page" in (await reader.get("/")).text


async def test_the_cookie_is_for_this_host_pages_and_https_alone(sample: Sample, reader: httpx2.AsyncClient) -> None:
    said = (await sign_in(reader)).headers["set-cookie"].lower()

    assert said.startswith(COOKIE.lower() + "=")
    assert {"httponly", "secure", "path=/", "samesite=lax"} <= {part.strip() for part in said.split(";")}
    assert "domain=" not in said
    assert "max-age" not in said and "expires" not in said


async def test_on_an_own_device_the_cookie_outlives_the_browser(sample: Sample, reader: httpx2.AsyncClient) -> None:
    said = (await sign_in(reader, own_device="1")).headers["set-cookie"].lower()

    assert "max-age=7776000" in said


@pytest.mark.parametrize(("login", "password"), [("rosa", "wrong"), ("nobody", PASSWORD), ("rosa", ""), ("", "")])
async def test_a_wrong_password_and_an_unknown_name_say_the_same(
    sample: Sample, reader: httpx2.AsyncClient, login: str, password: str
) -> None:
    answer = await sign_in(reader, login=login, password=password)

    assert answer.status_code == 422
    assert "set-cookie" not in answer.headers
    assert answer.text.count("E-mail address or password is wrong.") == 2  # in the summary and at the field
    assert "<title>Error: Sign in" in answer.text
    assert 'href="#login"' in answer.text
    assert f'value="{login}"' in answer.text


async def test_an_unknown_name_takes_as_long_as_a_wrong_password(sample: Sample, reader: httpx2.AsyncClient) -> None:
    took: dict[str, list[float]] = {"rosa": [], "nobody": []}
    for login in ("rosa", "nobody") * 3:
        began = time.process_time()
        await sign_in(reader, login=login, password="wrong")
        took[login].append(time.process_time() - began)

    assert min(took["nobody"]) > min(took["rosa"]) / 2


async def test_an_account_that_was_closed_says_so_only_to_who_knows_its_password(
    sample: Sample, reader: httpx2.AsyncClient
) -> None:
    async with sample.served.database.writing() as db:
        await db.run("UPDATE members SET disabled = 1 WHERE actor_id = :id", id=sample.rosa.id)

    right, wrong = await sign_in(reader), await sign_in(reader, password="wrong")

    assert "was closed" in right.text and "set-cookie" not in right.headers
    assert "was closed" not in wrong.text


async def test_nobody_is_sent_to_another_site_after_signing_in(sample: Sample, reader: httpx2.AsyncClient) -> None:
    sent: dict[str, tuple[str, ...]] = {}
    for target in EVIL:
        offered = hidden((await reader.get("/sign-in", params={"next": target})).text, "next")
        answer = await sign_in(reader, next=target)
        again = await reader.get("/sign-in", params={"next": target})
        sent[target] = (offered, answer.headers["location"], again.headers["location"])
        reader.cookies.clear()

    assert sent == dict.fromkeys(EVIL, ("/", "/", "/"))


@pytest.mark.parametrize(
    "target", ["/@rosa", "/search?q=a%2Fb&x=1", "/oauth/authorize?client_id=1&redirect_uri=https%3A%2F%2Fa.example"]
)
async def test_one_goes_on_where_one_was_going(sample: Sample, reader: httpx2.AsyncClient, target: str) -> None:
    assert (await sign_in(reader, next=target)).headers["location"] == target


@pytest.mark.parametrize(
    "headers",
    [{"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"},
     {"origin": "https://northmoor.example.evil.example"}, {"origin": "http://northmoor.example"}],
    ids=["origin", "cross-site", "same-site", "longer name", "without TLS"],
)  # fmt: skip
async def test_another_site_cannot_sign_somebody_in(
    sample: Sample, reader: httpx2.AsyncClient, headers: dict[str, str]
) -> None:
    answer = await reader.post("/sign-in", data={"login": "rosa", "password": PASSWORD}, headers=headers)

    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


async def test_a_cookie_planted_before_is_worth_nothing_after(sample: Sample, reader: httpx2.AsyncClient) -> None:
    reader.cookies.set(COOKIE, "planted", domain="northmoor.example")
    answer = await sign_in(reader)
    fresh = answer.headers["set-cookie"].partition("=")[2].partition(";")[0]

    async with sample.served.client() as thief:
        thief.cookies.set(COOKIE, "planted", domain="northmoor.example")
        stolen = await thief.get("/")

    assert fresh not in ("", "planted")
    assert "Rosa Quill: your page" not in stolen.text


async def test_signing_in_again_ends_the_session_of_before(sample: Sample, reader: httpx2.AsyncClient) -> None:
    await sign_in(reader)
    before = reader.cookies[COOKIE]
    await sign_in(reader)

    async with sample.served.client() as old:
        old.cookies.set(COOKIE, before, domain="northmoor.example")
        assert "your page" not in (await old.get("/")).text


@ON_BOTH
async def test_a_session_ends_after_30_minutes_without_a_page(sample: Sample) -> None:
    clock = sample.served.fediverse.clock
    async with browsing(sample.served, sample.rosa) as client:
        clock.advance(seconds=29 * MINUTE)
        within = (await client.get("/")).text
        clock.advance(seconds=29 * MINUTE)
        renewed = (await client.get("/")).text
        clock.advance(seconds=31 * MINUTE)
        after = (await client.get("/")).text

    assert "your page" in within
    assert "your page" in renewed
    assert "your page" not in after


async def test_a_session_on_an_own_device_lasts(sample: Sample, reader: httpx2.AsyncClient) -> None:
    await sign_in(reader, own_device="1")
    sample.served.fediverse.clock.advance(seconds=60 * 24 * 60 * MINUTE)
    within = (await reader.get("/")).text
    sample.served.fediverse.clock.advance(seconds=91 * 24 * 60 * MINUTE)
    after = (await reader.get("/")).text

    assert "your page" in within
    assert "your page" not in after


async def test_who_comes_back_after_months_finds_their_home_filled(sample: Sample, reader: httpx2.AsyncClient) -> None:
    async with sample.served.database.writing() as db:
        await db.run("DELETE FROM home WHERE member_id = :id", id=sample.imelda.id)
        await db.run("UPDATE members SET home_since = NULL WHERE actor_id = :id", id=sample.imelda.id)

    await sign_in(reader, login="imelda")

    assert "Look under the heel" in (await reader.get("/")).text


async def test_signing_out_ends_the_session_on_the_node_too(sample: Sample, reader: httpx2.AsyncClient) -> None:
    await sign_in(reader)
    cookie = reader.cookies[COOKIE]
    page = (await reader.get("/sign-out")).text
    answer = await reader.post("/sign-out", data={"proof": hidden(page, "proof")})

    async with sample.served.client() as thief:
        thief.cookies.set(COOKIE, cookie, domain="northmoor.example")
        stolen = (await thief.get("/")).text

    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-out")
    assert COOKIE not in reader.cookies
    assert "You are signed out" in (await reader.get("/sign-out")).text
    assert "your page" not in stolen


@pytest.mark.parametrize("proof", ["", "0" * 64, "ü", None])
async def test_another_site_cannot_sign_somebody_out(
    sample: Sample, reader: httpx2.AsyncClient, proof: str | None
) -> None:
    await sign_in(reader)
    answer = await reader.post("/sign-out", data={} if proof is None else {"proof": proof})

    assert answer.status_code == 403
    assert "your page" in (await reader.get("/")).text


async def test_the_proof_of_one_session_is_none_in_another(sample: Sample, reader: httpx2.AsyncClient) -> None:
    await sign_in(reader)
    first = hidden((await reader.get("/sign-out")).text, "proof")
    await sign_in(reader)

    assert (await reader.post("/sign-out", data={"proof": first})).status_code == 403


async def test_too_many_tries_are_told_to_wait(sample: Sample) -> None:
    strict = await sample.served.fediverse.node("strict.example", limits={"rate": True})
    await strict.account("rosa")
    async with strict.client() as client:
        answers = [await sign_in(client, password="wrong") for _ in range(11)]
        right = await sign_in(client)

    assert [one.status_code for one in answers] == [422] * 10 + [429]
    assert right.status_code == 429
    assert "Wait 15 minutes" in right.text


@pytest.mark.parametrize("path", ["/sign-in", "/sign-out"])
async def test_pages_around_signing_in_are_not_kept_nor_framed(
    sample: Sample, reader: httpx2.AsyncClient, path: str
) -> None:
    headers = (await reader.get(path)).headers

    assert headers["cache-control"] == "no-store"
    assert headers["x-frame-options"] == "DENY"
    assert "access-control-allow-origin" not in headers


async def test_no_page_sets_a_cookie_for_a_reader(sample: Sample, reader: httpx2.AsyncClient) -> None:
    answers = [await reader.get(path) for path in ("/", "/sign-in", "/@rosa", sample.href("note"), "/search?q=x")]

    assert not any("set-cookie" in answer.headers for answer in answers)
