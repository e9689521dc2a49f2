"""Where everything of a chart lies: lines, marks and words, each with its class. SVG and PNG are made of it. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from node.learning.charts import saying
from node.learning.charts.judging import USUAL, Judged, Stretch
from node.texts import _
from storage.series import form

WIDE, NARROW = (672, 340), (343, 300)  # pixels: beside text, and on a phone
PICTURE = (672, 378)  # of a picture that travels alone, with its title; drawn at twice the size
LETTER = 6.4  # pixels that a letter takes about, at 13
LINE = 16  # pixels from one line of words to the next
ROWS = 3  # lines of words above a chart for what happened
CROWDED = 70  # points from which on ordinary ones have no mark of their own
GRID = 5  # lines, about


@dataclass(frozen=True, slots=True)
class Line:
    """A line, or several joined."""

    css: str
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """A point: open ring, filled circle, diamond or square by its class."""

    css: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Words:
    """Words; ``anchor``: start, middle or end."""

    css: str
    x: float
    y: float
    anchor: str
    text: str


@dataclass
class Drawing:
    """A chart that is drawn."""

    width: int
    height: int
    lines: list[Line] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    words: list[Words] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where points lie."""

    left: float
    right: float
    head: float
    foot: float  # y of the lowest value
    low: float
    high: float
    count: int

    @property
    def step(self) -> float:
        return (self.right - self.left - 16) / max(1, self.count - 1)

    def x(self, place: float) -> float:
        middle = (self.right - self.left - 16) / 2 if self.count == 1 else 0
        return round(self.left + 8 + middle + place * self.step, 1)

    def y(self, value: float) -> float:
        part = (value - self.low) / (self.high - self.low)
        return round(self.foot - (self.foot - self.head) * min(1.0, max(0.0, part)), 1)


Bounds = tuple[float, float]


def draw(
    judged: Judged, size: tuple[int, int] = WIDE, *, titled: bool = False, within: Bounds | None = None
) -> Drawing:
    """The chart in a size. ``titled``: with its name on it. ``within``: on the scale between these values."""
    width, height = size
    made = Drawing(width, height)
    wide = width > NARROW[0]
    top = 0.0
    if titled:
        top = 48.0
        made.words.append(Words("title", 14, 26, "start", _cut(judged.series.name, width - 28, 8.0)))
        made.words.append(Words("", 14, 44, "start", _cut(saying.under(judged.series), width - 28)))
    low, high, ticks = _scale(*(bounds(judged) if within is None else within))
    left = 14 + max(len(saying.number(one, 2)) for one in ticks) * 7.0
    right = width - (112 if wide else 76)
    events = _events(judged)
    frame = _Frame(left, right, 0, height - 40, low, high, len(judged.series.points))
    rows = _rows(made, frame, events, top)
    frame = _Frame(left, right, top + 16 + rows * LINE, height - 40, low, high, len(judged.series.points))
    for tick in ticks:
        y = frame.y(tick)
        made.lines.append(Line("axis", ((left, y), (right, y))))
        made.words.append(Words("", left - 8, y + 4, "end", saying.number(tick, 2)))
    for place, _said in events:
        x = round(frame.x(place) - frame.step / 2, 1) if place else frame.x(0) - 6
        made.lines.append(Line("event", ((x, frame.head - 10), (x, frame.foot))))
    for stretch in judged.stretches:
        _limits(made, frame, judged, stretch, right, wide)
    _points(made, frame, judged)
    _places(made, frame, judged, 8 if wide else 4)
    return made


def _cut(text: str, width: float, letter: float = LETTER) -> str:
    most = max(4, int(width / letter))
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def bounds(judged: Judged) -> Bounds:
    """The lowest and highest value that is drawn. Counts and rates begin at nothing."""
    values = [one.value for one in judged.series.points] or [0.0, 1.0]
    for stretch in judged.stretches:
        if stretch.lines is not None:
            values += [stretch.lines.centre, stretch.lines.upper, stretch.lines.lower]
    least, most = min(values), max(values)
    if saying.least(judged) >= 0:
        least = max(0.0, least) if "%" in judged.series.unit else 0.0
    if "%" in judged.series.unit and max((one.value for one in judged.series.points), default=0) <= 100:
        most = min(most, 100.0)
    return least, most


