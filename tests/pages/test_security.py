"""Settings: another password, another address, and forms for passkeys that nobody else can send."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator

import httpx2
import pytest

from node.connecting import members
from storage import actors, address_changes, passkeys
from storage.actors import Actor
from tests.pages.conftest import browsing, hidden
from tests.relay_of_mail import Relay, relaying
from tests.serving import ON_BOTH, PASSWORD, Fediverse, Served

SECURITY = "/settings/security"
NEW = "another fine password"


@pytest.fixture
async def relay() -> AsyncGenerator[Relay]:
    async with relaying() as made:
        yield made


@pytest.fixture
async def served(fediverse: Fediverse, relay: Relay) -> Served:
    return await fediverse.node("here.example", contact="help@here.example", mail=relay.options())


@pytest.fixture
async def rosa(served: Served) -> Actor:
    return await served.account("rosa")


async def send(client: httpx2.AsyncClient, form: str, /, **values: str) -> httpx2.Response:
    """Send a form of the page."""
    proof = hidden((await client.get(SECURITY)).text, "proof")
    return await client.post(f"{SECURITY}/{form}", data={"proof": proof, **values})


async def enters(served: Served, login: str, password: str = PASSWORD) -> bool:
    async with served.client() as web:
        return (await web.post("/sign-in", data={"login": login, "password": password})).status_code == 303


async def inside(client: httpx2.AsyncClient) -> bool:
    return (await client.get("/requests")).status_code == 200


async def audited(served: Served) -> list[str]:
    async with served.database.reading() as db:
        return [row["action"] for row in await db.rows("SELECT action FROM audit ORDER BY id")]


@pytest.mark.parametrize("apps", ["", "1"], ids=["browsers", "apps too"])
@ON_BOTH
async def test_a_new_password_signs_others_out_and_is_told(
    served: Served, rosa: Actor, relay: Relay, apps: str
) -> None:
    token = await served.token(rosa)
    async with browsing(served, rosa) as here, browsing(served, rosa) as other:
        answer = await send(here, "password", present=PASSWORD, password=NEW, apps=apps)
        said = (await here.get(answer.headers["location"])).text
        still = [await inside(here), await inside(other)]
    async with served.client(token) as app:
        used = (await app.get("/api/v1/accounts/verify_credentials")).status_code
    await served.fediverse.quiet()

    assert still == [True, False]
    assert used == (401 if apps else 200)
    assert ("every app" in said, "Your password is changed." in said) == (bool(apps), True)
    assert [await enters(served, "rosa"), await enters(served, "rosa", NEW)] == [False, True]
    told = {str(one.message["Subject"]) for one in relay.to("rosa@mail.example")}
    assert told == {"Your password on here.example was changed"}
    assert "account.password" in await audited(served)


@pytest.mark.parametrize(
    ("present", "new", "says"),
    [
        ("wrong", NEW, "This is not your password."), ("", NEW, "This is not your password."),
        (PASSWORD, "short", "A password has 8 to 256 characters."),
        (PASSWORD, "", "A password has 8 to 256 characters."),
    ],
)  # fmt: skip
async def test_a_password_that_cannot_be_set_is_said_beside_its_field(
    served: Served, rosa: Actor, present: str, new: str, says: str
) -> None:
    async with browsing(served, rosa) as here, browsing(served, rosa) as other:
        answer = await send(here, "password", present=present, password=new)
        still = await inside(other)

    assert answer.status_code == 422
    assert answer.text.count(says) == 2  # in the summary and at the field
    assert still and await enters(served, "rosa")


async def test_the_present_password_cannot_be_tried_for_ever(fediverse: Fediverse) -> None:
    strict = await fediverse.node("strict.example", limits={"rate": True})
    async with browsing(strict, await strict.account("rosa")) as here:
        answers = [await send(here, "password", present="wrong", password=NEW) for _ in range(11)]
        right = await send(here, "password", present=PASSWORD, password=NEW)

    assert "Wait 15 minutes" in answers[-1].text and "Wait 15 minutes" not in answers[-2].text
    assert right.status_code == 422


@pytest.mark.parametrize(
    "path",
    ["password", "address", "passkeys", "passkeys/options", "passkeys/remove", "app", "app/confirm", "codes", "off"],
)
async def test_these_forms_need_a_session_and_come_from_our_pages(served: Served, rosa: Actor, path: str) -> None:
    values = {"present": PASSWORD, "present-address": PASSWORD, "password": NEW, "email": "x@new.example"}
    async with browsing(served, rosa) as here, served.client() as nobody:
        forged = await here.post(f"{SECURITY}/{path}", data={**values, "proof": "0" * 64})
        stranger = await nobody.post(f"{SECURITY}/{path}", data=values)

    assert (forged.status_code, stranger.status_code) == (403, 401)
    assert await enters(served, "rosa")


@ON_BOTH
async def test_an_address_changes_when_the_link_that_went_there_is_opened(
    served: Served, rosa: Actor, relay: Relay
) -> None:
    async with browsing(served, rosa) as here, served.client() as mail:
        asked = await send(here, "address", email="Rosa@New.example", **{"present-address": PASSWORD})
        await served.fediverse.quiet()
        waits = (await here.get(SECURITY)).text
        path = relay.to("Rosa@New.example")[0].path
        looked = [(await mail.get(path)).status_code for _ in range(2)]
        before = [await enters(served, "rosa@mail.example"), await enters(served, "rosa@new.example")]
        done = await mail.post(path)
        await served.fediverse.quiet()
        shown = (await here.get(SECURITY)).text
        again = [(await mail.get(path)).status_code, (await mail.post(path)).status_code]

    assert asked.headers["location"] == f"{SECURITY}?said=address-asked"
    assert "We sent a link to Rosa@New.example" in waits and "rosa@mail.example" in waits
    assert (looked, before) == ([200, 200], [True, False])
    assert "Rosa@New.example" in done.text
    assert "We sent a link" not in shown and "Rosa@New.example" in shown
    assert again == [404, 404]
    assert [await enters(served, "rosa@mail.example"), await enters(served, "rosa@new.example")] == [False, True]
    assert "has another e-mail address now" in relay.to("rosa@mail.example")[0].text
    assert "new.example" not in relay.to("rosa@mail.example")[0].text
    assert "account.address" in await audited(served)


async def test_nobody_learns_whose_an_address_is_and_its_owner_keeps_it(
    served: Served, rosa: Actor, relay: Relay
) -> None:
    await served.account("imelda")
    async with browsing(served, rosa) as here:
        asked = await send(here, "address", email="imelda@mail.example", **{"present-address": PASSWORD})
    await served.fediverse.quiet()

    [told] = relay.to("imelda@mail.example")
    assert asked.headers["location"] == f"{SECURITY}?said=address-asked"
    assert "/address/" not in told.text and "@imelda@here.example" in told.text and "rosa" not in told.text


async def test_an_address_that_somebody_took_meanwhile_stays_theirs(served: Served, rosa: Actor, relay: Relay) -> None:
    async with browsing(served, rosa) as here:
        await send(here, "address", email="imelda@mail.example", **{"present-address": PASSWORD})
    await served.fediverse.quiet()
    path = relay.to("imelda@mail.example")[0].path
    await served.account("imelda")
    async with served.client() as mail:
        answer = await mail.post(path)

    assert (answer.status_code, "Another account here has this address." in answer.text) == (422, True)
    assert await enters(served, "rosa@mail.example")


@pytest.mark.parametrize("late", ["a day", "another wish", "another site"])
async def test_a_link_ends_and_is_for_the_last_wish_alone(served: Served, rosa: Actor, relay: Relay, late: str) -> None:
    async with browsing(served, rosa) as here, served.client() as mail:
        await send(here, "address", email="one@new.example", **{"present-address": PASSWORD})
        await served.fediverse.quiet()
        path = relay.to("one@new.example")[0].path
        if late == "a day":
            served.fediverse.clock.advance(seconds=24 * 60 * 60 + 1)
        if late == "another wish":
            await send(here, "address", email="two@new.example", **{"present-address": PASSWORD})
        answer = await mail.post(path, headers={"origin": "https://evil.example"} if late == "another site" else {})

    assert answer.status_code == (403 if late == "another site" else 404)
    assert await enters(served, "rosa@mail.example")


@pytest.mark.parametrize(
    "email", ["", "rosa", "a b@c.example", "x" * 250 + "@a.example", "a@b.example\nBcc: c@d.example"]
)
async def test_what_is_no_address_is_refused(served: Served, rosa: Actor, relay: Relay, email: str) -> None:
    async with browsing(served, rosa) as here:
        answer = await send(here, "address", email=email, **{"present-address": PASSWORD})
        wrong = await send(here, "address", email="a@new.example", **{"present-address": "wrong"})
    await served.fediverse.quiet()

    assert (answer.status_code, wrong.status_code) == (422, 422)
    assert "This is not your password." in wrong.text
    assert relay.taken == []


async def test_links_for_a_password_that_went_to_the_old_address_end(served: Served, rosa: Actor, relay: Relay) -> None:
    async with browsing(served, rosa) as here, served.client() as mail:
        await mail.post("/forgot", data={"login": "rosa"})
        await send(here, "address", email="rosa@new.example", **{"present-address": PASSWORD})
        await served.fediverse.quiet()
        await mail.post(relay.to("rosa@new.example")[0].path)
        answer = await mail.post(relay.to("rosa@mail.example")[0].path, data={"password": NEW})

    assert answer.status_code == 404
    assert await enters(served, "rosa")


async def test_without_mail_the_page_says_why_no_address_can_be_changed(fediverse: Fediverse) -> None:
    quiet = await fediverse.node("quiet.example")
    async with browsing(quiet, await quiet.account("rosa")) as here:
        page = (await here.get(SECURITY)).text
        answer = await send(here, "address", email="x@new.example", **{"present-address": PASSWORD})

    assert "sends no mail, so a new address cannot be confirmed" in page
    assert answer.status_code == 404


async def test_a_node_without_a_name_says_that_it_has_no_passkeys(fediverse: Fediverse) -> None:
    bare = await fediverse.node("192.0.2.7", base_url="http://192.0.2.7", federation={"insecure_http": True})
    async with browsing(bare, await bare.account("rosa")) as here, bare.client() as nobody:
        page = await here.get(SECURITY)
        entry = await nobody.get("/sign-in")
        asked = await nobody.post("/sign-in/passkey/options")

    assert "data-passkey=" not in page.text and "only for sites with a name and https" in page.text
    assert "passkeys.js" not in page.text + entry.text and "script-src" not in entry.headers["content-security-policy"]
    assert asked.status_code == 404


NO_KEYS = {
    "nothing": "", "no JSON": "x", "a list": "[]", "empty": "{}", "null": "null", "a number": '{"id": 1}',
    "no response": '{"id": "AA", "rawId": "AA", "type": "public-key", "response": {}}',
    "another response": '{"id": "AA", "rawId": "AA", "type": "public-key", "response": 7}',
    "deep": "[" * 50_000, "long": "{" * 200_000, "no base64": '{"id": "\\u00e4", "rawId": null}',
    "no CBOR": json.dumps({"id": "AA", "rawId": "AA", "type": "public-key", "response": dict.fromkeys(
        ("clientDataJSON", "authenticatorData", "attestationObject", "signature"), "AA")}),
}  # fmt: skip


@pytest.mark.parametrize("said", NO_KEYS.values(), ids=NO_KEYS)
async def test_what_is_no_passkey_is_refused_kindly(served: Served, rosa: Actor, said: str) -> None:
    async with browsing(served, rosa) as here, served.client() as nobody:
        offered = await send(here, "passkeys/options", **{"present-passkey": PASSWORD})
        added = await send(here, "passkeys", name="Key", credential=said)
        options = await nobody.post("/sign-in/passkey/options")
        entered = await nobody.post("/sign-in/passkey", data={"credential": said, "next": "/"})
        without = await nobody.post("/sign-in/passkey", data={"credential": said})

    assert (offered.status_code, offered.json()["rp"]["id"]) == (200, "here.example")
    assert (options.status_code, options.json()["userVerification"]) == (200, "required")
    assert (added.status_code, entered.status_code, without.status_code) == (422, 422, 422)


async def test_only_pages_that_ask_for_passkeys_run_a_script_for_it(served: Served, rosa: Actor) -> None:
    async with browsing(served, rosa) as here, served.client() as nobody:
        found = {path: (await nobody.get(path)) for path in ("/sign-in", "/forgot", "/about")}
        own = {path: (await here.get(path)).text for path in (SECURITY, "/settings/profile", f"{SECURITY}/app")}

    assert [path for path, page in found.items() if "passkeys.js" in page.text] == ["/sign-in"]
    assert [path for path, page in found.items() if "script-src" in page.headers["content-security-policy"]] == [
        "/sign-in"
    ]
    assert [path for path, page in own.items() if "passkeys.js" in page] == [SECURITY]
    assert "htmx" not in found["/sign-in"].text


async def test_a_member_cannot_remove_anothers_passkey(served: Served, rosa: Actor) -> None:
    imelda = await served.account("imelda")
    async with served.database.writing() as db:
        await passkeys.add(db, member_id=imelda.id, credential=b"x", public=b"x", counter=0, name="x", now=0)
        row = await db.row("SELECT id FROM passkeys")
    assert row is not None
    async with browsing(served, rosa) as here:
        answer = await send(here, "passkeys/remove", passkey=str(row["id"]))
        odd = await send(here, "passkeys/remove", passkey="x")

    assert (answer.status_code, odd.status_code) == (404, 404)
    async with served.database.reading() as db:
        assert await db.row("SELECT id FROM passkeys") is not None


async def test_what_a_member_wished_goes_with_the_account(served: Served, rosa: Actor) -> None:
    async with browsing(served, rosa) as here:
        await send(here, "address", email="rosa@new.example", **{"present-address": PASSWORD})
    async with served.database.writing() as db:
        await passkeys.add(db, member_id=rosa.id, credential=b"x", public=b"x", counter=0, name="x", now=0)
        await members.delete(db, served.node, await actors.by_id(db, rosa.id))

    async with served.database.reading() as db:
        assert await address_changes.of(db, rosa.id) is None
        assert await db.row("SELECT id FROM passkeys") is None
