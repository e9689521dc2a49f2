"""Entries of lists are made once for many: each reader sees their own, and what changed."""

from __future__ import annotations

import re

import httpx2

from node.sharing import editing
from node.sharing.drafts import Draft
from node.web.entries import BACK, PROOF
from tests.pages.conftest import browsing, hidden
from tests.pages.sample import Sample
from tests.serving import ON_BOTH


def entry(page: str, id: int) -> str:
    """The part of a page that shows a post."""
    found = re.search(rf'<article class="item" id="post-{id}">.*?</article>', page, re.S)
    assert found is not None, page
    return found[0]


@ON_BOTH
async def test_what_one_member_did_with_a_post_is_theirs_alone(sample: Sample, reader: httpx2.AsyncClient) -> None:
    id = sample.posts["sbar"].id
    async with browsing(sample.served, sample.imelda) as one, browsing(sample.served, sample.rosa) as other:
        await reader.get("/learn")
        before = (await one.get("/learn")).text
        theirs = (await other.get("/learn")).text
        await one.post(f"/posts/{id}/respond", data={"proof": hidden(before, "proof"), "back": "/", "do": "thank"})
        mine, theirs_now = (await one.get("/learn")).text, (await other.get("/learn")).text
        nobodys = (await reader.get("/learn")).text

    assert 'value="unthank" aria-pressed="true"' in entry(mine, id)
    assert 'value="thank" aria-pressed="false"' in entry(theirs_now, id)
    assert "<b>1</b>" in entry(theirs_now, id) and "<b>1</b>" not in entry(theirs, id)
    assert "1 thanks" in entry(nobodys, id) and "<form" not in entry(nobodys, id)


@ON_BOTH
async def test_each_page_carries_its_own_proof_and_way_back(sample: Sample) -> None:
    id = sample.posts["sbar"].id
    async with browsing(sample.served, sample.imelda) as one, browsing(sample.served, sample.rosa) as other:
        here, there = (await one.get("/learn")).text, (await other.get("/learn/safety-note")).text
        refused = await other.post(
            f"/posts/{id}/respond", data={"proof": hidden(entry(here, id), "proof"), "back": "/", "do": "thank"}
        )

    assert hidden(entry(here, id), "back") == f"/learn#post-{id}"
    assert hidden(entry(there, id), "back") == f"/learn/safety-note#post-{id}"
    assert refused.status_code == 403
    assert not any(mark in page for mark in (PROOF, BACK) for page in (here, there))


async def test_an_edit_and_a_new_name_are_seen_at_once(sample: Sample, reader: httpx2.AsyncClient) -> None:
    served, post = sample.served, await sample.share("plain again", sample.rosa, "The trolley squeaks.")
    before = (await reader.get("/learn")).text
    async with browsing(served, sample.rosa) as client:
        form = (await client.get("/settings/profile")).text
        kept = await client.post(
            "/settings/profile",
            data={"proof": hidden(form, "proof"), "display_name": "Somebody New", "visibility": "public"},
        )
    named = (await reader.get("/learn")).text
    async with served.database.writing() as db:
        await editing.edit(db, served.node, sample.rosa, post.id, Draft("The trolley is fixed."), {})
    edited = (await reader.get("/learn")).text

    assert kept.status_code == 303
    assert sample.rosa.name in entry(before, post.id) and "The trolley squeaks." in entry(before, post.id)
    assert "Somebody New" in entry(named, post.id) and "The trolley squeaks." in entry(named, post.id)
    assert "Somebody New" in entry(edited, post.id) and "The trolley is fixed." in entry(edited, post.id)


async def test_pages_come_packed_and_say_no_proof_twice(sample: Sample) -> None:
    async with browsing(sample.served, sample.imelda) as client:
        packed = [await client.get("/", headers={"accept-encoding": "gzip"}) for _ in range(8)]
        whole = await client.get("/", headers={"accept-encoding": "identity"})

    assert {one.headers.get("content-encoding") for one in packed} == {"gzip"}
    assert "content-encoding" not in whole.headers and "Accept-Encoding" in whole.headers["vary"]
    assert len({hidden(one.text, "proof") for one in packed}) == 8
    assert len({one.headers["content-length"] for one in packed}) > 1  # the length tells nothing
    assert int(packed[0].headers["content-length"]) < len(whole.content) / 4
