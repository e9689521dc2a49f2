"""Pages of topics, and the page of search: what they show, what their editors can do, that filters are links."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator
from html import unescape

import httpx2
import pytest

from storage import experts
from storage.experts import Expertise
from storage.kinds import Kind
from storage.members import Role
from tests.clients.guards import BLOCKED
from tests.pages.conftest import browsing, hidden
from tests.pages.sample import Sample
from tests.serving import ON_BOTH

TOPIC = "/topics/pressure-ulcers"


@pytest.fixture
async def editor(sample: Sample) -> AsyncGenerator[httpx2.AsyncClient]:
    """The browser of a guardian."""
    gwen = await sample.served.account("gwen", name="Gwen Hale", role=Role.GUARDIAN)
    async with browsing(sample.served, gwen) as client:
        yield client


@pytest.fixture
async def member(sample: Sample) -> AsyncGenerator[httpx2.AsyncClient]:
    """A member's browser."""
    async with browsing(sample.served, sample.imelda) as client:
        yield client


async def edit(client: httpx2.AsyncClient, **values: str) -> httpx2.Response:
    proof = hidden((await client.get(f"{TOPIC}/edit")).text, "proof")
    return await client.post(f"{TOPIC}/edit", data={"proof": proof, **values})


@ON_BOTH
async def test_a_topic_shows_where_to_start_and_the_best_evidence(sample: Sample, reader: httpx2.AsyncClient) -> None:
    page = (await reader.get(TOPIC)).text
    every = (await reader.get("/topics")).text
    feed = await reader.get(f"{TOPIC}.atom")

    assert "Most heel damage is seen late." in page
    assert 'Summary by <a href="/@rosa">Rosa Quill</a>' in page
    assert page.index('id="start"') < page.index('id="best"') < page.index('id="newest"')
    assert "It worked for us, no chart yet" in page
    assert "pressure sores" in page
    assert '<span lang="cy">Wlserau pwyso</span>' in page
    assert re.search(r'href="/topics/pressure-ulcers">Pressure ulcers</a> <span class="small muted">2<', every)
    assert feed.text.count("<entry") == 2
    assert (await reader.get("/topics/nothing")).status_code == 404


async def test_topics_are_one_step_from_what_belongs_to_them(sample: Sample, reader: httpx2.AsyncClient) -> None:
    pages = {path: (await reader.get(path)).text for path in ("/", "/learn", sample.href("note"), "/tags/bedsores")}

    assert 'href="/topics"' in pages["/"]
    assert all(f'href="{TOPIC}"' in text for path, text in pages.items() if path != "/")


async def test_a_topic_shows_who_can_be_asked_what_numbers_say_and_alerts_in_one_block(
    sample: Sample, reader: httpx2.AsyncClient
) -> None:
    about = {"topics": ["pressure-ulcers"]}
    numbers = {"name": "Heel ulcers", "points": [["2026-01", 3], ["2026-02", 2], ["2026-03", 2], ["2026-04", 1]]}
    await sample.share("chart", sample.rosa, kind=Kind.MEASURE, title="Fewer", fields={**about, "measures": [numbers]})
    alert = {**about, "issuer": "Agency", "source": "https://agency.example/1", "tip": "Look at the label."}
    for name, day in (("late", "2026-12-20"), ("soon", "2026-12-01"), ("over", "2026-01-01")):
        fields = {**alert, "action_by": day}
        await sample.share(name, sample.rosa, kind=Kind.ALERT_SIGNPOST, title=f"Recall {name}", fields=fields)
    async with sample.served.database.writing() as db:
        await experts.put(db, sample.imelda.id, Expertise(("pressure-ulcers",)))
        await experts.put(db, sample.rosa.id, Expertise(("falls",)))

    page = (await reader.get(TOPIC)).text
    told = (await reader.get("/api/v1/sharewell/topics/pressure-ulcers")).json()

    alerts = page.partition('aria-labelledby="alerts"')[2].partition("</section>")[0]
    assert page.count('aria-labelledby="alerts"') == 1
    assert 0 < alerts.index("Recall soon") < alerts.index("Recall late")
    assert "Recall over" not in alerts
    measures = page.partition('aria-labelledby="measured"')[2].partition("</section>")[0]
    assert 'class="small-chart"' in measures and "Heel ulcers" in measures
    ask = page.partition('aria-labelledby="ask"')[2].partition("</section>")[0]
    assert "/@imelda" in ask and "/@rosa" not in ask
    assert [one["acct"] for one in told["experts"]] == ["imelda"]
    assert told["measures"] == [str(sample.posts["chart"].id)]
    assert told["alerts"] == [str(sample.posts[one].id) for one in ("soon", "late")]


