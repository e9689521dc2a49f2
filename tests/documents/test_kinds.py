"""Safety notes and ideas on their way: as the kept examples, whole for another node, plain for everyone else."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from federation.documents import posts as documents
from federation.site import Limits
from node.sharing import posts as sharing
from node.sharing.drafts import Draft
from storage.kinds import Kind
from storage.posts import Post
from tests.documents.test_corpus import somebody
from tests.federation.remote import AS2
from tests.serving import Fediverse

FOLDER = Path(__file__).parent
PARTS = {"en-GB": "en-GB"}
DRAFTS = {
    "safety_note": Draft(
        "", kind=Kind.SAFETY_NOTE, title="Look under the heel, not just at it", language="en-GB",
        fields={
            "topics": ["pressure-ulcers"], "settings": ["acute-ward"], "harm": "low", "composite": True,
            "situation": "Heels looked fine from above; the damage sat on the back.",
            "recommendation": "lift the leg, use a mirror and a torch, press to see if it goes pale.",
            "review_by": "2027-11-20",
        },
    ),
    "mentoring_request": Draft(
        "", kind=Kind.MENTORING_REQUEST, title="Mentor wanted: idle cannulas", language="en-GB",
        fields={
            "topics": ["cannulation"], "details": "We count 41% idle.", "level": "team", "format": "video-call",
            "hours_a_month": 1, "months": 4, "status": "open",
        },
    ),
    "idea": Draft(
        "", kind=Kind.IDEA, title="A make-up mirror on every skin trolley", language="en-GB",
        fields={
            "topics": ["pressure-ulcers"], "stage": "tested",
            "proposal": "The back of the heel is hard to see. Tie a wide mirror with a light to each trolley.",
        },
    ),
}  # fmt: skip
# Every field of the kinds that came later, and the documents of three.
WHOLE = {
    "case_study": Draft(
        "And thank you.", kind=Kind.CASE_STUDY, title="Halving heel ulcers on four wards", language="en-GB",
        fields={
            "topics": ["pressure-ulcers"], "evidence": "local-data", "strength": "simplify-standardise",
            "licence": "CC-BY-4.0", "review_by": "2027-11-20", "superseded_by": "https://northmoor.example/@rosa/7",
            "teaser": "Four wards, nine months: 3.1 to 1.4 heel ulcers per 1,000 bed-days. What worked, what did not,"
            " and the chart.",
            "aim": "Cut heel ulcers on four wards by half in nine months.", "baseline": "3.1 & rising <slowly>",
            "drivers": {
                "aim": "Half the heel ulcers",
                "primary": [{"name": "See early", "secondary": ["mirror", "skin huddle"]}],
            },
            "changes": ["Heel lift", "Mirror on the trolley"],
            "pdsa": [
                {"cycle": 1, "plan": "Heel lift on one bay", "do": "Two weeks", "study": "2 fewer", "act": "adapt"}
            ],
            "did_not_work": "Posters.", "advice": "Start with one bay.", "cost": "Foam", "equity": "Dark skin: less.",
            "would_not_travel": "We have four porters at night.",
            "translation": {"language": "cy", "title": "Haneru wlserau sawdl", "text": "Pedair ward.\n\nNaw mis."},
        },
    ),
    "resource": Draft(
        "", kind=Kind.RESOURCE, title="Site score picture card",
        fields={
            "description": "Pictures of models.", "resource_kind": "tool", "audience": ["frontline", "leaders"],
            "minutes": 3, "source": "https://a.example/card?x=1&y=2", "via": "Hanne Soltau",
        },
    ),
    "alert_signpost": Draft(
        "", kind=Kind.ALERT_SIGNPOST, title="Look-alike oral syringes", language="en-GB",
        fields={
            "topics": ["medication"], "reference": "DEMO-ALERT-2026-01", "action_by": "2027-01-29",
            "source": "https://alerts.example/demo-alert-2026-01", "issuer": "National body", "tip": "Check trolleys.",
        },
    ),
    "question": Draft(
        "", kind=Kind.QUESTION, title="Who charts days between?",
        fields={"details": "Collecting examples.", "accepted_answer": "https://wexley.example/@hanne/9"},
    ),
    "blog": Draft(
        "Nothing on it is clever.\n\nThat is why it works.", kind=Kind.BLOG, title="Why I love boring",
        fields={"teaser": "On count boards."},
    ),
    "video": Draft(
        "", kind=Kind.VIDEO, title="Open, set, feel", language="en-GB",
        fields={
            "topics": ["devices"], "captions": True, "duration": "PT1M2S", "transcript": "Open the valve.\n\nFeel.",
            "description": "Three steps.", "source": "https://videos.example/open",
        },
    ),
    "thanks": Draft(
        "", kind=Kind.THANKS, title="To the porters", fields={"whom": "The porters", "deed": "You found the corridor."},
    ),
}  # fmt: skip
# What each node says in its own way: addresses, times; and what a later issue brings.
OWN = {"@context", "id", "url", "published", "attributedTo", "cc", "spread", "replies", "likes", "shares", "title"}
MORE = {"situation", "recommendation", "proposal", "details"}  # the fields of which the example has only the HTML
# Words that the example says otherwise: our text has a part for each field.
WORDS = {"mentoring_request": {"content", "contentMap", "details"}}
SINCE = {"interactionPolicy", "affected"}  # what documents say of every post, newer than the examples


async def document_of(fediverse: Fediverse, draft: Draft) -> dict[str, Any]:
    node = await fediverse.node("northmoor.example")
    rosa = await node.account("rosa_quill")
    async with node.database.writing() as db:
        post, _ = await sharing.publish(db, node.node, rosa, draft, {})
    assert isinstance(post, Post)
    async with node.client() as http:
        found: dict[str, Any] = (await http.get(post.uri, headers={"accept": AS2})).json()
    return found


@pytest.mark.parametrize("name", DRAFTS)
async def test_document_says_what_the_example_says(fediverse: Fediverse, name: str) -> None:
    example = json.loads((FOLDER / f"{name}.json").read_text())

    said = await document_of(fediverse, DRAFTS[name])

    left = OWN | WORDS.get(name, set()) | {"tag"}
    ours = {term: value for term, value in said.items() if term not in left | MORE | SINCE | {"sensitive"}}
    theirs = {term: value for term, value in example.items() if term not in left}
    assert ours == theirs
    assert {(one["type"], one["name"]) for one in said["tag"]} == {(one["type"], one["name"]) for one in example["tag"]}


@pytest.mark.parametrize("name", DRAFTS)
async def test_another_node_reads_it_back_whole(fediverse: Fediverse, name: str) -> None:
    said = await document_of(fediverse, DRAFTS[name])

    back = documents.read(said, somebody(said["attributedTo"]), now=1_893_456_000_000, limits=Limits())

    draft = DRAFTS[name]
    assert (back.kind, back.title, json.loads(back.fields)) == (draft.kind, draft.title, dict(draft.fields))


@pytest.mark.parametrize("name", ["case_study", "alert_signpost", "video"])
async def test_document_says_no_less_than_the_example(fediverse: Fediverse, name: str) -> None:
    example = json.loads((FOLDER / f"{name}.json").read_text())
    theirs = OWN | {"tag", "content", "contentMap", "image", "measures", "attachment"}

    said = await document_of(fediverse, WHOLE[name])

    assert {term: said.get(term) for term in example if term not in theirs} == {
        term: value for term, value in example.items() if term not in theirs
    }
    assert {(one["type"], one["name"]) for one in said["tag"]} >= {(one["type"], one["name"]) for one in example["tag"]}


@pytest.mark.parametrize("name", WHOLE)
async def test_another_node_reads_every_field_and_everyone_else_the_words(fediverse: Fediverse, name: str) -> None:
    said, draft = await document_of(fediverse, WHOLE[name]), WHOLE[name]

    back = documents.read(said, somebody(said["attributedTo"]), now=1_893_456_000_000, limits=Limits())
    plain = {term: said[term] for term in ("id", "type", "attributedTo", "content", "to", "cc", "published")}
    there = documents.read(plain, somebody(said["attributedTo"]), now=1_893_456_000_000, limits=Limits())

    assert (back.kind, back.title, json.loads(back.fields)) == (draft.kind, draft.title, dict(draft.fields))
    assert back.summary == ""
    assert [
        one
        for one in _words({**draft.fields, "translation": {}, "text": draft.text})
        if one not in " ".join(there.text.split())
    ] == []
    article = name in ("case_study", "blog")
    assert said["type"] == ("Article" if article else "Note")
    assert ("name" in said, bool(said.get("summary"))) == (article, article)
    assert (draft.title in there.text) is not article
    assert back.html.count(draft.title) == 1


# Fields that readers meet elsewhere: as hashtags, in other words, or beside an article.
APART = {
    "topics", "evidence", "strength", "licence", "review_by", "superseded_by", "teaser", "act", "cycle", "duration",
    "action_by", "captions", "accepted_answer", "source", "audience", "resource_kind",
}  # fmt: skip


def _words(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [one for name, inner in value.items() if name not in APART for one in _words(inner)]
    return [one for inner in value for one in _words(inner)] if isinstance(value, list) else str(value).split("\n\n")


async def test_a_content_warning_of_an_article_stays_one(fediverse: Fediverse) -> None:
    said = await document_of(fediverse, replace(WHOLE["blog"], summary="A death", sensitive=True))

    back = documents.read(said, somebody(said["attributedTo"]), now=1_893_456_000_000, limits=Limits())

    assert (back.summary, back.sensitive, json.loads(back.fields)) == ("A death", True, {"teaser": "On count boards."})


@pytest.mark.parametrize("term", ["audience", "source"])
def test_a_term_of_activitystreams_is_not_taken_for_ours(term: str) -> None:
    document = {
        "id": "https://a.example/1", "type": "Note", "attributedTo": "https://a.example/u", "kind": "sw:Resource",
        "title": "x", "content": "x", term: "https://b.example/",
    }  # fmt: skip

    back = documents.read(document, somebody("https://a.example/u"), now=1_893_456_000_000, limits=Limits())

    assert json.loads(back.fields) == {}


@pytest.mark.parametrize(
    "name", ["safety_note", "idea", "sbar_note", "case_study", "alert_signpost", "video", "mentoring_request"]
)
def test_example_is_read(name: str) -> None:
    example = json.loads((FOLDER / f"{name}.json").read_text())

    back = documents.read(example, somebody(example["attributedTo"]), now=1_893_456_000_000, limits=Limits())

    assert name.startswith(back.kind.value.replace("-", "_")) or name == "sbar_note"
    assert json.loads(back.fields).get("topics") == example.get("topic")
    assert back.type == example["type"]


@pytest.mark.parametrize("name", DRAFTS)
async def test_everyone_else_reads_all_of_it_in_a_plain_note(fediverse: Fediverse, name: str) -> None:
    said = await document_of(fediverse, DRAFTS[name])

    plain = {term: said[term] for term in ("id", "type", "attributedTo", "content", "to", "cc", "published")}
    back = documents.read(plain, somebody(said["attributedTo"]), now=1_893_456_000_000, limits=Limits())

    draft = DRAFTS[name]
    assert said["type"] == "Note"
    assert draft.title in back.text
    assert all(str(value) in back.text for field, value in draft.fields.items() if field in MORE)
