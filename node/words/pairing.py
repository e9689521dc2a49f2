"""The words that pages use for mentoring, for who can be asked and what lasted; ids are never shown to people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from node.texts import N_, _, ngettext
from storage.marks import SAID

_LEVELS = {"team": N_("Team to team"), "person": N_("Person to person")}
_FORMATS = {
    "video-call": N_("Video calls"), "phone": N_("Phone"), "visit": N_("Visits"), "messages": N_("Messages"),
}  # fmt: skip
_BOARD = {"open": N_("Open"), "matched": N_("Matched"), "closed": N_("Closed")}
_MATCH = {
    "proposed": N_("Proposed"), "accepted": N_("Under way"), "declined": N_("Declined"), "withdrawn": N_("Withdrawn"),
    "ended": N_("Ended"),
}  # fmt: skip
SAID_MOST = SAID  # characters of the line about what lasted
_AFTER = {3: N_("After three months"), 6: N_("After six months"), 12: N_("After twelve months")}
_LASTED = {"still": N_("Still in place"), "changed": N_("Changed"), "stopped": N_("Stopped")}
_NOTES = {"check-in": N_("Check-in"), "goal": N_("Goal"), "closing": N_("Closing note")}
_ROLES = {
    "nurse": N_("Nurse"), "midwife": N_("Midwife"), "doctor": N_("Doctor"), "pharmacist": N_("Pharmacist"),
    "allied-health": N_("Allied health professional"), "ambulance": N_("Ambulance staff"),
    "support-worker": N_("Support worker"), "manager": N_("Manager"), "improvement": N_("Improvement lead"),
    "patient-partner": N_("Patient or carer"), "researcher": N_("Researcher"), "student": N_("Student"),
    "other": N_("Something else"),
}  # fmt: skip
_REGIONS = {
    "east-of-england": N_("East of England"), "london": N_("London"), "midlands": N_("Midlands"),
    "north-east-and-yorkshire": N_("North East and Yorkshire"), "north-west": N_("North West"),
    "south-east": N_("South East"), "south-west": N_("South West"), "northern-ireland": N_("Northern Ireland"),
    "scotland": N_("Scotland"), "wales": N_("Wales"), "elsewhere": N_("Elsewhere"),
}  # fmt: skip


def mentoring(fields: Mapping[str, Any]) -> str:
    """``Team to team · Video calls · 2 hours a month, 6 months``, as far as a post says it."""
    found = [
        _(table[one])
        for name, table in (("level", _LEVELS), ("format", _FORMATS))
        if (one := fields.get(name)) in table
    ]
    hours, months = fields.get("hours_a_month"), fields.get("months")
    time = []
    if isinstance(hours, int) and hours:
        time.append(ngettext("%(num)s hour a month", "%(num)s hours a month", hours) % {"num": hours})
    if isinstance(months, int) and months:
        time.append(ngettext("%(num)s month", "%(num)s months", months) % {"num": months})
    return " · ".join([*found, *([", ".join(time)] if time else [])])


def after(months: int) -> str:
    """The age at which an author was asked whether something is still in place."""
    return _(_AFTER[months])


def lasted(state: str) -> str:
    """What the author said to that."""
    return _(_LASTED[state])


def lasting() -> list[tuple[str, str]]:
    """What they can say, as a form asks."""
    return [(one, _(word)) for one, word in _LASTED.items()]


def levels() -> list[tuple[str, str]]:
    """Whom mentoring is for, as a form asks."""
    return [("team", _("A team")), ("person", _("One person"))]


def formats() -> list[tuple[str, str]]:
    """How two can meet, as a form asks."""
    return [(one, _(word)) for one, word in _FORMATS.items()]


def mentoring_status(status: str) -> str:
    """How an offer or request stands."""
    return _(_BOARD[status])


def match_state(state: str) -> str:
    """How a match stands."""
    return _(_MATCH[state])


def note_sort(sort: str) -> str:
    """What was written within a match."""
    return _(_NOTES[sort])


def note_sorts() -> list[tuple[str, str]]:
    """What can be written within a match."""
    return [(one, _(word)) for one, word in _NOTES.items()]


def role(id: str) -> str:
    """As whom somebody can be asked."""
    return _(_ROLES[id])


def roles() -> list[tuple[str, str]]:
    """As whom, as a form offers it."""
    return [(one, _(word)) for one, word in _ROLES.items()]


def region(id: str) -> str:
    """Where somebody is."""
    return _(_REGIONS[id])


def regions() -> list[tuple[str, str]]:
    """Where, as a form offers it."""
    return [(one, _(word)) for one, word in _REGIONS.items()]