async def test_a_member_follows_a_topic(sample: Sample, member: httpx2.AsyncClient) -> None:
    proof = hidden((await member.get(TOPIC)).text, "proof")

    answer = await member.post(f"{TOPIC}/follow", data={"proof": proof, "do": "follow"})
    followed = (await member.get(TOPIC)).text
    await member.post(f"{TOPIC}/follow", data={"proof": proof, "do": "unfollow"})

    assert (answer.status_code, answer.headers["location"]) == (303, TOPIC)
    assert "Stop following this topic" in followed
    assert "Stop following this topic" not in (await member.get(TOPIC)).text


async def test_an_editor_says_what_is_known_and_where_to_start(sample: Sample, editor: httpx2.AsyncClient) -> None:
    saved = await edit(editor, summary="Look under the heel <b>each</b> night.")
    added = await edit(editor, post=f"{sample.served.site.base_url}{sample.href('sbar')}")
    gone = await edit(editor, remove=str(sample.posts["note"].id))
    page = (await editor.get(TOPIC)).text
    start = page[page.index('id="start"') : page.index('id="best"')]
    async with sample.served.database.reading() as db:
        noted = await db.rows("SELECT action, subject FROM audit WHERE action LIKE 'topic.%' ORDER BY id")

    assert [one.status_code for one in (saved, added, gone)] == [303] * 3
    assert "Look under the heel &lt;b&gt;each&lt;/b&gt; night." in page
    assert "Gwen Hale" in page
    assert "Two pumps" in start
    assert "Look under the heel, not just at it" not in start
    assert [row["action"] for row in noted] == ["topic.summary", "topic.start", "topic.unstart"]
    assert {row["subject"] for row in noted} == {f"{sample.served.site.base_url}{TOPIC}"}


async def test_what_an_editor_cannot_say_is_said_beside_it(sample: Sample, editor: httpx2.AsyncClient) -> None:
    stopped = await edit(editor, summary=BLOCKED)
    long = await edit(editor, summary="x" * 1_001)
    nowhere = [
        await edit(editor, post=one) for one in ("https://elsewhere.example/@a/1", "x", sample.href("warned") + "9")
    ]

    assert [one.status_code for one in (stopped, long, *nowhere)] == [422] * 5
    assert '<mark class="found">' in stopped.text
    assert "At most 1000 characters." in long.text
    assert all("Give the address of a public post" in one.text for one in nowhere)
    assert "Most heel damage is seen late." in (await editor.get(TOPIC)).text


async def test_members_and_readers_do_not_edit(
    sample: Sample, member: httpx2.AsyncClient, reader: httpx2.AsyncClient
) -> None:
    proof = hidden((await member.get(TOPIC)).text, "proof")
    answers = [
        await member.get(f"{TOPIC}/edit"),
        await member.post(f"{TOPIC}/edit", data={"proof": proof, "summary": "Mine"}),
        await reader.get(f"{TOPIC}/edit"),
        await reader.post(f"{TOPIC}/edit", data={"summary": "Mine"}),
    ]

    assert [one.status_code for one in answers] == [403, 403, 401, 401]
    assert "/edit" not in (await member.get(TOPIC)).text


@ON_BOTH
async def test_each_filter_is_a_link_and_can_be_taken_back(sample: Sample, reader: httpx2.AsyncClient) -> None:
    first = (await reader.get("/search?q=heel")).text
    idea = next(one for one in re.findall(r'href="(/search\?[^"]*)"', first) if "kind=idea" in one)
    narrowed = (await reader.get(unescape(idea))).text

    assert "A make-up mirror" in narrowed and "Look under the heel, not" not in narrowed
    assert 'class="tag" href="/search?q=heel"' in narrowed
    assert 'type="hidden" name="kind" value="idea"' in narrowed
    assert "kind=idea&amp;topic=pressure-ulcers" in narrowed


async def test_synonyms_are_named_and_can_be_left_out(sample: Sample, reader: httpx2.AsyncClient) -> None:
    await sample.share("old", sample.team, "An old cannula again.")

    found = (await reader.get("/search?q=venflon")).text
    only = (await reader.get("/search", params={"q": '"venflon"'})).text

    assert "An old cannula again." in found and "An old cannula again." not in only
    assert "<b>cannula</b>" in found
    assert 'href="/search?q=%22venflon%22"' in found
    assert 'href="/topics/cannulation"><b>Peripheral venous cannulation</b>' in found


async def test_a_search_that_finds_nothing_helps(sample: Sample, reader: httpx2.AsyncClient) -> None:
    both = (await reader.get("/search?q=mirror&kind=idea&evidence=research")).text
    misspelt = (await reader.get("/search?q=presure+ulcers")).text

    assert re.search(r'href="/search\?q=mirror&amp;kind=idea">Without “Evidence”</a>: 1 match', both)
    assert 'Did you mean <a href="/search?q=Pressure+ulcers">Pressure ulcers</a>?' in misspelt


async def test_what_no_filter_can_be_is_left_out(reader: httpx2.AsyncClient) -> None:
    odd = ("kind=%00", "topic=%27&minutes=-1", "q=%22&max_id=x", "language=en-GB")
    answers = [(await reader.get(f"/search?{one}")).status_code for one in odd]

    assert answers == [200] * 4
