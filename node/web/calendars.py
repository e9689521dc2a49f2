"""Calendar files: RFC 5545. Pure; a file says what its zones' clocks do, as 3.6.5 asks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from storage.shapes.times import clock

MEDIA_TYPE = "text/calendar; charset=utf-8"
WIDTH = 75  # bytes of a line, without its end (3.1)
PRODUCT = "-//Sharewell//Events//EN"
_STAMP = "%Y%m%dT%H%M%S"
_AROUND = timedelta(days=366)  # before the first event, so that the clock's state at its start is known
_STEP = timedelta(days=7)  # no zone changes its clocks twice in a week


@dataclass(frozen=True, slots=True)
class Entry:
    """One event of a calendar."""

    uid: str
    title: str
    text: str
    place: str
    url: str
    zone: str  # IANA
    start: datetime  # on that zone's clocks
    end: datetime
    changed: datetime  # UTC
    cancelled: bool = False


def written(entries: Sequence[Entry], name: str = "") -> bytes:
    """The calendar of these events."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"]
    if name:
        lines.append(f"X-WR-CALNAME:{escaped(name)}")
    for zone in dict.fromkeys(one.zone for one in entries):
        its = [one for one in entries if one.zone == zone]
        lines += _zone(zone, min(one.start for one in its), max(one.end for one in its))
    for one in entries:
        lines += _event(one)
    lines.append("END:VCALENDAR")
    return b"".join(folded(line) for line in lines)


def _event(one: Entry) -> list[str]:
    changed = one.changed.strftime(_STAMP) + "Z"
    lines = [
        "BEGIN:VEVENT",
        f"UID:{escaped(one.uid)}",
        f"DTSTAMP:{changed}",
        f"LAST-MODIFIED:{changed}",
        f"DTSTART{_at(one.start, one.zone)}",
        f"DTEND{_at(one.end, one.zone)}",
        f"SUMMARY:{escaped(one.title)}",
    ]
    more = (("DESCRIPTION", escaped(one.text)), ("LOCATION", escaped(one.place)), ("URL", one.url))
    lines += [f"{name}:{value}" for name, value in more if value]
    return [*lines, f"STATUS:{'CANCELLED' if one.cancelled else 'CONFIRMED'}", "END:VEVENT"]


def _at(when: datetime, zone: str) -> str:
    return f":{when.strftime(_STAMP)}Z" if zone == "UTC" else f";TZID={zone}:{when.strftime(_STAMP)}"


def escaped(text: str) -> str:
    """A text as a value of TEXT (3.3.11): on one line, no control characters."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = "".join(one for one in text if one in "\n\t" or (one >= " " and one != "\x7f"))
    for plain, said in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        text = text.replace(plain, said)
    return text


def folded(line: str) -> bytes:
    """A line of content with its end; a long one goes on in lines that begin with a blank, cut between characters."""
    parts: list[bytes] = []
    rest, room = line.encode("utf-8", "ignore"), WIDTH
    while len(rest) > room:
        cut = room
        while rest[cut] & 0xC0 == 0x80:  # within a character
            cut -= 1
        parts.append(rest[:cut])
        rest, room = rest[cut:], WIDTH - 1
    return b"\r\n ".join([*parts, rest]) + b"\r\n"


def _zone(name: str, first: datetime, last: datetime) -> list[str]:
    """What the clocks of a zone do from before ``first`` to ``last``."""
    its = clock(name)
    if its is None or name == "UTC":
        return []
    lines = ["BEGIN:VTIMEZONE", f"TZID:{name}"]
    start = first.replace(tzinfo=its).astimezone(UTC) - _AROUND
    before = start.astimezone(its).utcoffset() or timedelta()
    lines += _observance(start.astimezone(its), before, before)
    for moment in _changes(its, start, last.replace(tzinfo=its).astimezone(UTC)):
        after = moment.astimezone(its)
        was = (moment - timedelta(seconds=1)).astimezone(its).utcoffset() or timedelta()
        lines += _observance(after, was, after.utcoffset() or timedelta())
    return [*lines, "END:VTIMEZONE"]


def _observance(when: datetime, was: timedelta, now: timedelta) -> list[str]:
    """From ``when`` on; its start is said on the clocks of before (3.6.5)."""
    part = "DAYLIGHT" if when.dst() else "STANDARD"
    start = (when.replace(tzinfo=None) - now + was).strftime(_STAMP)
    named = when.tzname() or ""
    name = [f"TZNAME:{escaped(named)}"] if named else []
    return [f"BEGIN:{part}", f"DTSTART:{start}", f"TZOFFSETFROM:{_offset(was)}", f"TZOFFSETTO:{_offset(now)}", *name,
            f"END:{part}"]  # fmt: skip


def _offset(offset: timedelta) -> str:
    minutes = round(offset.total_seconds() / 60)
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}{abs(minutes) % 60:02d}"


def _changes(zone: tzinfo, start: datetime, end: datetime) -> Iterator[datetime]:
    """The moments, in UTC, at which the zone's clocks jump."""
    moment = start
    while moment < end:
        later = moment + _STEP
        if moment.astimezone(zone).utcoffset() != later.astimezone(zone).utcoffset():
            yield _jump(zone, moment, later)
        moment = later


def _jump(zone: tzinfo, low: datetime, high: datetime) -> datetime:
    before = low.astimezone(zone).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=(high - low) // timedelta(seconds=2))
        low, high = (middle, high) if middle.astimezone(zone).utcoffset() == before else (low, middle)
    return high
