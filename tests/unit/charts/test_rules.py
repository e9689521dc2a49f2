"""The rules of charts: the published vectors, the exact table of runs, and what must hold for any numbers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.learning.charts import rules

VECTORS = json.loads((Path(__file__).parents[2] / "vectors" / "spc.json").read_text())
KINDS = {"xmr": (0, False), "xmr_screened": (0, True), "xmr_baseline_10": (10, False)}
# Integers: what holds for them exactly holds for others up to rounding, which is not what is tested here.
VALUES = st.lists(st.integers(-50, 50), min_size=3, max_size=40)
BY_HAND = {10: (3, 9), 12: (4, 10), 15: (5, 12), 16: (5, 13), 18: (6, 14), 20: (7, 15), 24: (8, 18), 30: (11, 21),
           40: (15, 27), 60: (24, 38)}  # fmt: skip


def flags(values: Sequence[float], lines: rules.Limits, **more: int) -> list[list[str]]:
    found: list[set[str]] = [set() for _ in values]
    for one in rules.causes(values, lines, **more):
        for place in one.points:
            found[place].add(one.label)
    return [sorted(one) for one in found]


@pytest.mark.parametrize("vector", VECTORS, ids=[one["name"] for one in VECTORS])
@pytest.mark.parametrize("kind", KINDS)
def test_limits_and_special_causes_are_those_of_the_vectors(vector: dict[str, Any], kind: str) -> None:
    baseline, screen = KINDS[kind]
    values, wanted = vector["values"], vector[kind]
    if wanted is None:  # too few points for this baseline
        assert len(values) < baseline
        return

    lines = rules.limits(values[:baseline] if baseline else values, screen=screen)

    said = {"centre": lines.centre, "amr": lines.range, "upper": lines.upper, "lower": lines.lower,
            "mr_upper": lines.range_upper}  # fmt: skip
    assert {name: round(value, 4) for name, value in said.items()} == {name: wanted[name] for name in said}
    assert flags(values, lines) == wanted["flags"]


@pytest.mark.parametrize("vector", VECTORS, ids=[one["name"] for one in VECTORS])
def test_run_charts_are_those_of_the_vectors(vector: dict[str, Any]) -> None:
    runs, wanted = rules.run_chart(vector["values"], vector["values"]), vector["run"]

    assert (runs.centre, runs.useful, runs.runs) == (wanted["median"], wanted["useful"], wanted["runs"])
    assert (runs.low, runs.high, runs.signal or None) == (wanted["low"], wanted["high"], wanted["runs_signal"])
    for label in ("shift", "trend"):
        assert [[one.points[0], one.end] for one in runs.found if one.label == label] == wanted[label]


@pytest.mark.parametrize("useful", BY_HAND)
def test_the_number_of_runs_is_exact(useful: int) -> None:
    assert rules.ordinary_runs(useful) == BY_HAND[useful]


@given(VALUES, st.integers(-1000, 1000))
def test_values_that_are_all_moved_move_their_limits(values: list[int], by: int) -> None:
    before, after = rules.limits(values), rules.limits([one + by for one in values])

    for name in ("centre", "upper", "lower"):
        assert getattr(after, name) == pytest.approx(getattr(before, name) + by, abs=1e-9)
    assert after.range == before.range


@given(VALUES)
def test_what_is_mirrored_has_the_same_causes_on_the_other_side(values: list[int]) -> None:
    mirrored = [-one for one in values]

    found = rules.causes(values, rules.limits(values))
    other = rules.causes(mirrored, rules.limits(mirrored))

    assert [(one.label, one.side, one.points) for one in found] == [
        (one.label, -one.side, one.points) for one in other
    ]  # fmt: skip


@given(VALUES)
def test_every_point_that_carries_a_cause_is_where_that_cause_says(values: list[int]) -> None:
    lines = rules.limits(values)

    for one in rules.causes(values, lines):
        if one.label == rules.SHIFT:
            assert len(one.points) >= 7 and all(rules.sign(values[at] - lines.centre) == one.side for at in one.points)
        if one.label == rules.OUTSIDE:
            [at] = one.points
            assert values[at] > lines.upper if one.side > 0 else values[at] < lines.lower
        if one.label == rules.NEAR:
            assert all(lines.lower <= values[at] <= lines.upper for at in one.points)


@given(st.lists(st.integers(0, 400), min_size=3, max_size=30))
def test_lines_of_rare_events_are_days_again(days: list[int]) -> None:
    lines = rules.back(rules.limits(rules.rare(days)))

    assert 0 <= lines.lower <= lines.centre <= lines.upper
    assert lines.centre <= max(days) + 1e-6


def test_other_lengths_of_runs_can_be_chosen() -> None:
    values = [1, 3, 1, 3, 1, 3, 9, 9, 9, 9, 9, 9]
    lines = rules.Limits(5, 4, 15.64, -5.64, 13)

    assert [one.label for one in rules.causes(values, lines)] == []
    assert [one.label for one in rules.causes(values, lines, shift_len=6)] == ["shift", "shift"]
