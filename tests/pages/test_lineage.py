"""Pages of what builds on what: the form that takes two minutes, the tree, and having the same problem."""

from __future__ import annotations

import re

import httpx2

from storage.kinds import Kind
from tests.pages.conftest import browsing, hidden
from tests.pages.sample import Sample
from tests.serving import ON_BOTH


async def idea(sample: Sample) -> str:
    """The page of an idea."""
    await sample.share("mirror", sample.rosa, kind=Kind.IDEA, title="A mirror on every trolley",
                       fields={"proposal": "Tie a mirror to it.", "topics": ["pressure-ulcers"]})  # fmt: skip
    return sample.href("mirror")


async def tried(client: httpx2.AsyncClient, sample: Sample, **typed: str) -> httpx2.Response:
    path = f"/posts/{sample.posts['mirror'].id}/tried"
    page = (await client.get(path)).text
    data = {"proof": hidden(page, "proof"), "key": hidden(page, "key"), "title": "", "words": "", "result": "",
            "sure": "1", **typed}  # fmt: skip
    return await client.post(path, data=data)


@ON_BOTH
async def test_who_tried_it_says_so_in_a_short_form_and_it_stands_on_the_page(
    sample: Sample, reader: httpx2.AsyncClient
) -> None:
    path = await idea(sample)
    async with browsing(sample.served, sample.imelda) as client:
        offered = (await client.get(path)).text
        answer = await tried(client, sample, outcome="abandoned", words="They walked <b>off.", result="Two of three.")

    shown = (await reader.get(path)).text
    assert f'href="/posts/{sample.posts["mirror"].id}/tried"' in offered
    assert (answer.status_code, answer.headers["location"]) == (303, f"{path}#went")
    assert "1 abandoned" in shown
    assert "They walked &lt;b&gt;off." in shown
    child = re.search(r'<h4><a href="(/@imelda[^"]*)"', shown)
    assert child is not None
    page = (await reader.get(child[1])).text
    assert "Grew from" in page
    assert f'href="{path}"' in page
    assert "Why it was stopped" in page
    assert (await reader.get(f"/posts/{sample.posts['mirror'].id}/tried")).status_code == 401


async def test_what_is_missing_is_said_beside_what_was_typed(sample: Sample) -> None:
    await idea(sample)
    async with browsing(sample.served, sample.imelda) as client:
        why = await tried(client, sample, outcome="abandoned", result="Two <of three")
        nothing = await tried(client, sample)
        unsure = await tried(client, sample, outcome="adopted", sure="")
        named = await tried(
            client, sample, outcome="adopted", result="Ask 943 476 5919, the NHS number of our patient."
        )

    assert "Say why you stopped." in why.text
    assert "Two &lt;of three" in why.text
    assert [one.status_code for one in (why, nothing, unsure, named)] == [422, 422, 422, 422]
    assert 'id="outcome"' in nothing.text


async def test_having_the_problem_too_counts_once_and_can_be_taken_back(
    sample: Sample, reader: httpx2.AsyncClient
) -> None:
    path = await idea(sample)
    async with browsing(sample.served, sample.imelda) as client:
        page = (await client.get(path)).text
        data = {"proof": hidden(page, "proof"), "back": path, "do": "affected"}
        for _ in range(2):
            await client.post(f"/posts/{sample.posts['mirror'].id}/respond", data=data)
        mine, theirs = (await client.get(path)).text, (await reader.get(path)).text
        await client.post(f"/posts/{sample.posts['mirror'].id}/respond", data={**data, "do": "not-affected"})
        after = (await reader.get(path)).text

    assert 'value="not-affected" aria-pressed="true"' in mine
    assert "1 has this problem too" in theirs
    assert "has this problem too" not in after
