"""Hints of the privacy guard while somebody writes: what they say, and that they keep nothing and take nothing away."""

from __future__ import annotations

import asyncio
import logging

import httpx2
import pytest

from tests import needs
from tests.browser import Browser
from tests.clients.guards import BLOCKED, HELD, NUMBER, URGENT, WARNED, tables_with
from tests.pages.conftest import browsing, hidden
from tests.pages.sample import Sample
from tests.pages.test_guardian_in_a_browser import looks
from tests.pages.test_in_a_browser import sign_in
from tests.serving import ON_BOTH, Fediverse

HINT = "/write/hint?field=situation"


async def hint(client: httpx2.AsyncClient, text: str) -> httpx2.Response:
    page = (await client.get("/write/safety-note")).text
    assert 'hx-post="/write/hint?field=situation"' in page
    return await client.post(HINT, data={"proof": hidden(page, "proof"), "situation": text})


@pytest.mark.parametrize(
    ("text", "heading", "advice"),
    [
        (BLOCKED, "This could point to one person", "it cannot be shared here"),
        (HELD, "could point to one person", "a guardian reads this before it appears"),
        (WARNED, "This could point to one person", "you are asked once more before it is shared"),
        (URGENT, "Is this happening now?", 'href="/about#report"'),
    ],
    ids=["block", "hold", "warn", "now"],
)
async def test_a_hint_says_what_was_seen_and_what_comes_of_it(
    sample: Sample, text: str, heading: str, advice: str
) -> None:
    async with browsing(sample.served, sample.imelda) as client:
        answer = await hint(client, text)

    assert answer.status_code == 200
    assert heading in answer.text
    assert advice in answer.text
    assert '<mark class="found">' in answer.text
    assert "common slips only" in answer.text
    assert answer.headers["cache-control"] == "private, no-store"


async def test_nothing_is_said_of_a_text_about_the_work(sample: Sample) -> None:
    async with browsing(sample.served, sample.imelda) as client:
        answer = await hint(client, "Scores are written down and nobody says who acts on them.")

    assert (answer.status_code, answer.text.strip()) == (200, "")


@ON_BOTH
async def test_what_is_asked_is_neither_kept_nor_logged(sample: Sample, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        async with browsing(sample.served, sample.imelda) as client:
            await hint(client, BLOCKED)

    assert await tables_with(sample.served, NUMBER) == []
    assert NUMBER not in caplog.text


async def test_who_is_signed_out_meanwhile_is_told_nothing_and_a_foreign_form_is_refused(
    sample: Sample, reader: httpx2.AsyncClient
) -> None:
    out = await reader.post(HINT, data={"situation": BLOCKED})
    async with browsing(sample.served, sample.imelda) as client:
        foreign = await client.post(HINT, data={"proof": "x", "situation": BLOCKED})
        strange = await client.post("/write/hint?field=proof", data={"proof": "x"})

    assert (out.status_code, out.content) == (204, b"")
    assert (foreign.status_code, strange.status_code) == (403, 403)


async def test_the_node_s_own_list_of_where_to_report_stands_beside_every_form(fediverse: Fediverse) -> None:
    lines = ["Northmoor Hospitals: extension 4000", "Everybody else https://report.northmoor.example/now"]
    served = await fediverse.node("northmoor.example", about={"report_harm": lines})
    async with browsing(served, await served.account("imelda")) as client:
        pages = [(await client.get(f"/write{kind}")).text for kind in ("", "/safety-note", "/idea")]
        pages.append((await client.get("/about")).text)

    for page in pages:
        assert "<li>Northmoor Hospitals: extension 4000</li>" in page
        assert 'Everybody else <a href="https://report.northmoor.example/now"' in page
    assert all("Is someone at risk right now?" in page for page in pages[:3])


async def test_in_a_browser_a_hint_comes_while_typing_and_what_was_typed_stays_whatever_happens(
    shown: Sample, browser: Browser
) -> None:
    base = shown.served.site.base_url
    axe = await asyncio.to_thread(needs.axe().read_text)
    typed = "document.getElementById('situation').value"
    noticed = "document.getElementById('situation-g').textContent"

    async with browser.page(bypass_csp=True) as page:
        await page.call("Page.addScriptToEvaluateOnNewDocument", source=axe)
        await sign_in(page, base)
        await page.open(f"{base}/write/safety-note")
        await page.evaluate("document.getElementById('situation').focus()")
        await page.call("Input.insertText", text=HELD)
        await page.until(f"{noticed}.includes('could point to one person')")
        wrong = await looks(page)
        focus = await page.evaluate("document.activeElement.id")

        await page.evaluate(f"{typed} = ''")
        await page.call("Input.insertText", text="Scores are written down.")
        await page.until(f"{noticed}.trim() === ''")

        await page.evaluate("document.querySelector('[name=proof]').value = 'of yesterday'")
        await page.call("Input.insertText", text=f" {HELD}")
        await page.evaluate("new Promise(done => document.addEventListener('htmx:afterOnLoad', () => done(true)))")
        refused = await page.evaluate(typed)
        await page.call("Network.enable")
        await page.call(
            "Network.emulateNetworkConditions", offline=True, latency=0, downloadThroughput=0, uploadThroughput=0
        )
        failed = (
            "new Promise(done => document.addEventListener('htmx:sendError', () => setTimeout(() => done(1), 300)))"
        )
        waiting = asyncio.create_task(page.evaluate(failed))
        await page.call("Input.insertText", text=" More.")
        await waiting
        away = await page.evaluate(typed)

    assert wrong == []
    assert focus == "situation"
    assert refused == f"Scores are written down. {HELD}"
    assert away == f"{refused} More."
