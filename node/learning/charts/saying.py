"""What a chart says, in the sentences that stand beside it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from node.learning.charts.judging import FEWEST, Judged, Stretch
from node.learning.charts.rules import ENOUGH, LABELS, NEAR, OUTSIDE, SHIFT, TREND, Found
from node.texts import N_, _, ngettext
from node.words import vocabulary
from storage.measures import Change
from storage.series import Series

ALT = 1_500  # characters of the words for a picture
SAID = 6  # findings that are listed

CHARTS = {"xmr": N_("XmR chart"), "run": N_("Run chart"), "t": N_("Chart of days between events")}
MARKS = {
    "usual": N_("usual variation"), "better": N_("better than usual"), "worse": N_("worse than usual"),
    "other": N_("more than chance"),
}  # fmt: skip
INTERVALS = {
    "day": N_("by day"), "week": N_("by week"), "month": N_("by month"), "quarter": N_("by quarter"),
    "year": N_("by year"), "event": N_("by event"), "other": "",
}  # fmt: skip
_WHY = {
    OUTSIDE: N_("beyond a limit"), TREND: N_("part of a trend"), NEAR: N_("two of three near a limit"),
    SHIFT: N_("part of a run"),
}  # fmt: skip


def number(value: float, decimals: int = 1) -> str:
    """A number as people write it: thousands with a comma, a minus that is one, no more digits than it has."""
    if abs(value) >= 1e9:
        return f"{value:.3g}".replace("-", "−")
    shown = f"{value:,.{decimals}f}"
    if "." in shown and (decimals > 1 or value == int(value)):
        shown = shown.rstrip("0").rstrip(".")
    return ("0" if float(shown.replace(",", "")) == 0 else shown).replace("-", "−")


when = vocabulary.point


def span(first: str, last: str) -> str:
    """From one point to another."""
    if first == last:
        return when(first)
    return _("from %(start)s to %(end)s") % {"start": when(first), "end": when(last)}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was found, in a sentence."""

    words: str
    better: bool | None
    end: int
    points: int  # that carry it
    rank: int  # of its label


def findings(judged: Judged) -> list[Finding]:
    """All that was found, the latest first and of these what is of most points; the first is the headline."""
    found = [_finding(judged, one) for one in _together(judged.found)]
    found.sort(key=lambda one: (-one.end, -one.points, one.rank))
    return found + [_runs(one) for one in judged.stretches if one.runs is not None and one.runs.signal]


def _together(found: Sequence[Found]) -> list[Found]:
    """Neighbours beyond the same limit are one thing to say."""
    beyond = sorted((one for one in found if one.label == OUTSIDE), key=lambda one: one.end)
    groups: list[list[Found]] = []
    for one in beyond:
        if groups and groups[-1][-1].side == one.side and groups[-1][-1].end + 1 == one.end:
            groups[-1].append(one)
        else:
            groups.append([one])
    said = [Found(OUTSIDE, some[0].side, tuple(one.end for one in some)) for some in groups]
    return said + [one for one in found if one.label != OUTSIDE]


def _finding(judged: Judged, found: Found) -> Finding:
    points = judged.series.points
    values = {
        "num": len(found.points),
        "span": span(points[found.points[0]].at, points[found.end].at),
        "centre": _("the median") if judged.series.chart == "run" else _("the average"),
    }
    words = _words(found) % values
    return Finding(
        f"{words[:1].upper()}{words[1:]}", judged.better(found), found.end, len(found.points), LABELS.index(found.label)
    )


def _words(found: Found) -> str:
    above = found.side > 0
    if found.label == OUTSIDE and len(found.points) == 1:
        return _("%(span)s is above the upper limit.") if above else _("%(span)s is below the lower limit.")
    if found.label == OUTSIDE:
        if above:
            return _("%(num)s points are above the upper limit, %(span)s.")
        return _("%(num)s points are below the lower limit, %(span)s.")
    if found.label == SHIFT:
        if above:
            return _("%(num)s points in a row are above %(centre)s, %(span)s.")
        return _("%(num)s points in a row are below %(centre)s, %(span)s.")
    if found.label == TREND:
        return _("%(num)s points in a row rise, %(span)s.") if above else _("%(num)s points in a row fall, %(span)s.")
    if len(found.points) == 2:
        if above:
            return _("2 of 3 points are near the upper limit, %(span)s.")
        return _("2 of 3 points are near the lower limit, %(span)s.")
    if above:
        return _("%(num)s points are near the upper limit, %(span)s.")
    return _("%(num)s points are near the lower limit, %(span)s.")


