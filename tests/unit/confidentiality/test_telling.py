"""What a member reads: what it looks like, where it is, what to do."""

from __future__ import annotations

import pytest

from node.confidentiality import guard, telling
from node.confidentiality.findings import Finding, Judgement, Kind, Verdict


def test_a_blocked_text_says_what_where_and_that_nothing_was_stored() -> None:
    judged = guard.check("Look at this one: 999 456 7810, please.")

    assert telling.message(judged) == (
        "Not published: this looks like an NHS number (characters 19-30). Remove it and post again. Nothing was stored."
    )


def test_the_gravest_finding_is_told_first_and_with_its_field() -> None:
    judged = guard.check_all([guard.Named("title", "Mr Okonjo fell"), guard.Named("content", "NHS 999 456 7810")])

    assert "an NHS number (content, characters 5-16)" in telling.message(judged)


def test_nothing_found_says_nothing() -> None:
    assert telling.message(guard.check("The heel round began in May.")) == ""


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("verdict", [Verdict.BLOCK, Verdict.HOLD, Verdict.WARN])
def test_every_kind_has_its_words_and_no_text_is_quoted(kind: Kind, verdict: Verdict) -> None:
    said = telling.message(Judgement((Finding(0, 4, kind, verdict),)))

    assert "(characters 1-4)" in said
    assert "{" not in said
