"""Events in AS2: when, where, for how many. No I/O.

Ours say what FEP-8a8e says; Mobilizon, Gancio and WordPress say most of it in the same terms.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from federation import sanitize
from federation.documents import reading
from storage.events import Event
from storage.shapes.event import CAPACITY, HOME
from storage.shapes.rules import LINE
from storage.shapes.times import clock, fixed, instant, wall

# Fields that AS2, or FEP-8a8e, has words for: they are not told a second time in ours.
TOLD = frozenset(
    ["start", "end", "zone", "mode", "place", "capacity", "status", "link"]
)  # fmt: skip
CANCELLED = "EventCancelled"
_ADDRESS = ("streetAddress", "addressLocality", "addressRegion", "postalCode", "addressCountry")
LATEST = 7_258_118_400_000  # ms; 2200
_OFF = frozenset({"EventCancelled", "https://schema.org/EventCancelled", "CANCELLED"})


def terms(fields: Mapping[str, Any], title: str, language: str, *, join: str, when: Event | None) -> dict[str, Any]:
    """What an event says of itself, from its kept fields. ``join``: where those who come find the way in; ``when``:
    with how many they are."""
    zone = fields.get("zone", HOME)
    said: dict[str, Any] = {
        "startTime": reading.iso(instant(fields["start"], zone)),
        "endTime": reading.iso(instant(fields.get("end") or fields["start"], zone)),
        "timezone": zone,
        "joinMode": "free",
        "eventStatus": CANCELLED if fields.get("status") else "EventScheduled",
        "location": _location(fields, join),
    }
    if "capacity" in fields:
        said["maximumAttendeeCapacity"] = fields["capacity"]
    if when is not None:
        said["attendees"] = {"type": "Collection", "totalItems": when.joined}
    if language:
        said["nameMap"] = {language: title}
    return said


def _location(fields: Mapping[str, Any], join: str) -> dict[str, Any] | list[dict[str, Any]]:
    mode = fields.get("mode", "online")
    found: list[dict[str, Any]] = []
    if mode != "in-person":
        found.append({"type": "VirtualLocation", "url": join})
    if mode != "online":
        found.append({"type": "Place", "name": fields.get("place", "")})
    return found[0] if len(found) == 1 else found


def given(document: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of an event as far as its document says them in words of AS2. Without ``start`` it is none."""
    starts = _moment(document.get("startTime"))
    if starts is None:
        return {}
    zone = _zone(document)
    ends = _moment(document.get("endTime"))
    virtual, place = _places(document.get("location"))
    found: dict[str, Any] = {
        "start": wall(starts, zone),
        "end": wall(ends, zone) if ends is not None and ends > starts else "",
        "zone": zone,
        "mode": "both" if virtual and place else "in-person" if place else "online" if virtual else _unsaid(document),
        "place": place,
    }
    capacity = reading.count(document.get("maximumAttendeeCapacity"))
    if capacity and capacity <= CAPACITY:
        found["capacity"] = capacity
    status = {reading.text(document.get(name)) for name in ("eventStatus", "ical:status")}
    if status & _OFF:
        found["status"] = "cancelled"
    return found


def _moment(value: Any) -> int | None:
    """A time in which calendars of all zones have a day."""
    found = reading.moment(value)
    return found if found is not None and 0 < found < LATEST else None


def _unsaid(document: Mapping[str, Any]) -> str:
    return "online" if document.get("isOnline") is True else "in-person"


def _zone(document: Mapping[str, Any]) -> str:
    """The zone it names, or the one that its start implies."""
    named = reading.text(document.get("timezone"))
    if named and clock(named) is not None:
        return named
    offset = datetime.fromisoformat(str(document["startTime"]).strip()).utcoffset()
    return "UTC" if offset is None else fixed(offset)


def _places(value: Any) -> tuple[bool, str]:
    """Whether one can come from where one is; and the first place, on one line."""
    virtual, place = False, ""
    for one in reading.objects(value, 8):
        if "VirtualLocation" in reading.types(one):
            virtual = True
        elif not place:
            place = sanitize.line(", ".join(_lines(one)), LINE)
    return virtual, place


def _lines(place: Mapping[str, Any]) -> list[str]:
    address = place.get("address")
    told: Sequence[Any] = [place.get("name")]
    told = [*told, *((address.get(name) for name in _ADDRESS) if isinstance(address, dict) else [address])]
    lines = [sanitize.line(sanitize.plain(reading.text(one)), LINE) for one in told]
    return list(dict.fromkeys(one for one in lines if one))


def coming(document: Mapping[str, Any]) -> int | None:
    """How many come, as its server says."""
    found = reading.count(document.get("attendees"))
    return reading.count(document.get("participantCount")) if found is None else found
