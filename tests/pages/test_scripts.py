"""What a script adds in a real browser: buttons change in place, with the focus, the scroll and the way back right."""

from __future__ import annotations

from typing import Any

import httpx2

from storage import sessions
from tests.browser import Browser, Page
from tests.pages.sample import Sample
from tests.pages.test_in_a_browser import sign_in

SAME = "window.same === true"


async def at(page: Page, path: str, base: str) -> None:
    await page.open(base + path)
    await page.evaluate("window.same = true")


def pressed(id: str, on: bool) -> str:
    return f"document.getElementById('{id}').getAttribute('aria-pressed') === '{str(on).lower()}'"


async def test_a_button_of_a_list_changes_in_place(shown: Sample, browser: Browser) -> None:
    base = shown.served.site.base_url
    button = f"thank-{shown.posts['sbar'].id}"
    async with browser.page(height=500) as page:
        await sign_in(page, base)
        await at(page, "/learn/safety-note", base)
        await page.click(f"#{button}", leads_on=False)
        place = await page.evaluate("scrollY")
        await page.until(pressed(button, True))
        found: dict[str, Any] = {
            "same page": await page.evaluate(SAME),
            "focus": await page.evaluate("document.activeElement.id"),
            "scroll": await page.evaluate("scrollY"),
            "count": await page.evaluate(f"document.getElementById('{button}').querySelector('b').textContent"),
            "rows": await page.evaluate("document.querySelectorAll('article .acts').length === 2"),
        }
        await page.press("Enter")
        await page.until(pressed(button, False))
        await page.click(f"#save-{shown.posts['sbar'].id}", leads_on=False)
        await page.until(pressed(f"save-{shown.posts['sbar'].id}", True))
        undone, problems = await page.evaluate(SAME), page.problems

    assert found == {"same page": True, "focus": button, "scroll": place, "count": "1", "rows": True}
    assert undone
    assert problems == []


async def test_follow_changes_in_place_and_back_shows_what_is_so(shown: Sample, browser: Browser) -> None:
    base = shown.served.site.base_url
    button = f"bond-{shown.team.id}"
    async with browser.page() as page:
        await sign_in(page, base)
        await at(page, "/@skin_links", base)
        await page.click(f"#{button}", leads_on=False)
        await page.until(f"document.getElementById('{button}').value === 'unfollow'")
        same, focus = await page.evaluate(SAME), await page.evaluate("document.activeElement.id")
        entries = len((await page.call("Page.getNavigationHistory"))["entries"])
        await page.open(f"{base}/about")
        await page.evaluate("history.back()")
        await page.until("location.pathname === '/@skin_links' && document.readyState === 'complete'")
        value = await page.evaluate(f"document.getElementById('{button}').value")
        left = await page.evaluate("[localStorage.length, Object.keys(sessionStorage)]")
        after = len((await page.call("Page.getNavigationHistory"))["entries"])

    assert (same, focus, value) == (True, button, "unfollow")
    assert after == entries + 1  # the button left no entry of its own, only the page opened after it
    assert left == [0, ["htmx-current-path-for-history"]]  # of this tab alone, and no page


async def test_who_was_signed_out_meanwhile_is_told(shown: Sample, browser: Browser) -> None:
    base = shown.served.site.base_url
    async with browser.page() as page:
        await sign_in(page, base)
        await at(page, shown.href("sbar"), base)
        async with shown.served.database.writing() as db:
            await sessions.end_all_of(db, shown.imelda.id)
        await page.click("#respond button", leads_on=False)
        await page.until("document.querySelector('h1').textContent === 'Sign in first'")
        headings = await page.evaluate("document.querySelectorAll('h1').length")
        problems = [one for one in page.problems if "401" not in one]

    assert headings == 1
    assert problems == []


async def test_a_node_that_is_gone_is_noticed(shown: Sample, browser: Browser) -> None:
    async with browser.page() as page:
        await sign_in(page, shown.served.site.base_url)
        await at(page, shown.href("sbar"), shown.served.site.base_url)
        offline = {"offline": True, "latency": 0, "downloadThroughput": 0, "uploadThroughput": 0}
        await page.call("Network.emulateNetworkConditions", **offline)
        await page.click("#respond button", leads_on=False)
        await page.until("!window.same")


async def test_script_and_style_come_packed_and_only_to_members(sample: Sample, reader: httpx2.AsyncClient) -> None:
    plain = {"accept-encoding": "identity"}
    for name, kind in (("design.css", "text/css"), ("htmx.min.js", "text/javascript"), ("page.js", "text/javascript")):
        packed = await reader.get(f"/static/{name}", headers={"accept-encoding": "br, gzip"})
        whole = await reader.get(f"/static/{name}", headers=plain)
        again = await reader.get(f"/static/{name}", headers={"if-none-match": packed.headers["etag"]})
        assert packed.headers["content-encoding"] == "gzip" and "content-encoding" not in whole.headers
        assert packed.content == whole.content and packed.headers["vary"] == whole.headers["vary"] == "Accept-Encoding"
        assert packed.headers["content-type"].startswith(kind)
        assert again.status_code in (200, 304)
    font = await reader.get("/static/fonts/atkinson-next.woff2", headers={"accept-encoding": "gzip"})
    assert "content-encoding" not in font.headers
