"""The rules of XmR charts (NHS Making Data Count), run charts and charts of rare events, exactly. Pure.

XmR: the centre is the mean of the baseline; limits lie 2.66 mean moving ranges from it, near limits two thirds of that.
Special causes, of which a point may carry several: ``outside`` a limit; ``shift``: one of so many running points on
one side of the centre, which a point on the centre ends; ``trend``: one of so many running points each above, or each
below, the one before; ``near``: beyond a near limit, where two of three neighbours are, all three on that side.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import comb
from statistics import mean, median

OUTSIDE, TREND, NEAR, SHIFT = "outside", "trend", "near", "shift"
LABELS = (OUTSIDE, TREND, NEAR, SHIFT)  # where only one is shown: the first
E2, D4 = 2.66, 3.267  # limits of single values, and of their moving ranges, in mean moving ranges
NEAR_PART = 2 / 3  # of the way to a limit
SHIFT_LEN, TREND_LEN = 7, 7  # points of an XmR chart
RUN_SHIFT_LEN, RUN_TREND_LEN = 6, 5  # points of a run chart
ENOUGH = 12  # points without which limits are for trial; limits are locked over the first of them
USEFUL = 10  # points off the median without which runs are not counted
TAIL = 0.025  # chance left out at each end of the number of runs
POWER = 3.6  # days between rare events to this root vary about normally (Nelson)


@dataclass(frozen=True, slots=True)
class Limits:
    """The lines of a chart over some points."""

    centre: float
    range: float  # mean moving range
    upper: float
    lower: float
    range_upper: float  # limit of the moving ranges


@dataclass(frozen=True, slots=True)
class Found:
    """One special cause: what, from which point to which, and the points that carry it."""

    label: str
    side: int  # 1: above, or rising; -1: below, or falling
    points: tuple[int, ...]

    @property
    def end(self) -> int:
        """The last point."""
        return self.points[-1]


def sign(value: float) -> int:
    """1, 0 or -1."""
    return (value > 0) - (value < 0)


def limits(base: Sequence[float], *, screen: bool = False) -> Limits:
    """The lines that ``base`` gives, at least two values. ``screen``: ranges above their limit are dropped, once."""
    centre = float(mean(base))
    ranges = [abs(after - before) for before, after in pairwise(base)] or [0.0]
    typical = float(mean(ranges))
    if screen:
        typical = float(mean([one for one in ranges if one < D4 * typical] or ranges))
    return Limits(centre, typical, centre + E2 * typical, centre - E2 * typical, D4 * typical)


def causes(
    values: Sequence[float], lines: Limits, *, shift_len: int = SHIFT_LEN, trend_len: int = TREND_LEN
) -> list[Found]:
    """The special causes in values that are judged by the same lines, each run as long as it goes."""
    side = [sign(value - lines.centre) for value in values]
    near = [
        lines.lower <= value <= lines.upper and abs(value - lines.centre) > E2 * lines.range * NEAR_PART
        for value in values
    ]
    found = [
        Found(OUTSIDE, 1 if value > lines.upper else -1, (place,))
        for place, value in enumerate(values)
        if value > lines.upper or value < lines.lower
    ]
    found += [
        Found(SHIFT, side[run[0]], tuple(run))
        for run in _runs(side)
        if side[run[0]] and len(run) >= shift_len
    ]  # fmt: skip
    steps = [sign(after - before) for before, after in pairwise(values)]
    found += [
        Found(TREND, steps[run[0]], (*run, run[-1] + 1))
        for run in _runs(steps)
        if steps[run[0]] and len(run) + 1 >= trend_len
    ]
    return found + list(_near(side, near))


def _runs(signs: Sequence[int]) -> Iterator[range]:
    """Stretches of the same sign."""
    start = 0
    for place in range(1, len(signs) + 1):
        if place == len(signs) or signs[place] != signs[start]:
            yield range(start, place)
            start = place


def _near(side: Sequence[int], near: Sequence[bool]) -> Iterator[Found]:
    """Two of three near the same limit; such threes that touch are one cause."""
    carried: list[int] = []
    which = 0
    for start in range(len(side) - 2):
        three = range(start, start + 3)
        if not side[start] or any(side[one] != side[start] for one in three) or sum(near[one] for one in three) < 2:
            continue
        hit = [one for one in three if near[one]]
        if carried and (which != side[start] or hit[0] > carried[-1] + 1):
            yield Found(NEAR, which, tuple(carried))
            carried = []
        which = side[start]
        carried += [one for one in hit if one not in carried]
    if carried:
        yield Found(NEAR, which, tuple(carried))


@dataclass(frozen=True, slots=True)
class Runs:
    """What a run chart says: shifts and trends, and whether there are ordinarily many runs."""

    centre: float
    useful: int  # points off the median
    runs: int
    low: int | None  # fewest and most that are ordinary; None: too few points to say
    high: int | None
    found: tuple[Found, ...]

    @property
    def signal(self) -> str:
        """``few`` or ``many`` runs, or ""."""
        if self.low is None or self.high is None:
            return ""
        return "few" if self.runs < self.low else "many" if self.runs > self.high else ""


def run_chart(
    values: Sequence[float],
    baseline: Sequence[float],
    *,
    shift_len: int = RUN_SHIFT_LEN,
    trend_len: int = RUN_TREND_LEN,
) -> Runs:
    """Shifts (points on the median neither add nor break), trends (equal neighbours count once), number of runs."""
    centre = float(median(baseline))
    useful = [place for place, value in enumerate(values) if value != centre]
    sides = [sign(values[place] - centre) for place in useful]
    runs = list(_runs(sides)) if sides else []
    low, high = ordinary_runs(len(useful)) if len(useful) >= USEFUL else (None, None)
    found = [
        Found(SHIFT, sides[run[0]], tuple(useful[one] for one in run))
        for run in runs
        if len(run) >= shift_len
    ]  # fmt: skip
    found += _run_trends(values, trend_len)
    return Runs(centre, len(useful), len(runs), low, high, tuple(found))


def _run_trends(values: Sequence[float], trend_len: int) -> Iterator[Found]:
    distinct = [place for place in range(len(values)) if place == 0 or values[place] != values[place - 1]]
    steps = [sign(values[after] - values[before]) for before, after in pairwise(distinct)]
    for run in _runs(steps) if steps else ():
        if len(run) + 1 >= trend_len:
            yield Found(TREND, steps[run[0]], tuple(range(distinct[run[0]], distinct[run[-1] + 1] + 1)))


@lru_cache(512)
def ordinary_runs(useful: int) -> tuple[int, int]:
    """Fewest and most runs that are ordinary: exact, two-sided 5 % (Swed and Eisenhart 1943), for points that lie half
    above and half below the median."""
    above, below = useful // 2, useful - useful // 2
    chances = {
        runs: ways / comb(useful, above) for runs in range(2, useful + 1) if (ways := _ways(runs, above, below))
    }  # fmt: skip
    rising = sorted(chances)
    return _edge(chances, rising), _edge(chances, rising[::-1])


def _ways(runs: int, above: int, below: int) -> int:
    """In how many orders there are so many runs."""
    half, odd = divmod(runs, 2)
    if odd:
        return comb(above - 1, half) * comb(below - 1, half - 1) + comb(above - 1, half - 1) * comb(below - 1, half)
    return 2 * comb(above - 1, half - 1) * comb(below - 1, half - 1)


def _edge(chances: dict[int, float], places: Sequence[int]) -> int:
    total = 0.0
    for runs in places:
        total += chances[runs]
        if total > TAIL:
            return runs
    return places[-1]


def rare(days: Sequence[float]) -> list[float]:
    """Days between rare events as an XmR chart can judge them."""
    return [one ** (1 / POWER) for one in days]


def back(lines: Limits) -> Limits:
    """Lines over ``rare`` values in days; less than no days is none."""
    days: Callable[[float], float] = lambda value: max(value, 0.0) ** POWER  # noqa: E731 - named for its unit
    return Limits(days(lines.centre), days(lines.range), days(lines.upper), days(lines.lower), days(lines.range_upper))
