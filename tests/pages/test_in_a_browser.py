"""Pages in a real browser: axe-core, narrow and zoomed windows, the keyboard, no scripts, no other origin."""

from __future__ import annotations

import asyncio
import json
import re
from urllib.parse import urlsplit

import pytest

from tests import films, needs, pictures
from tests.browser import Browser, Page
from tests.pages.conftest import browsing, on_a_socket
from tests.pages.sample import Sample
from tests.pages.test_films import shared_film
from tests.pages.test_pages import own_paths, paths
from tests.pages.test_pictures import shared
from tests.pages.test_settings import save
from tests.serving import PASSWORD, Fediverse

RULES = '{runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}'
PHONE, DESK = (375, 812), (1280, 900)
LOOKS = ((DESK, False), (PHONE, True))  # contrast depends on the colours, not on the size
NARROW = {  # width and height in CSS pixels, and a style of the reader's
    "320 px": (320, 640, ""),
    "400 percent": (320, 225, ""),  # of 1280 x 900
    "text 200 percent": (375, 812, "html { font-size: 200% }"),
    "text spacing": (
        320, 640,
        "* { line-height:1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important}",
    ),
}  # fmt: skip
STYLED = """(() => {
  const old = document.getElementById("of-reader") ?? document.createElement("style");
  old.id = "of-reader"; old.textContent = %s; document.head.append(old);
})()"""
# Pages that are made differently from one another, and those that are different for a member.
DIFFERENT = (
    "home", "ideas", "none of a kind", "people", "about", "search", "found", "narrowed", "not with all", "not found",
    "topics", "topic", "empty topic", "tag", "empty tag", "member",
    "remote member", "followers", "collection", "empty collection", "poll", "note", "sbar", "idea", "abandoned",
    "warned", "reply", "remote", "article",
    "sign in", "signed out", "missing",
)  # fmt: skip
OF_MEMBERS = (
    "home", "ideas", "found", "member", "team", "alliance", "remote member", "note", "poll", "plain", "signed out",
    "collection", "topic",
)  # fmt: skip
# What reaches over the right edge; tabs and tables scroll inside themselves.
TOO_WIDE = """(() => {
  const root = document.documentElement;
  if (root.scrollWidth <= root.clientWidth) return [];
  return [...document.querySelectorAll("body *")]
    .filter(e => e.getBoundingClientRect().right > root.clientWidth + 1 && !e.closest("svg, table, .tabs, .hidden"))
    .slice(0, 4).map(e => e.tagName + "." + e.className);
})()"""
TOO_SMALL = """[...document.querySelectorAll("a, button, input, textarea, summary")].filter(e => {
  const r = e.getBoundingClientRect();
  return r.width && (r.height < 24 || r.width < 24) && getComputedStyle(e).display !== "inline"
    && !e.closest(".hidden, label");
}).map(e => e.tagName + "." + e.className + ": " + e.textContent.trim().slice(0, 20))"""
FOCUSED = """(() => { const e = document.activeElement;
  return [e.tagName.toLowerCase(), e.id || e.name || e.textContent.trim(), e.matches(":focus-visible")
    && getComputedStyle(e).outlineStyle !== "none"]; })()"""


PLAYED = """new Promise(done => {  // it starts, and jumps to its end by asking for a range
  const e = document.querySelector("video, audio"); e.muted = true;
  e.onerror = () => done(e.error.message); e.onended = () => done(true); setTimeout(() => done("late"), 20000);
  e.onloadedmetadata = () => { e.currentTime = Math.max(0, e.duration - 0.3); };
  e.play().catch(error => done(String(error)));
})"""


async def sign_in(page: Page, base: str, name: str = "imelda") -> None:
    """Fill in the form by script; the walk by keyboard has a test of its own."""
    await page.open(f"{base}/sign-in")
    await page.evaluate(f"document.getElementById('login').value = {json.dumps(name)}")
    await page.evaluate(f"document.getElementById('password').value = {json.dumps(PASSWORD)}")
    await page.click("main form .button")


async def faults(page: Page) -> list[str]:
    """What axe-core finds wrong on the page that is open."""
    found = await page.evaluate(f"axe.run(document, {RULES}).then(r => r.violations)")
    return [f"{one['id']}: {one['nodes'][0]['target']} {one['nodes'][0]['failureSummary']}" for one in found]


