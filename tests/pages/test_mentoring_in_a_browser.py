"""Pages of mentoring, experts and questions in a real browser: axe, narrow windows, light and dark."""

from __future__ import annotations

import asyncio

from node.asking import expertise
from node.mentoring import matching, notes
from storage.check_ins import Sort
from storage.kinds import Kind
from tests import needs
from tests.browser import Browser
from tests.pages.sample import Sample
from tests.pages.test_in_a_browser import LOOKS, TOO_SMALL, TOO_WIDE, faults, sign_in

NARROW = (320, 640)
SAID = {"topics": ["cannulation"], "level": "team", "format": "video-call", "hours_a_month": 1, "months": 4}


async def test_axe_finds_nothing_wrong_on_pages_of_mentoring_and_asking(shown: Sample, browser: Browser) -> None:
    base = shown.served.site.base_url
    axe = await asyncio.to_thread(needs.axe().read_text)
    places = await furnished(shown)
    wrong = {}
    async with browser.page(bypass_csp=True) as page:
        await page.call("Page.addScriptToEvaluateOnNewDocument", source=axe)
        await sign_in(page, base)
        for path in places:
            await page.open(base + path)
            await page.evaluate("for (const e of document.querySelectorAll('main > .wrap details')) e.open = true")
            for size, dark in LOOKS:
                await page.resize(*size)
                await page.colours(dark=dark)
                if found := await faults(page):
                    wrong[path, size, dark] = found
            await page.resize(*NARROW)
            if found := [*await page.evaluate(TOO_WIDE), *await page.evaluate(TOO_SMALL)]:
                wrong[path, NARROW, True] = found

    assert wrong == {}


async def furnished(shown: Sample) -> list[str]:
    """A match with notes, another that waits, an expert and a question; the pages of it."""
    node, rosa, imelda = shown.served.node, shown.rosa, shown.imelda
    draft = {"kind": Kind.MENTORING_REQUEST, "title": "Mentor wanted: idle cannulas"}
    request = await shown.share("wanted", imelda, **draft, fields={**SAID, "details": "We count 41% idle."})
    second = await shown.share("wanted2", imelda, **draft, fields={**SAID, "goal": "Fewer than 20% idle"})
    offer = await shown.share(
        "offered", rosa, kind=Kind.MENTORING_OFFER, title="Pair your ward", fields={**SAID, "places": 3}
    )
    question = await shown.share(
        "asked", imelda, kind=Kind.QUESTION, title="How do you count?", fields={"topics": ["cannulation"]}
    )
    await shown.share("so", rosa, "On Fridays.", in_reply_to_id=question.id)
    async with shown.served.database.writing() as db:
        match, _ = await matching.propose(db, node, imelda, request.id, offer.id, "Could you do Tuesdays?")
        await matching.accept(db, node, rosa, match.id)
        await notes.write(db, node, rosa, match.id, Sort.GOAL, "Fewer than 20% idle on a Friday count.")
        await notes.write(db, node, imelda, match.id, Sort.CHECK_IN, "41% to 29% in five Fridays.")
        await expertise.change(db, node, rosa, expertise.checked(["cannulation"], ["acute-ward"], "nurse", "wales"))
    return [
        "/mentoring", f"/mentoring/posts/{second.id}", f"/mentoring/matches/{match.id}", "/mentoring/numbers",
        "/experts", "/questions?unanswered=1", "/settings/expertise", "/write/mentoring-offer", shown.href("asked"),
    ]  # fmt: skip
