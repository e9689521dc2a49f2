"""Numbers as people paste them: a column, a row, dates beside values, CSV of a spreadsheet. Pure.

Whatever cannot be read is named by its line; nothing is guessed silently and nothing left out.
"""

from __future__ import annotations

import csv
import itertools
import re
from collections.abc import Sequence
from datetime import date, timedelta

from node.texts import _
from storage.series import LARGEST, POINTS, Point, WrongSeries, form

MISSING = frozenset({"n/a", "na", "nan", "null", "none", "missing", "inf"})  # no names of columns
MOST = 5  # lines that are named
CHARACTERS = 64_000  # of what is pasted
MONTHS = {
    name: number
    for number, names in enumerate(
        ("jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july", "aug august",
         "sep sept september", "oct october", "nov november", "dec december"), 1
    )
    for name in names.split()
}  # fmt: skip
_NUMBER = re.compile(r"[+-]?(?:\d{1,15}(?:\.\d{0,12})?|\.\d{1,12})(?:e[+-]?\d{1,2})?", re.IGNORECASE)
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_TEXTUAL = re.compile(r"(?:(\d{1,2})[ -])?([A-Za-z]{3,9})\.?[ -](\d{4}|\d{2})")
_SLASHED = re.compile(r"(?:(\d{1,2})[/.])?(\d{1,2})[/.](\d{4})")
_ISO = re.compile(r"(\d{4})-(\d{1,2})(?:-(\d{1,2}))?(?:[T ]00:00(?::00)?Z?)?")
_QUARTER = re.compile(r"(?:(\d{4})[- ]?Q([1-4])|Q([1-4])[- ](\d{4}))", re.IGNORECASE)


def points(pasted: str, *, chart: str = "xmr", start: str = "", interval: str = "month") -> tuple[Point, ...]:
    """The points in a text. ``start``: the date of the first, where the numbers stand alone; those after follow by
    ``interval``. For ``t`` charts dates alone are events. Raises WrongSeries, which names the lines."""
    if len(pasted) > CHARACTERS:
        raise WrongSeries("points", _("That is too much text: at most %s points.") % POINTS)
    lines = [(number, line.strip().lstrip("\ufeff")) for number, line in enumerate(pasted.splitlines(), 1)]
    lines = [(number, line) for number, line in lines if line]
    if not lines:
        return ()
    if len(lines) == 1 and (row := _row(lines[0][1])) is not None:
        return _numbered(row, start, interval)
    cells = [(number, _cells(line)) for number, line in lines]
    if len(cells) > 1 and _is_head(cells[0][1], cells[1][1]):
        cells = cells[1:]
    if chart == "t" and all(len(row) == 1 and _date(row[0]) for _number, row in cells):
        return _between([(number, _date(row[0])) for number, row in cells])
    return _read(cells, start, interval)


def place(said: str) -> str:
    """Where a point is, as people write its date or number; "": nowhere."""
    return said if form(said) == "number" else _date(said)


def _read(cells: Sequence[tuple[int, Sequence[str]]], start: str, interval: str) -> tuple[Point, ...]:
    wrong: list[str] = []
    dated: list[tuple[int, str, float]] = []
    alone: list[float] = []
    for number, row in cells:
        value = _value(row[-1])
        at = _date(row[0]) if len(row) == 2 else ""
        if len(row) > 2:
            wrong.append(_("Line %(line)s has %(num)s columns: one date and one number are wanted.")
                         % {"line": number, "num": len(row)})  # fmt: skip
        elif value is None:
            wrong.append(_("Line %(line)s: “%(text)s” is no number.") % {"line": number, "text": row[-1][:40]})
        elif len(row) == 2 and not at:
            wrong.append(_("Line %(line)s: “%(text)s” is no date. Write 2026-01, 31/01/2026 or Jan 2026.")
                         % {"line": number, "text": row[0][:40]})  # fmt: skip
        elif len(row) == 2:
            dated.append((number, at, value))
        else:
            alone.append(value)
    if not wrong and dated and alone:
        wrong.append(_("Some lines have a date and some have none. Give all of them one, or none."))
    wrong += _clashes(dated) if not wrong else []
    if wrong:
        more = [_("And %s lines more.") % (len(wrong) - MOST)] if len(wrong) > MOST else []
        raise WrongSeries("points", " ".join([*wrong[:MOST], *more]))
    if alone:
        return _numbered(alone, start, interval)
    return tuple(Point(at, value) for _number, at, value in dated)


def _clashes(dated: Sequence[tuple[int, str, float]]) -> list[str]:
    """Dates that are there twice, or written in another way than the first."""
    seen: dict[str, int] = {}
    wrong: list[str] = []
    for number, at, _value in dated:
        if at in seen:
            wrong.append(_("Line %(line)s has the same date as line %(other)s.") % {"line": number, "other": seen[at]})
        elif form(at) != form(dated[0][1]):
            wrong.append(_("Line %(line)s has another kind of date than line %(other)s.")
                         % {"line": number, "other": dated[0][0]})  # fmt: skip
        seen.setdefault(at, number)
    return wrong


def _is_head(first: Sequence[str], second: Sequence[str]) -> bool:
    """Whether the first line names columns: words alone, where the next line has a number or a date."""
    words = all(one[:1].isalpha() and one.lower() not in MISSING and not _date(one) for one in first)
    return words and (_value(second[-1]) is not None or bool(_date(second[0])))