@pytest.mark.parametrize("member", [False, True], ids=["reader", "member"])
async def test_axe_finds_nothing_wrong_on_any_page(shown: Sample, browser: Browser, member: bool) -> None:
    base = shown.served.site.base_url
    axe = await asyncio.to_thread(needs.axe().read_text)
    wrong = {}
    async with browser.page(bypass_csp=True) as page:
        await page.call("Page.addScriptToEvaluateOnNewDocument", source=axe)
        if member:
            await sign_in(page, base)
        for name in (*OF_MEMBERS, *own_paths(shown)) if member else DIFFERENT:
            await page.open(base + {**paths(shown), **own_paths(shown)}[name])
            await page.evaluate("for (const e of document.querySelectorAll('main > .wrap details')) e.open = true")
            for size, dark in LOOKS:
                await page.resize(*size)
                await page.colours(dark=dark)
                if found := await faults(page):
                    wrong[name, size, dark] = found

    assert wrong == {}


async def test_axe_finds_nothing_wrong_on_pages_with_pictures(shown: Sample, browser: Browser) -> None:
    base = shown.served.site.base_url
    axe = await asyncio.to_thread(needs.axe().read_text)
    picture = {"avatar": ("me.png", pictures.png((500, 500)), "image/png")}
    async with browsing(shown.served, shown.imelda) as client:
        await save(client, {**picture, "header": ("h.jpg", pictures.jpeg((1500, 500)), "image/jpeg")})
    post = (await shared(shown.served, shown.imelda)).removeprefix(base)
    warned = (await shared(shown.served, shown.imelda, spoiler_text="Wound")).removeprefix(base)
    wrong = {}
    async with browser.page(bypass_csp=True) as page:
        await page.call("Page.addScriptToEvaluateOnNewDocument", source=axe)
        for path in (post, warned, "/@imelda", "/", "sign in", post, "/@imelda", "/", "/settings/profile"):
            if path == "sign in":
                await sign_in(page, base)
                continue
            await page.open(base + path)
            await page.evaluate("for (const e of document.querySelectorAll('main details')) e.open = true")
            for size, dark in LOOKS:
                await page.resize(*size)
                await page.colours(dark=dark)
                if found := [*await faults(page), *await page.evaluate(TOO_WIDE)]:
                    wrong[path, size, dark] = found

    assert wrong == {}


async def test_axe_finds_nothing_wrong_on_films_and_sounds_which_can_be_played(shown: Sample, browser: Browser) -> None:
    base = shown.served.site.base_url
    axe = await asyncio.to_thread(needs.axe().read_text)
    posts = [await shared_film(shown.served, shown.imelda, data) for data in (films.film(seconds=3), films.sound())]
    wrong: dict[str, list[str]] = {}
    played = []
    async with browser.page(bypass_csp=True) as page:
        await page.call("Page.addScriptToEvaluateOnNewDocument", source=axe)
        for path in [one.removeprefix(base) for one in posts]:
            await page.open(base + path)
            for size, dark in LOOKS:
                await page.resize(*size)
                await page.colours(dark=dark)
                if found := [*await faults(page), *await page.evaluate(TOO_WIDE)]:
                    wrong[f"{path} {size} {dark}"] = found
            pressed = await page.call(
                "Runtime.evaluate", expression=PLAYED, userGesture=True, awaitPromise=True, returnByValue=True
            )
            played.append(pressed["result"]["value"])
        await sign_in(page, base)
        await page.open(f"{base}/write")
        await page.evaluate("for (const e of document.querySelectorAll('main details')) e.open = true")
        if found := await faults(page):
            wrong["write"] = found

    assert wrong == {}
    assert played == [True, True]


