"""What an event says to everybody else: when and where it is, in words."""

from __future__ import annotations

from datetime import date
from html import escape

from federation.documents.contents.parts import part
from storage.shapes.event import Event

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_ZONES = {"Europe/London": "UK time", "Europe/Belfast": "UK time", "UTC": "UTC", "Europe/Dublin": "Irish time"}


def content(label: str, title: str, given: Event) -> str:
    """The title, and when and where it is."""
    name = f"<p><strong>{escape(title)}</strong></p>" if title else ""
    return name + part("", said(given))


def teaser(given: Event, words: str) -> str:
    """What stands below the title of an event: when and where, then the first of its words."""
    return f"{said(given)} {words}".strip() if given.start else ""


def said(given: Event) -> str:
    """``Friday 4 December 2026, 12:30 to 13:10 (UK time), online, free.``"""
    where = {"online": "online", "in-person": "", "both": "online and"}[given.mode]
    at = f"{where} at {given.place}".strip() if given.place and given.mode != "online" else where
    parts = [f"{when(given.start, given.end)} ({zone(given.zone)})", at, given.cost.rstrip(".")]
    off = "Cancelled: " if given.status else ""
    return off + ", ".join(one for one in parts if one) + "."


def when(start: str, end: str) -> str:
    """From when to when, the day said once."""
    first, last = start.partition("T"), end.partition("T")
    if not end or end == start:
        return f"{_day(first[0])}, {first[2]}"
    until = last[2] if first[0] == last[0] else f"{_day(last[0])}, {last[2]}"
    return f"{_day(first[0])}, {first[2]} to {until}"


def _day(written: str) -> str:
    day = date.fromisoformat(written)
    return f"{_DAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]} {day.year}"


def zone(name: str) -> str:
    """A zone as people call it: ``UK time``, ``Paris time``, ``UTC+2``."""
    if name in _ZONES:
        return _ZONES[name]
    if name.startswith("Etc/GMT"):
        offset = name.removeprefix("Etc/GMT")
        return f"UTC{'-' if offset.startswith('+') else '+'}{offset.lstrip('+-')}" if offset.strip("+-0") else "UTC"
    return f"{name.rpartition('/')[2].replace('_', ' ')} time"