def _row(line: str) -> list[float] | None:
    """Numbers in one line; None: it is something else."""
    parts = [one for one in re.split(r"[\s;]+|,\s+|(?<!\d),|,(?!\d{3}(?:\D|$))", line) if one]
    if len(parts) == 1 and "," in line:
        parts = line.split(",")
    values = [_value(one) for one in parts]
    found = [one for one in values if one is not None]
    return found if len(found) == len(values) > 1 else None


def _cells(line: str) -> list[str]:
    """The columns of a line."""
    for mark in ("\t", ";"):
        if mark in line:
            return [_bare(one) for one in line.split(mark) if one.strip()] or [""]
    if line.count(",") and not (_GROUPED.fullmatch(line) or _GROUPED.fullmatch(line.split()[-1])):
        return [_bare(one) for one in _quoted(line)]
    head, _space, last = line.rpartition(" ")
    if head and _value(last) is not None and _date(head.strip(" ,:")):
        return [head.strip(" ,:"), last]
    return [_bare(line)]


def _quoted(line: str) -> list[str]:
    """Columns between commas, of which quotes keep some together."""
    found = next(csv.reader([line], skipinitialspace=True), [line])
    return found[:-1] if len(found) > 1 and not found[-1].strip() else found


def _bare(cell: str) -> str:
    return cell.strip().strip("\"'").strip()


def _value(cell: str) -> float | None:
    """A number as people write it: with thousands, a decimal comma, a real minus, a percent sign."""
    text = cell.strip().replace("−", "-").replace("\u00a0", "").replace("\u202f", "").removesuffix("%").strip()
    if _GROUPED.fullmatch(text):
        text = text.replace(",", "")
    elif text.count(",") == 1 and "." not in text:
        text = text.replace(",", ".")
    if not _NUMBER.fullmatch(text):
        return None
    value = float(text)
    return value if abs(value) <= LARGEST else None


def _date(cell: str) -> str:
    """A date as ``storage.series.FORMS`` writes it; "": it is none. Days come before months, as in Britain."""
    text = cell.strip()
    if (found := _QUARTER.fullmatch(text)) is not None:
        return f"{found[1] or found[4]}-Q{found[2] or found[3]}"
    if (found := _ISO.fullmatch(text)) is not None:
        return _made(found[1], found[2], found[3])
    if (found := _SLASHED.fullmatch(text)) is not None:
        return _made(found[3], found[2], found[1])
    if (found := _TEXTUAL.fullmatch(text)) is not None and found[2].lower() in MONTHS:
        year = found[3] if len(found[3]) == 4 else f"20{found[3]}"
        return _made(year, str(MONTHS[found[2].lower()]), found[1])
    return text if form(text) == "year" and "1900" <= text <= "2199" else ""


def _made(year: str, month: str, day: str | None) -> str:
    try:
        found = date(int(year), int(month), int(day or 1))
    except ValueError:
        return ""
    return found.isoformat() if day else found.isoformat()[:7]


def _numbered(values: Sequence[float], start: str, interval: str) -> tuple[Point, ...]:
    """Values that stand alone, with the dates that follow from the first, or numbered."""
    if len(values) > POINTS:
        raise WrongSeries("points", _("That is too much: at most %s points.") % POINTS)
    if not start.strip():
        return tuple(Point(str(place), value) for place, value in enumerate(values, 1))
    first = _date(start)
    if not first:
        raise WrongSeries("start", _("Write the date of the first number as 2026-01 or 2026-01-31."))
    return tuple(Point(_later(first, interval, place), value) for place, value in enumerate(values))


def _later(first: str, interval: str, steps: int) -> str:
    """The date so many intervals after the first."""
    kind = form(first)
    year, month = int(first[:4]), int(first[5:7]) if kind in ("month", "day") else 1
    try:
        if kind == "year":
            return f"{year + steps:04}"
        if kind == "quarter":
            place = year * 4 + int(first[6]) - 1 + steps
            return f"{place // 4:04}-Q{place % 4 + 1}"
        if kind == "day" and interval in ("day", "week"):
            days = steps * (7 if interval == "week" else 1)
            return (date.fromisoformat(first) + timedelta(days=days)).isoformat()
        place = year * 12 + month - 1 + steps * {"quarter": 3, "year": 12}.get(interval, 1)
        date(place // 12, 1, 1)
    except (ValueError, OverflowError) as error:
        raise WrongSeries("start", _("That date is too late for so many numbers.")) from error
    return f"{place // 12:04}-{place % 12 + 1:02}"


def _between(dates: Sequence[tuple[int, str]]) -> tuple[Point, ...]:
    """Days between events, each at the later of two. Raises WrongSeries."""
    short = [number for number, at in dates if form(at) != "day"]
    if short:
        raise WrongSeries("points", _("Line %s: days between events need whole dates, such as 31/01/2026.") % short[0])
    ordered = sorted(dates, key=lambda one: one[1])
    for (_other, before), (number, at) in itertools.pairwise(ordered):
        if before == at:
            words = _("Line %s: there is another event on that day. Give days between events as numbers instead.")
            raise WrongSeries("points", words % number)
    days = [date.fromisoformat(at) for _number, at in ordered]
    return tuple(Point(after.isoformat(), float((after - before).days)) for before, after in itertools.pairwise(days))