async def test_axe_finds_nothing_wrong_on_failed_forms_and_open_warnings(shown: Sample, browser: Browser) -> None:
    base = shown.served.site.base_url
    axe = await asyncio.to_thread(needs.axe().read_text)
    async with browser.page(bypass_csp=True) as page:
        await page.call("Page.addScriptToEvaluateOnNewDocument", source=axe)
        await page.open(f"{base}/sign-in")
        await page.evaluate("for (const e of document.querySelectorAll('[required]')) e.required = false")
        await page.click("main form .button")
        failed = await faults(page)
        await page.open(base + shown.href("warned"))
        await page.evaluate("document.querySelector('details').open = true")
        opened = await faults(page)
        await sign_in(page, base)
        await page.open(base + shown.href("note"))
        await page.click("#reply .button")
        refused = await faults(page)
        focused = await page.evaluate("document.activeElement.className")
        await page.open(base + own_paths(shown)["report"])
        await page.click("main form .button")
        unsaid = await faults(page)
        await page.open(f"{base}/settings/profile")
        await page.evaluate("document.getElementById('note').removeAttribute('maxlength')")
        await page.evaluate("document.getElementById('note').value = 'x'.repeat(1001)")
        await page.click("main form .button")
        unkept = [await page.evaluate("document.title.slice(0, 6)"), *await faults(page)]
        await page.open(f"{base}/sign-out")
        await page.click("main form .button")
        await page.open(f"{base}/@rosa")
        await page.click(".panel .button")
        unfound = [await page.evaluate("document.title.slice(0, 6)"), *await faults(page)]
        async with shown.served.client() as client:  # a page that goes on by itself, held still
            said = {"server": shown.served.site.domain}
            leaving = (await client.post(f"/accounts/{shown.rosa.id}/from-elsewhere", data=said)).text
        still = re.sub(r'<meta http-equiv="refresh"[^>]*>', "", leaving)
        await page.evaluate(f"document.documentElement.innerHTML = {json.dumps(still)}")
        leads_on = [await page.evaluate("document.querySelector('h1').textContent.slice(0, 5)"), *await faults(page)]

    assert (failed, opened, refused, unsaid) == ([], [], [], [])
    assert (unkept, unfound, leads_on) == (["Error:"], ["Error:"], ["On to"])
    assert focused == "summary"


@pytest.mark.parametrize("member", [False, True], ids=["reader", "member"])
async def test_no_page_scrolls_sideways_and_all_to_press_is_24_pixels_both_ways(
    shown: Sample, browser: Browser, member: bool
) -> None:
    base = shown.served.site.base_url
    wrong = {}
    await shown.share("wide", shown.rosa, "W" * 300 + " https://example.org/" + "a" * 300)
    await shown.arrives("table", "<table><tr>" + "<td>cell</td>" * 60 + "</tr></table><pre>" + "x" * 500 + "</pre>")
    async with browser.page(bypass_csp=True) as page:
        if member:
            await sign_in(page, base)
        own = own_paths(shown) if member else {}
        for name, path in {**paths(shown), **own, "wide": shown.href("wide"), "table": shown.href("table")}.items():
            await page.open(base + path)
            for look, (width, height, style) in NARROW.items():
                await page.resize(width, height)
                await page.evaluate(STYLED % json.dumps(style))
                if found := await page.evaluate(TOO_WIDE):
                    wrong[name, look] = found
                if look == "320 px" and (small := await page.evaluate(TOO_SMALL)):
                    wrong[name, "too small"] = small

    assert wrong == {}


async def test_one_signs_in_by_keyboard_alone(shown: Sample, browser: Browser) -> None:
    base = shown.served.site.base_url
    async with browser.page() as page:
        await page.open(f"{base}/@rosa")
        walked = []
        for _ in range(30):
            await page.press("Tab")
            walked.append(await page.evaluate(FOCUSED))
            if walked[-1][1] == "Sign in":
                break
        await page.press("Enter", leads_on=True)
        for _ in range(30):
            await page.press("Tab")
            walked.append(await page.evaluate(FOCUSED))
            if walked[-1][1] == "login":
                break
        await page.write("rosa")
        for wanted in ("password", "own_device", "Sign in"):
            await page.press("Tab")
            walked.append(await page.evaluate(FOCUSED))
            assert walked[-1][1] == wanted
            if wanted == "password":
                await page.write(PASSWORD)
            if wanted == "own_device":
                await page.press(" ")
        await page.press("Enter", leads_on=True)
        cookies = await page.cookies()
        name = await page.evaluate("document.querySelector('.tools .face + .hidden').textContent")

    assert walked[0][:2] == ["a", "Skip to main content"]
    assert [one for one in walked if not one[2]] == []
    assert name == "Rosa Quill: your page"
    assert [(one["httpOnly"], one["sameSite"], one["session"]) for one in cookies] == [(True, "Lax", False)]


