"""A pattern that is tried only at the words that can begin it finds what it would find everywhere.

Whoever adds to a pattern what begins with another word has to add that word to its opening: this is what fails then.
"""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from node.confidentiality import blame, dates, guard, identifiers, matters, patterns, pressure, records, urgent
from node.confidentiality.patterns import Opening, Pattern
from tests.unit.confidentiality.corpus import demo, texts
from tests.unit.confidentiality.test_figures import SETS

SLOW = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]
ODD = re.compile(r"[a-z]'(?!(?:d|ll|m|re|s|t|ve)\b)\w")  # words that are joined so are known as a whole
OPENED = {
    "cries": (urgent.NOW, urgent.CRIES), "abuse": (urgent.HURT, urgent.HURTS),
    "pressed": (pressure.TAMPER, pressure.TAMPERING), "was pressed": (pressure.PASSIVE, pressure.BEING),
    "hushed": (pressure.HUSHED, pressure.HUSH), "gagged": (pressure.GAGGED, pressure.GAG),
    "blame": (blame.SAYS, blame.SAYINGS), "open": (matters.OPEN, matters.OPENED),
    "lost": (urgent.LOST, urgent.LOSING), "outbreaks": (urgent.OUTBREAK, urgent.SPREADING),
    "labels": (identifiers.LABEL, identifiers.LABELS),
    "endings": (identifiers.ENDING, identifiers.ENDED),
    "banks": (records.BANK, records.BANKS),
    "told births": (dates.PARTS, dates.TOLDS),
    "papers": (records.PAPERS, records.PAPER),
}  # fmt: skip


def _places(pattern: Pattern, opening: Opening, text: str) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    read = guard.taken_apart(text)
    opened = [match.span() for match in read.opened(pattern, opening)]
    return opened, [match.span() for match in pattern.finditer(read.text)]


@pytest.mark.parametrize("name", OPENED)
def test_what_can_begin_a_pattern_is_known(name: str) -> None:
    pattern, opening = OPENED[name]
    made = st.from_regex(re.compile(pattern.source, pattern.flags | re.ASCII), fullmatch=True)

    @given(made)
    @settings(max_examples=50, deadline=None, database=None, suppress_health_check=SLOW)
    def every_match_is_found(text: str) -> None:
        text = text.lower()
        assume(not ODD.search(text))
        opened, everywhere = _places(pattern, opening, text)
        assert opened[:1] == everywhere[:1]

    every_match_is_found()


def test_in_the_kept_texts_nothing_is_lost() -> None:
    for text in [*demo(), *(one.text for kept in SETS[::3] for one in texts(kept))]:
        for pattern, opening in OPENED.values():
            opened, everywhere = _places(pattern, opening, text)
            assert opened == everywhere, text


def test_every_pattern_can_be_made_ready() -> None:
    ready = list(patterns.compiled())

    assert len(ready) > 80
    assert all(one.fullmatch("\n\x00 ;") is None for one in ready)
