"""Writing for a team and without a name, and who is in a team, in a real browser: axe-core, narrow windows."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

from storage.members import Role
from tests import needs
from tests.browser import Browser, Page
from tests.clients.guards import HELD
from tests.pages.conftest import browsing
from tests.pages.sample import Sample
from tests.pages.test_behalf import gather
from tests.pages.test_guardian_in_a_browser import looks
from tests.pages.test_in_a_browser import sign_in
from tests.pages.test_writing import send

SHOTS = os.environ.get("SHOTS", "")  # a folder to keep pictures in


async def kept(page: Page, name: str) -> list[str]:
    """What is wrong with the page that is open; and a picture of it, where wanted."""
    found = await looks(page)
    if SHOTS:
        for width, dark in ((1280, False), (320, True)):
            await page.resize(width, 900)
            await page.colours(dark=dark)
            await page.screenshot(Path(SHOTS) / f"{name.replace(' ', '-')}-{width}.png")
    return found


async def test_nothing_is_wrong_with_what_writers_and_guardians_see(shown: Sample, browser: Browser) -> None:
    base = shown.served.site.base_url
    await shown.served.account("gwen", role=Role.GUARDIAN)
    await gather(shown)
    async with browsing(shown.served, shown.imelda) as client:
        await send(client, "/write", {"text": "We were afraid to say it", "as": "nobody"})
        await send(client, "/write", {"text": f"{HELD} {'W' * 90}", "as": str(shown.team.id)})
        sent = await send(client, "/write", {"text": "Look at heels", "as": str(shown.team.id)})
    place = sent.headers["location"]
    axe = await asyncio.to_thread(needs.axe().read_text)
    wrong = {}
    async with browser.page(bypass_csp=True) as page:
        await page.call("Page.addScriptToEvaluateOnNewDocument", source=axe)
        await sign_in(page, base, "rosa")
        for name, path in (
            ("write", "/write"), ("note", "/write/safety-note"), ("idea", "/write/idea"), ("team", "/@skin_links"),
            ("members", "/@skin_links/members"), ("post", place),
            ("change", f"/posts/{place.rpartition('/')[2]}/change"),
        ):  # fmt: skip
            await page.open(base + path)
            wrong[name] = await kept(page, name)
        await page.open(f"{base}/@skin_links/members")
        await page.evaluate("document.getElementById('member').value = 'nobody_here'")
        await page.click("form:has(#member) .button")
        wrong["no such member"] = await kept(page, "no such member")
        await page.open(f"{base}/sign-out")
        await page.click("main form .button")
        await sign_in(page, base, "imelda")
        await page.open(base)
        wrong["waiting"] = await kept(page, "waiting")
        await page.open(f"{base}/sign-out")
        await page.click("main form .button")
        await sign_in(page, base, "gwen")
        await page.open(f"{base}/guardian")
        wrong["queue"] = await kept(page, "queue")

    assert {name: one for name, one in wrong.items() if one} == {}
