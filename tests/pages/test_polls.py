"""Polls on pages: asked by the short form, answered by a form, shown as words and bars."""

from __future__ import annotations

import asyncio
import re

import httpx2

from node.sharing.questions import NewPoll
from storage.posts import Visibility
from tests import needs
from tests.browser import Browser
from tests.pages.conftest import browsing, hidden
from tests.pages.sample import Sample
from tests.pages.test_in_a_browser import faults, sign_in
from tests.pages.test_writing import newest, send
from tests.serving import ON_BOTH

FORM = {"text": "What helps?", "option1": "Torch", "option2": "Mirror <b>", "open": "86400"}


async def choose(client: httpx2.AsyncClient, sample: Sample, name: str, *places: int) -> httpx2.Response:
    page = (await client.get(sample.href(name))).text
    action = re.search(r'action="(/posts/\d+/vote)"', page)
    path = action[1] if action else f"/posts/{sample.posts[name].id}/vote"
    values = {"proof": hidden(page, "proof"), "back": sample.href(name), "choice[]": [str(one) for one in places]}
    return await client.post(path, data=values)


@ON_BOTH
async def test_a_poll_from_the_form_is_voted_in_on_its_page(sample: Sample, reader: httpx2.AsyncClient) -> None:
    async with browsing(sample.served, sample.rosa) as rosa:
        answer = await send(rosa, "/write", FORM)
        own = (await rosa.get(answer.headers["location"])).text
    [post, *_] = await newest(sample.served, sample.rosa.id)
    sample.posts["asked"] = post
    async with browsing(sample.served, sample.imelda) as imelda:
        form = (await imelda.get(sample.href("asked"))).text
        voted = await choose(imelda, sample, "asked", 1)
        after = (await imelda.get(sample.href("asked"))).text
        again = await choose(imelda, sample, "asked", 0)

    assert (answer.status_code, post.type) == (303, "Question")
    assert 'type="radio" name="choice[]" value="1"' in form and "Mirror &lt;b&gt;" in form
    assert "ends in 24 hours" in form and "0 people voted" in form
    assert (voted.status_code, voted.headers["location"]) == (303, sample.href("asked"))
    assert "your choice" in after and "1 person voted" in after and "1 vote, 100 %" in after
    assert 'name="choice[]"' not in own and 'name="choice[]"' not in after
    assert (again.status_code, "You have already voted in this poll." in again.text) == (422, True)
    shown = (await reader.get(sample.href("asked"))).text
    assert "1 vote, 100 %" in shown and "your choice" not in shown and 'name="choice[]"' not in shown


async def test_a_vote_for_nothing_is_an_error_at_the_field(sample: Sample) -> None:
    async with browsing(sample.served, sample.imelda) as imelda:
        answer = await choose(imelda, sample, "poll")

    assert answer.status_code == 422
    assert "<title>Error:" in answer.text
    place = re.search(r'<fieldset class="field wrong" id="(poll-\d+)" aria-describedby="(poll-\d+-e)"', answer.text)
    assert place is not None
    assert f'<a href="#{place[1]}">Choose an option first.</a>' in answer.text
    assert f'<p class="error" id="{place[2]}">' in answer.text


async def test_a_poll_is_voted_in_where_it_stands_in_a_list(sample: Sample) -> None:
    async with browsing(sample.served, sample.imelda) as imelda:
        page = (await imelda.get("/learn")).text
        id = sample.posts["poll"].id
        assert f'action="/posts/{id}/vote"' in page
        values = {"proof": hidden(page, "proof"), "back": f"/learn#post-{id}", "choice[]": ["0", "2"]}
        answer = await imelda.post(f"/posts/{id}/vote", data=values)
        after = (await imelda.get("/learn")).text

    assert answer.headers["location"] == f"/learn#post-{id}"
    assert f'action="/posts/{id}/vote"' not in after and after.count("your choice") == 2


async def test_nobody_votes_without_the_form_or_for_what_they_cannot_see(
    sample: Sample, reader: httpx2.AsyncClient
) -> None:
    post = sample.posts["poll"]
    hidden_one = await sample.share(
        "hidden poll", sample.rosa, "x", poll=NewPoll(["a", "b"], 600), visibility=Visibility.PRIVATE
    )
    assert (await reader.post(f"/posts/{post.id}/vote", data={"choice[]": "0"})).status_code in (303, 401, 403)
    async with browsing(sample.served, sample.imelda) as imelda:
        page = (await imelda.get("/")).text
        assert (await imelda.post(f"/posts/{post.id}/vote", data={"choice[]": "0"})).status_code == 403
        stranger = await sample.served.account("paul")
        async with browsing(sample.served, stranger) as paul:
            values = {"proof": hidden((await paul.get("/")).text, "proof"), "choice[]": "0"}
            assert (await paul.post(f"/posts/{hidden_one.id}/vote", data=values)).status_code == 404
    assert page


async def test_what_is_wrong_with_a_poll_is_said_where_it_was_typed(sample: Sample) -> None:
    async with browsing(sample.served, sample.rosa) as rosa:
        answer = await send(rosa, "/write", {**FORM, "option2": "", "multiple": "1"})

    assert answer.status_code == 422
    assert '<a href="#option1">A poll needs at least two options.</a>' in answer.text
    assert "<details open>" in answer.text and 'value="Torch"' in answer.text
    assert 'name="multiple" value="1" checked' in answer.text


async def test_behind_a_warning_a_poll_is_behind_it_too(sample: Sample, reader: httpx2.AsyncClient) -> None:
    await sample.share("warned poll", sample.rosa, "x", summary="Wounds", poll=NewPoll(["Deep cut", "b"], 600))

    assert "Deep cut" not in (await reader.get("/learn")).text
    assert re.search(r"<details.*?Deep cut.*?</details>", (await reader.get(sample.href("warned poll"))).text, re.S)


async def test_the_end_of_a_poll_is_told_on_the_page_of_notifications(sample: Sample) -> None:
    sample.served.fediverse.clock.advance(seconds=100_000)
    await sample.served.fediverse.quiet()
    async with browsing(sample.served, sample.rosa) as rosa:
        told = (await rosa.get("/notifications")).text
    async with browsing(sample.served, sample.imelda) as imelda:
        page = (await imelda.get(sample.href("poll"))).text

    assert "This poll is over:" in told
    assert "this poll is over" in page and 'name="choice[]"' not in page


async def test_axe_finds_nothing_wrong_with_polls(shown: Sample, browser: Browser) -> None:
    base = shown.served.site.base_url
    axe = await asyncio.to_thread(needs.axe().read_text)
    wrong: dict[str, list[str]] = {}
    async with browser.page(bypass_csp=True) as page:
        await page.call("Page.addScriptToEvaluateOnNewDocument", source=axe)
        await page.open(base + shown.href("poll"))
        wrong["read"] = await faults(page)
        await sign_in(page, base)
        await page.open(base + shown.href("poll"))
        wrong["form"] = await faults(page)
        await page.click("fieldset + .row .button")
        wrong["refused"] = await faults(page)
        focused = await page.evaluate("document.activeElement.className")
        await page.evaluate("document.querySelector('[type=checkbox]').checked = true")
        await page.click("fieldset + .row .button")
        wrong["voted"] = await faults(page)
        await page.open(f"{base}/write")
        await page.evaluate("document.querySelectorAll('details').forEach(e => e.open = true)")
        wrong["asking"] = await faults(page)

    assert {name: found for name, found in wrong.items() if found} == {}
    assert focused == "summary"
