"""Searches are widened by words that mean the same."""

from __future__ import annotations

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage import vocabularies, widening
from storage.search import expression
from storage.widening import ALTERNATIVES, WORDS, sought

TERMS = sorted({term for topic in vocabularies.topics().values() for term in topic.terms})
ANY = sorted({word for topic in vocabularies.topics().values() for word in (*topic.terms, *topic.synonyms)})
TYPED = st.one_of(st.sampled_from(ANY), st.text(max_size=12), st.sampled_from(['"', "AND", "*", "'", ":", "NEAR("]))
INDEX = sqlite3.connect(":memory:")
INDEX.execute("CREATE VIRTUAL TABLE words USING fts5 (text, tokenize = 'porter unicode61')")


@given(st.sampled_from(TERMS), st.sampled_from(TERMS))
def test_what_means_the_same_finds_each_other(one: str, other: str) -> None:
    def finds(typed: str, found: str) -> bool:
        keys = {widening.key(widening.words(said)) for said in sought(typed).others}
        return widening.key(widening.words(found)) in keys

    assert finds(one, other) == finds(other, one)


@given(st.lists(TYPED, max_size=9))
def test_any_search_is_bounded_and_one_that_the_index_takes(typed: list[str]) -> None:
    found = sought(" ".join(typed))

    assert sum(len(unit.words) for unit in found.units) <= WORDS
    assert len(found.others) <= ALTERNATIVES
    assert all(not unit.others for unit in found.units if unit.exact)
    if found.units:
        INDEX.execute("SELECT rowid FROM words WHERE words MATCH ?", (expression(found, "sqlite"),)).fetchall()


@pytest.mark.parametrize(
    ("tag", "topic"),
    [("venflon", "cannulation"), ("pressureulcers", "pressure-ulcers"), ("wlseraupwyso", "pressure-ulcers"),
     ("bedsores", "pressure-ulcers"), ("data", ""), ("leave", ""), ("news2", "deterioration"), ("cats", "")],
)  # fmt: skip
def test_hashtags_are_about_topics_unless_they_are_everyday_words(tag: str, topic: str) -> None:
    assert vocabularies.topic_of_tag(tag) == topic


def test_words_that_mean_just_a_topic_are_of_one_topic_only() -> None:
    owners: dict[tuple[str, ...], set[str]] = {}
    for topic in vocabularies.topics().values():
        for term in topic.terms:
            owners.setdefault(widening.key(widening.words(term)), set()).add(topic.id)

    assert {term: topics for term, topics in owners.items() if len(topics) > 1} == {}


@pytest.mark.parametrize(
    ("typed", "meant"), [("presure ulcers", "Pressure ulcers"), ("canula", "cannula"), ("zebra", ""), ("venflon", "")]
)
def test_misspelt_words_of_the_field_are_known(typed: str, meant: str) -> None:
    assert widening.misspelt(typed) == meant