def _runs(stretch: Stretch) -> Finding:
    runs = stretch.runs
    if runs is None:
        raise ValueError("no run chart")
    words = _("The line crosses the median too seldom: %(num)s runs, where %(low)s to %(high)s are usual.")
    if runs.signal == "many":
        words = _("The line crosses the median too often: %(num)s runs, where %(low)s to %(high)s are usual.")
    return Finding(words % {"num": runs.runs, "low": runs.low, "high": runs.high}, None, stretch.end, 0, len(LABELS))


def headline(judged: Judged) -> str:
    """The sentence a reader needs: what was found last, and what that means."""
    count = len(judged.series.points)
    if count < FEWEST:
        return ngettext(
            "%(num)s point so far: too few to tell chance from change.",
            "%(num)s points so far: too few to tell chance from change.", count,
        ) % {"num": count}  # fmt: skip
    found = findings(judged)
    if found:
        meaning = {
            True: _("That is better than chance explains."), False: _("That is worse than chance explains."),
            None: _("That is more than chance."),
        }  # fmt: skip
        return f"{found[0].words} {meaning[found[0].better]}"
    last = judged.stretches[-1]
    if last.lines is None:
        return _("Too few points since the limits were redrawn to tell chance from change.")
    said = _("Usual variation around %s: nothing here is more than chance.") % number(last.lines.centre)
    return f"{said} {_('The limits are for trial.')}" if last.trial and judged.series.chart != "run" else said


def basis(judged: Judged) -> list[str]:
    """Where the lines come from, what was redrawn and why, and by which rules it was judged."""
    said = [_lines(judged, stretch) for stretch in judged.stretches[:1] if stretch.lines is not None]
    trial = {judged.series.points[one.start].at: one.baseline for one in judged.stretches if one.trial}
    for one in judged.series.rebases:
        words = _("Redrawn from %(when)s on: %(change)s. Why: %(why)s.")
        values = {"when": when(one.at), "change": one.change, "why": one.why.rstrip(".")}
        said.append(words % values + (" " + _("Said on %s.") % vocabulary.day(one.made) if one.made else ""))
        if one.at in trial and judged.series.chart != "run":
            said.append(_("Trial limits from there on: %s points.") % trial[one.at])
    if any(one.lines is not None and one.lines.lower < 0 for one in judged.stretches) and least(judged) >= 0:
        said.append(_("The lower limit is below 0, so it is drawn at 0; points are judged by the real one."))
    return [*said, _rules(judged)]


def _lines(judged: Judged, stretch: Stretch) -> str:
    count = stretch.baseline
    if judged.series.chart == "run":
        return _("The median is of the first %s points.") % count
    if stretch.trial:
        return _("Trial limits: they come from %(num)s points. With %(enough)s they are locked.") % {
            "num": count, "enough": ENOUGH,
        }  # fmt: skip
    return _("Average and limits come from the first %s points and are not redrawn by themselves.") % count


def _rules(judged: Judged) -> str:
    kind = judged.series.chart
    lengths = {"shift": judged.shift_len, "trend": judged.trend_len}
    if kind == "run":
        words = _(
            "Run chart: a shift is %(shift)s points on one side, a trend %(trend)s; the number of runs is exact,"
            " two-sided 5%%."
        )
        return words % lengths
    rules = _("Rules: a point beyond a limit, %(shift)s on one side, %(trend)s rising or falling, 2 of 3 near a limit.")
    limits = _("XmR chart, limits at 2.66 mean moving ranges.")
    if kind == "t":
        limits = _("Days between events, to the power 1/3.6, as an XmR chart with limits at 2.66 mean moving ranges.")
    screened = _("Outlying ranges are left out of the limits (screening).") if judged.series.screen else ""
    return " ".join(one for one in (limits, screened, rules % lengths) if one)


