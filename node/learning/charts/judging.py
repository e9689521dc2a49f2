"""What a measure's numbers say: lines for each stretch, what each point is, what was found. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from node.learning.charts import rules
from node.learning.charts.rules import ENOUGH, LABELS, Found, Limits, Runs
from storage.series import Point, Series

USUAL, BETTER, WORSE, OTHER = "usual", "better", "worse", "other"
_BETTER = {"up": 1, "down": -1, "none": 0}
FEWEST = 3  # points of a stretch that limits can be drawn for


@dataclass(frozen=True, slots=True)
class Stretch:
    """Points that are judged by the same lines: from one re-basing to the next."""

    start: int  # the first point
    end: int  # after the last
    baseline: int  # points that the lines come from
    lines: Limits | None  # None: too few points
    runs: Runs | None = None  # of a run chart

    @property
    def trial(self) -> bool:
        """The lines are for trial: they come from too few points."""
        return self.baseline < ENOUGH


@dataclass(frozen=True, slots=True)
class Judged:
    """What a measure's numbers say."""

    series: Series
    stretches: tuple[Stretch, ...]
    found: tuple[Found, ...]  # special causes, by where they end
    labels: tuple[str, ...]  # of each point, "" for most: the one that is shown
    marks: tuple[str, ...]  # of each point: usual, better, worse or other
    shift_len: int
    trend_len: int

    @property
    def kinds(self) -> tuple[str, ...]:
        """Which marks occur, the ordinary first."""
        return tuple(one for one in (USUAL, BETTER, WORSE, OTHER) if one in self.marks)

    def better(self, found: Found) -> bool | None:
        """Whether a special cause is for the better; None: this measure does not say where that is."""
        wanted = _BETTER[self.series.direction]
        return None if wanted == 0 else found.side == wanted

    def stretch(self, place: int) -> Stretch:
        """The stretch that a point is in."""
        return next(one for one in self.stretches if one.start <= place < one.end)


def judge(series: Series) -> Judged:
    """Judge a measure by the rules of its chart; nothing is re-based but where its author said so."""
    run = series.chart == "run"
    shift_len = series.shift or (rules.RUN_SHIFT_LEN if run else rules.SHIFT_LEN)
    trend_len = series.trend or (rules.RUN_TREND_LEN if run else rules.TREND_LEN)
    values = [one.value for one in series.points]
    stretches: list[Stretch] = []
    found: list[Found] = []
    for start, end in _parts(series):
        stretch, causes = _stretch(series, values[start:end], start, shift_len, trend_len)
        stretches.append(stretch)
        found += [replace(one, points=tuple(start + place for place in one.points)) for one in causes]
    found.sort(key=lambda one: (one.end, -LABELS.index(one.label)))
    shown = _shown(found, len(values))
    wanted = _BETTER[series.direction]
    return Judged(
        series,
        tuple(stretches),
        tuple(found),
        tuple("" if one is None else one.label for one in shown),
        tuple(_mark(one, wanted) for one in shown),
        shift_len,
        trend_len,
    )


def _parts(series: Series) -> list[tuple[int, int]]:
    places = [one.at for one in series.points]
    starts = sorted({0, *(places.index(one.at) for one in series.rebases)})
    return list(pairwise([*starts, len(places)])) if places else []


def _stretch(
    series: Series, values: Sequence[float], start: int, shift_len: int, trend_len: int
) -> tuple[Stretch, list[Found]]:
    """One stretch, with what was found in it, counted from its own first point."""
    chosen = series.baseline if start == 0 and series.baseline else ENOUGH
    count = min(chosen, len(values))
    end = start + len(values)
    if len(values) < FEWEST:
        return Stretch(start, end, count, None), []
    if series.chart == "run":
        runs = rules.run_chart(values, values[:count], shift_len=shift_len, trend_len=trend_len)
        centre = Limits(runs.centre, 0, runs.centre, runs.centre, 0)
        return Stretch(start, end, count, centre, runs), list(runs.found)
    rare = series.chart == "t"
    judged = rules.rare(values) if rare else values
    lines = rules.limits(judged[:count], screen=series.screen)
    causes = rules.causes(judged, lines, shift_len=shift_len, trend_len=trend_len)
    return Stretch(start, end, count, rules.back(lines) if rare else lines), causes


def _shown(found: Sequence[Found], count: int) -> list[Found | None]:
    """The special cause that each point shows: by the order of the labels."""
    shown: list[Found | None] = [None] * count
    for one in sorted(found, key=lambda one: LABELS.index(one.label), reverse=True):
        for place in one.points:
            shown[place] = one
    return shown


def _mark(found: Found | None, wanted: int) -> str:
    if found is None:
        return USUAL
    if wanted == 0:
        return OTHER
    return BETTER if found.side == wanted else WORSE


SMALL = 5  # a count below this, with a place and a month, may be one person whom somebody knows


def small_numbers(series: Series) -> list[Point]:
    """Points that may point to a person: whole numbers from 1 to 4 that are counts of a month or less, or the dates of
    single events. See docs/decisions/measures.md."""
    if series.chart == "t":
        return [one for one in series.points if len(one.at) == len("2026-01-31")]
    counts = not series.denominator and "%" not in series.unit and " per " not in f" {series.unit} {series.name} "
    short = series.interval in ("day", "week", "month", "event")
    if not counts or not short or any(one.value != int(one.value) for one in series.points):
        return []
    return [one for one in series.points if 0 < one.value < SMALL]
