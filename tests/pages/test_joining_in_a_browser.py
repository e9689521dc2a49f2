"""Joining and getting back in, in a real browser: axe-core, narrow windows, no scripts."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from pathlib import Path

import pytest

from node.requests import secret_hash
from storage import links, members
from storage.actors import ActorKind
from storage.links import Purpose
from tests import needs
from tests.browser import Browser, Page
from tests.pages.conftest import on_a_socket
from tests.pages.test_in_a_browser import LOOKS, TOO_SMALL, TOO_WIDE, faults, sign_in
from tests.relay_of_mail import Relay, relaying
from tests.serving import PASSWORD, Fediverse, Served

RULES = ["Write about the work, never about a person who could be recognised.", "Be kind: nobody meant harm."]
SHOTS = os.environ.get("SHAREWELL_SHOTS", "")  # a folder to keep pictures of the pages in, to look at
# What has the focus, once the page was drawn: autofocus takes effect only then.
FOCUSED = """new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() =>
    done(document.activeElement.className))))"""


@dataclass(frozen=True)
class Open:
    """A node that people can join, and the paths of its pages by a name."""

    served: Served
    relay: Relay
    paths: dict[str, str]


async def _link(served: Served, purpose: Purpose, member_id: int) -> str:
    async with served.database.writing() as db:
        await links.add(
            db, secret_hash(purpose.value), member_id=member_id, purpose=purpose,
            email="imelda@mail.example", expires=served.node.clock() + 1_000_000,
        )  # fmt: skip
    return f"/{purpose.value}/{purpose.value}"


@pytest.fixture
async def open_node(fediverse: Fediverse) -> AsyncGenerator[Open]:
    registration = {"mode": "approval", "rules": RULES}
    async with relaying() as relay, on_a_socket(fediverse, mail=relay.options(), registration=registration) as served:
        await served.account("skin_links", kind=ActorKind.GROUP, name="Skin link nurses")
        await served.account("rosa", name="Rosa Quill")
        await served.account("imelda")
        async with served.client() as web:
            sent = {"username": "new", "email": "imelda@mail.example", "password": PASSWORD, "reason": "x",
                    "agreement": "1"}  # fmt: skip
            assert (await web.post("/join", data=sent)).status_code == 303
        async with served.database.reading() as db:
            new, _ = await members.with_actor(db, handle="new")
        yield Open(
            served,
            relay,
            {
                "join": "/join", "check": "/join/check", "waiting": "/join/waiting", "spent": "/join/spent",
                "confirm": await _link(served, Purpose.CONFIRM, new.actor_id), "over": "/confirm/none",
                "reset": await _link(served, Purpose.RESET, new.actor_id), "reset over": "/reset/none",
                "forgot": "/forgot", "sent": "/forgot/sent", "changed": "/sign-in?said=changed", "about": "/about",
                "home": "/",
            },
        )  # fmt: skip


async def look(page: Page, name: str, wrong: dict[object, object]) -> None:
    """What axe and narrow windows find on the page that is open; a picture of each look, if one is asked for."""
    for size, dark in LOOKS:
        await page.resize(*size)
        await page.colours(dark=dark)
        if found := [*await faults(page), *await page.evaluate(TOO_WIDE)]:
            wrong[name, size, dark] = found
        if SHOTS:
            await page.screenshot(Path(SHOTS) / f"{name.replace(' ', '-')}-{size[0]}.png")
    await page.resize(320, 640)
    if found := [*await page.evaluate(TOO_WIDE), *await page.evaluate(TOO_SMALL)]:
        wrong[name, 320] = found


async def test_axe_finds_nothing_wrong_and_nothing_is_too_wide_or_small(open_node: Open, browser: Browser) -> None:
    base = open_node.served.site.base_url
    axe = await asyncio.to_thread(needs.axe().read_text)
    wrong: dict[object, object] = {}
    async with browser.page(bypass_csp=True) as page:
        await page.call("Page.addScriptToEvaluateOnNewDocument", source=axe)
        for name, path in open_node.paths.items():
            await page.open(base + path)
            await look(page, name, wrong)
        for name in ("join", "forgot", "reset"):
            await page.open(base + open_node.paths[name])
            await page.click("main form .button")
            assert await page.evaluate(FOCUSED) == "summary", name
            await look(page, f"{name} failed", wrong)
        await sign_in(page, base, "new")
        await look(page, "unconfirmed", wrong)
        await sign_in(page, base)
        await page.open(f"{base}/welcome")
        await look(page, "welcome", wrong)

    assert wrong == {}


@pytest.mark.parametrize("mode", ["closed", "invitation"])
async def test_axe_finds_nothing_wrong_where_nobody_can_join_and_no_mail_is_sent(
    fediverse: Fediverse, browser: Browser, mode: str
) -> None:
    axe = await asyncio.to_thread(needs.axe().read_text)
    wrong: dict[object, object] = {}
    registration = {"mode": mode, "message": "Ask at the desk of ward 4."}
    async with on_a_socket(fediverse, registration=registration) as served, browser.page(bypass_csp=True) as page:
        await page.call("Page.addScriptToEvaluateOnNewDocument", source=axe)
        for name in ("join", "forgot", "sign-in", "join/waiting"):
            await page.open(f"{served.site.base_url}/{name}")
            await look(page, f"{mode} {name.replace('/', '-')}", wrong)

    assert wrong == {}


async def test_one_joins_confirms_and_recovers_with_scripts_switched_off(open_node: Open, browser: Browser) -> None:
    base, relay, fediverse = open_node.served.site.base_url, open_node.relay, open_node.served.fediverse
    typed = {"username": "maeve", "email": "maeve@mail.example", "password": PASSWORD, "reason": "I work on ward 4."}
    async with browser.page(scripts=False) as page:
        await page.open(f"{base}/join")
        for name, text in typed.items():
            await page.click(f"#{name}", leads_on=False)
            await page.write(text)
        await page.click("#agreement", leads_on=False)
        await page.click("main form .button")
        check = await page.evaluate("document.querySelector('h1').textContent")
        await fediverse.quiet()
        await page.open(base + relay.to("maeve@mail.example")[0].path)
        await page.click("main form .button")
        waits = await page.evaluate("document.querySelector('h1').textContent")
        await page.open(f"{base}/forgot")
        await page.click("#login", leads_on=False)
        await page.write("imelda")
        await page.click("main form .button")
        await fediverse.quiet()
        await page.open(base + relay.to("imelda@mail.example")[-1].path)
        await page.click("#password", leads_on=False)
        await page.write("another fine password")
        await page.click("main form .button")
        changed = await page.evaluate("document.querySelector('[role=status]').textContent")

    assert (check, waits) == ("Check your mail", "Your account waits to be let in")
    assert "Your password is changed" in changed
    assert page.problems == []
    assert json.dumps(page.requests).count(base) == len(page.requests)
