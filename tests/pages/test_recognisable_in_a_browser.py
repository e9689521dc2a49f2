"""The form for whoever is recognised, and the guardians' page of what is hidden, in a browser: axe-core, narrow."""

from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path

from storage.members import Role
from tests import needs
from tests.browser import Browser, Page
from tests.federation.remote import deliver, remote
from tests.pages.sample import Sample
from tests.pages.test_guardian_in_a_browser import looks
from tests.pages.test_in_a_browser import sign_in

KEPT = os.environ.get("SHAREWELL_SHOTS", "")  # a folder to look at


async def look(page: Page, name: str) -> list[str]:
    """What is wrong with the page that is open; its picture where one is wanted."""
    if KEPT:
        await page.resize(1280, 900)
        await page.screenshot(Path(KEPT) / f"{name}.png")
        await page.resize(390, 844)
        await page.screenshot(Path(KEPT) / f"{name}-phone.png")
        await page.colours(dark=True)
        await page.screenshot(Path(KEPT) / f"{name}-dark.png")
    return await looks(page)


async def test_nothing_is_wrong_with_what_strangers_authors_and_guardians_see(shown: Sample, browser: Browser) -> None:
    base = shown.served.site.base_url
    await shown.served.account("gwen", role=Role.GUARDIAN)
    far = remote(shown.served.fediverse, "far.test")
    fay = far.actor("fay", key=1)
    picture = {"type": "Image", "mediaType": "image/png", "url": "https://far.test/a.png", "name": "A bed"}
    held = f"My 84-year-old patient fell in bay 3 last Tuesday {'W' * 90}"
    await deliver(shown.served, fay, fay.create(fay.note("n1", held, attachment=[picture])))
    note = shown.posts["note"]
    axe = await asyncio.to_thread(needs.axe().read_text)
    wrong = {}
    async with browser.page(bypass_csp=True) as page:
        await page.call("Network.setCacheDisabled", cacheDisabled=True)  # pages for all are kept for half a minute
        await page.call("Page.addScriptToEvaluateOnNewDocument", source=axe)
        await page.open(f"{base}/@rosa/{note.id}")
        await page.click("a[href$=recognisable]")
        wrong["form"] = await look(page, "form")
        await page.evaluate(f"document.getElementById('comment').value = {json.dumps('NHS number 943 476 5919')}")
        await page.click("main form .button")
        wrong["refused"] = await look(page, "refused")
        await page.evaluate("document.getElementById('comment').value = 'The bed in the third line'")
        await page.click("main form .button")
        wrong["thanks"] = await look(page, "thanks")
        await page.open(f"{base}/@rosa/{note.id}")
        wrong["hidden"] = await look(page, "hidden")
        gone = await page.evaluate("document.querySelector('main h1').textContent")
        await sign_in(page, base, "rosa")
        await page.open(f"{base}/@rosa/{note.id}")
        wrong["own"] = await look(page, "own")
        await page.open(f"{base}/sign-out")
        await page.click("main form .button")
        await sign_in(page, base, "gwen")
        await page.open(f"{base}/guardian")
        wrong["queue"] = await look(page, "queue")
        await page.click("form[action$=keep] .button")
        await page.click("form[action$=show] .button")
        wrong["decided"] = await look(page, "decided")
        empty = await page.evaluate("document.querySelector('.empty h3').textContent")

    assert {name: one for name, one in wrong.items() if one} == {}
    assert (gone, empty) == ("Hidden for a privacy check", "Nothing is waiting")
