"""A spread on its way: it says what the kept example says, and another node reads it back whole."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from federation.documents import kinds
from federation.documents import posts as documents
from federation.site import Limits
from node.sharing import posts as sharing
from node.sharing.drafts import Draft
from storage.kinds import Kind
from storage.posts import Post
from tests.documents.test_corpus import somebody
from tests.federation.remote import AS2
from tests.serving import Fediverse

EXAMPLE = json.loads((Path(__file__).parent / "spread.json").read_text(encoding="utf-8"))
IDEA = Draft(
    "", kind=Kind.IDEA, title="A make-up mirror on every skin trolley", fields={"proposal": "Tie a mirror to each."}
)


def paragraphs(html: str, idea: str) -> set[str]:
    """What the paragraphs say and where they link, in whatever order and weight; of the idea by one name."""
    plain = re.sub(r"</?strong>| rel=\"[^\"]*\"", "", html).replace(idea, "IDEA")
    return {re.sub(r"\.</p>", "</p>", one) for one in re.findall(r"<p>.*?</p>", plain)}


async def test_it_says_what_the_example_says_and_is_read_back(fediverse: Fediverse) -> None:
    node = await fediverse.node("northmoor.example")
    rosa, gethin = await node.account("rosa_quill"), await node.account("gethin_morlais")
    async with node.database.writing() as db:
        idea, _ = await sharing.publish(db, node.node, rosa, IDEA, {})
        assert isinstance(idea, Post)
        fields = {
            "topics": ["pressure-ulcers"], "outcome": "adapted", "derived_from": idea.uri,
            "what_changed": "a pocket-sized steel mirror.",
        }  # fmt: skip
        draft = Draft("", kind=Kind.SPREAD, title="Heel mirror in the community bag", language="en-GB", fields=fields)
        post, _ = await sharing.publish(db, node.node, gethin, draft, {})
    assert isinstance(post, Post)
    async with node.client() as http:
        said = (await http.get(post.uri, headers={"accept": AS2})).json()

    for term in ("type", "kind", "attributedTo", "to", "topic", "outcome"):
        assert said[term] == EXAMPLE[term], term
    assert said["derivedFrom"] == idea.uri
    assert said["cc"] == [*EXAMPLE["cc"], rosa.uri]
    assert paragraphs(said["content"], idea.url) == paragraphs(
        EXAMPLE["content"], "https://northmoor.example/@rosa_quill/i1"
    )
    tags = {(one["type"], one["name"]) for one in said["tag"]}
    assert {(one["type"], one["name"]) for one in EXAMPLE["tag"]} <= tags
    assert ("Mention", "@rosa_quill@northmoor.example") in tags
    assert ("Link", idea.uri) in tags
    back = documents.read(said, somebody(said["attributedTo"]), now=1_893_456_000_000, limits=Limits())
    assert (back.kind, back.title, json.loads(back.fields)) == (Kind.SPREAD, draft.title, fields)


def test_the_example_is_read() -> None:
    back = documents.read(EXAMPLE, somebody(EXAMPLE["attributedTo"]), now=1_893_456_000_000, limits=Limits())

    assert back.kind is Kind.SPREAD
    assert json.loads(back.fields) == {
        "topics": ["pressure-ulcers"], "derived_from": "https://northmoor.example/objects/i1", "outcome": "adapted",
    }  # fmt: skip


@pytest.mark.parametrize("form", ["one", "many", "object", "objects"])
def test_what_it_builds_on_is_read_in_every_form_that_servers_write(form: str) -> None:
    idea = "https://northmoor.example/objects/i1"
    given = {"one": idea, "many": [idea], "object": {"id": idea}, "objects": [{"id": idea}]}[form]

    found = kinds.fields_of(Kind.SPREAD, {"derivedFrom": given, "sameProblem": given})

    assert found is not None
    assert (found.derived_from, found.same_problem) == (idea, (idea,))