def _scale(least: float, most: float) -> tuple[float, float, list[float]]:
    """Where the scale begins and ends, and where lines of the grid are."""
    span = most - least
    if span <= 1e-9 * max(abs(most), abs(least), 1.0):  # all the same, as far as can be drawn
        span = max(abs(most), 1.0)
    size = 10.0 ** math.floor(math.log10(span / GRID))
    step = next(one * size for one in (1, 2, 2.5, 5, 10) if one * size >= span / GRID * 0.999)
    first = math.floor(least / step + 1e-9)
    last = max(math.ceil(most / step - 1e-9), first + 1)
    return first * step, last * step, [round(one * step, 10) for one in range(first, last + 1)]


def _events(judged: Judged) -> list[tuple[int, str]]:
    places = {one.at: place for place, one in enumerate(judged.series.points)}
    said = [(places[one.at], one.words) for one in judged.series.annotations]
    return sorted([*said, *((places[one.at], one.change) for one in judged.series.rebases)])


def _rows(made: Drawing, frame: _Frame, events: Sequence[tuple[int, str]], top: float) -> int:
    """Words for what happened, above the chart, so that none lie over others; how many lines they take."""
    ends = [-100.0] * ROWS
    used = 0
    for place, said in events:
        text = _cut(said, made.width - 8)
        half = len(text) * LETTER / 2
        x = min(max(frame.x(place) - frame.step / 2, half + 4), made.width - half - 4)
        row = next((one for one in range(ROWS) if x - half > ends[one] + 6), None)
        if row is None:
            continue
        ends[row] = x + half
        used = max(used, row + 1)
        made.words.append(Words("strong", round(x, 1), top + 14 + row * LINE, "middle", text))
    return used


def _limits(made: Drawing, frame: _Frame, judged: Judged, stretch: Stretch, right: float, wide: bool) -> None:
    lines = stretch.lines
    if lines is None:
        return
    last = stretch.end == frame.count
    start = frame.left if stretch.start == 0 else frame.x(stretch.start) - frame.step / 2
    end = right if last else frame.x(stretch.end - 1) + frame.step / 2
    run = stretch.runs is not None
    drawn = [("centre", lines.centre)] if run else [
        ("limit", lines.upper), ("centre", lines.centre), ("limit", lines.lower)
    ]  # fmt: skip
    least = saying.least(judged)
    drawn = [(css, max(value, 0.0) if least >= 0 else value) for css, value in drawn]
    made.lines += [Line(css, ((start, frame.y(value)), (end, frame.y(value)))) for css, value in drawn]
    if not last:
        return
    full = (_("upper limit"), _("average"), _("lower limit")) if wide else (_("upper"), _("mean"), _("lower"))
    named = (_("median"),) if run else full
    highest = -1e9
    for (css, value), word in zip(drawn, named, strict=True):
        y = max(frame.y(value) + 4, highest + LINE - 2)
        highest = y
        strong = "strong" if css == "centre" else ""
        made.words.append(Words(strong, right + 6, y, "start", f"{saying.number(value)} {word}"))


def _points(made: Drawing, frame: _Frame, judged: Judged) -> None:
    places = [(frame.x(place), frame.y(one.value)) for place, one in enumerate(judged.series.points)]
    for stretch in judged.stretches:
        if stretch.end - stretch.start > 1:
            made.lines.append(Line("series", tuple(places[stretch.start : stretch.end])))
    crowded = frame.count > CROWDED
    made.marks += [
        Mark(css, x, y)
        for css, (x, y) in zip(judged.marks, places, strict=True)
        if css != USUAL or not crowded
    ]  # fmt: skip


def _places(made: Drawing, frame: _Frame, judged: Judged, most: int) -> None:
    """Dates below the chart: the month, and the year where it begins."""
    places = [one.at for one in judged.series.points]
    named = saying.steps(places, most)
    years = saying.years(places, named)
    dated = bool(places) and form(places[0]) in ("month", "day", "quarter")
    for place in named:
        words = saying.when(places[place])
        short = words.rpartition(" ")[0] if dated else places[place]
        made.words.append(Words("", frame.x(place), frame.foot + 20, "middle", short))
        if dated and place in years:
            made.words.append(Words("", frame.x(place), frame.foot + 35, "middle", places[place][:4]))
