"""A measure as it is shown and sent: what is counted, the points, what happened when. Its record and bounds; no SQL."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

CHARTS = ("xmr", "run", "t")  # t: days between rare events
DIRECTIONS = ("up", "down", "none")  # where better is
INTERVALS = ("day", "week", "month", "quarter", "year", "event", "other")
POINTS = 500
NAME, UNIT = 200, 60  # characters
DEFINITION, PART, WHY = 2_000, 300, 500  # characters of the definition, of numerator and denominator, of a reason
ADDRESS = 2_000  # characters of an address
NOTE = 80  # characters of what is written into a chart
ANNOTATIONS, REBASES = 20, 10
TOGETHER = 6  # measures in one post
LARGEST = 1e12  # of a value, either side of nothing
LEAST_RUN, MOST_RUN = 4, 15  # points of a shift or trend that somebody may choose
WEB = re.compile(r"https?://[!-~]+")
FORMS = {
    "number": re.compile(r"[1-9][0-9]{0,2}"),
    "year": re.compile(r"[0-9]{4}"),
    "quarter": re.compile(r"[0-9]{4}-Q[1-4]"),
    "month": re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])"),
    "day": re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"),
}  # how the place of a point is written: a date, or its number where there are no dates


class WrongSeries(ValueError):
    """A measure cannot be used; ``field`` says which part of it, ``args`` why, for people."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(why)
        self.field = field


@dataclass(frozen=True, slots=True)
class Point:
    """One value, and when it was; ``at`` as in ``FORMS``."""

    at: str
    value: float


@dataclass(frozen=True, slots=True)
class Annotation:
    """Something that happened, at a point."""

    at: str
    words: str


@dataclass(frozen=True, slots=True)
class Rebase:
    """From this point on limits are drawn anew: what changed, and why that is another process now."""

    at: str
    change: str
    why: str
    made: int = 0  # when its author said so


Placed = TypeVar("Placed", Annotation, Rebase)


@dataclass(frozen=True, slots=True)
class Series:
    """A measure with its points, as they were at some time."""

    name: str
    definition: str = ""
    numerator: str = ""
    denominator: str = ""
    unit: str = ""
    direction: str = "none"
    interval: str = "month"
    chart: str = "xmr"
    baseline: int = 0  # points at the start that limits come from; 0: the first twelve
    screen: bool = False  # ranges that are outliers do not count for the limits
    shift: int = 0  # points on one side that are a shift; 0: as the chart has it
    trend: int = 0
    points: tuple[Point, ...] = ()
    annotations: tuple[Annotation, ...] = ()
    rebases: tuple[Rebase, ...] = ()
    url: str = ""  # where the newest numbers are
    picture: str = ""  # the chart as a file that goes with a post
    finding: str = ""  # of a copy: what its author's node found in it, in a sentence
    shared: str = ""  # the id of the shared measure (``storage.shared``) that it is against


def form(at: str) -> str:
    """How the place of a point is written; "": it is none."""
    return next((name for name, shape in FORMS.items() if shape.fullmatch(at)), "")


def order(at: str) -> tuple[int, str]:
    """What places are sorted by."""
    return (int(at), "") if len(at) < 4 else (0, at)


def checked(given: Series) -> Series:
    """The measure with all in its bounds and in order. Raises WrongSeries."""
    texts = (
        ("name", given.name, NAME), ("definition", given.definition, DEFINITION), ("numerator", given.numerator, PART),
        ("denominator", given.denominator, PART), ("unit", given.unit, UNIT),
        ("url", given.url, ADDRESS), ("picture", given.picture, ADDRESS),
        ("finding", given.finding, WHY), ("shared", given.shared, ADDRESS),
    )  # fmt: skip
    if not given.name:
        raise WrongSeries("name", "Say what is measured.")
    for field, text, most in texts:
        if len(text) > most:
            raise WrongSeries(field, f"At most {most} characters.")
    for field, address in (("url", given.url), ("picture", given.picture), ("shared", given.shared)):
        if address and not WEB.fullmatch(address):
            raise WrongSeries(field, "This must be a web address.")
    _choices(given)
    points = in_order(given.points)
    places = [one.at for one in points]
    annotations = _placed("annotations", given.annotations, places, ANNOTATIONS)
    rebases = _placed("rebases", given.rebases, places, REBASES)
    if any(not one.words or len(one.words) > NOTE for one in annotations):
        raise WrongSeries("annotations", f"Say what happened in at most {NOTE} characters.")
    if any(not one.change or not one.why or len(one.change) > NOTE or len(one.why) > WHY for one in rebases):
        raise WrongSeries(
            "rebases", f"Say what changed, in at most {NOTE} characters, and why, in at most {WHY} characters."
        )
    return replace(given, points=points, annotations=annotations, rebases=rebases)


def _choices(given: Series) -> None:
    """Raises WrongSeries."""
    for field, value, known in (
        ("chart", given.chart, CHARTS), ("direction", given.direction, DIRECTIONS),
        ("interval", given.interval, INTERVALS),
    ):  # fmt: skip
        if value not in known:
            raise WrongSeries(field, f"Choose one of: {', '.join(known)}.")
    for field, length in (("shift", given.shift), ("trend", given.trend)):
        if length and not LEAST_RUN <= length <= MOST_RUN:
            raise WrongSeries(field, f"Between {LEAST_RUN} and {MOST_RUN} points.")
    if given.baseline and not 3 <= given.baseline <= POINTS:
        raise WrongSeries("baseline", f"Between 3 and {POINTS} points.")
    if given.chart == "t" and any(one.value < 0 for one in given.points):
        raise WrongSeries("points", "Days between events cannot be less than none.")


