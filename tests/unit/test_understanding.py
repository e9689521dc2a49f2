"""What a plain text says of itself: kind, title and fields, with no word lost."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from node.sharing import understanding
from node.sharing.drafts import Draft
from node.sharing.understanding import HEADINGS, OPENINGS, SBAR, understood
from node.text import clean
from storage.kinds import Kind
from storage.posts import Visibility

NOTE = """Safety note: Look under the heel
Heels looked fine from above.

The damage sat on the back.
What helps: a mirror and a torch

#PressureUlcers #acute_ward"""


def test_a_safety_note_is_read_with_its_headings_and_topics() -> None:
    found = understood(NOTE)

    assert found is not None
    assert (found.kind, found.title) == (Kind.SAFETY_NOTE, "Look under the heel")
    assert found.fields == {
        "situation": "Heels looked fine from above.\n\nThe damage sat on the back.",
        "recommendation": "a mirror and a torch",
        "topics": ["pressure-ulcers"],
        "settings": ["acute-ward"],
    }
    assert found.text == "#PressureUlcers #acute_ward"


@pytest.mark.parametrize(
    ("typed", "kind", "title", "fields", "text"),
    [
        ("Idea: A seal\nOn every tray.", "idea", "A seal", {"proposal": "On every tray."}, ""),
        (
            "idea: A seal\nTrays are raided.\n**What we propose:** a seal\nHow would you know?\nTrays that are whole.",
            "idea", "A seal",
            {"problem": "Trays are raided.", "proposal": "a seal", "measure_of_success": "Trays that are whole."}, "",
        ),
        (
            "Resource: Site score card\nPictures of models.\nhttps://a.example/card\nMinutes: three\nVia: @rosa",
            "resource", "Site score card",
            {"description": "Pictures of models.", "source": "https://a.example/card", "via": "@rosa"},
            "Minutes:\nthree",
        ),
        (
            "Signpost: Recall of heel boots\nhttps://alerts.example/2\nAct by: 2026-12-18\nCheck the straps.",
            "alert-signpost", "Recall of heel boots",
            {"source": "https://alerts.example/2", "action_by": "2026-12-18", "tip": "Check the straps."}, "",
        ),
        ("Question: Who dries cannula sites first?", "question", "Who dries cannula sites first?", {}, ""),
        (
            "Thanks to @skin_links@northmoor.example: twelve weeks without a new ulcer.", "thanks",
            "To @skin_links@northmoor.example",
            {"whom": "@skin_links@northmoor.example", "deed": "twelve weeks without a new ulcer."}, "",
        ),
        ("Blog: Boring boards\nThat is why it works.", "blog", "Boring boards", {}, "That is why it works."),
        (
            "Safety note: Moves\nSituation: a\nBackground: b\nAssessment: c\nRecommendation: d", "safety-note", "Moves",
            {"sbar": {"situation": "a", "background": "b", "assessment": "c", "recommendation": "d"}}, "",
        ),
        (
            "Case study: Heels\nAim: half in a year\nWhat did not work: posters", "case-study", "Heels",
            {"aim": "half in a year", "did_not_work": "posters"}, "",
        ),
    ],
)  # fmt: skip
def test_a_first_line_makes_a_kind(typed: str, kind: str, title: str, fields: dict[str, Any], text: str) -> None:
    found = understood(typed)

    assert found is not None
    assert (found.kind.value, found.title, found.fields, found.text) == (kind, title, fields, text)


@pytest.mark.parametrize(
    "typed",
    [
        "", "Good morning.", "My idea: a seal", "Idea:\nA seal", "Idea:a seal\nx", "Safety note: Heels\nNo help yet.",
        "Idea: A seal", "Blog: Nothing more", "Video: Open, set, feel\nhttps://a.example/v", "Thanks to all",
        "Thanks to @rosa:", "Resource: " + "x" * 201 + "\nhttps://a.example", "https://idea: x",
    ],
)  # fmt: skip
def test_what_is_not_whole_stays_a_plain_post(typed: str) -> None:
    assert understood(typed) is None


@pytest.mark.parametrize(
    "more",
    [{"in_reply_to_id": 7}, {"visibility": Visibility.DIRECT}, {"kind": Kind.IDEA}, {"title": "x"}],
)
def test_talk_and_what_is_of_a_kind_are_left_alone(more: dict[str, Any]) -> None:
    draft = Draft(NOTE, **more)

    assert understanding.meant(draft) is draft


HEADS = sorted({head for table in HEADINGS.values() for head in table if head} | set(SBAR) | {"when", "note", "harm"})
LINES = st.one_of(
    st.text(max_size=40),
    st.sampled_from(HEADS).flatmap(
        lambda head: st.sampled_from([f"{head}: alpha beta", f"**{head.title()}:**", f"{head}:"])
    ),
    st.sampled_from(
        ["#Falls", "#falls and more", "https://a.example/x", "https://b.example", "", "- beta", "2027-11-20", "3"]
    ),
)


def strings(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [one for inner in value.values() for one in strings(inner)]
    return [one for inner in value for one in strings(inner)] if isinstance(value, list) else [str(value)]


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


@settings(max_examples=80, deadline=None)
@given(
    opening=st.sampled_from([f"{one.title()}: " for one in OPENINGS] + ["Thanks to @rosa: "]),
    title=st.text(max_size=30),
    lines=st.lists(LINES, max_size=8),
)
def test_no_word_is_lost(opening: str, title: str, lines: list[str]) -> None:
    typed = "\n".join([opening + title, *lines])

    found = understood(typed)

    if found is None:
        return
    kept = words("\n".join([found.title, found.text, *strings(found.fields)]))
    headings = {word for head in [*HEADS, *OPENINGS, "thanks to"] for word in head.lower().split()}
    lost = Counter(words(clean(typed))) - Counter(kept)
    assert [one for one in lost if one.lower() not in headings] == []
