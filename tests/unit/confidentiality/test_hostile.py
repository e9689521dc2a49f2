"""Texts that nobody writes: the guard neither fails nor takes longer than in proportion to their length."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from node.confidentiality import guard
from node.confidentiality.findings import Verdict

SHORT, LONG = 6_000, 24_000  # characters
OFTEN = 3
WORDS = [
    "NHS", "number", "999 456 7810", "9994567810", "12/03/1947", "born", "dob", "Mr", "Mrs", "pt", "bed 6",
    "Doris", "doris",
    "A.B.", "AB", "his", "wife", "last", "Tuesday", "91", "year", "old", "Ward 7", "fell", "died", "Dr", "lied",
    "told", "me to",
    "change", "the", "chart", "HELP", "just given", "10 mg", "bruises", "carer", "QX4 7TB", "17", "Close",
    "07700 900417",
    "a@b.example", "@abc", "https://epr.example/patient/1234567", "x_Doris.jpg", "nine", "double", "fourth", "of",
    "May",
    ".", ",", "(", "\n", "'s", "-", "\u200b", "é", "ﬁ", "９", "О", "\U0001f600", "\ud800", "٣", "½", "\x00",
]  # fmt: skip
REPEATED = [
    "a", "1", "0", " ", "a ", "1 ", "9 ", "-", ".", "@", "/", "\u200b", "é", "ﷺ", "O", "1O", "NHS ", "NHS NHS number ",
    "nhs no 999 456 7810 ", "9994567810 ", "12/03/2025 ", "12 March 1947 ", "born 12/3/47 ", "his wife ", "Mr ",
    "Mr Smith ",
    "A.B. ", "AB ", "told me to change ", "just given 10 mg to him help ", "help ", "bruises on her by the carer ",
    "Dr lied ",
    "the only ", "91 year old farmer on Ward 7 last Tuesday fell ", "a@b.c ", "@abc ", "QX4 7TB ", "17 Marlpit Close ",
    "https://epr.example/patient/9993216542 ", "x.jpg ", "a_b_", "Aa ", "Aa-", "nine ", "double nine ", "bed 6 ",
    "1/1/1 ",
    "07700 900417 ", "first of the second ", "\n", "'", "1.2.3.4.5.6.7.8.", "since I raised ", "hospital no ",
    "sort code ", "a at b dot c mail ", "her birthday 3 May ", "Zebulon was ill. She ", "Our nurse forgot her. ",
    "he is going ",
    "oh seven double nine ", "RXX900124 ", "She fell. He hid it. Nobody came! ",
]  # fmt: skip


def _seconds(text: str) -> float:
    """CPU time, the least of a few."""
    least = float("inf")
    for _ in range(OFTEN):
        before = time.process_time()
        guard.check(text)
        least = min(least, time.process_time() - before)
    return least


@pytest.mark.parametrize("piece", REPEATED)
def test_four_times_the_text_takes_about_four_times_as_long(piece: str) -> None:
    short, long = (piece * (length // len(piece)) for length in (SHORT, LONG))

    assert _seconds(long) < 9 * max(_seconds(short), 0.002)  # a quadratic rule takes sixteen times as long


@given(st.lists(st.sampled_from(WORDS) | st.text(max_size=8), max_size=40), st.sampled_from(["", " ", "  ", "\n"]))
@settings(max_examples=400, deadline=None)
def test_every_text_is_judged_and_findings_lie_within_it(pieces: list[str], between: str) -> None:
    text = between.join(pieces)

    judged = guard.check(text)

    assert judged.verdict in Verdict
    for one in judged.findings:
        assert 0 <= one.start < one.end <= len(text)
        assert text[one.start : one.end].strip("\u200b\ufeff") or not text.isascii()
    assert all(one.end <= two.start for one, two in zip(judged.findings, judged.findings[1:], strict=False))


@given(st.text())
@settings(max_examples=300, deadline=None)
def test_any_text_whatever_is_judged(text: str) -> None:
    for one in guard.check(text).findings:
        assert 0 <= one.start < one.end <= len(text)


@given(st.text())
@settings(max_examples=300, deadline=None)
def test_every_word_is_in_the_text_where_it_is_said_to_be(text: str) -> None:
    read = guard.taken_apart(text)

    assert len(read.normal.places) == len(read.text)
    assert list(read.normal.places) == sorted(read.normal.places)
    assert all(0 <= place < len(text) for place in read.normal.places)


def test_only_so_many_findings_are_told() -> None:
    assert len(guard.check("NHS 999 456 7810. " * 1000).findings) == guard.MOST


def test_many_milder_findings_do_not_hide_a_graver_one() -> None:
    assert guard.check("Mr Okonjo fell. " * 200 + "NHS 999 456 7810.").verdict is Verdict.BLOCK
