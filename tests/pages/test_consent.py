"""The pages on which a member lets an app act for them."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

from tests.clients.browser import browsing
from tests.pages.sample import Sample
from tests.serving import PASSWORD

POLICY = "content-security-policy"


async def test_consent_says_who_one_is_what_the_app_may_and_where_one_goes(sample: Sample) -> None:
    async with browsing(sample.served, "rosa") as browser:
        app = await browser.register("https://tusky.example/back", name="Tusky")
        page = (await browser.ask(app)).text

    assert '<h1 class="handle">Allow Tusky to use your account?</h1>' in page
    assert "@rosa@northmoor.example" in page
    assert [one for one in ("Read what you can read", "Write as you", "Send notifications") if one not in page] == []
    assert '<b class="handle">tusky.example</b>' in page


async def test_an_app_that_may_only_read_is_said_to_read_only(sample: Sample) -> None:
    async with browsing(sample.served, "rosa") as browser:
        app = await browser.register(scopes="read")
        page = (await browser.ask(app, scope="read")).text

    assert "Read what you can read" in page
    assert "Write as you" not in page
    assert "a code to copy into the app" in page


async def test_somebody_else_can_sign_in_and_is_asked_the_same(sample: Sample) -> None:
    async with browsing(sample.served, "rosa") as browser:
        app = await browser.register("https://tusky.example/back", name="Tusky")
        page = (await browser.ask(app, state="kept")).text
        other = re.search(r'href="(/oauth/authorize[^"]*)"', page)
        assert other is not None
        leaving = await browser.web.get(other[1].replace("&amp;", "&"))
        target = parse_qs(urlsplit(leaving.headers["location"]).query)["next"][0]
        answer = await browser.web.post("/sign-in", data={"login": "imelda", "password": PASSWORD, "next": target})
        asked = (await browser.web.get(answer.headers["location"])).text

    assert leaving.status_code == answer.status_code == 303
    assert "@imelda@northmoor.example" in asked
    assert 'name="state" value="kept"' in asked


async def test_only_the_page_that_leads_to_an_app_may_lead_there(sample: Sample) -> None:
    async with browsing(sample.served, "rosa") as browser:
        app = await browser.register("https://tusky.example/back")
        asked, home = (await browser.ask(app)).headers, (await browser.web.get("/")).headers

    assert "form-action 'self' https://tusky.example;" in asked[POLICY]
    assert "form-action 'self';" in home[POLICY]


async def test_the_code_page_tells_to_keep_it(sample: Sample) -> None:
    async with browsing(sample.served, "rosa") as browser:
        app = await browser.register()
        answer = await browser.decide(await browser.ask(app))

    assert "Give it to nobody" in answer.text
    assert answer.headers["cache-control"] == "no-store"