async def test_the_skip_link_leads_to_what_the_page_is_about(shown: Sample, browser: Browser) -> None:
    async with browser.page() as page:
        await page.open(f"{shown.served.site.base_url}/@rosa")
        await page.press("Tab")
        visible = await page.evaluate("document.activeElement.getBoundingClientRect().top >= 0")
        await page.press("Enter")
        await asyncio.sleep(0.1)
        at = await page.evaluate("document.activeElement.id")

    assert visible
    assert at == "main"


async def test_no_page_breaks_its_policy_or_asks_another_origin(shown: Sample, browser: Browser) -> None:
    base = shown.served.site.base_url
    async with browser.page() as page:
        for path in paths(shown).values():
            await page.open(base + path)
        await sign_in(page, base)
        for path in (*paths(shown).values(), *own_paths(shown).values()):
            await page.open(base + path)
        problems, asked = page.problems, page.requests

    assert problems == []  # a data: address of ours would be one of them: what is left is the browser's own calendar
    assert {urlsplit(one).netloc for one in asked if not one.startswith("data:")} == {urlsplit(base).netloc}
    assert any(one.endswith(".woff2") for one in asked)


async def test_the_policy_is_seen_to_be_broken_when_it_is(shown: Sample, browser: Browser) -> None:
    async with browser.page() as page:
        await page.open(f"{shown.served.site.base_url}/about")
        await page.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=\"https://cwm.example/1.jpg\">')")
        await asyncio.sleep(0.2)

    assert page.problems != []
    assert [one for one in page.requests if "cwm.example" in one] == []


async def test_everything_works_with_scripts_switched_off(shown: Sample, browser: Browser) -> None:
    base = shown.served.site.base_url
    async with browser.page(scripts=False) as page:
        await page.open(f"{base}/sign-in?next={shown.href('sbar')}")
        for selector, text in (("#login", "imelda"), ("#password", PASSWORD)):
            await page.click(selector, leads_on=False)
            await page.write(text)
        await page.click("main form .button")
        signed_in = await page.url()
        await page.click("#respond button[value=thank]")
        thanked = await page.evaluate("document.querySelector('#respond button').getAttribute('aria-pressed')")
        await page.click("#text", leads_on=False)
        await page.write("Written without a script.")
        await page.click("#reply .button")
        written = await page.evaluate("document.querySelector('.thread').textContent")
        await page.click(".tools a[href='/sign-out']")
        await page.click("main form .button")
        left = await page.evaluate("document.querySelector('h1').textContent")

    assert signed_in == base + shown.href("sbar")
    assert thanked == "true"
    assert "Written without a script." in written
    assert left == "You are signed out"


async def test_consent_leads_back_to_the_app_in_a_browser(
    fediverse: Fediverse, shown: Sample, browser: Browser
) -> None:
    async with on_a_socket(fediverse) as app, shown.served.client() as client:
        back = f"{app.site.base_url}/back"
        made = await client.post("/api/v1/apps", json={"client_name": "Tusky", "redirect_uris": back, "scopes": "read"})
        client_id = made.json()["client_id"]
        async with browser.page() as page:
            await page.open(
                f"{shown.served.site.base_url}/oauth/authorize?client_id={client_id}&redirect_uri={back}"
                "&response_type=code&scope=read&state=s1"
            )
            await page.evaluate("document.getElementById('login').value = 'rosa'")
            await page.evaluate(f"document.getElementById('password').value = {json.dumps(PASSWORD)}")
            await page.click("main form .button")
            asked = await page.evaluate("document.querySelector('h1').textContent")
            await page.click("button[value=allow]")
            arrived = await page.url()

    assert asked == "Allow Tusky to use your account?"
    assert arrived.startswith(f"{back}?code=")
    assert "state=s1" in arrived
    assert page.problems == []


async def test_a_form_of_another_site_signs_nobody_in(fediverse: Fediverse, shown: Sample, browser: Browser) -> None:
    base = shown.served.site.base_url
    async with on_a_socket(fediverse) as evil, browser.page(bypass_csp=True) as page:
        await page.open(f"{evil.site.base_url}/about")
        await page.evaluate(
            f"""document.body.innerHTML = `<form method=post action="{base}/sign-in"><input name=login value=rosa>
            <input name=password value="{PASSWORD}"><button id=go>Go</button></form>`"""
        )
        await page.click("#go")
        said = await page.evaluate("document.querySelector('h1').textContent")
        cookies = await page.cookies()

    assert said == "That is not yours to do"
    assert cookies == []
