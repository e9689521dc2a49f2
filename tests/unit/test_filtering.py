"""Which words of a filter match which text."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.surfacing.filtering import first, text_of
from storage.filters import Keyword


def found(keyword: str, text: str, *, whole_word: bool) -> str | None:
    return first([Keyword(1, 1, keyword, 1 if whole_word else None)], text_of(text))


@pytest.mark.parametrize(
    ("keyword", "text", "whole", "part"),
    [
        ("fall", "A Fall on the ward", "Fall", "Fall"),
        ("fall", "Falls on the ward", None, "Fall"),
        ("fall", "a rainfall", None, "fall"),
        ("fall", "fall", "fall", "fall"),
        ("#falls", "see #falls!", "#falls", "#falls"),
        ("#falls", "see#falls", "#falls", "#falls"),
        ("#falls", "#fallsafe", None, "#falls"),
        ("c++", "we wrote C++17", "C++", "C++"),
        ("élan", "ÉLAN vital", "ÉLAN", "ÉLAN"),
        ("elan", "élan", None, None),
        ("élan", "e\u0301lan", "élan", "élan"),
        ("падение", "Падение в палате", "Падение", "Падение"),
        ("падение", "падением", None, "падение"),
        ("two words", "Two words here", "Two words", "Two words"),
        (".*", "anything", None, None),
        ("a", "", None, None),
        ("転倒", "病棟での転倒事故", None, "転倒"),
    ],
)
def test_a_keyword_matches_as_mastodon_matches_it(keyword: str, text: str, whole: str | None, part: str | None) -> None:
    assert found(keyword, text, whole_word=True) == whole
    assert found(keyword, text, whole_word=False) == part


@given(st.text(min_size=1, max_size=8), st.text(max_size=40), st.text(max_size=40))
def test_what_stands_in_a_text_is_found_in_it(keyword: str, before: str, after: str) -> None:
    text = text_of(before + " " + keyword + " " + after).shown
    if keyword in text:
        assert found(keyword, text, whole_word=False) is not None


@given(st.text("aAbB #é", min_size=1, max_size=4), st.text("aAbB #é", max_size=30), st.booleans())
def test_the_quick_look_misses_nothing_that_the_pattern_finds(keyword: str, text: str, whole_word: bool) -> None:
    ends = (r"\b" if re.match(r"\w", keyword) else "", r"\b" if re.search(r"\w\Z", keyword) else "")
    start, end = ends if whole_word else ("", "")
    pattern = re.search(start + re.escape(keyword) + end, text, re.IGNORECASE)

    assert found(keyword, text, whole_word=whole_word) == (None if pattern is None else pattern[0])