def least(judged: Judged) -> float:
    """The smallest value."""
    return min((one.value for one in judged.series.points), default=0.0)


def under(series: Series) -> str:
    """What stands under the title of a chart: unit and interval. A unit that the name ends with is not said again."""
    unit = "" if series.name.casefold().endswith(series.unit.casefold()) else series.unit
    return ", ".join(one for one in (unit, _(INTERVALS[series.interval]) if series.chart != "t" else "") if one)


def signal(judged: Judged, place: int) -> str:
    """What a point is, in a table: ``worse than usual: beyond a limit``."""
    label = judged.labels[place]
    said = _(MARKS[judged.marks[place]])
    return f"{said}: {_(_WHY[label])}" if label else said


_PARTS = {
    "name": N_("the name"), "definition": N_("the definition"), "numerator": N_("the numerator"),
    "denominator": N_("the denominator"), "unit": N_("the unit"), "direction": N_("where better is"),
    "interval": N_("the interval"), "chart": N_("the kind of chart"), "baseline": N_("the baseline"),
    "screen": N_("screening"), "shift": N_("the rules"), "trend": N_("the rules"),
    "annotations": N_("what happened when"), "rebases": N_("where limits are redrawn"),
}  # fmt: skip
NAMED = 6  # points that are named


def changed(change: Change) -> str:
    """What was changed of a measure."""
    said = list(dict.fromkeys(_(_PARTS[one]) for one in change.fields if one in _PARTS))
    said += [
        _("%(when)s from %(was)s to %(now)s") % {"when": when(at), "was": number(was, 2), "now": number(now, 2)}
        for at, (was, now) in list(change.corrected.items())[:NAMED]
    ]
    for places, words in ((change.added, _("added: %s")), (change.removed, _("removed: %s"))):
        if places:
            more = "…" if len(places) > NAMED else ""
            said.append(words % (", ".join(when(one) for one in places[:NAMED]) + more))
    return "; ".join(said)


def alt(judged: Judged) -> str:
    """The words for who cannot see the picture: what it is, its lines, what was found."""
    series = judged.series
    said = [f"{_(CHARTS[series.chart])}: {series.name}."]
    if under(series):
        said.append(f"{under(series)[:1].upper()}{under(series)[1:]}.")
    if series.points:
        said.append(
            ngettext("%(num)s point, %(span)s.", "%(num)s points, %(span)s.", len(series.points))
            % {"num": len(series.points), "span": span(series.points[0].at, series.points[-1].at)}
        )
    said += [_stretch_words(judged, one) for one in judged.stretches if one.lines is not None][-2:]
    said += [f"{when(one.at)}: {one.words}." for one in series.annotations[:3]]
    said.append(headline(judged))
    return " ".join(said)[:ALT]


def _stretch_words(judged: Judged, stretch: Stretch) -> str:
    lines = stretch.lines
    if lines is None:
        return ""
    lower = max(lines.lower, 0.0) if least(judged) >= 0 else lines.lower
    values = {"centre": number(lines.centre), "lower": number(lower), "upper": number(lines.upper)}
    words = (
        _("Median %(centre)s.")
        if stretch.runs is not None
        else _("Average %(centre)s, limits %(lower)s and %(upper)s.")
    )
    if len(judged.stretches) > 1:
        first, last = judged.series.points[stretch.start].at, judged.series.points[stretch.end - 1].at
        return f"{span(first, last)[:1].upper()}{span(first, last)[1:]}: {words % values}"
    return words % values


def steps(places: Sequence[str], most: int) -> list[int]:
    """Which points are named below a chart, evenly, at most so many."""
    every = next((one for one in (1, 2, 3, 4, 6, 12, 24, 48, 96) if len(places) <= one * most), 120)
    return list(range(0, len(places), every))


def years(places: Sequence[str], named: Sequence[int]) -> set[int]:
    """Where the year is written too: at the first point that is named, and where it is another than before."""
    return {*named[:1], *(after for before, after in pairwise(named) if places[before][:4] != places[after][:4])}
