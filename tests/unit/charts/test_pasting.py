"""Numbers as people paste them. What cannot be read is named by its line, and nothing is left out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.learning.charts.pasting import points
from storage.series import WrongSeries


def read(text: str, **more: str) -> list[tuple[str, float]]:
    return [(one.at, one.value) for one in points(text, **more)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("12 14 11", [("1", 12), ("2", 14), ("3", 11)]),
        ("12,14,11", [("1", 12), ("2", 14), ("3", 11)]),
        ("3.1, 2.2", [("1", 3.1), ("2", 2.2)]),
        ("1,234\n2,345", [("1", 1234), ("2", 2345)]),
        ("12%\n−3\n", [("1", 12), ("2", -3)]),
        ("Month,Rate\n2024-09,3.0\n2024-10,3.4", [("2024-09", 3), ("2024-10", 3.4)]),
        ("Sep 2024\t3,5\nOct 2024\t4", [("2024-09", 3.5), ("2024-10", 4)]),
        ("01/09/2024;3\n02/09/2024;4", [("2024-09-01", 3), ("2024-09-02", 4)]),
        ('"Sep-24","1,234"\n"Oct-24","2"', [("2024-09", 1234), ("2024-10", 2)]),
        ("Sep 2024 3\n1 Oct 2024 4".replace("1 Oct", "Oct"), [("2024-09", 3), ("2024-10", 4)]),
        ("Q1 2024,3\n2024-Q2,4", [("2024-Q1", 3), ("2024-Q2", 4)]),
        ("2024,5\n2025,6", [("2024", 5), ("2025", 6)]),
        ("", []),
    ],
    ids=range(13),
)  # fmt: skip
def test_what_people_paste_is_read(text: str, found: list[tuple[str, float]]) -> None:
    assert read(text) == found


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2024-09,3\n2024-10,n/a", "Line 2: “n/a” is no number."),
        ("n/a\n3", "Line 1: “n/a” is no number."),
        ("1e999\n3", "Line 1: “1e999” is no number."),
        ("2024-09,3\n\nfoo,3", "Line 3: “foo” is no date."),
        ("31/02/2026,3\n01/03/2026,3", "Line 1: “31/02/2026” is no date."),
        ("2024-09,3\n2024-10,3,4", "Line 2 has 3 columns"),
        ("2024-09,3\n2024-09,4", "Line 2 has the same date as line 1."),
        ("2024-09,3\n2024-10-01,4", "Line 2 has another kind of date than line 1."),
        ("2024-09,3\n4", "Some lines have a date and some have none."),
        ("1 " * 501, "at most 500 points"),
        ("x" * 64_001, "too much text"),
    ],
    ids=range(11),
)
def test_what_cannot_be_read_is_named_by_its_line(text: str, said: str) -> None:
    with pytest.raises(WrongSeries) as wrong:
        read(text)

    assert said in str(wrong.value)


@pytest.mark.parametrize(
    ("start", "interval", "last"),
    [("Nov 2025", "month", "2026-01"), ("2025-11-30", "day", "2025-12-02"), ("2025-11-03", "week", "2025-11-17"),
     ("Q3 2025", "quarter", "2026-Q1"), ("2025", "year", "2027")],
    ids=["month", "day", "week", "quarter", "year"],
)  # fmt: skip
def test_numbers_alone_are_dated_from_the_first(start: str, interval: str, last: str) -> None:
    assert read("12\n14\n11", start=start, interval=interval)[-1] == (last, 11)


def test_dates_of_rare_events_are_days_between() -> None:
    assert read("1/2/2026\n1/3/2026\n3/2/2026", chart="t") == [("2026-02-03", 2), ("2026-03-01", 26)]


@given(st.text(alphabet="0123456789,.;-/ \tQJan%\n\"'", max_size=60))
def test_any_text_is_read_or_refused_in_words(text: str) -> None:
    try:
        points(text)
    except WrongSeries as wrong:
        assert str(wrong)


@given(st.lists(st.integers(-10_000, 10_000), min_size=2, max_size=40))
def test_no_number_is_lost(values: list[int]) -> None:
    for between in ("\n", " ", "; "):
        assert [value for _at, value in read(between.join(map(str, values)))] == values
