"""A measure as a page shows it: sentence, two drawings, key, rules, table; and as CSV. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any

import orjson
from markupsafe import Markup

from node.learning.charts import drawing, judging, saying, svg
from node.learning.charts.drawing import Mark
from node.learning.charts.judging import FEWEST, USUAL, Judged
from node.texts import _
from storage.series import Series

KEPT = 128  # charts that are kept ready


@dataclass(frozen=True, slots=True)
class Row:
    """One point in the table."""

    when: str
    value: str
    signal: str
    usual: bool


@dataclass(frozen=True, slots=True)
class Figure:
    """All that a page says of a measure."""

    series: Series
    headline: str
    under: str
    wide: Markup
    narrow: Markup
    key: Sequence[tuple[Markup, str]]
    findings: Sequence[str]  # beside the headline
    basis: Sequence[str]
    rows: Sequence[Row]
    alt: str
    small: Sequence[str]  # places of numbers that may point to one person

    @property
    def drawn(self) -> bool:
        """There are points to draw."""
        return bool(self.rows)


@lru_cache(KEPT)
def figure(series: Series, ident: str) -> Figure:
    """``ident``: what the ids on the page begin with. Equal measures are drawn once."""
    judged = judging.judge(series)
    alt = saying.alt(judged)
    wide, narrow = (
        svg.figure(drawing.draw(judged, size), css=css, ident=f"{ident}-{css[0]}", title=series.name, described=alt)
        for size, css in ((drawing.WIDE, "wide-chart"), (drawing.NARROW, "narrow-chart"))
    )
    return Figure(
        series,
        saying.headline(judged),
        saying.under(series),
        Markup(wide),  # noqa: S704 - all words in it are escaped
        Markup(narrow),  # noqa: S704 - as above
        _key(judged),
        [one.words for one in saying.findings(judged)[1 : saying.SAID]] if len(series.points) >= FEWEST else [],
        saying.basis(judged) if series.points else [],
        _rows(judged),
        alt,
        small(series),
    )


def small(series: Series) -> list[str]:
    """Places of numbers that may point to one person, in words."""
    return [saying.when(one.at) for one in judging.small_numbers(series)]


def _key(judged: Judged) -> list[tuple[Markup, str]]:
    return [
        (Markup('<svg viewBox="0 0 16 16">{}</svg>').format(Markup(svg.mark(Mark(kind, 8, 8)))), _(saying.MARKS[kind]))  # noqa: S704 - numbers
        for kind in judged.kinds
    ]  # fmt: skip


def _rows(judged: Judged) -> list[Row]:
    return [
        Row(
            saying.when(one.at), saying.number(one.value, 2), saying.signal(judged, place), judged.marks[place] == USUAL
        )
        for place, one in enumerate(judged.series.points)
    ]


def table(series: Series) -> str:
    """CSV: each point with the lines that it is judged by, and what it is. No words of members are in it."""
    judged = judging.judge(series)
    file = io.StringIO()
    write = csv.writer(file, lineterminator="\r\n").writerow
    write(["date", "value", "centre", "lower", "upper", "signal"])
    for place, one in enumerate(series.points):
        lines = judged.stretch(place).lines
        shown = ["", "", ""] if lines is None else [f"{value:g}" for value in (lines.centre, lines.lower, lines.upper)]
        write([one.at, f"{one.value:.12g}", *shown, judged.labels[place]])
    return file.getvalue()


@lru_cache(KEPT)
def picture(series: Series) -> str:
    """The chart as an SVG that is a file of its own."""
    judged = judging.judge(series)
    drawn = drawing.draw(judged, drawing.PICTURE, titled=True)
    return svg.picture(drawn, title=series.name, described=saying.alt(judged))


def for_picture(series: Series) -> tuple[bytes, str]:
    """The drawing that a PNG is made of (JSON), and the words for who does not see it."""
    judged = judging.judge(series)
    return orjson.dumps(asdict(drawing.draw(judged, drawing.PICTURE, titled=True))), saying.alt(judged)


def headline(series: Series) -> str:
    """The sentence a reader needs."""
    return saying.headline(judging.judge(series))


def judgement(series: Series) -> dict[str, Any]:
    """What the numbers say, as apps get it."""
    judged = judging.judge(series)
    return {
        "headline": saying.headline(judged),
        "findings": [one.words for one in saying.findings(judged)],
        "basis": saying.basis(judged),
        "alt": saying.alt(judged),
        "segments": [
            {
                "start": series.points[one.start].at,
                "end": series.points[one.end - 1].at,
                "baseline": one.baseline,
                "trial": one.trial,
                "centre": None if one.lines is None else one.lines.centre,
                "lower": None if one.lines is None or one.runs is not None else one.lines.lower,
                "upper": None if one.lines is None or one.runs is not None else one.lines.upper,
                "runs": None if one.runs is None else {
                    "useful": one.runs.useful, "number": one.runs.runs, "low": one.runs.low, "high": one.runs.high,
                },
            }
            for one in judged.stretches
        ],
        "signals": [
            {"at": point.at, "label": judged.labels[place], "mark": judged.marks[place]}
            for place, point in enumerate(series.points)
            if judged.labels[place]
        ],
    }  # fmt: skip
