"""The guardians' page, and what writers see of the privacy guard, in a real browser: axe-core, narrow windows."""

from __future__ import annotations

import asyncio
import json

from storage.members import Role
from tests import needs
from tests.browser import Browser, Page
from tests.clients.guards import BLOCKED, HELD, URGENT, WARNED
from tests.pages.conftest import browsing
from tests.pages.sample import Sample
from tests.pages.test_in_a_browser import LOOKS, TOO_SMALL, TOO_WIDE, faults, sign_in
from tests.pages.test_writing import send


async def write(page: Page, base: str, text: str) -> None:
    """Type a post and press the button."""
    await page.open(f"{base}/write")
    await page.evaluate(f"document.getElementById('text').value = {json.dumps(text)}")
    await page.click("main form .button")


async def looks(page: Page) -> list[str]:
    """What is wrong with the page that is open, light and dark, on a desk and a phone, and in 320 pixels."""
    await page.evaluate("for (const e of document.querySelectorAll('main details')) e.open = true")
    found: list[str] = []
    for size, dark in LOOKS:
        await page.resize(*size)
        await page.colours(dark=dark)
        found += await faults(page)
    await page.resize(320, 640)
    return [*found, *await page.evaluate(TOO_WIDE), *await page.evaluate(TOO_SMALL)]


async def test_nothing_is_wrong_with_what_writers_and_guardians_see(shown: Sample, browser: Browser) -> None:
    base = shown.served.site.base_url
    for name in ("gwen", "gus"):
        await shown.served.account(name, role=Role.GUARDIAN)
    async with browsing(shown.served, shown.rosa) as client:
        for text in (HELD, URGENT):
            await send(client, "/write", {"text": f"{text} {'W' * 90}"})
    axe = await asyncio.to_thread(needs.axe().read_text)
    wrong = {}
    async with browser.page(bypass_csp=True) as page:
        await page.call("Page.addScriptToEvaluateOnNewDocument", source=axe)
        await sign_in(page, base)
        await write(page, base, BLOCKED)
        wrong["stopped"] = await looks(page)
        focused = await page.evaluate("document.activeElement.className")
        await write(page, base, WARNED)
        wrong["warned"] = await looks(page)
        await write(page, base, HELD)
        wrong["home"] = await looks(page)
        await page.open(f"{base}/sign-out")
        await page.click("main form .button")
        await sign_in(page, base, "gwen")
        await page.open(f"{base}/guardian")
        wrong["queue"] = await looks(page)
        await page.click("form[action$=return] .button")
        wrong["no reason"] = await looks(page)
        await page.click("form[action$=claim] .button")
        wrong["claimed"] = await looks(page)
        for _ in range(3):
            await page.click("form[action$=release] .button")
        wrong["empty"] = await looks(page)
        empty = await page.evaluate("document.querySelector('.empty h3').textContent")

    assert {name: one for name, one in wrong.items() if one} == {}
    assert (focused, empty) == ("summary", "Nothing is waiting")
