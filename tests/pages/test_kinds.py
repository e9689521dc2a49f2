"""Structured kinds on pages: each form is kept and read, errors stand beside what was typed, nothing is lost."""

from __future__ import annotations

import json
import re

import httpx2
import pytest

from node.web.forms import FORMS
from storage import posts
from storage.kinds import Kind
from storage.posts import Post
from tests.pages.conftest import browsing, hidden
from tests.pages.sample import Sample
from tests.pages.test_writing import newest, send

COMMON = {"topics": "falls", "evidence": "local-data", "licence": "CC0-1.0", "review_by": "2027-11-20", "sure": "1"}
# What is typed into each form, and what a reader finds on the page of the post.
TYPED = {
    "sbar": (
        {
            "title": "Moves at handover", "sbar-situation": "Moves at half past seven.",
            "sbar-background": "Two handovers.", "sbar-assessment": "They collide.",
            "sbar-recommendation": "Hold them.",
        },
        ["<h2>Assessment</h2>", "They collide."],
    ),
    "case-study": (
        {
            "title": "Halving heel ulcers", "teaser": "Four wards.", "aim": "By half.", "baseline": "3.1",
            "drivers": "See early\n- mirror", "changes": "Heel lift\nHuddle", "pdsa-1-plan": "One bay",
            "pdsa-1-act": "adapt", "pdsa-3-study": "2 fewer", "pdsa-3-act": "adopt", "did_not_work": "Posters.",
            "advice": "Start small.", "cost": "Foam", "equity": "Dark skin: less.",
            "would_not_travel": "Four porters at night.",
        },
        [
            "<h2>The aim</h2>", "<li>mirror</li>", "<li>Huddle</li>", "<h2>What did not work</h2>", "One bay",
            "Adapted", "2 fewer", "Adopted", "Four wards.", "Foam", "CC0", "20 Nov 2027", "Dark skin: less.",
            "<h2>What would not travel</h2>", "Four porters at night.",
        ],
    ),
    "challenge": (
        {"title": "Seeing heels", "question": "How do we see both heels?", "until": "2027-03-01"},
        ["<h2 class=\"hidden\">The question</h2>", "How do we see both heels?", "Open until 1 Mar 2027."],
    ),
    "resource": (
        {
            "title": "Score card", "source": "https://a.example/card", "description": "Pictures of models.",
            "resource_kind": "tool", "audience[]": "leaders", "minutes": "3", "via": "@rosa",
        },
        ["Open it at a.example", "Leaders and boards", "3 minutes", "Pictures of models.", 'class="u-url mention"'],
    ),
    "alert-signpost": (
        {
            "title": "Oral syringes", "source": "https://alerts.example/1", "issuer": "National body",
            "reference": "A-1", "action_by": "2027-01-29", "tip": "Check trolleys.",
        },
        ["Act by 29 Jan 2027", "Read it at its source: alerts.example", "National body", "A-1", "Check trolleys."],
    ),
    "question": ({"title": "Who charts days between?", "details": "For few events."}, ["For few events."]),
    "blog": (
        {"title": "Boring boards", "text": "Nothing is clever.\n\nSo it works. #boards", "teaser": "On boards."},
        ["<p>Nothing is clever.</p>", "On boards.", "#<span>boards</span>"],
    ),
    "video": (
        {
            "title": "Open, set, feel", "description": "Three steps.", "source": "https://videos.example/1",
            "duration": "1:02", "captions": "1", "transcript": "Open the valve.",
        },
        ["Watch it at videos.example", "1:02 long", "with captions", "Open the valve."],
    ),
    "thanks": (
        {"title": "To the porters", "whom": "@rosa", "deed": "You fixed it."}, ["You fixed it.", "u-url mention"],
    ),
}  # fmt: skip


async def shared(sample: Sample, name: str, client: httpx2.AsyncClient) -> Post:
    values, _ = TYPED[name]
    answer = await send(client, f"/write/{name}", {**COMMON, **values})
    assert answer.status_code == 303, re.findall(r'class="error"[^>]*>.*?</p>', answer.text)
    return (await newest(sample.served, sample.imelda.id))[0]


def test_every_form_is_tried_here() -> None:
    assert FORMS.keys() - TYPED.keys() == {"safety-note", "idea", "mentoring-offer", "mentoring-request"}


@pytest.mark.parametrize("name", TYPED)
async def test_what_is_typed_is_read_on_its_page_and_in_lists(
    sample: Sample, reader: httpx2.AsyncClient, name: str
) -> None:
    async with browsing(sample.served, sample.imelda) as client:
        post = await shared(sample, name, client)
        offered = (await client.get("/share")).text

    page = (await reader.get(f"/@imelda/{post.id}")).text
    listed = (await reader.get(f"/learn/{post.kind.value}")).text
    assert [words for words in TYPED[name][1] if words not in page] == []
    assert page.count("<h1") == 1
    assert post.title in listed
    assert f'href="/write/{name}"' in offered


