"""Days and times as the clock on the wall shows them, and the zone of that clock. Pure."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from storage.shapes.rules import Text, WrongField

_WALL = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([0-9]{2}:[0-9]{2})(?::[0-9]{2}(?:\.[0-9]{1,6})?)?")
_ZONE = re.compile(r"[A-Za-z][A-Za-z0-9_+-]{0,29}(?:/[A-Za-z0-9_+-]{1,30}){0,2}")
EARLIEST, LATEST = 1970, 2200  # years


class Wall:
    """A day and time without a zone: ``2027-11-20T09:00``."""

    def strict(self, name: str, value: Any) -> str:
        said = Text().strict(name, value)
        if not said:
            return ""
        found = _WALL.fullmatch(said)
        try:
            when = datetime.fromisoformat(f"{found[1]}T{found[2]}") if found else None
        except ValueError:
            when = None
        if when is None or not EARLIEST < when.year < LATEST:
            raise WrongField(name, "Write the day and time as 2027-11-20T09:00.")
        return when.isoformat(timespec="minutes")

    lenient = strict


class Zone:
    """The name of a zone, as the IANA keeps them: ``Europe/London``."""

    def strict(self, name: str, value: Any) -> str:
        said = Text().strict(name, value)
        if said and clock(said) is None:
            raise WrongField(name, "Choose a time zone such as Europe/London.")
        return said

    lenient = strict


@lru_cache(256)
def clock(zone: str) -> tzinfo | None:
    """The clock of a zone; None: there is no such zone."""
    if zone == "UTC":
        return UTC
    if not _ZONE.fullmatch(zone):
        return None
    try:
        return ZoneInfo(zone)
    except (ZoneInfoNotFoundError, OSError, ValueError):
        return None


def instant(wall: str, zone: str) -> int:
    """Milliseconds since 1970 UTC of a day and time; of one that comes twice when clocks go back, the first."""
    when = datetime.fromisoformat(wall).replace(tzinfo=clock(zone) or UTC)
    return round(when.timestamp()) * 1000


def wall(moment: int, zone: str) -> str:
    """What the clock of a zone shows at a moment."""
    when = datetime.fromtimestamp(moment // 1000, clock(zone) or UTC)
    return when.replace(tzinfo=None).isoformat(timespec="minutes")


def is_skipped(said: str, zone: str) -> bool:
    """Whether no clock of the zone ever shows this: they go forward over it."""
    return wall(instant(said, zone), zone) != said


def fixed(offset: timedelta) -> str:
    """The zone that is always so far from UTC; UTC itself for what is no whole hour, or too far."""
    hours, rest = divmod(round(offset.total_seconds()), 3600)
    if rest or not hours or not -12 <= hours <= 14:
        return "UTC"
    return f"Etc/GMT{-hours:+d}"  # their signs are the other way round: POSIX
