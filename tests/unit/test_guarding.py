"""What the privacy guard found, as it is kept and shown: nothing of a text is lost, and none of it is kept."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node import guarding, slips
from node.confidentiality.findings import Finding, Kind, Verdict
from node.confidentiality.guard import Named
from node.guarding import Why

TEXTS = st.text(max_size=60)
FOUND = st.builds(
    lambda start, length, kind, verdict, field: Finding(start, start + length, kind, verdict, field),
    st.integers(0, 70), st.integers(0, 30), st.sampled_from(Kind), st.sampled_from(Verdict),
    st.sampled_from(["status", "title", "media.1"]),
)  # fmt: skip
HELD = "My 84-year-old patient fell in bay 3 last Tuesday"


@given(text=TEXTS, found=st.lists(FOUND, max_size=6))
def test_a_marked_text_is_the_text(text: str, found: list[Finding]) -> None:
    pieces = slips.marked(text, "status", found)

    assert "".join(words for words, _ in pieces) == text
    assert all(words for words, _ in pieces)


@given(found=st.lists(FOUND, max_size=6))
def test_findings_come_back_as_they_were_kept(found: list[Finding]) -> None:
    assert slips.load(slips.dump(found)) == found


def test_what_is_kept_of_a_text_has_none_of_its_words() -> None:
    found = guarding.judged([Named("status", HELD)]).findings

    kept = slips.dump(found)

    assert found
    assert not any(word in kept for word in HELD.split() if len(word) > 3)


JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.integers() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=8,
)


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [one for part in inner for one in _texts(part)]


@given(
    fields=st.dictionaries(st.sampled_from(["situation", "sbar", "steps"]), JSON), text=TEXTS, options=st.lists(TEXTS)
)
def test_no_text_of_a_post_is_left_out_and_fields_are_named_once(
    fields: dict[str, Any], text: str, options: list[str]
) -> None:
    parts = guarding.parts(text, "A title", "", fields, options, ["A bed"])

    whole = "\n".join(one.text for one in parts)
    assert all(one in whole for one in [text, "A title", "A bed", *options, *_texts(fields)])
    assert len({one.field for one in parts}) == len(parts)


def test_what_was_there_before_counts_no_more_unless_it_may_stand_nowhere() -> None:
    number = "Her NHS number is 943 476 5919."
    held, both = [Named("status", HELD)], [Named("status", f"{HELD}. {number}")]

    assert guarding.judged(both, both).verdict is Verdict.BLOCK
    assert guarding.judged(held, held).verdict is Verdict.ALLOW
    assert guarding.judged(held, [Named("status", "A fall")]).verdict is Verdict.HOLD


def test_what_may_be_happening_now_is_urgent() -> None:
    now = Finding(0, 1, Kind.LIVE_INCIDENT, Verdict.HOLD, "status")

    assert Why([now]).urgent
    assert not Why([], newcomer=True).urgent


@pytest.mark.parametrize("place", [0, 9_000, 9_490, 9_990, 10_400, 40_000, 59_000])
def test_what_comes_in_a_long_text_is_found_where_it_stands(place: int) -> None:
    filler = "We look at the chart before the round. "
    before = (filler * 2_000)[:place].rsplit(" ", 1)[0] + " "
    text = f"{before}NHS number 943 476 5919 {filler * 20}"

    found = guarding.inbound([("status", text), ("title", "A title")], ())

    assert found is not None
    [one] = slips.load(found.found)
    assert (text[one.start : one.end], one.field, found.sure) == ("943 476 5919", "status", True)


def test_a_long_text_is_read_no_further_than_to_what_hides_it() -> None:
    found = guarding.inbound([("status", "dob 01/02/1950 " * 6_000)], ())

    assert found is not None
    assert max(one.end for one in slips.load(found.found)) <= guarding.PIECE
