"""Taking back, correcting and withdrawing on pages: forms, what servers say, marks; with scripts and without."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import httpx2
import pytest

from node.sharing import reactions
from storage import posts, recalls
from storage.actors import Actor
from storage.database import Missing
from storage.members import Role
from storage.recalls import Report, Standing
from tests import needs
from tests.browser import Browser, Page
from tests.clients.guards import BLOCKED
from tests.pages.conftest import browsing, hidden
from tests.pages.sample import Sample
from tests.pages.test_guardian_in_a_browser import looks
from tests.pages.test_in_a_browser import sign_in
from tests.serving import ON_BOTH

SAID = "The mirror has to be a wide one."


async def send(client: httpx2.AsyncClient, path: str, **values: str) -> httpx2.Response:
    page = (await client.get(path)).text
    return await client.post(path, data={"proof": hidden(page, "proof"), **values})


@pytest.fixture
async def gwen(sample: Sample) -> Actor:
    """A guardian."""
    return await sample.served.account("gwen", role=Role.GUARDIAN)


@ON_BOTH
async def test_a_guardian_takes_a_post_back_and_reads_what_servers_say(sample: Sample, gwen: Actor) -> None:
    note = sample.posts["note"]
    async with browsing(sample.served, gwen) as client:
        assert f"/posts/{note.id}/recall" in (await client.get(sample.href("note"))).text
        form = f"/posts/{note.id}/recall"
        nothing = await send(client, form)
        answer = await send(client, form, reason="recognised")
        page = await client.get(answer.headers["location"])
        every = (await client.get("/recalls")).text
        gone = await client.get(sample.href("note"))

    assert (nothing.status_code, answer.status_code) == (422, 303)
    assert "Choose why it is taken back." in nothing.text
    assert "Taken back everywhere" in page.text and "Somebody could be recognised in it." in page.text
    assert "By a guardian of this node" in page.text
    assert note.title not in page.text and note.title not in every
    assert gone.status_code == 410


async def test_the_page_counts_what_servers_said_and_refreshes_while_one_is_tried(sample: Sample, gwen: Actor) -> None:
    async with browsing(sample.served, gwen) as client:
        place = await _told(sample, client)
        page = (await client.get(place)).text
        still = (await client.get(f"{place}?still=1")).text

    assert "<b>5 servers were told.</b> 1 confirmed, 1 is still tried, 3 did not confirm." in page
    for words in ("Confirmed", "Refused (403)", "Says that nobody is there any more (410)", "Given up"):
        assert words in page
    assert 'http-equiv="refresh"' in page and 'hx-trigger="every 5s"' in page
    assert 'http-equiv="refresh"' not in still and "hx-trigger" not in still


async def _told(sample: Sample, client: httpx2.AsyncClient) -> str:
    """The page of a recall with servers that stand in different ways."""
    note = sample.posts["note"]
    answer = await send(client, f"/posts/{note.id}/recall", reason="wrong")
    place = answer.headers["location"].partition("?")[0]
    recall_id, now = int(place.rpartition("/")[2]), sample.served.node.clock()
    said = [
        ("a.example", Standing.CONFIRMED, 202), ("b.example", Standing.REFUSED, 403),
        ("c.example", Standing.REFUSED, 410), ("d.example", Standing.PROMISED, 500),
        ("e.example", Standing.GIVEN_UP, 0),
    ]  # fmt: skip
    async with sample.served.database.writing() as db:
        await db.run("DELETE FROM recall_inboxes WHERE recall_id = :id", id=recall_id)
        targets = [recalls.Target(f"https://{host}/inbox", host) for host, _, _ in said]
        await recalls.add(db, recall_id, targets, now=now)
        reports = [Report(recall_id, f"https://{host}/inbox", one, status, now) for host, one, status in said]
        await recalls.report(db, reports)
    return place


async def test_its_author_sees_it_too_and_others_do_not(sample: Sample, gwen: Actor) -> None:
    async with browsing(sample.served, gwen) as client:
        answer = await send(client, f"/posts/{sample.posts['note'].id}/recall", reason="wrong")
    place = answer.headers["location"].partition("?")[0]
    async with browsing(sample.served, sample.rosa) as client:
        mine = await client.get(place)
    async with browsing(sample.served, sample.imelda) as client:
        theirs = await client.get(place)
        form = await client.get(f"/posts/{sample.posts['idea'].id}/recall")

    assert (mine.status_code, theirs.status_code, form.status_code) == (200, 404, 403)


async def test_a_note_is_corrected_by_a_form_that_has_its_words(sample: Sample) -> None:
    note = sample.posts["note"]
    form = f"/posts/{note.id}/correct"
    async with browsing(sample.served, sample.rosa) as client:
        page = (await client.get(form)).text
        words = {"title": note.title, "situation": "Heels looked fine.", "recommendation": "Use a wide mirror."}
        stopped = await send(client, form, correction=BLOCKED, **words)
        empty = await send(client, form, correction=" ", **words)
        answer = await send(client, form, correction=SAID, **words)
        shown = (await client.get(sample.href("note"))).text

    assert "Lift the leg, use a mirror and a torch." in page
    assert (stopped.status_code, empty.status_code, answer.status_code) == (422, 422, 303)
    assert "Heels looked fine." in stopped.text and '<mark class="found">' in stopped.text
    assert shown.index(SAID) < shown.index("Use a wide mirror.")
    assert "by its author" in shown
    assert "The same as" not in shown  # the text and its fields still say the same
    async with sample.served.database.reading() as db:
        kept = await posts.any_by_id(db, note.id)
    assert '"topics":["pressure-ulcers"]' in kept.fields


async def test_a_guardian_withdraws_a_note_and_lists_say_so(sample: Sample, gwen: Actor) -> None:
    note = sample.posts["note"]
    async with browsing(sample.served, gwen) as client:
        assert "/correct" not in (await client.get(sample.href("note"))).text
        assert (await client.get(f"/posts/{note.id}/correct")).status_code == 403
        answer = await send(client, f"/posts/{note.id}/withdraw", withdrawn=SAID)
        page = (await client.get(sample.href("note"))).text
    async with sample.served.client() as reader:
        listed = (await reader.get("/learn/safety-note")).text

    assert answer.status_code == 303
    assert "<title>Withdrawn: " in page
    assert "Withdrawn: do not use this any more" in page and "by a guardian" in page
    assert "Heels looked fine from above." in page
    assert listed.index("Withdrawn: do not use this any more") < listed.index("Heels looked fine from above.")
    async with browsing(sample.served, sample.imelda) as client:  # she passed it on
        told = (await client.get("/notifications")).text
    assert "Withdrawn, do not use it any more:" in told and SAID in told


async def test_a_post_that_is_gone_is_not_taken_back(sample: Sample, gwen: Actor) -> None:
    async with sample.served.database.reading() as db:
        with pytest.raises(Missing):
            await recalls.by_id(db, 1)
    async with browsing(sample.served, gwen) as client:
        assert (await client.get("/posts/1/recall")).status_code == 404
        assert (await client.get("/recalls/1")).status_code == 404


async def test_nothing_is_wrong_with_these_pages_in_a_browser(shown: Sample, browser: Browser) -> None:
    base = shown.served.site.base_url
    await shown.served.account("gwen", role=Role.GUARDIAN)
    gwen = await shown.served.account("greg", role=Role.GUARDIAN)
    note, idea = shown.posts["note"], shown.posts["idea"]
    async with shown.served.database.writing() as db:
        await reactions.bookmark(db, shown.served.node, gwen, idea.id)
    axe = await asyncio.to_thread(needs.axe().read_text)
    wrong: dict[str, list[str]] = {}
    async with browser.page(bypass_csp=True) as page:
        await page.call("Page.addScriptToEvaluateOnNewDocument", source=axe)

        async def look(name: str, path: str = "") -> None:
            if path:
                await page.open(base + path)
            wrong[name] = await looks(page)
            await _photograph(page, name)

        await sign_in(page, base, "rosa")
        await look("correct", f"/posts/{idea.id}/correct")
        await page.click("main form .button")
        await look("correct wrong")
        await page.evaluate(f"document.getElementById('correction').value = '{SAID}'")
        await page.click("main form .button")
        await look("corrected")
        await look("withdraw", f"/posts/{idea.id}/withdraw")
        await page.evaluate("document.getElementById('withdrawn').value = 'The trolleys are gone.'")
        await page.click("main form .button")
        await look("withdrawn")
        await look("list", "/learn/idea")
        await look("author list", "/recalls")
        await page.open(f"{base}/sign-out")
        await page.click("main form .button")
        await sign_in(page, base, "greg")
        await look("notifications", "/notifications")
        await look("recall form", f"/posts/{note.id}/recall")
        await page.click("main form .button")
        await look("recall wrong")
        await page.evaluate("document.querySelector('[value=wrong]').checked = true")
        await page.click("main form .button")
        await look("recalled")
        await look("recalls", "/recalls")
    async with browsing(shown.served, gwen) as client:
        place = (await client.get("/recalls")).text.split('href="/recalls/')[1].split('"')[0]

    assert {name: found for name, found in wrong.items() if found} == {}
    assert place.isdigit()


async def _photograph(page: Page, name: str) -> None:
    """Keep what it looks like, where a folder for that is named."""
    if folder := os.environ.get("SHAREWELL_SHOTS"):
        await page.resize(1280, 900)
        await page.screenshot(Path(folder) / f"recalls-{name.replace(' ', '-')}.png")


async def test_the_page_of_a_recall_follows_it_without_being_reloaded(shown: Sample, browser: Browser) -> None:
    base = shown.served.site.base_url
    gwen = await shown.served.account("gwen", role=Role.GUARDIAN)
    axe = await asyncio.to_thread(needs.axe().read_text)
    async with browsing(shown.served, gwen) as client:
        place = await _told(shown, client)
    recall_id = int(place.rpartition("/")[2])
    async with browser.page(bypass_csp=True) as page:
        await page.call("Page.addScriptToEvaluateOnNewDocument", source=axe)
        await sign_in(page, base, "gwen")
        await page.open(base + place)
        wrong = await looks(page)
        await _photograph(page, "standing")
        await page.evaluate("window.same = true")
        async with shown.served.database.writing() as db:
            await recalls.report(db, [Report(recall_id, "https://d.example/inbox", Standing.CONFIRMED, 202, 2)])
        await page.until("document.body.innerText.includes('2 confirmed, 0 are still tried')", seconds=15)
        same = await page.evaluate("window.same")
        still = await page.evaluate("document.querySelector('#standing').hasAttribute('hx-trigger')")

    assert (wrong, same, still) == ([], True, False)
