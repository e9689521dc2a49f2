"""The words that pages use for when, where and how an event is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from node.texts import N_, _
from node.words import vocabulary

_DAYS = (
    N_("Monday"), N_("Tuesday"), N_("Wednesday"), N_("Thursday"), N_("Friday"), N_("Saturday"), N_("Sunday"),
)  # fmt: skip
MODES = {"online": N_("Online"), "in-person": N_("In person"), "both": N_("Online and in person")}
RECORDING = {
    "none": N_("Not recorded"), "slides": N_("Only slides are shared afterwards"),
    "all": N_("Recorded, and shared afterwards"),
}  # fmt: skip
ZONES = (
    "Europe/London", "Europe/Dublin", "Europe/Lisbon", "Europe/Paris", "Europe/Athens", "Europe/Kyiv", "Africa/Lagos",
    "Africa/Nairobi", "Africa/Johannesburg", "Asia/Dubai", "Asia/Karachi", "Asia/Kolkata", "Asia/Singapore",
    "Asia/Tokyo", "Australia/Perth", "Australia/Sydney", "Pacific/Auckland", "America/New_York", "America/Chicago",
    "America/Denver", "America/Los_Angeles", "America/Sao_Paulo", "UTC",
)  # fmt: skip


def wall(written: str) -> str:
    """``2026-12-04T12:30`` as people read it: the weekday helps."""
    when = datetime.fromisoformat(written)
    day = vocabulary.day(round(when.replace(tzinfo=UTC).timestamp()) * 1000)
    return f"{_(_DAYS[when.weekday()])} {day}, {when:%H:%M}"


def when(fields: Mapping[str, object]) -> str:
    """From when to when an event is, on the clocks of its zone."""
    start, end = str(fields.get("start", "")), str(fields.get("end") or "")
    if not start:
        return ""
    if not end:
        return wall(start)
    last = end.partition("T")[2] if start[:10] == end[:10] else wall(end)
    return _("%(start)s to %(end)s") % {"start": wall(start), "end": last}


def zones() -> list[tuple[str, str]]:
    """Zones that a form offers."""
    return [(one, one.replace("_", " ")) for one in ZONES]


def modes() -> list[tuple[str, str]]:
    """How people take part in an event."""
    return [(one, _(word)) for one, word in MODES.items()]


def recordings() -> list[tuple[str, str]]:
    """What is kept of an event."""
    return [(one, _(word)) for one, word in RECORDING.items()]
