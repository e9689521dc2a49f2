"""The second step at sign-in: set up, asked for, used once, lost and turned off."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest

from node.connecting import entering, passwords, second_step
from node.connecting.sealing import FILE
from storage import actors
from storage.actors import Actor
from tests.clients.browser import Browser
from tests.pages.authenticator import APP, Phone, codes, password, second, set_up, start
from tests.pages.conftest import hidden
from tests.serving import ON_BOTH, PASSWORD, Fediverse, Served

SECURITY = "/settings/security"
WAY = "__Host-sharewell_entering"


@dataclass(frozen=True)
class Secured:
    """A member whose sign-in has a second step, and their phone."""

    served: Served
    imelda: Actor
    client: httpx2.AsyncClient  # signed in since before
    phone: Phone
    codes: list[str]


@pytest.fixture
async def served(fediverse: Fediverse) -> Served:
    return await fediverse.node("northmoor.example", title="Northmoor Coast")


@pytest.fixture
async def secured(served: Served) -> AsyncGenerator[Secured]:
    imelda = await served.account("imelda")
    async with served.client() as client:
        await password(client)
        phone, recovery = await set_up(client, served.fediverse.clock)
        served.fediverse.clock.advance(seconds=60)
        yield Secured(served, imelda, client, phone, recovery)


async def inside(client: httpx2.AsyncClient) -> bool:
    return (await client.get("/requests")).status_code == 200


async def form(client: httpx2.AsyncClient, path: str, **values: str) -> httpx2.Response:
    return await client.post(path, data={"proof": hidden((await client.get(path)).text, "proof"), **values})


@ON_BOTH
async def test_once_it_is_set_up_the_password_alone_lets_nobody_in(secured: Secured) -> None:
    async with secured.served.client() as client:
        first = await password(client, next="/@imelda")
        between = await inside(client)
        page = await client.get(first.headers["location"])
        done = await second(client, secured.phone.code())
        after = await inside(client)

    assert (first.status_code, first.headers["location"], between) == (303, "/sign-in/second", False)
    assert "sharewell_session" not in first.headers["set-cookie"]
    assert (page.status_code, "Second step" in page.text) == (200, True)
    assert (done.status_code, done.headers["location"], after) == (303, "/@imelda", True)


async def test_it_counts_only_when_a_code_was_shown(served: Served) -> None:
    await served.account("imelda")
    async with served.client() as client:
        await password(client)
        phone, page = await start(client, served.fediverse.clock)
        wrong = await client.post(f"{APP}/confirm", data={"proof": hidden(page, "proof"), "code": "000000"})
        async with served.client() as other:
            alone = await password(other)
        right = await client.post(f"{APP}/confirm", data={"proof": hidden(page, "proof"), "code": phone.code()})

    assert "data:" not in page and re.search(r'<div class="qr" role="img"[^>]*><svg viewBox', page)
    assert "style=" not in page
    assert wrong.status_code == 422 and "does not fit" in wrong.text
    assert alone.headers["location"] == "/"
    assert len(codes(right.text)) == len(set(codes(right.text))) == 10
    assert right.headers["cache-control"] == "private, no-store"


async def test_setting_it_up_asks_for_the_password_and_shows_another_secret_each_time(served: Served) -> None:
    await served.account("imelda")
    async with served.client() as client:
        await password(client, own_device="1")
        wrong = await form(client, APP, present="wrong")
        still = (await client.get(APP)).text
        first, _ = await start(client, served.fediverse.clock)
        served.fediverse.clock.advance(seconds=3601)  # what was shown and left is not shown for ever
        again, _ = await start(client, served.fediverse.clock)

    assert wrong.status_code == 422 and "This is not your password." in wrong.text
    assert "svg viewBox" not in still.partition("<main")[2]
    assert first.secret != again.secret


@ON_BOTH
async def test_a_code_is_used_once_even_by_twenty_at_once(secured: Secured) -> None:
    code = secured.phone.code()
    asked = [
        second_step.passes(secured.served.node, secured.imelda.id, code, address="192.0.2.1") for _number in range(20)
    ]

    answers = await asyncio.gather(*asked)

    assert sorted(answers) == [False] * 19 + [True]


@ON_BOTH
async def test_a_recovery_code_is_used_once_even_by_twenty_at_once(secured: Secured) -> None:
    code = secured.codes[3].upper().replace("-", " ")
    asked = [
        second_step.passes(secured.served.node, secured.imelda.id, code, address="192.0.2.1") for _number in range(20)
    ]

    answers = await asyncio.gather(*asked)
    page = (await secured.client.get(SECURITY)).text

    assert sorted(answers) == [False] * 19 + [True]
    assert "9 recovery codes are left" in page


@pytest.mark.parametrize(("seconds", "fits"), [(0, True), (-30, True), (30, True), (-60, False), (60, False)])
async def test_a_phone_may_be_half_a_minute_off(secured: Secured, seconds: int, fits: bool) -> None:
    async with secured.served.client() as client:
        await password(client)
        await second(client, secured.phone.code(seconds=seconds))

        assert await inside(client) is fits


@pytest.mark.parametrize("typed", ["", "000000", "12345", "1234567", "١٢٣٤٥٦", "x" * 300, "\x00", "-", "a b c d"])
async def test_what_is_no_code_lets_nobody_in(secured: Secured, typed: str) -> None:
    async with secured.served.client() as client:
        await password(client)
        answer = await second(client, typed)

        assert answer.status_code == 422
        assert "does not fit" in answer.text
        assert not await inside(client)


async def test_an_earlier_code_than_the_last_used_is_worth_nothing(secured: Secured) -> None:
    earlier = secured.phone.code(seconds=-30)
    async with secured.served.client() as client:
        await password(client)
        await second(client, secured.phone.code())
    async with secured.served.client() as thief:
        await password(thief)
        answer = await second(thief, earlier)

    assert answer.status_code == 422


async def test_the_way_in_belongs_to_the_browser_that_gave_the_password_and_ends(secured: Secured) -> None:
    served = secured.served
    async with served.client() as client, served.client() as other:
        said = (await password(client)).headers["set-cookie"].lower()
        without = await second(other, secured.phone.code())
        served.fediverse.clock.advance(seconds=601)
        late = await second(client, secured.phone.code())
        entered = [await inside(client), await inside(other)]

    assert {"httponly", "secure", "path=/", "samesite=lax"} <= {part.strip() for part in said.split(";")}
    assert "domain=" not in said and "max-age=600" in said
    assert [one.headers["location"] for one in (without, late)] == ["/sign-in?said=over"] * 2
    assert entered == [False, False]


async def test_one_way_in_lets_one_browser_in_once(secured: Secured) -> None:
    async with secured.served.client() as client, secured.served.client() as thief:
        await password(client)
        thief.cookies.set(WAY, client.cookies[WAY], domain="northmoor.example")
        await second(client, secured.phone.code())
        again = await second(thief, secured.phone.next())

    assert again.headers["location"] == "/sign-in?said=over"


async def test_a_password_changed_meanwhile_ends_the_way_in(secured: Secured) -> None:
    async with secured.served.client() as client:
        await password(client)
        path = f"{SECURITY}/password"
        proof = hidden((await secured.client.get(SECURITY)).text, "proof")
        await secured.client.post(path, data={"proof": proof, "present": PASSWORD, "password": "another fine one"})
        answer = await second(client, secured.phone.code())

    assert answer.headers["location"] == "/sign-in?said=over"


async def test_the_own_device_is_remembered_over_the_second_step(secured: Secured) -> None:
    async with secured.served.client() as client:
        await password(client, own_device="1")
        said = (await second(client, secured.phone.code())).headers.get_list("set-cookie")

    assert any("sharewell_session=" in one and "max-age=7776000" in one.lower() for one in said)


@pytest.mark.parametrize("headers", [{"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}])
async def test_another_site_cannot_send_the_second_form(secured: Secured, headers: dict[str, str]) -> None:
    async with secured.served.client() as client:
        await password(client)
        answer = await client.post("/sign-in/second", data={"code": secured.phone.code()}, headers=headers)

        assert answer.status_code == 403
        assert not await inside(client)


@pytest.mark.parametrize("headers", [{"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}])
@pytest.mark.parametrize(
    "path",
    ["/sign-in/passkey", "/sign-in/passkey/options", "/sign-in/second/passkey", "/sign-in/second/passkey/options"],
)
async def test_another_site_cannot_sign_in_with_a_passkey_of_its_own(
    secured: Secured, path: str, headers: dict[str, str]
) -> None:
    async with secured.served.client() as client:
        await password(client)
        answer = await client.post(path, data={"credential": "{}"}, headers=headers)

    assert (answer.status_code, "set-cookie" in answer.headers) == (403, False)


@pytest.mark.parametrize("path", ["", "/passkey", "/passkey/options"])
async def test_the_second_step_is_nobodys_who_gave_no_password(secured: Secured, path: str) -> None:
    async with secured.served.client() as client:
        answer = await client.post(f"/sign-in/second{path}", data={"code": secured.phone.code(), "credential": "{}"})

        assert answer.status_code in (303, 403)
        assert not await inside(client)


async def test_a_new_password_by_mail_or_command_is_no_way_around(secured: Secured) -> None:
    node = secured.served.node
    async with node.database.writing() as db:
        kept = passwords.hash_password("another fine one")
        await entering.set_password(db, node.config, secured.imelda.id, kept, now=node.clock())
    async with secured.served.client() as client:
        answer = await client.post("/sign-in", data={"login": "imelda", "password": "another fine one"})

        assert answer.headers["location"] == "/sign-in/second"
        assert not await inside(client)


async def test_codes_cannot_be_tried_for_ever_from_one_address_or_many(fediverse: Fediverse) -> None:
    strict = await fediverse.node("strict.example", limits={"rate": True})
    imelda = await strict.account("imelda")
    async with strict.client() as client:
        await password(client)
        phone, _ = await set_up(client, fediverse.clock)  # counts as one try
        fediverse.clock.advance(seconds=60)
        async with strict.client() as other:
            await password(other)
            tries = [(await second(other, "000000")).status_code for _ in range(10)]
            right = await second(other, phone.code())
            waits = right.text
        answers: list[object] = []
        for number in range(30):
            try:
                answers.append(await second_step.passes(strict.node, imelda.id, "0", address=f"198.51.100.{number}"))
            except Exception as error:
                answers.append(type(error).__name__)

    assert tries == [422] * 9 + [429]
    assert right.status_code == 429 and "Wait 15 minutes" in waits
    assert answers == [False] * 20 + ["TooMany"] * 10


async def test_new_recovery_codes_replace_those_of_before(secured: Secured) -> None:
    wrong = await form(secured.client, f"{SECURITY}/codes", present="wrong")
    fresh = codes((await form(secured.client, f"{SECURITY}/codes", present=PASSWORD)).text)
    async with secured.served.client() as client:
        await password(client)
        old = await second(client, secured.codes[0])
        new = await second(client, fresh[0])

    assert wrong.status_code == 422
    assert len(fresh) == 10 and not set(fresh) & set(secured.codes)
    assert (old.status_code, new.status_code) == (422, 303)


async def test_turning_it_off_takes_the_password_and_a_code(secured: Secured) -> None:
    off = f"{SECURITY}/off"
    wrong = [
        (await form(secured.client, off, present="wrong", code=secured.phone.code())).status_code,
        (await form(secured.client, off, present=PASSWORD, code="000000")).status_code,
    ]
    async with secured.served.client() as client:
        still = (await password(client)).headers["location"]
    done = await form(secured.client, off, present=PASSWORD, code=secured.phone.code())
    async with secured.served.client() as client:
        alone = (await password(client)).headers["location"]

    assert wrong == [422, 422]
    assert (still, done.headers["location"], alone) == ("/sign-in/second", f"{SECURITY}?said=second-step-off", "/")


async def test_nothing_of_it_can_be_read_in_the_database_alone(secured: Secured) -> None:
    async with secured.served.database.reading() as db:
        kept = await db.rows("SELECT secret FROM authenticators")
        hashes = await db.rows("SELECT code FROM recovery_codes")
    path = Path(secured.served.node.config.data) / FILE

    assert [len(row["secret"]) for row in kept] == [12 + 20 + 16]
    assert {len(row["code"]) for row in hashes} == {32}
    assert path.stat().st_mode & 0o777 == 0o600


async def test_without_the_key_the_recovery_codes_still_let_one_in(
    secured: Secured, caplog: pytest.LogCaptureFixture
) -> None:
    await asyncio.to_thread((Path(secured.served.node.config.data) / FILE).unlink)
    async with secured.served.client() as client:
        await password(client)
        code, recovery = await second(client, secured.phone.code()), await second(client, secured.codes[0])

    assert (code.status_code, recovery.status_code) == (422, 303)
    assert "cannot be checked" in caplog.text and secured.phone.secret not in caplog.text


async def test_an_app_is_let_in_only_after_the_second_step(secured: Secured) -> None:
    async with secured.served.client() as web:
        browser = Browser(web)
        app = await browser.register("https://tusky.example/back", name="Tusky")
        asked = await browser.ask(app, state="kept")
        page = await web.get(asked.headers["location"])
        first = await password(web, next=hidden(page.text, "next").replace("&amp;", "&"))
        between = await browser.ask(app)
        forged = await web.post("/oauth/authorize", data={"client_id": app.client_id, "decision": "allow"})
        framed = (await web.get("/sign-in/second")).headers
        back = await second(web, secured.phone.code())
        consent = await web.get(back.headers["location"])
        answer = await browser.decide(consent)

    assert first.headers["location"] == "/sign-in/second"
    assert [one.headers["location"].partition("?")[0] for one in (between, forged)] == ["/sign-in", "/sign-in"]
    assert "Allow Tusky to use your account?" in consent.text
    assert "code=" in answer.headers["location"] and "state=kept" in answer.headers["location"]
    for headers in (page.headers, framed, consent.headers):
        assert "cross-origin-opener-policy" not in headers
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert (headers["x-frame-options"], headers["cache-control"]) == ("DENY", "no-store")


async def test_it_goes_with_the_account(secured: Secured) -> None:
    from node.connecting import members

    async with secured.served.client() as client:
        await password(client)
    async with secured.served.database.writing() as db:
        await members.delete(db, secured.served.node, await actors.by_id(db, secured.imelda.id))

    async with secured.served.database.reading() as db:
        for row in (
            await db.row("SELECT COUNT(*) AS n FROM authenticators"),
            await db.row("SELECT COUNT(*) AS n FROM recovery_codes"),
            await db.row("SELECT COUNT(*) AS n FROM sign_ins"),
        ):
            assert row is not None and row["n"] == 0


async def test_keeping_an_account_after_all_asks_for_the_second_step_too(secured: Secured) -> None:
    left = await form(secured.client, "/settings/leave", password=PASSWORD, understood="1")
    async with secured.served.client() as client:
        first = await password(client)
        kept = await client.post(first.headers["location"], data={})
        between = await inside(client)
        done = await second(client, secured.phone.code())
        after = await inside(client)

    assert left.headers["location"] == "/sign-in?said=leaving"
    assert first.headers["location"].startswith("/keep/")
    assert (kept.headers["location"], between) == ("/sign-in/second", False)
    assert (done.status_code, after) == (303, True)
