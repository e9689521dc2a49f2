"""What a mentoring offer or request says: to everybody else, and in the ``mentoring`` member of its document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from federation.documents.contents.parts import head, part
from storage.shapes.mentoring import Mentoring

MEMBER = "mentoring"
# Fields that stand in that member, as they are called there.
TERMS = {
    "level": "level", "format": "format", "hours_a_month": "hoursPerMonth", "months": "months", "places": "places",
    "status": "status", "goal": "goal",
}  # fmt: skip
_LEVELS = {"person": "Person to person", "team": "Team to team"}
_FORMATS = {"video-call": "by video call", "phone": "by phone", "visit": "with visits", "messages": "by messages"}
_STANDING = {"matched": " (matched)", "closed": " (closed)"}


def content(label: str, title: str, given: Mentoring) -> str:
    """What is wanted or offered, how, for how long, and to what end; that it is over stands beside the title."""
    parts = [head(label, title, _STANDING.get(given.status, "")), part("", given.details)]
    return "".join([*parts, part("", terms_in_words(given)), part("Goal", given.goal)])


def terms_in_words(given: Mentoring) -> str:
    """``Team to team, by video call, 1 hour a month for 4 months.``"""
    said = [_LEVELS.get(given.level, ""), _FORMATS.get(given.format, ""), _time(given.hours_a_month, given.months)]
    words = ", ".join(one for one in said if one)
    return f"{words[0].upper()}{words[1:]}." if words else ""


def _time(hours: int | None, months: int | None) -> str:
    monthly = "" if hours is None else f"{hours} hour{'' if hours == 1 else 's'} a month"
    lasts = "" if months is None else f"for {months} month{'' if months == 1 else 's'}"
    return f"{monthly} {lasts}".strip()


def terms(direction: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    """The member, of kept fields; ``direction``: offer, or request."""
    said = {term: fields[name] for name, term in TERMS.items() if name in fields}
    return {MEMBER: {"direction": direction, **said}}


def fields(member: Any) -> dict[str, Any]:
    """The fields that the member of another server's document says."""
    given = member if isinstance(member, Mapping) else {}
    return {name: given[term] for name, term in TERMS.items() if term in given}