@pytest.mark.parametrize("name", TYPED)
async def test_a_correction_on_the_page_loses_no_field(sample: Sample, name: str) -> None:
    async with browsing(sample.served, sample.imelda) as client:
        post = await shared(sample, name, client)
        for path in ("change", "correct"):
            page = (await client.get(f"/posts/{post.id}/{path}")).text
            answer = await client.post(
                f"/posts/{post.id}/{path}", data={**_form(page), "correction": "Two, not three."}
            )
            assert answer.status_code == 303, re.findall(r'class="error"[^>]*>.*?</p>', answer.text)

    async with sample.served.database.reading() as db:
        after = await posts.any_by_id(db, post.id)
    kept = json.loads(after.fields)
    assert kept.pop("correction")["said"] == "Two, not three."
    assert (kept, after.title, after.source) == (json.loads(post.fields), post.title, post.source)


def _form(page: str) -> dict[str, str | list[str]]:
    """What a browser would send of the form that is filled in."""
    form = (
        page[page.index('enctype="multipart') :]
        if "multipart" in page
        else page[page.index('class="flow" novalidate') :]
    )
    form = form.partition("</form>")[0]
    found: dict[str, str | list[str]] = {"proof": hidden(page, "proof")}
    for one in re.finditer(r"<input [^>]*>", form):
        name, value = re.search(r'name="([^"]+)"', one[0]), re.search(r'value="([^"]*)"', one[0])
        if name is not None and ("checked" in one[0] or not re.search(r'type="(checkbox|radio)"', one[0])):
            found[name[1]] = "" if value is None else value[1]
    found |= dict(re.findall(r'<textarea [^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', form, re.DOTALL))
    for name, options in re.findall(r'<select [^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options)
        found[name] = "" if chosen is None else chosen[1]
    return found


@pytest.mark.parametrize(
    ("name", "values", "field", "words"),
    [
        ("case-study", {"did_not_work": ""}, "did_not_work", "Say what did not work"),
        ("case-study", {"pdsa-3-act": "again"}, "pdsa-3-act", "Choose one of"),
        ("challenge", {"question": ""}, "question", "Ask what you want ideas for."),
        ("resource", {"minutes": "soon"}, "minutes", "Write a whole number"),
        ("resource", {"source": "a.example"}, "source", "Give the whole web address"),
        ("alert-signpost", {"source": ""}, "source", "Give the web address"),
        ("video", {"captions": ""}, "captions", "A video needs captions"),
        ("video", {"transcript": ""}, "transcript", "Write down what is said"),
        ("blog", {"text": ""}, "text", "Write something first."),
        ("thanks", {"deed": "For NHS number 943 476 5919, thank you."}, "deed", "NHS number"),
    ],
)
async def test_what_is_wrong_is_said_beside_what_was_typed(
    sample: Sample, name: str, values: dict[str, str], field: str, words: str
) -> None:
    typed = {**COMMON, **TYPED[name][0], **values}
    async with browsing(sample.served, sample.imelda) as client:
        answer = await send(client, f"/write/{name}", typed)

    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert words in answer.text
    assert [value for key, value in TYPED[name][0].items() if key not in values and value not in answer.text] == []


async def test_a_resource_that_is_here_is_shown_and_can_be_commented_or_shared_all_the_same(sample: Sample) -> None:
    typed = {**COMMON, **TYPED["resource"][0], "source": "http://www.a.example/card/"}
    async with browsing(sample.served, sample.imelda) as client:
        before = await shared(sample, "resource", client)
        stopped = await send(client, "/write/resource", typed)
        anyway = await send(client, "/write/resource", {**typed, "anyway": "1"})

    assert stopped.status_code == 422
    assert f'href="/@imelda/{before.id}#reply"' in stopped.text
    assert anyway.status_code == 303


async def test_a_post_read_from_its_text_can_be_called_plain_on_its_page(sample: Sample) -> None:
    typed = "Question: Who dries cannula sites first?\nWe do not."
    async with await sample.served.as_member(sample.imelda) as app:
        made = (await app.post("/api/v1/statuses", json={"status": typed})).json()
    async with browsing(sample.served, sample.imelda) as client:
        page = (await client.get(made["url"])).text
        form = _form((await client.get(f"/posts/{made['id']}/change")).text)
        await client.post(f"/posts/{made['id']}/change", data={**form, "plain": "1"})

    async with sample.served.database.reading() as db:
        after = await posts.any_by_id(db, int(made["id"]))
    assert "say that it is a plain post" in page
    assert (after.kind, after.title, after.fields, after.source) == (Kind.PLAIN, "", "", typed)
    assert "Question: Who dries" in after.html
