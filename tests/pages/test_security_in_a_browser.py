"""Passkeys in a real browser with an authenticator of its own making, and how the pages of signing in look."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Any

import pytest

from node.connecting import passkeys as use
from storage import passkeys
from storage.actors import Actor
from tests import needs
from tests.browser import Browser, Page
from tests.pages.authenticator import APP, Phone, codes
from tests.pages.conftest import on_a_socket
from tests.pages.test_in_a_browser import sign_in
from tests.pages.test_joining_in_a_browser import look
from tests.relay_of_mail import Relay, relaying
from tests.serving import PASSWORD, Fediverse, Served

SECURITY = "/settings/security"
KEY = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


@dataclass(frozen=True)
class Local:
    """A node that browsers call by a name, and a member of it."""

    served: Served
    relay: Relay
    imelda: Actor

    @property
    def base(self) -> str:
        return self.served.site.base_url


@pytest.fixture
async def local(fediverse: Fediverse) -> AsyncGenerator[Local]:
    async with relaying() as relay, on_a_socket(fediverse, "localhost", mail=relay.options()) as served:
        yield Local(served, relay, await served.account("imelda", name="Imelda Farrugia"))


async def authenticator(page: Page, **more: Any) -> str:
    """Give the browser a device that makes and keeps passkeys; its number."""
    await page.call("WebAuthn.enable")
    made = await page.call("WebAuthn.addVirtualAuthenticator", options={**KEY, **more})
    number: str = made["authenticatorId"]
    return number


async def type_in(page: Page, selector: str, text: str) -> None:
    await page.click(selector, leads_on=False)
    await page.write(text)


async def add_passkey(page: Page, local: Local, name: str) -> None:
    await page.open(local.base + SECURITY)
    await type_in(page, "#name", name)
    await type_in(page, "#present-passkey", PASSWORD)
    await page.click("form[data-passkey] button")


async def sign_out(page: Page, local: Local) -> None:
    await page.open(f"{local.base}/sign-out")
    await page.click("main form .button")
    await page.open(f"{local.base}/sign-in")


async def set_up(page: Page, local: Local) -> tuple[Phone, str]:
    """Turn the second step on as people do; the phone and the page with the recovery codes."""
    await page.open(local.base + APP)
    await type_in(page, "#present", PASSWORD)
    await page.click("main form .button")
    secret = await page.evaluate("document.querySelector('main code').textContent")
    phone = Phone(secret.replace(" ", ""), local.served.fediverse.clock)
    await type_in(page, "#code", phone.code())
    await page.click("main form .button")
    return phone, await page.evaluate("document.querySelector('main').innerHTML")


async def known(local: Local) -> list[passkeys.Passkey]:
    async with local.served.database.reading() as db:
        return await passkeys.of(db, local.imelda.id)


async def heading(page: Page) -> str:
    found: str = await page.evaluate("document.querySelector('h1').textContent")
    return found


async def signed_in(page: Page, local: Local) -> bool:
    return await page.open(f"{local.base}/requests") == 200


async def test_one_adds_a_passkey_signs_out_and_signs_in_with_it_alone(local: Local, browser: Browser) -> None:
    async with browser.page() as page:
        number = await authenticator(page)
        await sign_in(page, local.base)
        await add_passkey(page, local, "My phone")
        listed = await page.evaluate("document.querySelector('main').textContent")
        await sign_out(page, local)
        before = await signed_in(page, local)
        await page.open(f"{local.base}/sign-in?next=/settings/sessions")
        await page.click("[name=own_device][type=checkbox]", leads_on=False)
        await page.click("form[data-passkey] button")
        where, cookies = await page.url(), await page.cookies()
        held = (await page.call("WebAuthn.getCredentials", authenticatorId=number))["credentials"]
        problems = page.problems

    [kept] = await known(local)
    await local.served.fediverse.quiet()
    assert "You can sign in with the new passkey." in listed and "My phone" in listed
    assert (before, where) == (False, f"{local.base}/settings/sessions")
    assert any("sharewell_session" in one["name"] and one["expires"] > 0 for one in cookies)
    assert (len(held), kept.counter, kept.used is not None) == (1, held[0]["signCount"], True)
    assert "passkeys of @imelda@" in local.relay.to("imelda@mail.example")[0].text
    assert problems == []


async def test_a_passkey_takes_the_place_of_the_code(local: Local, browser: Browser) -> None:
    async with browser.page() as page:
        await authenticator(page, hasUserVerification=False, isUserVerified=False, hasResidentKey=False)
        await sign_in(page, local.base)
        await add_passkey(page, local, "Key")
        await set_up(page, local)
        await sign_out(page, local)
        await sign_in(page, local.base)
        between = await heading(page)
        await page.click("form[data-passkey] button")
        inside = await signed_in(page, local)

    assert (between, inside) == ("Second step", True)


async def test_a_key_that_checks_nobody_does_not_sign_in_alone(local: Local, browser: Browser) -> None:
    async with browser.page() as page:
        number = await authenticator(page)
        await sign_in(page, local.base)
        await add_passkey(page, local, "Phone")
        await sign_out(page, local)
        await page.call("WebAuthn.setUserVerified", authenticatorId=number, isUserVerified=False)
        await page.click("form[data-passkey] button", leads_on=False)
        await page.until("!document.querySelector('[data-passkey-said]').hidden")
        said = await page.evaluate("document.querySelector('[data-passkey-said]').textContent")
        inside = await signed_in(page, local)

    assert (said, inside) == ("That did not work. Sign in with your password.", False)


GET = """(async () => {
  const b = t => Uint8Array.from(atob(t.replace(/-/g, '+').replace(/_/g, '/')), c => c.charCodeAt(0));
  const e = x => btoa(String.fromCharCode(...new Uint8Array(x))).replace(/\\+/g, '-').replace(/\\//g, '_')
    .replace(/=/g, '');
  const o = await (await fetch('/sign-in/passkey/options', {method: 'POST'})).json();
  o.challenge = b(o.challenge); o.allowCredentials = []; o.userVerification = VERIFICATION;
  const m = await navigator.credentials.get({publicKey: o}), r = {};
  for (const p of ['clientDataJSON', 'authenticatorData', 'signature', 'userHandle']) r[p] = e(m.response[p]);
  return JSON.stringify({id: m.id, rawId: e(m.rawId), type: m.type, response: r});
})()"""
SEND = """fetch('/sign-in/passkey', {method: 'POST', redirect: 'manual',
  body: new URLSearchParams({credential: SAID, next: '/'})}).then(a => a.type === 'opaqueredirect' ? 303 : a.status)"""


async def send(page: Page, said: str) -> int:
    status: int = await page.evaluate(SEND.replace("SAID", json.dumps(said)))
    return status


async def test_what_was_signed_is_taken_once_from_whom_it_was_asked_and_checked(local: Local, browser: Browser) -> None:
    async with browser.page() as page:
        number = await authenticator(page)
        await sign_in(page, local.base)
        await add_passkey(page, local, "Phone")
        await sign_out(page, local)
        plain, required = (GET.replace("VERIFICATION", f"'{one}'") for one in ("discouraged", "required"))
        await page.call("WebAuthn.setUserVerified", authenticatorId=number, isUserVerified=False)
        unverified = await send(page, await page.evaluate(plain))
        await page.call("WebAuthn.setUserVerified", authenticatorId=number, isUserVerified=True)
        old = await page.evaluate(required)
        await page.evaluate("fetch('/sign-in/passkey/options', {method: 'POST'}).then(() => 1)")
        replaced = await send(page, old)
        forged = json.loads(await page.evaluate(required))
        forged["response"]["signature"] = forged["response"]["signature"][:-8] + "AAAAAAAA"
        wrong = await send(page, json.dumps(forged))
        fresh = await page.evaluate(required)
        first, again = await send(page, fresh), await send(page, fresh)

    assert {"unverified": unverified, "replaced": replaced, "forged": wrong, "first": first, "again": again} == {
        "unverified": 422, "replaced": 422, "forged": 422, "first": 303, "again": 422,
    }  # fmt: skip


async def test_a_copied_key_whose_count_does_not_grow_is_refused(local: Local, browser: Browser) -> None:
    async with browser.page() as page:
        await authenticator(page)
        await sign_in(page, local.base)
        await add_passkey(page, local, "Phone")
        [one] = await known(local)
        async with local.served.database.writing() as db:
            await db.run("UPDATE passkeys SET counter = 1000 WHERE id = :id", id=one.id)
        await sign_out(page, local)
        await page.click("form[data-passkey] button")
        said = await page.evaluate("document.querySelector('main [role=alert]').textContent")
        inside = await signed_in(page, local)

    assert "This passkey does not sign you in here." in said
    assert not inside


async def test_a_passkey_takes_the_password_and_one_that_was_removed_signs_nobody_in(
    local: Local, browser: Browser
) -> None:
    async with browser.page() as page:
        await authenticator(page)
        await sign_in(page, local.base)
        await page.open(local.base + SECURITY)
        await type_in(page, "#present-passkey", "wrong")
        await page.click("form[data-passkey] button", leads_on=False)
        await page.until("!document.querySelector('[data-passkey-said]').hidden")
        wrong = await page.evaluate("document.querySelector('[data-passkey-said]').textContent")
        none = await known(local)
        await add_passkey(page, local, "Phone")
        await page.click("form[action$='/remove'] button")
        gone = await known(local)
        await sign_out(page, local)
        await page.click("form[data-passkey] button")
        inside = await signed_in(page, local)

    assert (wrong, none, gone, inside) == ("This is not your password.", [], [], False)


async def test_an_apps_window_keeps_its_opener_from_sign_in_to_consent_and_back(
    fediverse: Fediverse, local: Local, browser: Browser
) -> None:
    async with on_a_socket(fediverse) as app, local.served.client() as client, browser.page() as page:
        back = f"{app.site.base_url}/about"
        made = await client.post("/api/v1/apps", json={"client_name": "Elk", "redirect_uris": back, "scopes": "read"})
        asked = f"{local.base}/oauth/authorize?client_id={made.json()['client_id']}&redirect_uri={back}&scope=read"
        await sign_in(page, local.base)
        phone, _ = await set_up(page, local)
        await sign_out(page, local)
        await page.open(f"{app.site.base_url}/")
        opening = f"window.open({json.dumps(asked + '&response_type=code')}, 'app', 'width=400,height=700'); 1"
        await page.call("Runtime.evaluate", expression=opening, userGesture=True)
        window = await browser.opened_by(page)
        seen: list[tuple[str, bool]] = []

        async def see() -> None:
            await window.until("document.readyState === 'complete' && !!document.querySelector('h1')")
            seen.append((await heading(window), await window.evaluate("window.opener !== null")))

        await see()
        await type_in(window, "#login", "imelda")
        await type_in(window, "#password", PASSWORD)
        await window.click("main form .button")
        await see()
        await type_in(window, "#code", phone.next())
        await window.click("main form .button")
        await see()
        await window.click("button[value=allow]")
        await see()
        spoken = await window.evaluate("window.opener.location.href")

    assert seen[:3] == [("Sign in", True), ("Second step", True), ("Allow Elk to use your account?", True)]
    assert seen[3][1] and spoken == f"{app.site.base_url}/"


async def test_without_scripts_the_pages_say_what_to_do_instead(local: Local, browser: Browser) -> None:
    async with browser.page(scripts=False) as page:
        await page.open(f"{local.base}/sign-in")
        offered = await page.evaluate("document.querySelector('form[data-passkey]').checkVisibility()")
        await type_in(page, "#login", "imelda")
        await type_in(page, "#password", PASSWORD)
        await page.click("main form .button")
        await page.open(local.base + SECURITY)
        said = await page.evaluate("document.querySelector('[data-passkey-without]').checkVisibility()")
        phone, page_of_codes = await set_up(page, local)
        await page.open(f"{local.base}/sign-out")
        await page.click("main form .button")
        await page.open(f"{local.base}/sign-in")
        await type_in(page, "#login", "imelda")
        await type_in(page, "#password", PASSWORD)
        await page.click("main form .button")
        await type_in(page, "#code", phone.next())
        await page.click("main form .button")
        inside = await signed_in(page, local)

    assert (offered, said, inside) == (False, True, True)
    assert len(codes(page_of_codes)) == 10


async def test_axe_finds_nothing_wrong_with_signing_in_and_security(local: Local, browser: Browser) -> None:
    axe = await asyncio.to_thread(needs.axe().read_text)
    wrong: dict[object, object] = {}
    async with browser.page(bypass_csp=True) as page:
        await page.call("Page.addScriptToEvaluateOnNewDocument", source=axe)
        await authenticator(page)
        await page.open(f"{local.base}/sign-in")
        await look(page, "sign in with passkey", wrong)
        await sign_in(page, local.base)
        await add_passkey(page, local, "My phone")
        await look(page, "security", wrong)
        await page.click("form[action$='/password'] .button")
        await look(page, "security failed", wrong)
        await page.open(local.base + APP)
        await look(page, "app password", wrong)
        await type_in(page, "#present", PASSWORD)
        await page.click("main form .button")
        await look(page, "app scan", wrong)
        await set_up_from_here(page, local)
        await look(page, "recovery codes", wrong)
        for name in ("", "/codes", "/off"):
            await page.open(f"{local.base}{SECURITY}{name}")
            await look(page, f"security on{name.replace('/', ' ')}", wrong)
        await sign_out(page, local)
        await sign_in(page, local.base)
        await look(page, "second step", wrong)
        await page.click("main form .button")
        await look(page, "second step failed", wrong)
        await page.open(await address_link(local))
        await look(page, "address", wrong)
        await page.open(f"{local.base}/address/none")
        await look(page, "address over", wrong)

    assert wrong == {}


async def set_up_from_here(page: Page, local: Local) -> None:
    """Type the code of the secret that is shown."""
    secret = await page.evaluate("document.querySelector('main code').textContent")
    await type_in(page, "#code", Phone(secret.replace(" ", ""), local.served.fediverse.clock).code())
    await page.click("main form .button")


async def address_link(local: Local) -> str:
    from node.connecting import changing
    from storage import members

    async with local.served.database.reading() as db:
        member = await members.by_id(db, local.imelda.id)
    await changing.wish_address(local.served.node, member, "imelda@new.example")
    await local.served.fediverse.quiet()
    return local.base + local.relay.to("imelda@new.example")[-1].path


@pytest.mark.parametrize(
    ("base", "found"),
    [
        ("https://northmoor.example", ("https://northmoor.example", "northmoor.example")),
        ("https://northmoor.example:8443", ("https://northmoor.example:8443", "northmoor.example")),
        ("http://localhost:8001", ("http://localhost:8001", "localhost")),
        ("http://northmoor.example", None), ("https://192.0.2.1", None), ("http://[::1]:8001", None),
    ],
)  # fmt: skip
def test_passkeys_are_bound_to_the_address_of_the_node(base: str, found: tuple[str, str] | None) -> None:
    place = use.place(base)

    assert (None if place is None else (place.origin, place.rp_id)) == found
