"""Writing on pages: a box, two forms, and taking back what is not out yet."""

from __future__ import annotations

import re

import httpx2
import pytest

from storage import posts, timelines
from storage.kinds import Kind
from storage.paging import Page
from storage.posts import Post, Visibility
from tests.pages.conftest import browsing, hidden
from tests.pages.sample import Sample
from tests.serving import ON_BOTH, Served

NOTE = {
    "situation": "High scores were taken as normal for him.",
    "recommendation": "Write the target, who agreed it and when it ends.",
    "title": "A score of 7 with a shrug",
    "harm": "near-miss",
    "topics": "deterioration",
    "settings": "acute-ward",
    "visibility": "public",
    "sure": "1",
}
IDEA = {
    "problem": "Trays are raided for bottles.",
    "proposal": "A seal and a stock sheet.",
    "title": "Sepsis tray with a stock sheet",
    "stage": "testing",
    "measure_of_success": "Trays that are complete.",
    "topics": "sepsis",
    "settings": "",
    "sure": "1",
}


async def send(client: httpx2.AsyncClient, path: str, values: dict[str, str]) -> httpx2.Response:
    page = (await client.get(path)).text
    return await client.post(path, data={"proof": hidden(page, "proof"), "key": hidden(page, "key"), **values})


async def newest(served: Served, author_id: int) -> list[Post]:
    async with served.database.reading() as db:
        lines = await timelines.by_author(db, author_id, reader_id=author_id, page=Page(), wanted=timelines.Wanted())
        found = await posts.by_ids(db, [one.post_id for one in lines])
    return [found[one.post_id] for one in lines]


@ON_BOTH
async def test_a_post_from_the_box_at_home_stands_on_its_page(sample: Sample, reader: httpx2.AsyncClient) -> None:
    async with browsing(sample.served, sample.imelda) as client:
        page = (await client.get("/")).text
        values = {"proof": hidden(page, "proof"), "key": hidden(page, "key"), "text": "The crash trolley has moved."}
        answer = await client.post("/write", data=values)

    assert answer.status_code == 303
    assert "The crash trolley has moved." in (await reader.get(answer.headers["location"])).text


async def test_a_safety_note_is_kept_with_its_fields(sample: Sample, reader: httpx2.AsyncClient) -> None:
    async with browsing(sample.served, sample.imelda) as client:
        answer = await send(client, "/write/safety-note", NOTE)

    assert answer.status_code == 303, answer.text
    post = (await newest(sample.served, sample.imelda.id))[0]
    assert (post.kind, post.title, post.visibility) == (Kind.SAFETY_NOTE, NOTE["title"], Visibility.PUBLIC)
    shown = (await reader.get(answer.headers["location"])).text
    for words in (NOTE["situation"], NOTE["recommendation"], "Caught before it reached anyone", "Acute ward"):
        assert words in shown
    assert NOTE["title"] in (await reader.get("/learn/safety-note")).text


async def test_an_idea_is_kept_with_its_stage(sample: Sample) -> None:
    async with browsing(sample.served, sample.imelda) as client:
        answer = await send(client, "/write/idea", {**IDEA, "visibility": "private"})
        shown = (await client.get(answer.headers["location"])).text

    post = (await newest(sample.served, sample.imelda.id))[0]
    assert (post.kind, post.visibility) == (Kind.IDEA, Visibility.PRIVATE)
    assert 'aria-current="step">Testing' in shown


@pytest.mark.parametrize(
    ("path", "values", "field", "words"),
    [
        ("/write", {"text": " "}, "text", "Write something first."),
        ("/write", {"text": "x" * 6_000}, "text", "At most"),
        ("/write", {"text": "Hello", "visibility": "direct"}, "text", "There is no such visibility."),
        ("/write/safety-note", {**NOTE, "sure": ""}, "sure", "Tick the box"),
        ("/write/safety-note", {**NOTE, "situation": ""}, "situation", "Say what happens."),
        ("/write/safety-note", {**NOTE, "title": ""}, "title", "Give it a title."),
        ("/write/safety-note", {**NOTE, "harm": "huge"}, "harm", "Choose one of"),
        ("/write/safety-note", {**NOTE, "topics": "nothing"}, "topics", "is not among"),
        ("/write/idea", {**IDEA, "problem": "", "proposal": ""}, "proposal", "Say what you propose."),
    ],
)
async def test_what_is_wrong_is_said_beside_what_was_typed(
    sample: Sample, path: str, values: dict[str, str], field: str, words: str
) -> None:
    before = len(await newest(sample.served, sample.imelda.id))
    async with browsing(sample.served, sample.imelda) as client:
        answer = await send(client, path, values)

    assert answer.status_code == 422
    assert "<title>Error:" in answer.text
    summary = re.search(r'role="alert".*?</div>', answer.text, re.DOTALL)
    assert summary is not None
    assert words in summary[0]
    assert f'id="{field}"' in answer.text
    for name in ("situation", "proposal", "title", "text"):
        assert values.get(name, "").strip() in answer.text
    assert len(await newest(sample.served, sample.imelda.id)) == before


