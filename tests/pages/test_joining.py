"""Join on pages: closed, by invitation, with approval, open; the link in the mail; the welcome."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

import httpx2
import pytest

from node.connecting import registering
from node.requests import secret_hash
from storage import invitations, members
from storage.actors import ActorKind
from tests.pages.conftest import hidden
from tests.relay_of_mail import Relay, relaying
from tests.serving import ON_BOTH, PASSWORD, Fediverse, Served

WANTED = {"username": "imelda", "email": "imelda@mail.example", "password": PASSWORD, "agreement": "1"}
MONTH = 30 * 24 * 3600 * 1000


@pytest.fixture
async def relay() -> AsyncGenerator[Relay]:
    async with relaying() as made:
        yield made


async def opened(fediverse: Fediverse, relay: Relay | None, mode: str, **more: Any) -> Served:
    mail = {} if relay is None else {"mail": relay.options()}
    registration = {"mode": mode, **more.pop("registration", {})}
    return await fediverse.node(
        "here.example", title="Northmoor Coast", contact="help@here.example", registration=registration, **mail, **more
    )


async def invite(served: Served, *, uses: int = 1, kind: ActorKind = ActorKind.PERSON) -> str:
    """The path of an invitation."""
    async with served.database.writing() as db:
        now = served.node.clock()
        await invitations.add(db, secret_hash("the-code"), kind=kind, uses=uses, expires=now + MONTH, now=now)
    return "/join/the-code"


async def approve(served: Served, handle: str) -> None:
    async with served.database.writing() as db:
        member, _ = await members.with_actor(db, handle=handle)
        await registering.let_in(db, served.node.config, member, now=served.node.clock())
    await served.fediverse.quiet()


async def join(web: httpx2.AsyncClient, served: Served, path: str = "/join", **values: str) -> httpx2.Response:
    answer = await web.post(path, data={**WANTED, **values})
    await served.fediverse.quiet()
    return answer


async def sign_in(web: httpx2.AsyncClient, login: str = "imelda") -> httpx2.Response:
    return await web.post("/sign-in", data={"login": login, "password": PASSWORD})


@ON_BOTH
async def test_one_joins_confirms_signs_in_and_is_welcomed_once(fediverse: Fediverse, relay: Relay) -> None:
    served = await opened(fediverse, relay, "open")
    async with served.client() as web:
        home = (await web.get("/")).text
        form = await web.get("/join")
        joined = await join(web, served)
        early = await sign_in(web)
        path = relay.taken[0].path
        looked = [(await web.get(path)).status_code for _ in range(3)]  # as programs that look at mail do
        confirmed = await web.post(path)
        again = await web.post(path)
        told = (await web.get(confirmed.headers["location"])).text
        first = await sign_in(web, "imelda@mail.example")
        welcome = (await web.get(first.headers["location"])).text
        second = await sign_in(web)

    assert 'href="/join"' in home
    assert (form.status_code, form.headers["cache-control"]) == (200, "no-store")
    assert (joined.status_code, joined.headers["location"]) == (303, "/join/check")
    assert (early.status_code, "not confirmed yet" in early.text) == (422, True)
    assert looked == [200, 200, 200]
    assert (confirmed.headers["location"], again.headers["location"]) == ("/sign-in?said=confirmed",) * 2
    assert "Your address is confirmed" in told
    assert (first.headers["location"], second.headers["location"]) == ("/welcome", "/")
    assert "Welcome, imelda" in welcome


async def test_who_signs_in_unconfirmed_is_mailed_again(fediverse: Fediverse, relay: Relay) -> None:
    served = await opened(fediverse, relay, "open")
    async with served.client() as web:
        await join(web, served)
        await web.post("/sign-in", data={"login": "imelda", "password": "wrong password"})
        await fediverse.quiet()
        before = len(relay.taken)
        await sign_in(web)
        await fediverse.quiet()

    assert (before, len(relay.taken)) == (1, 2)


async def test_the_answer_is_the_same_for_an_address_that_has_an_account(fediverse: Fediverse, relay: Relay) -> None:
    served = await opened(fediverse, relay, "open")
    await served.account("rosa")
    async with served.client() as web:
        answers = [await join(web, served, username=f"m{n}", email=email)
                   for n, email in enumerate(("new@mail.example", "rosa@mail.example"))]  # fmt: skip
        pages = [(await web.get(one.headers["location"])).text for one in answers]

    assert [one.status_code for one in answers] == [303, 303]
    assert pages[0] == pages[1]
    assert "You have one already: @rosa@here.example" in relay.to("rosa@mail.example")[0].text


async def test_errors_stand_in_the_summary_and_at_each_field_and_the_password_nowhere(
    fediverse: Fediverse, relay: Relay
) -> None:
    served = await opened(fediverse, relay, "approval", registration={"rules": ["Be kind."]})
    async with served.client() as web:
        answer = await web.post("/join", data={"username": "admin", "email": "x", "password": "secret1", "reason": ""})

    page = answer.text
    assert answer.status_code == 422
    assert "<title>Error: Join" in page
    for field in ("username", "email", "password", "reason", "agreement"):
        assert f'href="#{field}"' in page, field
        assert f'id="{field}-e"' in page, field
    assert 'value="admin"' in page
    assert "secret1" not in page


async def test_with_approval_one_waits_is_mailed_and_gets_in(fediverse: Fediverse, relay: Relay) -> None:
    served = await opened(fediverse, relay, "approval")
    async with served.client() as web:
        await join(web, served, reason="I work on ward 4.")
        confirmed = await web.post(relay.to("imelda@mail.example")[0].path)
        waits = (await web.get(confirmed.headers["location"])).text
        early = await sign_in(web)
        await approve(served, "imelda")
        late = await sign_in(web)

    assert "waits to be let in" in waits
    assert (early.status_code, "waits to be let in" in early.text) == (422, True)
    assert late.headers["location"] == "/welcome"
    assert "is open" in relay.to("imelda@mail.example")[-1].text


async def test_without_mail_one_is_told_whom_to_ask(fediverse: Fediverse) -> None:
    served = await opened(fediverse, None, "open")
    async with served.client() as web:
        form = (await web.get("/join")).text
        joined = await join(web, served, reason="I work on ward 4.")
        page = (await web.get(joined.headers["location"])).text
        forgot = (await web.get("/forgot")).text
        await approve(served, "imelda")
        by_address = await sign_in(web, "imelda@mail.example")

    assert "sends no mail" in form
    assert joined.headers["location"] == "/join/waiting"
    for one in (page, forgot):
        assert "sends no mail" in one
        assert "help@here.example" in one
    assert by_address.headers["location"] == "/welcome"


@pytest.mark.parametrize("mode", ["invitation", "approval", "open"])
async def test_who_is_invited_is_not_asked_why_and_let_in_at_once(
    fediverse: Fediverse, relay: Relay, mode: str
) -> None:
    served = await opened(fediverse, relay, mode)
    path = await invite(served)
    async with served.client() as web:
        form = (await web.get(path)).text
        await join(web, served, path)
        await web.post(relay.taken[0].path)
        entered = await sign_in(web)
    async with served.client() as web:
        spent = await web.get(path)
        second = await join(web, served, path, username="other", email="other@mail.example")

    assert "You were invited" in form and "Why do you want" not in form
    assert entered.headers["location"] == "/welcome"
    assert (spent.status_code, second.status_code) == (404, 404)
    assert "This invitation does not work" in spent.text


async def test_who_is_invited_to_a_node_without_mail_is_signed_in_at_once(fediverse: Fediverse) -> None:
    served = await opened(fediverse, None, "invitation")
    async with served.client() as web:
        joined = await join(web, served, await invite(served, kind=ActorKind.GROUP))
        welcome = await web.get(joined.headers["location"])
        team = await web.get("/api/v1/accounts/lookup?acct=imelda")

    assert (joined.headers["location"], welcome.status_code) == ("/welcome", 200)
    assert team.json()["group"] is True


@ON_BOTH
async def test_an_invitation_for_three_lets_three_in_with_20_at_once(fediverse: Fediverse) -> None:
    served = await opened(fediverse, None, "invitation")
    path = await invite(served, uses=3)
    async with served.client() as web:
        answers = await asyncio.gather(
            *(web.post(path, data={**WANTED, "username": f"m{n}", "email": f"m{n}@mail.example"}) for n in range(20))
        )

    async with served.database.reading() as db:
        rows = await db.rows("SELECT handle FROM actors WHERE handle LIKE 'm%' AND domain = ''")
    statuses = sorted(one.status_code for one in answers)
    assert statuses[:3] == [303] * 3
    assert set(statuses[3:]) <= {404, 422}  # 422: it was there when the form came, and gone when the name was kept
    assert len(rows) == 3


async def test_a_form_that_fails_uses_no_invitation_up(fediverse: Fediverse) -> None:
    served = await opened(fediverse, None, "invitation")
    path = await invite(served)
    async with served.client() as web:
        failed = await join(web, served, path, password="short")
        taken = await join(web, served, path, username="admin")
        fine = await join(web, served, path)

    assert [one.status_code for one in (failed, taken, fine)] == [422, 422, 303]


@pytest.mark.parametrize(("mode", "says"), [("closed", "made by whoever runs"), ("invitation", "need an invitation")])
async def test_a_closed_node_says_so_and_what_one_can_do(fediverse: Fediverse, mode: str, says: str) -> None:
    served = await opened(fediverse, None, mode, registration={"message": "Ask at <ward 4>."})
    async with served.client() as web:
        page = await web.get("/join")
        sent = await join(web, served)
        sign_in_page = (await web.get("/sign-in")).text

    assert page.status_code == 200
    assert says in page.text and "Ask at &lt;ward 4&gt;." in page.text and "help@here.example" in page.text
    assert "<form method" not in page.text
    assert says in sent.text
    assert 'href="/join"' in sign_in_page


async def test_a_closed_node_takes_no_invitation_of_before(fediverse: Fediverse) -> None:
    served = await opened(fediverse, None, "closed")
    path = await invite(served)
    async with served.client() as web:
        answers = [await web.get(path), await join(web, served, path)]

    assert [one.status_code for one in answers] == [404, 404]


@pytest.mark.parametrize("headers", [{"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}])
@pytest.mark.parametrize("path", ["/join", "/confirm/x", "/forgot", "/reset/x"])
async def test_another_site_sends_none_of_these_forms(
    fediverse: Fediverse, relay: Relay, path: str, headers: dict[str, str]
) -> None:
    served = await opened(fediverse, relay, "open")
    async with served.client() as web:
        assert (await web.post(path, data=WANTED, headers=headers)).status_code == 403

    assert relay.taken == []


@pytest.mark.parametrize("path", ["/confirm/x", "/confirm/%00", "/reset/x", "/reset/" + "a" * 3000, "/join/%ff"])
async def test_a_link_that_is_none_is_an_honest_page(fediverse: Fediverse, relay: Relay, path: str) -> None:
    served = await opened(fediverse, relay, "open")
    async with served.client() as web:
        answers = [await web.get(path), await web.post(path, data={"password": PASSWORD})]

    assert [one.status_code for one in answers] == [404, 404]


async def test_the_link_in_a_mail_is_of_this_node_whatever_host_was_asked(fediverse: Fediverse, relay: Relay) -> None:
    served = await opened(fediverse, relay, "open")
    async with served.client() as web:
        await web.post("/join", data=WANTED, headers={"host": "evil.example", "x-forwarded-host": "evil.example"})
    await fediverse.quiet()

    assert "https://here.example/confirm/" in relay.taken[0].text
    assert "evil" not in relay.taken[0].raw.decode()


async def test_the_welcome_offers_whom_to_follow_and_comes_back_to_itself(fediverse: Fediverse, relay: Relay) -> None:
    served = await opened(fediverse, relay, "open")
    team = await served.account("skin_links", kind=ActorKind.GROUP)
    await served.account("rosa")
    await served.account("imelda")
    async with served.client() as web:
        nobody = await web.get("/welcome")
        await sign_in(web)
        page = (await web.get("/welcome")).text
        sent = {"proof": hidden(page, "proof"), "back": hidden(page, "back"), "do": "follow"}
        followed = await web.post(f"/accounts/{team.id}/act", data=sent)
        evil = await web.post(f"/accounts/{team.id}/act", data={**sent, "back": "//evil.example"})
        after = (await web.get("/welcome")).text

    assert nobody.status_code == 401
    assert page.index("@skin_links") < page.index("@rosa")
    assert f"/accounts/{team.id}/act" in page
    assert (followed.headers["location"], evil.headers["location"]) == ("/welcome#follow", "/")
    assert "You follow them" in after