def in_order(points: Iterable[Point]) -> tuple[Point, ...]:
    """Points by their places. Raises WrongSeries when one cannot be used, or two have the same place."""
    found = tuple(points)
    if len(found) > POINTS:
        raise WrongSeries("points", f"At most {POINTS} points.")
    forms = {form(one.at) for one in found}
    if "" in forms:
        wrong = next(one.at for one in found if not form(one.at))
        raise WrongSeries("points", f"{wrong[:40]!r} is no date such as 2026-01, and no number of a point.")
    if len(forms) > 1:
        raise WrongSeries("points", "Write all dates in the same way: all months, or all days.")
    if any(not math.isfinite(one.value) or abs(one.value) > LARGEST for one in found):
        raise WrongSeries("points", "A value is too large.")
    ordered = tuple(sorted(found, key=lambda one: order(one.at)))
    for one, following in itertools.pairwise(ordered):
        if one.at == following.at:
            raise WrongSeries("points", f"{one.at} is there twice.")
    return ordered


def _placed(field: str, given: Sequence[Placed], places: Sequence[str], most: int) -> tuple[Placed, ...]:
    if len(given) > most:
        raise WrongSeries(field, f"At most {most}.")
    for one in given:
        if one.at not in places:
            raise WrongSeries(field, f"There is no point at {one.at[:40]!r}.")
    if len({one.at for one in given}) < len(given):
        raise WrongSeries(field, "Only one at a point.")
    return tuple(sorted(given, key=lambda one: order(one.at)))


_SAID = (
    "name", "definition", "numerator", "denominator", "unit", "baseline", "shift", "trend", "url", "picture", "finding",
    "shared",
)  # fmt: skip


def written(given: Mapping[str, Any]) -> list[str]:
    """The words of a copy that people wrote; dates of points and addresses are none."""
    found = [given.get(name, "") for name in ("name", "definition", "numerator", "denominator", "unit", "finding")]
    found += [words for _at, words in given.get("annotations", ())]
    found += [words for _at, *said, _made in given.get("rebases", ()) for words in said]
    return [one for one in found if one]


def dumped(series: Series) -> dict[str, Any]:
    """A measure as it is kept in a post: JSON without what was not said."""
    said: dict[str, Any] = {name: value for name in _SAID if (value := getattr(series, name))}
    said |= {"direction": series.direction, "interval": series.interval, "chart": series.chart}
    if series.screen:
        said["screen"] = True
    said["points"] = [[one.at, one.value] for one in series.points]
    if series.annotations:
        said["annotations"] = [[one.at, one.words] for one in series.annotations]
    if series.rebases:
        said["rebases"] = [[one.at, one.change, one.why, one.made] for one in series.rebases]
    return said


def loaded(given: Any) -> Series:
    """The measure of JSON that ``dumped`` made, or that somebody else sent. Raises WrongSeries."""
    if not isinstance(given, Mapping):
        raise WrongSeries("measures", "A measure is an object.")
    return checked(
        Series(
            name=" ".join(_text(given, "name").split()),
            definition=_text(given, "definition"),
            numerator=_text(given, "numerator"),
            denominator=_text(given, "denominator"),
            unit=" ".join(_text(given, "unit").split()),
            direction=_text(given, "direction") or "none",
            interval=_text(given, "interval") or "month",
            chart=_text(given, "chart") or "xmr",
            baseline=_count(given, "baseline"),
            screen=given.get("screen") is True,
            shift=_count(given, "shift"),
            trend=_count(given, "trend"),
            points=tuple(Point(_at(one), _value(one[1])) for one in _rows(given, "points", POINTS, 2)),
            annotations=tuple(
                Annotation(_at(one), _words(one[1])) for one in _rows(given, "annotations", ANNOTATIONS, 2)
            ),
            rebases=tuple(
                Rebase(_at(one), _words(one[1]), _words(one[2]), _whole(one[3]))
                for one in _rows(given, "rebases", REBASES, 4)
            ),
            url=_text(given, "url"),
            picture=_text(given, "picture"),
            finding=" ".join(_text(given, "finding").split()),
            shared=_text(given, "shared"),
        )
    )


def _text(given: Mapping[str, Any], name: str) -> str:
    value = given.get(name, "")
    if not isinstance(value, str):
        raise WrongSeries(name, "This must be a text.")
    return cleaned(value)


def cleaned(text: str) -> str:
    """Without what no database takes."""
    kept = "".join(c for c in text if c in "\n\t" or c >= " ")
    return kept.encode("utf-8", "ignore").decode("utf-8").strip()


def _words(value: Any) -> str:
    if not isinstance(value, str):
        raise WrongSeries("annotations", "This must be a text.")
    return " ".join(cleaned(value).split())


def _count(given: Mapping[str, Any], name: str) -> int:
    value = given.get(name, 0)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= POINTS:
        raise WrongSeries(name, "This must be a number of points.")
    return value


def _whole(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << 53 else 0


def _rows(given: Mapping[str, Any], name: str, most: int, width: int) -> list[Any]:
    value = given.get(name, [])
    if not isinstance(value, list) or len(value) > most:
        raise WrongSeries(name, f"A list of at most {most}.")
    if any(not isinstance(one, list | tuple) or len(one) != width for one in value):
        raise WrongSeries(name, "Each of these is a pair: when, and what.")
    return value


def _at(row: Sequence[Any]) -> str:
    at = row[0]
    if isinstance(at, int) and not isinstance(at, bool):
        at = str(at)
    if not isinstance(at, str):
        raise WrongSeries("points", "A point begins with its date.")
    return at.strip()


def _value(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > LARGEST:
        raise WrongSeries("points", "A value must be a number.")
    return float(value)
