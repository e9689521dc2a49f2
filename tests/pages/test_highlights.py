"""Pages of highlights: to choose one, to read them month by month, and the page of the alliance."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import httpx2
import pytest

from storage.members import Role
from tests.clients.guards import BLOCKED
from tests.pages.conftest import browsing, hidden
from tests.pages.sample import Sample


@pytest.fixture
async def editor(sample: Sample) -> AsyncGenerator[httpx2.AsyncClient]:
    """The browser of a guardian."""
    gwen = await sample.served.account("gwen", name="Gwen Hale", role=Role.GUARDIAN)
    async with browsing(sample.served, gwen) as client:
        yield client


async def send(client: httpx2.AsyncClient, sample: Sample, name: str, **values: str) -> httpx2.Response:
    path = f"/posts/{sample.posts[name].id}/highlight"
    page = (await client.get(path)).text
    given = {"proof": hidden(page, "proof"), "list": hidden(page, "list"), **values}
    return await client.post(path, data=given)


async def test_an_editor_chooses_a_post_changes_why_and_withdraws_it(
    sample: Sample, editor: httpx2.AsyncClient, reader: httpx2.AsyncClient
) -> None:
    before = await editor.get(sample.href("idea"))
    empty, stopped = await send(editor, sample, "idea"), await send(editor, sample, "idea", reason=BLOCKED)
    chosen = await send(editor, sample, "idea", reason="It costs <nothing>.")
    post = (await reader.get(sample.href("idea"))).text
    front, feed = (await reader.get("/")).text, (await reader.get("/highlights.atom")).text
    page = (await editor.get(f"/posts/{sample.posts['idea'].id}/highlight")).text
    changed = await send(editor, sample, "idea", **{f"reason-{hidden(page, 'list')}": "It costs little."})
    after = (await reader.get(sample.href("idea"))).text
    withdrawn = await send(editor, sample, "idea", do="withdraw")
    last = [(await reader.get(path)).text for path in (sample.href("idea"), "/highlights", "/")]

    assert "Make it a highlight" in before.text
    assert [one.status_code for one in (empty, stopped, chosen, changed, withdrawn)] == [422, 422, 303, 303, 303]
    assert '<mark class="found">' in stopped.text
    assert ("Highlight of October 2026" in post, "It costs &lt;nothing&gt;." in post) == (True, True)
    assert "Make it a highlight" not in post
    assert front.index('class="highlight"') < front.index("A make-up mirror") < front.index("It costs &lt;nothing&gt;.")
    assert "It costs &lt;nothing&gt;." in feed
    assert "It costs little." in after
    assert [("It costs" in one, "Every ward has heels." in one) for one in last] == [
        (False, False), (False, True), (False, True)
    ]  # fmt: skip


async def test_members_without_a_list_do_not_choose(sample: Sample) -> None:
    async with browsing(sample.served, sample.imelda) as client:
        page = (await client.get(sample.href("idea"))).text
        answer = await client.get(f"/posts/{sample.posts['idea'].id}/highlight")

    assert ("Make it a highlight" in page, answer.status_code) == (False, 403)


async def test_highlights_are_read_month_by_month(sample: Sample, reader: httpx2.AsyncClient) -> None:
    sample.served.fediverse.clock.advance(seconds=7 * 24 * 60 * 60)
    ada = await sample.served.account("ada", role=Role.ADMIN)
    async with browsing(sample.served, ada) as client:
        await send(client, sample, "idea", reason="Of November.")
    every = (await reader.get("/highlights")).text
    october = (await reader.get("/highlights/2026-10")).text
    missing = [(await reader.get(f"/highlights/{one}")).status_code for one in ("2026-13", "2026-09", "x")]

    assert every.index("November 2026") < every.index("Of November.") < every.index("Every ward has heels.")
    assert ("Every ward has heels." in october, "Of November." in october) == (True, False)
    assert 'href="/highlights/2026-11"' in october
    assert missing == [404, 404, 404]


async def test_the_page_of_the_alliance_says_who_belongs_to_it_and_what_they_shared(
    sample: Sample, editor: httpx2.AsyncClient, reader: httpx2.AsyncClient
) -> None:
    await send(editor, sample, "idea", reason="It costs nothing.")
    page = (await reader.get("/@alliance")).text
    elsewhere = (await reader.get("/@gethin@cwm.example")).text

    assert page.index('id="highlights"') < page.index("It costs nothing.") < page.index('id="members-newest"')
    assert '<a href="/@skin_links">' in page[page.index('id="teams-h"') :]
    assert "One account brings the highlights of everybody here." in page
    assert "Antenatal class" in page[page.index('id="members-newest"') :]
    assert "<b>1</b> team" in page
    assert 'id="members-newest"' not in elsewhere
