"""Quotes on pages: a card within the card, a line where there is none, and the way to write one."""

from __future__ import annotations

import httpx2

from node.sharing.drafts import Draft
from node.web.cards import cards
from storage import blocks, posts, timelines
from storage.paging import Page
from storage.posts import Visibility
from storage.quotes import Policy
from tests.clients.test_queries import Counting
from tests.federation.test_two_nodes import share
from tests.pages.conftest import browsing, hidden
from tests.pages.sample import Sample
from tests.serving import ON_BOTH

pytestmark = ON_BOTH


async def quoted_by_imelda(sample: Sample, words: str = "Every ward should read this.", name: str = "note") -> str:
    """The page of a post of Imelda's that quotes one of the sample, written on the page for it."""
    served, post = sample.served, sample.posts[name]
    async with browsing(served, sample.imelda) as client:
        form = (await client.get(f"/write?quote={post.id}")).text
        values = {one: hidden(form, one) for one in ("proof", "key", "quote")}
        answer = await client.post("/write", data={**values, "text": words})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


async def test_the_page_of_a_post_leads_to_the_form_that_shows_it(sample: Sample) -> None:
    post = sample.posts["note"]
    async with browsing(sample.served, sample.imelda) as client:
        page = (await client.get(post.uri)).text
        form = (await client.get(f"/write?quote={post.id}")).text
        nothing = (await client.get("/write?quote=1")).text

    assert f'href="/write?quote={post.id}"' in page
    assert "You quote" in form and post.title in form
    assert "You quote" not in nothing and "What did you notice?" in nothing


async def test_a_quote_is_a_card_within_the_card(sample: Sample, reader: httpx2.AsyncClient) -> None:
    path = await quoted_by_imelda(sample)

    page = (await reader.get(path)).text
    listed = (await reader.get("/learn")).text

    for shown in (page, listed):
        card = shown.partition('<blockquote class="quote"')[2].partition("</blockquote>")[0]
        assert sample.posts["note"].title in card and "Safety note" in card
        assert "quote-inline" not in shown


async def test_a_list_shows_each_reader_what_is_for_them(sample: Sample) -> None:
    await quoted_by_imelda(sample)
    note = sample.posts["note"]
    blocking = await sample.served.account("blocking")
    async with sample.served.database.writing() as db:
        await blocks.add(db, actor_id=blocking.id, target_id=note.author_id, uri="")

    other = await sample.served.account("other")
    async with browsing(sample.served, blocking) as client, browsing(sample.served, other) as reader:
        for _ in range(2):
            assert '<blockquote class="quote"' in (await reader.get("/learn")).text
            theirs = (await client.get("/learn")).text
            assert "It quotes somebody you blocked." in theirs and note.title not in theirs


async def test_where_nothing_may_be_shown_stands_why(sample: Sample, reader: httpx2.AsyncClient) -> None:
    path = await quoted_by_imelda(sample)
    async with sample.served.database.writing() as db:
        await posts.erase(db, sample.posts["note"], now=1)

    page = (await reader.get(path)).text

    assert "It quotes a post that was deleted." in page
    assert "<blockquote" not in page


async def test_who_may_not_quote_is_not_asked_to(sample: Sample) -> None:
    served = sample.served
    shut = await share(served, sample.rosa, Draft("Mine alone to quote", quote_policy=Policy.NOBODY))
    private = await share(served, sample.rosa, Draft("Mine", visibility=Visibility.PRIVATE))

    async with browsing(served, sample.rosa) as own, browsing(served, sample.imelda) as other:
        assert "/write?quote=" in (await own.get(shut.uri)).text
        assert "/write?quote=" in (await own.get(private.uri)).text
        assert "/write?quote=" not in (await other.get(shut.uri)).text
        form = (await other.get(f"/write?quote={shut.id}")).text
        values = {one: hidden(form, one) for one in ("proof", "key", "quote")}
        refused = await other.post("/write", data={**values, "text": "Look"})

    assert refused.status_code == 422
    assert "Its author does not let you quote this post." in refused.text and "Look</textarea>" in refused.text


async def test_what_is_typed_stays_when_the_quoted_post_goes(sample: Sample) -> None:
    post = sample.posts["note"]
    async with browsing(sample.served, sample.imelda) as client:
        form = (await client.get(f"/write?quote={post.id}")).text
        values = {one: hidden(form, one) for one in ("proof", "key", "quote")}
        async with sample.served.database.writing() as db:
            await posts.erase(db, post, now=1)
        answer = await client.post("/write", data={**values, "text": "Look"})

    assert answer.status_code == 422
    assert "is not here any more" in answer.text and "Look</textarea>" in answer.text


async def test_members_read_that_they_were_quoted(sample: Sample) -> None:
    await quoted_by_imelda(sample)
    note = sample.posts["note"]

    async with browsing(
        sample.served, next(one for one in (sample.rosa, sample.team) if one.id == note.author_id)
    ) as me:
        page = (await me.get("/notifications")).text

    assert "quoted you:" in page


async def test_a_page_of_quotes_takes_three_queries_more(sample: Sample) -> None:
    async def asked() -> int:
        counting = Counting(sample.served.database)
        async with counting.reading() as db:
            lines = await timelines.public(db, reader_id=0, page=Page(), now=sample.served.node.clock())
            await cards(db, lines, reader_id=0, now=sample.served.node.clock())
        return len(counting.asked)

    without = await asked()
    await quoted_by_imelda(sample)
    one = await asked()
    for name in ("note", "idea"):
        await quoted_by_imelda(sample, name=name)

    assert (one - without, await asked()) == (3, one)
