"""A measure as a form or an app sends it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from node.errors import Invalid
from node.learning.charts import pasting
from node.learning.measures import usable
from node.requests import Params, flag, number, text
from node.texts import _
from storage.series import POINTS, Point, Series, WrongSeries, cleaned, loaded
from storage.shared import Definition

POINTS_FIELD = "points"
SET = ("definition", "numerator", "denominator", "unit", "direction")  # by a shared measure, for all against it


def described(values: Params, old: Series) -> Series:
    """What a measure says of itself, without its points; what is not sent stays. Raises Invalid."""
    if old.shared:
        values = {name: value for name, value in values.items() if name not in SET}
    return replace(
        old,
        name=_line(values, "name", old.name),
        definition=cleaned(text(values, "definition", old.definition)),
        numerator=_line(values, "numerator", old.numerator),
        denominator=_line(values, "denominator", old.denominator),
        unit=_line(values, "unit", old.unit),
        direction=text(values, "direction", old.direction) or "none",
        interval=text(values, "interval", old.interval) or "month",
        chart=text(values, "chart", old.chart) or "xmr",
        baseline=number(values, "baseline", old.baseline, most=POINTS + 1),
        screen=flag(values, "screen", old.screen),
        shift=number(values, "shift", old.shift, most=POINTS),
        trend=number(values, "trend", old.trend, most=POINTS),
    )


def _line(values: Params, name: str, old: str) -> str:
    return " ".join(cleaned(text(values, name, old)).split())


def pointed(values: Params, series: Series) -> tuple[Point, ...]:
    """The points that are sent: a text as people paste it (``start``: the date of the first), or a list of numbers, or
    of pairs of a date and a number. Raises Invalid, which names the lines."""
    given = values.get(POINTS_FIELD)
    start = text(values, "start")
    try:
        if isinstance(given, list):
            return _listed(given, series, start)
        return pasting.points(text(values, POINTS_FIELD), chart=series.chart, start=start, interval=series.interval)
    except WrongSeries as wrong:
        raise Invalid(str(wrong), field=wrong.field) from wrong


def _listed(given: list[Any], series: Series, start: str) -> tuple[Point, ...]:
    """Raises WrongSeries, Invalid."""
    if all(isinstance(one, list) for one in given):
        return loaded({"name": "-", "chart": series.chart, POINTS_FIELD: given}).points
    if len(given) > POINTS or not all(
        isinstance(one, int | float | str) and not isinstance(one, bool) for one in given
    ):
        raise Invalid(_("Give points as numbers, or as pairs of a date and a number."), field=POINTS_FIELD)
    lines = "\n".join(str(one) for one in given)
    return pasting.points(lines, chart=series.chart, start=start, interval=series.interval)


def whole(values: Params, against: Definition | None = None) -> Series:
    """A new measure with its points; ``against``: a shared one, which says what is counted. Raises Invalid."""
    old = Series("")
    if against is not None:
        old = replace(against.series, shared=against.uri)
        values = {name: value for name, value in values.items() if value != "" or name == POINTS_FIELD}
    series = described(values, old)
    return usable(replace(series, points=pointed(values, series)))


def defined(values: Params) -> Series:
    """What a group has counted. Raises Invalid."""
    return described(values, Series(""))


def changed(values: Params, old: Series) -> Series:
    """A measure with what is sent changed; its points too where some are sent. Raises Invalid."""
    series = described(values, old)
    return replace(series, points=pointed(values, series)) if POINTS_FIELD in values else series


def place(values: Params) -> str:
    """The point that something is said of, by its date as people write it. Raises Invalid."""
    given = text(values, "at").strip()
    found = pasting.place(given)
    if not found:
        raise Invalid(_("Name the point by its date, as 2026-01, or by its number."), field="at")
    return found
