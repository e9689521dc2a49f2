"""Safety notes and ideas on their way: as the kept examples, whole for another node, plain for everyone else."""

from __future__ import annotations

import json
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
# What each node says in its own way: addresses, times; and what a later issue brings.
OWN = {"@context", "id", "url", "published", "attributedTo", "cc", "spread", "replies", "likes", "shares", "title"}
MORE = {"situation", "recommendation", "proposal", "details"}  # the fields of which the example has only the HTML
# Words that the example says otherwise: our text has a part for each field.
WORDS = {"mentoring_request": {"content", "contentMap", "details"}}
SINCE = {"interactionPolicy"}  # what documents say of every post, newer than the examples


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


@pytest.mark.parametrize("name", ["safety_note", "idea", "sbar_note", "mentoring_request"])
def test_example_is_read(name: str) -> None:
    example = json.loads((FOLDER / f"{name}.json").read_text())

    back = documents.read(example, somebody(example["attributedTo"]), now=1_893_456_000_000, limits=Limits())

    named = {"idea": Kind.IDEA, "mentoring_request": Kind.MENTORING_REQUEST}
    assert back.kind is named.get(name, Kind.SAFETY_NOTE)
    assert json.loads(back.fields)["topics"] == example["topic"]
    assert back.type == "Note"


@pytest.mark.parametrize("name", DRAFTS)
async def test_everyone_else_reads_all_of_it_in_a_plain_note(fediverse: Fediverse, name: str) -> None:
    said = await document_of(fediverse, DRAFTS[name])

    plain = {term: said[term] for term in ("id", "type", "attributedTo", "content", "to", "cc", "published")}
    back = documents.read(plain, somebody(said["attributedTo"]), now=1_893_456_000_000, limits=Limits())

    draft = DRAFTS[name]
    assert said["type"] == "Note"
    assert draft.title in back.text
    assert all(str(value) in back.text for field, value in draft.fields.items() if field in MORE)
