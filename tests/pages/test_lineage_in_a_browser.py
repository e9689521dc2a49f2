"""Pages of lineage, ideas and calls in a real browser: axe-core, and a narrow window."""

from __future__ import annotations

import asyncio
from typing import Any

from storage.kinds import Kind
from tests import needs
from tests.browser import Browser
from tests.pages.sample import Sample
from tests.pages.test_in_a_browser import LOOKS, TOO_WIDE, faults, sign_in

NARROW = ((320, 640), False)


async def furnished(shown: Sample) -> list[str]:
    """An idea that was adapted, and then given up; a call with an answer. The paths of all the pages."""
    parent = shown.posts["idea"]
    said: dict[str, Any] = {"outcome": "adapted", "what_changed": "A pocket mirror.", "result": "Used daily."}
    child = await shown.share("child", shown.imelda, kind=Kind.SPREAD, title="In the community bag",
                              fields={"derived_from": parent.uri, **said})  # fmt: skip
    await shown.share("grandchild", shown.team, kind=Kind.SPREAD, title="Gone in a week",
                      fields={"derived_from": child.uri, "outcome": "abandoned", "reason": "They walked."})  # fmt: skip
    call = await shown.share("call", shown.alliance, kind=Kind.CHALLENGE, title="Seeing heels",
                             fields={"question": "How do we see them?", "until": "2030-01-31"})  # fmt: skip
    mine = await shown.share("mine", shown.imelda, kind=Kind.IDEA, title="A torch",
                             fields={"proposal": "Carry one.", "challenge": call.uri})  # fmt: skip
    return [
        shown.href("idea"), shown.href("child"), shown.href("call"), "/ideas", "/challenges",
        f"/posts/{parent.id}/tried", f"/posts/{mine.id}/stage", "/write/challenge",
    ]  # fmt: skip


async def test_axe_finds_nothing_wrong_and_nothing_is_too_wide(shown: Sample, browser: Browser) -> None:
    base, paths = shown.served.site.base_url, await furnished(shown)
    axe = await asyncio.to_thread(needs.axe().read_text)
    wrong: dict[str, list[str]] = {}
    async with browser.page(bypass_csp=True) as page:
        await page.call("Page.addScriptToEvaluateOnNewDocument", source=axe)
        await sign_in(page, base)
        for path in paths:
            await page.open(base + path)
            for size, dark in (*LOOKS, NARROW):
                await page.resize(*size)
                await page.colours(dark=dark)
                if found := [*await faults(page), *await page.evaluate(TOO_WIDE)]:
                    wrong[f"{path} {size} {dark}"] = found

    assert wrong == {}
