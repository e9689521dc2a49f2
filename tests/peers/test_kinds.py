"""Safety notes and ideas on servers that never heard of them: a Note that says it all, our terms beside it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.peers.conftest import Friends
from tests.peers.machines import until

pytestmark = pytest.mark.xdist_group("peers")

SAFETY_NOTE: dict[str, Any] = {
    "kind": "safety-note",
    "title": "Look under the heel",
    "fields": {
        "topics": ["pressure-ulcers"],
        "settings": ["acute-ward"],
        "situation": "Heels looked fine from above.",
        "recommendation": "Lift the leg, use a mirror.",
        "harm": "low",
        "composite": True,
    },
}
IDEA: dict[str, Any] = {
    "kind": "idea",
    "title": "Mirrors on sticks",
    "fields": {
        "topics": ["pressure-ulcers"],
        "problem": "Nobody can see under a heel.",
        "proposal": "A mirror on a stick in every bay.",
        "measure_of_success": "Ulcers found a day earlier.",
        "cost": "Two pounds each",
    },
}
TERMS = {
    "safety-note": {
        "kind": "sw:SafetyNote", "title": "Look under the heel", "topic": ["pressure-ulcers"], "harm": "low",
        "setting": ["acute-ward"], "situation": "Heels looked fine from above.", "composite": True,
        "recommendation": "Lift the leg, use a mirror.",
    },
    "idea": {
        "kind": "sw:Idea", "title": "Mirrors on sticks", "problem": "Nobody can see under a heel.",
        "proposal": "A mirror on a stick in every bay.", "measureOfSuccess": "Ulcers found a day earlier.",
        "cost": "Two pounds each",
    },
}  # fmt: skip
EACH = pytest.mark.parametrize("post", [SAFETY_NOTE, IDEA], ids=["safety note", "idea"])


@EACH
def test_a_structured_post_is_read_as_a_note_with_all_its_text(friends: Friends, post: dict[str, Any]) -> None:
    shared = friends.member.post("/api/v1/statuses", sharewell=post)

    read = friends.peer.understood(friends.peer.heard("Create", shared["uri"]))

    assert read["type"] == "Note"
    texts = [one for one in post["fields"].values() if isinstance(one, str) and " " in one]
    assert [one for one in [post["title"], *texts] if one not in read["content"]] == []


@EACH
def test_a_structured_post_arrives_with_its_terms(friends: Friends, post: dict[str, Any]) -> None:
    shared = friends.member.post("/api/v1/statuses", sharewell=post)

    create = friends.peer.heard("Create", shared["uri"])

    assert create.document["object"] | TERMS[post["kind"]] == create.document["object"]


def test_a_reply_to_a_safety_note_stands_below_it(friends: Friends) -> None:
    shared = friends.member.post("/api/v1/statuses", sharewell=SAFETY_NOTE)
    path = f"/api/v1/statuses/{shared['id']}/context"

    reply = friends.peer.note("<p>Same here.</p>", inReplyTo=shared["uri"], to=[friends.member.actor.uri])

    below = until(lambda: friends.member.get(path)["descendants"], "the reply arrives")
    assert [one["uri"] for one in below] == [reply]
