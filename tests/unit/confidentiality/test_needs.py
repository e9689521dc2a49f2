"""A rule whose need is not met in a text would find nothing in it: so it is safe not to ask it.

Whoever lets a rule find something by other words than its need names has to add them there: this is what fails then.
"""

from __future__ import annotations

import json
from itertools import chain

from hypothesis import given, settings
from hypothesis import strategies as st

from bench import words as bench_words
from node.confidentiality import dates, guard, weighing
from node.confidentiality.dates import Day
from node.confidentiality.findings import Finding, Kind, Verdict
from node.confidentiality.passage import Passage, split
from tests.unit.confidentiality.corpus import DEMO, demo, texts
from tests.unit.confidentiality.test_figures import SETS
from tests.unit.confidentiality.test_hostile import REPEATED, WORDS

BETWEEN = [" ", " ", " ", ". ", ", ", "\n", "-", "'s ", " (", "/", "? ", "! ", ": ", "\u2019", "'", "", " #"]
KNOWN = sorted({*guard.signs().known, *chain.from_iterable(guard.signs().pairs)} - {"0"})
NUMBERS = [
    "3",
    "12",
    "91",
    "1950",
    "12/3",
    "3.4.47",
    "3rd",
    "E4",
    "2AB",
    "SM19",
    "9434765919",
    "078",
    "QQ123456C",
    "4O1l",
]


def _asked_in_vain(text: str) -> None:
    """Every rule that is not wanted is asked all the same."""
    words = split(text)
    here = guard.signs().glance(words)
    met = guard.signs().met(here.seen)
    if not words.words:
        return
    read = guard.taken_apart(text)
    days = dates.days(read)
    assert not days or guard.DAYS in met, (text, days)
    for rule in guard.RULES:
        if guard.PLACES[rule] not in met:
            assert list(rule(read, days)) == [], text
    if not guard.may_come_to_anything(words, here):
        assert list(weighing.find(read)) == [], text
    everything = guard._all(read, guard.RULES, dated=True, weighed=True)
    assert guard.check(text) == guard.told(read, everything), text


def _pieces(text: str) -> list[str]:
    return [one for one in text.replace("\n", " ").split(". ") if one]


UNSEEN = ("../unseen", "../unseen_second", "../unseen_third", "../unseen_fifth")
KEPT = [one.text for name in (*SETS, "holdout_29", *UNSEEN) for one in texts(name)]
PIECES = [piece for text in [*KEPT, *demo()] for piece in _pieces(text)]


def test_no_rule_would_find_anything_in_the_kept_texts_where_it_is_not_asked() -> None:
    fields = [str(one) for line in DEMO.read_text(encoding="utf-8").splitlines() for one in json.loads(line).values()]
    repeated = [(piece * 60)[:300] for piece in REPEATED]

    for text in [*KEPT, *demo(), *fields, *repeated]:
        _asked_in_vain(text)


@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=4).map(". ".join))
@settings(max_examples=150, deadline=None)
def test_nor_where_their_sentences_are_put_together_anew(text: str) -> None:
    _asked_in_vain(text)


@given(
    st.lists(
        st.tuples(st.sampled_from(KNOWN) | st.sampled_from(NUMBERS + WORDS), st.sampled_from(BETWEEN)), max_size=25
    )
)
@settings(max_examples=250, deadline=None)
def test_nor_in_any_order_of_the_words_that_rules_know(parts: list[tuple[str, str]]) -> None:
    text = "".join(word + between for word, between in parts)

    _asked_in_vain(text)
    _asked_in_vain(text.title())
    _asked_in_vain(text.upper())


@given(st.text(max_size=80))
@settings(max_examples=100, deadline=None)
def test_nor_in_any_text_whatever(text: str) -> None:
    _asked_in_vain(text)


def test_a_rule_whose_need_is_not_told_is_asked_of_every_text() -> None:
    asked: list[str] = []

    def curious(read: Passage, _days: list[Day]) -> list[Finding]:
        asked.append(read.text)
        return [Finding(0, 4, Kind.RARE_COMBO, Verdict.HOLD)]

    judged = guard.check("Tea at noon.", rules=(*guard.RULES, curious))

    assert (asked, judged.verdict) == (["Tea at noon."], Verdict.HOLD)


def test_few_ordinary_posts_want_a_rule_at_all() -> None:
    posts = bench_words._contents()
    wanted = [post for post in posts if guard.signs().met(guard.signs().glance(split(post)).seen) - {guard.DAYS}]

    assert len(posts) > 150
    assert len(wanted) < 0.4 * len(posts)
