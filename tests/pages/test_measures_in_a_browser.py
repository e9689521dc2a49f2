"""Charts and measures in a real browser: axe-core, light and dark, on a phone, in 320 pixels."""

from __future__ import annotations

import asyncio
import json

from tests import needs
from tests.browser import Browser
from tests.pages.conftest import browsing, hidden
from tests.pages.sample import Sample
from tests.pages.test_behalf_in_a_browser import kept as looked_at
from tests.pages.test_in_a_browser import sign_in
from tests.pages.test_measures import NUMBERS, kept, marked


async def test_nothing_is_wrong_with_charts_and_measures(shown: Sample, browser: Browser) -> None:
    base = shown.served.site.base_url
    async with browsing(shown.served, shown.imelda) as client:
        path = await kept(client, name="Falls on four wards of the older part of the house", definition="All of them")
        await marked(client, path, do="annotate", at="2025-04", text="Huddles began on every ward")
        await marked(client, path, do="annotate", at="2025-05", text="Rails at every second bed")
        proof = hidden((await client.get("/charts")).text, "proof")
        said = {"title": "Falls rose", "text": "We moved the beds.", "sure": "1", "proof": proof}
        shared = (await client.post(f"{path}/share", data=said)).headers["location"]
        await marked(client, path, do="rebase", at="2025-09", change="New beds", why="Each of them has a rail now")
    axe = await asyncio.to_thread(needs.axe().read_text)
    wrong = {}
    async with browser.page(bypass_csp=True) as page:
        await page.call("Page.addScriptToEvaluateOnNewDocument", source=axe)
        await sign_in(page, base, "imelda")
        await page.open(f"{base}/charts")
        await page.evaluate(f"document.getElementById('points').value = {json.dumps(NUMBERS.replace('15', 'x'))}")
        await page.click("main form .button")
        wrong["not read"] = await looked_at(page, "not read")
        await page.evaluate(f"document.getElementById('points').value = {json.dumps(NUMBERS.replace('15', '3'))}")
        await page.click("main form .button")
        wrong["drawn"] = await looked_at(page, "drawn")
        drawn = await page.evaluate("document.querySelectorAll('figure.chart svg[role=img]').length")
        for name, place in (("measure", path), ("edit", f"{path}/edit"),
                            ("share", f"{path}/share"), ("post", shared), ("list", "/learn/measure")):  # fmt: skip
            await page.open(base + place)
            wrong[name] = await looked_at(page, name)

    assert drawn == 2
    assert {name: one for name, one in wrong.items() if one} == {}
