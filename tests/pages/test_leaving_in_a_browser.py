"""Taking along, bringing and leaving, in a real browser: axe-core, narrow windows, with script and without."""

from __future__ import annotations

import asyncio
import json

import pytest

from storage import archives, imports
from storage.imports import Kind, Line
from tests import needs
from tests.browser import Browser, Page
from tests.pages.sample import Sample
from tests.pages.test_in_a_browser import TOO_SMALL, TOO_WIDE, sign_in
from tests.pages.test_joining_in_a_browser import look
from tests.serving import PASSWORD

DATA, LEAVE = "/settings/data", "/settings/leave"


async def _gathering(sample: Sample) -> None:
    """An archive and an import that are on their way, and stay there."""
    now = sample.served.node.clock()
    async with sample.served.database.writing() as db:
        await archives.ask(db, sample.imelda.id, "0.zip", now=now)
        await archives.come(db, "0.zip", done=40, total=100)
        rows = [Line(number, f"a{number}@x.example", ["x"]) for number in range(1, 300)]
        await imports.begin(db, sample.imelda.id, Kind.FOLLOWING, rows, overwrite=False, now=now)
        await imports.claim(db, sample.imelda.id, 1, asked=now, now=now)
        await imports.fail(db, sample.imelda.id, 1, "It could not be found.")


async def _ended(sample: Sample) -> None:
    """Both are done."""
    now = sample.served.node.clock()
    async with sample.served.database.writing() as db:
        found = await imports.of(db, sample.imelda.id)
        assert found is not None
        await imports.finish(db, sample.imelda.id, asked=found.asked, now=now)
        await archives.finish(db, "0.zip", size=123_456_789, now=now)


async def _leave(page: Page, base: str) -> None:
    """Fill in the form and send it."""
    await page.open(base + LEAVE)
    await page.evaluate(f"document.getElementById('password').value = {json.dumps(PASSWORD)}")
    await page.evaluate("document.getElementById('understood').checked = true")
    await page.click("main form .button")


async def test_axe_finds_nothing_wrong_on_pages_about_ones_data(shown: Sample, browser: Browser) -> None:
    base = shown.served.site.base_url
    axe = await asyncio.to_thread(needs.axe().read_text)
    wrong: dict[object, object] = {}
    async with browser.page(bypass_csp=True) as page:
        await page.call("Page.addScriptToEvaluateOnNewDocument", source=axe)
        await sign_in(page, base)
        await page.open(base + DATA)
        await look(page, "data", wrong)
        await page.click("main form[enctype] .button")
        await look(page, "data refused", wrong)
        refused = await page.evaluate("document.title.slice(0, 6)")
        await _gathering(shown)
        await page.open(base + DATA)
        await look(page, "data gathering", wrong)
        await _ended(shown)
        await page.open(base + DATA)
        await look(page, "data ready", wrong)
        await page.open(base + LEAVE)
        await look(page, "leave", wrong)
        await page.click("main form .button")
        await look(page, "leave refused", wrong)
        unleft = await page.evaluate("document.title.slice(0, 6)")
        await _leave(page, base)
        await look(page, "left", wrong)
        left = await page.url()
        await sign_in(page, base)
        await look(page, "keep", wrong)
        keep = await page.evaluate("document.querySelector('h1').textContent")
        await page.click("main form .button")
        kept = await page.url()
        await page.open(f"{base}/keep/none")
        await look(page, "keep over", wrong)

    assert wrong == {}
    assert (refused, unleft) == ("Error:", "Error:")
    assert left == f"{base}/sign-in?said=leaving"
    assert keep == "Your account is about to be deleted"
    assert kept == f"{base}/?said=kept"


@pytest.mark.parametrize("width", [320, 375])
async def test_pages_about_ones_data_fit_and_can_be_touched(shown: Sample, browser: Browser, width: int) -> None:
    base = shown.served.site.base_url
    wrong = {}
    await _gathering(shown)
    async with browser.page(width=width, height=640) as page:
        await sign_in(page, base)
        for path in (DATA, LEAVE):
            await page.open(base + path)
            if found := [*await page.evaluate(TOO_WIDE), *await page.evaluate(TOO_SMALL)]:
                wrong[path] = found

    assert wrong == {}


async def test_with_a_script_the_page_says_by_itself_when_the_archive_is_there(shown: Sample, browser: Browser) -> None:
    base = shown.served.site.base_url
    await _gathering(shown)
    async with browser.page() as page:
        await sign_in(page, base)
        await page.open(base + DATA)
        before = await page.evaluate("document.querySelector('#archive [role=status]').textContent")
        await _ended(shown)
        async with asyncio.timeout(20):
            there = "!!document.querySelector('#archive a[download]')"
            while not await page.evaluate(there):  # noqa: ASYNC110 - a browser does not tell
                await asyncio.sleep(0.2)
        still = await page.evaluate("document.querySelectorAll('#archive').length")

    assert before.strip() == "Your data is being gathered: 40 %"
    assert still == 1


async def test_without_a_script_all_of_it_works(shown: Sample, browser: Browser) -> None:
    base = shown.served.site.base_url
    async with browser.page() as page:
        await sign_in(page, base)
        await page.call("Emulation.setScriptExecutionDisabled", value=True)
        await page.open(base + DATA)
        await page.click("#archive button")
        await shown.served.fediverse.quiet()
        await page.open(base + DATA)
        ready = await page.evaluate("document.querySelector('#archive a[download]').textContent")

    assert ready == "Download your data"