async def test_the_same_form_sent_twice_is_one_post(sample: Sample) -> None:
    async with browsing(sample.served, sample.imelda) as client:
        page = (await client.get("/write/safety-note")).text
        values = {"proof": hidden(page, "proof"), "key": hidden(page, "key"), **NOTE}
        first = await client.post("/write/safety-note", data=values)
        second = await client.post("/write/safety-note", data=values)

    assert first.headers["location"] == second.headers["location"]


async def test_what_is_typed_is_never_markup(sample: Sample) -> None:
    bad = '"><script>alert(1)</script>'
    async with browsing(sample.served, sample.imelda) as client:
        again = await send(client, "/write/safety-note", {**NOTE, "title": bad, "situation": bad, "sure": ""})
        out = await send(client, "/write/safety-note", {**NOTE, "title": bad, "situation": bad})
        shown = await client.get(out.headers["location"])

    assert "<script>" not in again.text
    assert "<script>" not in shown.text


async def test_only_members_write_and_only_with_a_form_of_ours(sample: Sample, reader: httpx2.AsyncClient) -> None:
    before = len(await newest(sample.served, sample.imelda.id))
    for path in ("/write", "/write/safety-note", "/write/idea"):
        assert (await reader.get(path)).status_code in (303, 401)
        assert (await reader.post(path, data=NOTE)).status_code in (303, 401)
    async with browsing(sample.served, sample.imelda) as client:
        assert (await client.post("/write", data={"text": "Hello", "proof": "0" * 64})).status_code == 403
        assert (await client.get("/write/measure")).status_code == 404

    assert len(await newest(sample.served, sample.imelda.id)) == before


async def test_what_is_not_out_yet_can_be_taken_back(sample: Sample) -> None:
    slow = await sample.served.fediverse.node("slow.example", safety={"fan_out_delay": 60})
    writer, another = await slow.account("imelda"), await slow.account("rosa")
    async with browsing(slow, writer) as client, browsing(slow, another) as other:
        answer = await send(client, "/write/safety-note", NOTE)
        assert answer.headers["location"] == "/#waiting"
        home = (await client.get("/")).text
        action = re.search(r'action="(/waiting/\d+/take-back)"', home)
        assert action is not None
        assert NOTE["title"] in home
        assert NOTE["title"] not in (await other.get("/")).text
        theirs = {"proof": hidden((await other.get("/")).text, "proof")}
        assert (await other.post(action[1], data=theirs)).status_code == 404

        answer = await client.post(action[1], data={"proof": hidden(home, "proof")})

        assert answer.headers["location"] == "/"
        assert NOTE["title"] not in (await client.get("/")).text
    assert NOTE["title"] not in [one.title for one in await newest(slow, writer.id)]


@ON_BOTH
async def test_a_post_for_later_stands_at_home_with_its_time_until_it_is_taken_back(sample: Sample) -> None:
    async with browsing(sample.served, sample.imelda) as client:
        values = {"text": "Read this at handover.", "at": "2026-11-30T09:30"}
        answer = await send(client, "/write", values)
        home = (await client.get("/")).text
        found = re.search(r'action="(/waiting/\d+/take-back)"', home)
        assert found is not None
        taken = await client.post(found[1], data={"proof": hidden(home, "proof")})
        after = (await client.get("/")).text

    assert (answer.status_code, answer.headers["location"]) == (303, "/#waiting")
    assert "Read this at handover." in home and "It goes out on 30 Nov 2026, 09:30 UTC." in home
    assert taken.status_code == 303
    assert "Read this at handover." not in after


@pytest.mark.parametrize("at", ["2020-01-01T09:00", "tomorrow"])
async def test_a_time_that_cannot_be_is_an_error_at_its_field(sample: Sample, at: str) -> None:
    async with browsing(sample.served, sample.imelda) as client:
        answer = await send(client, "/write", {"text": "Read this at handover.", "at": at})

    assert answer.status_code == 422
    assert '<a href="#at">' in answer.text and 'id="at-e"' in answer.text
    assert "Read this at handover." in answer.text and f'value="{at}"' in answer.text
