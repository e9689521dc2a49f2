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
    assert "<span>Abandoned</span>" in page
    listed = (await reader.get("/learn/spread")).text
    assert "<span>Abandoned</span>" in listed
    assert "Abandoned: A mirror" not in listed  # the title stands above
    assert (await reader.get(f"/posts/{sample.posts['mirror'].id}/tried")).status_code == 401
    async with browsing(sample.served, sample.rosa) as client:
        assert "tried what you shared and stopped:" in (await client.get("/notifications")).text


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


@ON_BOTH
async def test_ideas_are_found_by_their_stage_and_moved_by_their_author_with_a_reason_to_stop(
    sample: Sample, reader: httpx2.AsyncClient
) -> None:
    path = await idea(sample)
    place = f"/posts/{sample.posts['mirror'].id}/stage"
    async with browsing(sample.served, sample.rosa) as client:
        proof = hidden((await client.get(place)).text, "proof")
        moved = await client.post(place, data={"proof": proof, "stage": "testing", "reason": ""})
        testing = (await reader.get("/ideas?stage=testing")).text
        bare = await client.post(place, data={"proof": proof, "stage": "abandoned", "reason": ""})
        ended = await client.post(place, data={"proof": proof, "stage": "abandoned", "reason": "They <walked."})
    async with browsing(sample.served, sample.imelda) as client:
        data = {"proof": hidden((await client.get("/write")).text, "proof"), "stage": "adopted", "reason": ""}
        foreign = await client.post(place, data=data)

    assert (moved.status_code, bare.status_code, ended.status_code, foreign.status_code) == (303, 422, 303, 403)
    assert "A mirror on every trolley" in testing
    assert "Say why you stopped." in bare.text
    assert "A mirror on every trolley" not in (await reader.get("/ideas?stage=testing")).text
    assert "A mirror on every trolley" in (await reader.get("/ideas?stage=abandoned")).text
    assert "They &lt;walked." in (await reader.get(path)).text
    assert (await reader.get("/ideas?stage=sold")).status_code == 404


async def test_a_call_for_ideas_is_answered_until_its_last_day(sample: Sample, reader: httpx2.AsyncClient) -> None:
    fields = {"question": "How do we see the back of the heel?", "until": "2030-01-31"}
    await sample.share("open", sample.rosa, kind=Kind.CHALLENGE, title="Seeing heels", fields=fields)
    await sample.share("closed", sample.rosa, kind=Kind.CHALLENGE, title="Hearing alarms",
                       fields={**fields, "until": "2020-01-31"})  # fmt: skip
    async with browsing(sample.served, sample.imelda) as client:
        answers: dict[str, httpx2.Response] = {}
        for name in ("open", "closed"):
            page = (await client.get(f"/write/idea?call={sample.posts[name].id}")).text
            data = {"proof": hidden(page, "proof"), "key": hidden(page, "key"), "sure": "1", "title": "A mirror",
                    "challenge": hidden(page, "challenge"), "proposal": "Tie one on.", "stage": "new"}  # fmt: skip
            answers[name] = await client.post("/write/idea", data=data)

    assert (answers["open"].status_code, answers["closed"].status_code) == (303, 422)
    assert "This call for ideas is closed." in answers["closed"].text
    page = (await reader.get(sample.href("open"))).text
    assert "A mirror" in page
    assert "Open until 31 Jan 2030." in page
    assert "This call is closed." in (await reader.get(sample.href("closed"))).text
    assert "A mirror" in (await reader.get(f"/ideas?call={sample.posts['open'].id}")).text
    listed = (await reader.get("/challenges")).text
    assert "Seeing heels" in listed
    assert "How do we see the back of the heel?" in listed
    assert "Call for ideas: Seeing heels" not in listed  # the title stands above
    assert "Hearing alarms" in listed
