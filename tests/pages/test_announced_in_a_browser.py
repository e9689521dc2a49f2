"""What is announced, and what a filter folds, in a real browser: nothing wrong, nothing too wide or small."""

from __future__ import annotations

import asyncio

from node.sharing import announcements
from storage import filters
from storage.filters import Action, Filter, Keyword
from storage.ids import LAST
from tests import needs
from tests.browser import Browser
from tests.pages.sample import Sample
from tests.pages.test_in_a_browser import sign_in
from tests.pages.test_joining_in_a_browser import look


async def test_axe_finds_nothing_wrong_with_announcements_and_folded_posts(shown: Sample, browser: Browser) -> None:
    base = shown.served.site.base_url
    async with shown.served.database.writing() as db:
        text = "The node rests on Saturday.\n\nSee https://example.org/why and #maintenance"
        await announcements.announce(db, shown.served.node, text, starts="2099-12-05T22:00", ends="2099-12-06T02:00")
        await announcements.announce(db, shown.served.node, "Short", ends="2099-12-31", all_day=True)
        kept = await filters.add(db, Filter(0, shown.imelda.id, "No heels", "home public", Action.WARN, LAST))
        await filters.add_keyword(db, Keyword(0, kept.id, "heel", None))
    axe = await asyncio.to_thread(needs.axe().read_text)
    wrong: dict[object, object] = {}
    async with browser.page(bypass_csp=True) as page:
        await page.call("Page.addScriptToEvaluateOnNewDocument", source=axe)
        await sign_in(page, base)
        await page.open(f"{base}/")
        await look(page, "announced", wrong)
        await page.open(f"{base}/learn")
        folds = await page.evaluate("document.querySelectorAll('.feed details > summary').length")
        await look(page, "folded", wrong)
        await page.open(f"{base}/")
        await page.click("#announcement-2 .button")
        left = await page.evaluate("document.querySelectorAll('[id^=announcement-]').length")

    assert folds > 0
    assert left == 1
    assert wrong == {}
