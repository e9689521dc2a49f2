"""How well the guard does on texts of the corpus, on texts that it was not written for, and on innocent ones.

The first runs on the hold-outs, before any rule was changed for them, are in docs/decisions/privacy-guard.md; the
figures here are those after, and keep the rules from getting worse.
"""

from __future__ import annotations

import json

import pytest

from node.confidentiality import guard
from node.confidentiality.findings import GRAVITY, Verdict
from tests.unit.confidentiality.corpus import NUMBERS, TEXTS, demo, figures, texts

SETS = ("privacy_dev", "holdout", *(f"holdout_{number}" for number in (*range(2, 29), *range(30, 39))))
HARD = {f"holdout_{number}" for number in range(13, 18)}  # stories without a telling word; the rules were not fitted to
FOUND, FOUND_OF_HARD = 0.90, 0.75


@pytest.mark.parametrize("name", SETS)
def test_what_identifies_is_found_and_little_else(name: str) -> None:
    seen = figures(texts(name))

    assert seen.precision >= 0.90, seen.false
    assert seen.recall >= (FOUND_OF_HARD if name in HARD else FOUND), seen.missed


def test_nothing_innocent_is_blocked() -> None:
    assert [figures(texts(name)).false_blocks for name in SETS] == [()] * len(SETS)


def test_every_number_of_a_patient_is_found() -> None:
    numbered = [one for name in SETS for one in texts(name) if one.kind in NUMBERS]

    assert len(numbered) > 50
    assert figures(numbered).missed == ()


@pytest.mark.parametrize("name", SETS)
def test_what_must_be_blocked_is_not_only_held(name: str) -> None:
    milder = [
        one.id
        for one in texts(name)
        if one.action is Verdict.BLOCK and GRAVITY[guard.check(one.text).verdict] < GRAVITY[Verdict.BLOCK]
    ]

    assert milder == []


def test_at_most_one_in_a_hundred_of_the_sample_content_is_held() -> None:
    posts = demo()
    held = [text for text in posts if guard.check(text).verdict is not Verdict.ALLOW]

    assert len(posts) >= 250
    assert len(held) <= len(posts) // 100, held


def test_the_set_that_is_read_stays_found() -> None:
    lines = map(json.loads, (TEXTS.parent / "unseen_fifth.jsonl").read_text(encoding="utf-8").splitlines())
    numbered = [one["text"] for one in lines if one["labelled_number"]]

    seen = figures(texts("../unseen_fifth"))

    assert (seen.missed, seen.false) == ((), ())
    assert len(numbered) == 45
    assert [text for text in numbered if GRAVITY[guard.check(text).verdict] < GRAVITY[Verdict.HOLD]] == []


def test_few_ordinary_texts_are_asked_about() -> None:
    ordinary = texts("holdout_29")

    asked = [one.id for one in ordinary if guard.check(one.text).verdict is not Verdict.ALLOW]

    assert len(ordinary) == 40
    assert len(asked) <= len(ordinary) // 20, asked
