"""Pages of groups in a real browser: axe-core, a phone's width, light and dark."""

from __future__ import annotations

import asyncio

from node.connecting import belonging, groups
from node.connecting.groups import Said
from node.sharing import posts as sharing
from node.sharing.drafts import Draft
from storage.groups import Joining, Posting, Settings, Sort
from tests import needs
from tests.browser import Browser
from tests.pages.sample import Sample
from tests.pages.test_in_a_browser import TOO_SMALL, TOO_WIDE, faults, sign_in

PHONE, DESK = (320, 700), (1280, 900)


async def gather(shown: Sample) -> None:
    """Imelda leads a collaborative, in which posts and people wait; she is asked into another."""
    node = shown.served.node
    settings = Settings(
        Sort.COLLABORATIVE, Joining.REQUEST, Posting.ANYONE, aim="Half as many falls on four wards by June",
        starts=node.clock(), ends=node.clock() + 200 * 86_400_000,
    )  # fmt: skip
    group = await groups.make(node, shown.imelda, "falls", Said("Falls without blame", "We count falls.", settings))
    other = await groups.make(node, shown.rosa, "beds", Said("Beds", "Low beds.", Settings(joining=Joining.REQUEST)))
    zoe, yan = await shown.served.account("zoe", name="Zoe Vale"), await shown.served.account("yan")
    async with shown.served.database.writing() as db:
        await belonging.join(db, node, shown.rosa, group)
        await belonging.let_in(db, node, shown.imelda, group, shown.rosa)
        await belonging.join(db, node, zoe, group)
        await belonging.invite(db, node, shown.imelda, group, shown.remote)
        await belonging.invite(db, node, shown.rosa, other, shown.imelda)
        draft = Draft("Low beds helped us @falls")
        await sharing.publish(db, node, yan, draft, {"falls": group})


async def test_axe_finds_nothing_wrong_and_nothing_is_too_wide(shown: Sample, browser: Browser) -> None:
    base = shown.served.site.base_url
    await gather(shown)
    axe = await asyncio.to_thread(needs.axe().read_text)
    wrong = {}
    async with browser.page(bypass_csp=True) as page:
        await page.call("Page.addScriptToEvaluateOnNewDocument", source=axe)
        await sign_in(page, base)
        for path in ("/@falls", "/@falls/members", "/@falls/group", "/groups", "/groups/new", "/@beds"):
            await page.open(base + path)
            await page.evaluate("for (const e of document.querySelectorAll('main details')) e.open = true")
            for size, dark in ((DESK, False), (PHONE, True)):
                await page.resize(*size)
                await page.colours(dark=dark)
                found = [*await faults(page), *await page.evaluate(TOO_WIDE), *await page.evaluate(TOO_SMALL)]
                if found:
                    wrong[path, size] = found

    assert wrong == {}
