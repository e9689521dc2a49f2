"""What a chart says of a measure: where limits come from, what is better, and the sentence a reader needs."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.learning import measures as use
from node.learning.charts import drawing, judging, saying, showing
from storage.series import Annotation, Point, Rebase, Series, WrongSeries, checked, dumped, loaded

STABLE = [12, 14, 11, 13, 12, 15, 13, 11, 14, 12, 13, 12]


def measure(values: Sequence[float], **more: object) -> Series:
    points = tuple(Point(f"{2024 + place // 12}-{place % 12 + 1:02}", float(one)) for place, one in enumerate(values))
    return checked(replace(Series("Falls", points=points), **more))  # type: ignore[arg-type]  # fields of a record


def test_limits_are_locked_over_the_first_twelve_points() -> None:
    short, long = judging.judge(measure(STABLE)), judging.judge(measure([*STABLE, 30, 31, 32]))

    assert short.stretches[0].lines == long.stretches[0].lines
    assert "first 12 points" in " ".join(saying.basis(long))


def test_below_twelve_points_they_are_trial_limits() -> None:
    found = judging.judge(measure(STABLE[:7]))

    assert found.stretches[0].trial
    assert "Trial limits: they come from 7 points." in " ".join(saying.basis(found))


def test_limits_are_drawn_anew_only_where_the_author_said_so() -> None:
    values = [*STABLE, 3, 4, 3, 5, 4, 3, 4, 5]
    told = (Rebase("2025-01", "New beds", "Every bed has a rail now", 1_793_000_000_000),)

    as_it_was, anew = judging.judge(measure(values)), judging.judge(measure(values, rebases=told))

    assert [one.start for one in as_it_was.stretches] == [0] and as_it_was.marks[-1] != "usual"
    assert [one.start for one in anew.stretches] == [0, 12] and anew.marks[-1] == "usual"
    assert "Redrawn from Jan 2025 on: New beds. Why: Every bed has a rail now. Said on" in " ".join(saying.basis(anew))


@pytest.mark.parametrize(
    ("direction", "mark", "words"),
    [("down", "worse", "worse than chance"), ("up", "better", "better than chance"), ("none", "other", "more than ch")],
)
def test_a_point_beyond_the_limit_is_better_or_worse_by_direction(direction: str, mark: str, words: str) -> None:
    found = judging.judge(measure([*STABLE, 40], direction=direction))

    assert found.marks[-1] == mark and found.labels[-1] == "outside"
    assert saying.headline(found).startswith("Jan 2025 is above the upper limit. ") and words in saying.headline(found)


def test_two_of_three_near_a_limit_are_said_with_their_months() -> None:
    values = [10, 11, 10, 11, 10, 11, 10, 11, 10, 11, 10, 11, 12.7, 11.5, 12.7]
    found = judging.judge(measure(values, direction="down", baseline=12))

    assert saying.headline(found) == (
        "2 of 3 points are near the upper limit, from Jan 2025 to Mar 2025. That is worse than chance explains."
    )


def test_a_unit_that_ends_the_name_is_not_said_again() -> None:
    named = replace(measure(STABLE), name="Falls per 1,000 bed-days", unit="per 1,000 bed-days", interval="month")

    assert saying.under(named) == "by month"
    assert saying.under(replace(named, name="Falls")) == "per 1,000 bed-days, by month"


def test_what_lasts_is_said_before_its_last_point() -> None:
    found = judging.judge(measure([*STABLE, 11, 10, 11, 10, 11, 10, 6], direction="down"))

    assert saying.headline(found).startswith("8 points in a row are below the average, from Dec 2024 to Jul 2025.")
    assert [one.words for one in saying.findings(found)][1] == "Jul 2025 is below the lower limit."


def test_of_several_causes_a_point_shows_the_first() -> None:
    values = [10, 9, 11, 10, 12, 9, 10, 11, 12, 13, 14, 15, 16]
    found = judging.judge(measure(values, baseline=10))

    assert found.labels[-1] == "outside" and found.labels[-3] == "trend"


def test_screening_is_off_and_said_where_it_is_on() -> None:
    values = [1, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1]
    plain, screened = (judging.judge(measure(values, screen=one)) for one in (False, True))

    assert plain.stretches[0].lines != screened.stretches[0].lines
    assert ("screening" in " ".join(saying.basis(plain)), "screening" in " ".join(saying.basis(screened))) == (
        False, True,
    )  # fmt: skip


def test_a_lower_limit_below_nothing_is_drawn_at_nothing_and_said() -> None:
    found = judging.judge(measure([0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 0, 1]))

    lines = found.stretches[0].lines
    assert lines is not None and lines.lower < 0
    assert "drawn at 0" in " ".join(saying.basis(found))
    assert any(one.text == "0 lower limit" for one in drawing.draw(found).words)


def test_days_between_events_have_limits_in_days() -> None:
    points = tuple(Point(str(place), float(one)) for place, one in enumerate([20, 31, 12, 44, 25, 18, 200], 1))
    found = judging.judge(checked(Series("Days between falls", chart="t", direction="up", points=points)))

    lines = found.stretches[0].lines
    assert lines is not None and 10 < lines.centre < 60 and lines.lower >= 0


@pytest.mark.parametrize("number", [0, 1, 2, 3, 500])
@pytest.mark.parametrize("chart", ["xmr", "run", "t"])
def test_any_number_of_points_can_be_shown(number: int, chart: str) -> None:
    points = tuple(Point(str(place), float(place * 7919 % 23)) for place in range(1, number + 1))
    series = checked(Series("Count & <b>", chart=chart, points=points))

    found = showing.figure(series, "m1")

    assert len(found.rows) == number and found.headline
    assert "<b>" not in found.wide and "Count &amp; &lt;b&gt;" in found.wide
    assert showing.table(series).count("\r\n") == number + 1


@given(
    st.lists(st.floats(-1e12, 1e12, allow_subnormal=True), min_size=1, max_size=15),
    st.sampled_from(["xmr", "run", "t"]), st.sampled_from(["", "%"]),
)  # fmt: skip
def test_any_numbers_can_be_drawn(values: list[float], chart: str, unit: str) -> None:
    points = tuple(
        Point(str(place), abs(one) if chart == "t" else one) for place, one in enumerate(values, 1)
    )  # fmt: skip

    judged = judging.judge(checked(Series("Any", chart=chart, unit=unit, points=points)))
    drawn = drawing.draw(judged)

    assert 2 <= len([one for one in drawn.lines if one.css == "axis"]) <= 12
    assert all(0 <= one.y <= drawn.height for one in drawn.marks) and saying.alt(judged)


def test_what_is_drawn_lies_inside_and_words_do_not_lie_over_each_other() -> None:
    notes = tuple(Annotation(f"2024-{month:02}", f"Something happened {month}") for month in range(1, 13))
    for size in (drawing.WIDE, drawing.NARROW):
        drawn = drawing.draw(judging.judge(measure([*STABLE, 40], annotations=notes)), size)

        places = [(one.x, one.y) for one in drawn.marks] + [(one.x, one.y) for one in drawn.words]
        assert all(0 <= x <= size[0] and 0 <= y <= size[1] for x, y in places)
        labels = sorted((one.y, one.x, len(one.text)) for one in drawn.words if one.css == "strong" and one.y < 60)
        for (y, x, length), (other_y, other_x, other) in itertools.pairwise(labels):
            assert y != other_y or other_x - x >= (length + other) * drawing.LETTER / 2


def test_words_for_what_happened_are_not_left_out_while_there_is_room() -> None:
    notes = tuple(Annotation(f"2024-0{month}", f"Huddles began on ward {month}") for month in (2, 3, 4))

    drawn = drawing.draw(judging.judge(measure(STABLE, annotations=notes)), drawing.NARROW)

    assert [one.text for one in drawn.words if one.text.startswith("Huddles")] == [one.words for one in notes]


def test_a_measure_is_the_same_after_it_was_kept() -> None:
    series = measure(
        STABLE, definition="What counts", unit="falls", direction="down", screen=True, shift=6,
        annotations=(Annotation("2024-03", "Huddles"),), rebases=(Rebase("2024-06", "Beds", "New", 5),),
    )  # fmt: skip

    assert loaded(dumped(series)) == series


@pytest.mark.parametrize(
    "wrong",
    [
        {"points": [["2024-01", float("nan")]]}, {"points": [["2024-01", float("inf")]]}, {"points": [["x", 1]]},
        {"points": [["2024-01", 1], ["2024-01", 2]]}, {"points": [["2024-01", 1], ["2024-01-02", 2]]},
        {"points": [["2024-01", "1"]]}, {"points": [["2024-01", True]]}, {"points": [["2024-01"]]}, {"points": "1"},
        {"points": [[str(one), 1] for one in range(1, 502)]}, {"name": ""}, {"name": 5}, {"name": "x" * 201},
        {"chart": "pie"}, {"direction": "left"}, {"baseline": -1}, {"baseline": True}, {"shift": 99},
        {"annotations": [["2024-01", "No such point"]]}, {"rebases": [["2024-01", "a", "b"]]},
        {"points": [["2024-01", 10**400]]},
    ],
    ids=range(21),
)  # fmt: skip
def test_what_is_no_measure_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(WrongSeries):
        loaded({"name": "Falls", "points": [["2024-02", 1.0]], **wrong})


@pytest.mark.parametrize(
    ("values", "more", "found"),
    [
        ([3, 7, 0, 12], {}, 1), ([3, 7, 0, 12], {"interval": "year"}, 0), ([3.5, 7, 0], {}, 0),
        ([3, 7, 4], {"denominator": "bed-days"}, 0), ([3, 7, 4], {"unit": "%"}, 0),
        ([3, 7, 4], {"unit": "falls per ward"}, 0),
    ],
    ids=["counts", "of a year", "no counts", "rates", "parts", "per"],
)  # fmt: skip
def test_small_counts_are_warned_of(values: list[float], more: dict[str, object], found: int) -> None:
    assert len(judging.small_numbers(measure(values, **more))) == found


def test_every_text_of_a_measure_is_read() -> None:
    series = Series(
        "a1", "a2", "a3", "a4", "a5", points=(Point("1", 1.0),), annotations=(Annotation("1", "a6"),),
        rebases=(Rebase("1", "a7", "a8"),),
    )  # fmt: skip

    assert {f"a{n}" for n in range(1, 9)} == set("\n".join(one.text for one in use.parts(series)).split())
