"""Kinds of posts, and the records and vocabularies of the structured ones. No SQL."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Any

from storage import vocabularies


class Kind(StrEnum):
    """What sort of thing is shared."""

    PLAIN = "plain"
    SAFETY_NOTE = "safety-note"
    IDEA = "idea"
    CASE_STUDY = "case-study"
    RESOURCE = "resource"
    ALERT_SIGNPOST = "alert-signpost"
    QUESTION = "question"
    CONSULTATION = "consultation"
    EVENT = "event"
    BLOG = "blog"
    VIDEO = "video"
    THANKS = "thanks"
    MENTORING_OFFER = "mentoring-offer"
    MENTORING_REQUEST = "mentoring-request"
    SPREAD = "spread"
    MEASURE = "measure"


LONGEST = 5_000  # characters of one field
TITLE = 200  # characters
MANY = 12  # entries of a list
WORD = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?")  # an id of a vocabulary
LICENCE = re.compile(r"https://[!-~]{1,200}|[A-Za-z0-9. +-]{1,40}")
DATE = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])")

HARM = ("none", "near-miss", "low", "moderate", "severe", "fatal", "not-applicable")
EVENT_KINDS = ("incident", "risk", "good-care", "outcome")  # LFPSE
CONTRIBUTING = ("person", "task", "tools", "environment", "organisation", "external")
# Strongest first.
STRENGTH = ("design-out", "simplify-standardise", "software-forcing", "checklist-double-check", "training-reminder")
EVIDENCE = (
    "research", "guideline-based", "local-data", "local-experience", "expert-opinion", "untested", "textbook-method",
)  # fmt: skip
STAGES = ("new", "testing", "tested", "adopted", "spreading", "abandoned")
SBAR = ("situation", "background", "assessment", "recommendation")


class WrongField(ValueError):
    """A field of a kind cannot be used; ``field`` is its name, the message is for people."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, slots=True)
class SafetyNote:
    """Something that happens, and what helps; or the four parts of SBAR."""

    topics: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    situation: str = ""  # what happens
    recommendation: str = ""  # what helps
    sbar: Mapping[str, str] | None = None
    harm: str = ""
    event_kind: str = ""
    contributing: tuple[str, ...] = ()
    composite: bool | None = None  # drawn from several events
    evidence: str = ""
    strength: str = ""
    licence: str = ""
    review_by: str = ""  # YYYY-MM-DD


@dataclass(frozen=True, slots=True)
class Idea:
    """A change worth trying."""

    topics: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    problem: str = ""
    proposal: str = ""
    stage: str = "new"
    measure_of_success: str = ""  # how would you know
    cost: str = ""
    evidence: str = ""
    strength: str = ""
    licence: str = ""
    review_by: str = ""


Structured = SafetyNote | Idea
SHAPES: Mapping[Kind, type[SafetyNote] | type[Idea]] = {Kind.SAFETY_NOTE: SafetyNote, Kind.IDEA: Idea}
_CHOICES: Mapping[str, tuple[str, ...]] = {
    "harm": HARM,
    "event_kind": EVENT_KINDS,
    "strength": STRENGTH,
    "evidence": EVIDENCE,
    "stage": STAGES,
}
_LISTS: Mapping[str, frozenset[str]] = {
    "topics": vocabularies.TOPICS,
    "settings": vocabularies.SETTINGS,
    "contributing": frozenset(CONTRIBUTING),
}


def read(kind: Kind, given: Mapping[str, Any], *, strict: bool) -> Structured | None:
    """The fields of a structured kind; None for a kind that has none.

    ``strict`` (our members): raises WrongField for what cannot be used. Otherwise (peers) it is left out.
    """
    shape = SHAPES.get(kind)
    if shape is None:
        return None
    known = {one.name for one in fields(shape)}
    unknown = sorted(str(name) for name in set(given) - known)
    if strict and unknown:
        raise WrongField(unknown[0][:60], f"There is no field {unknown[0][:60]!r} in this kind of post.")
    values: dict[str, Any] = {}
    for name in known & set(given):
        try:
            value = _value(name, given[name]) if strict else _lenient(name, given[name])
        except WrongField:
            if strict:
                raise
            continue
        if value not in ("", (), None):
            values[name] = value
    return shape(**values)


def _value(name: str, value: Any) -> Any:
    if value is None:
        return ""
    if name in _LISTS:
        return _words(name, value, _LISTS[name])
    if name == "composite":
        return _yes(name, value)
    if name == "sbar":
        return _sbar(value)
    if not isinstance(value, str):
        raise WrongField(name, "This must be a text.")
    value = _clean(value)
    if len(value) > LONGEST:
        raise WrongField(name, f"At most {LONGEST} characters.")
    if value and name in _CHOICES and value not in _CHOICES[name]:
        raise WrongField(name, f"Choose one of: {', '.join(_CHOICES[name])}.")
    if value and name == "review_by" and not DATE.fullmatch(value[:10]):
        raise WrongField(name, "Write the date as 2027-11-20.")
    if value and name == "licence" and not LICENCE.fullmatch(value):
        raise WrongField(name, "Name a licence, or give its https address.")
    return value[:10] if name == "review_by" else value


def _clean(value: str) -> str:
    kept = "".join(c for c in value if c in "\n\t" or c >= " ")
    return kept.encode("utf-8", "ignore").decode("utf-8").strip()


def _words(name: str, value: Any, allowed: frozenset[str]) -> tuple[str, ...]:
    found = value if isinstance(value, list | tuple) else [value]
    if len(found) > MANY:
        raise WrongField(name, f"At most {MANY}.")
    wrong = [one for one in found if not isinstance(one, str) or one not in allowed]
    if wrong:
        raise WrongField(name, f"{str(wrong[0])[:60]!r} is not among: {', '.join(sorted(allowed))}.")
    return tuple(dict.fromkeys(found))


def _lenient(name: str, value: Any) -> Any:
    """A field as a peer gave it: of a list what can be a word, since another node may know newer words."""
    if name not in _LISTS:
        return _value(name, value)
    found = value if isinstance(value, list | tuple) else [value]
    fine = (one for one in found[:MANY] if isinstance(one, str) and WORD.fullmatch(one))
    return tuple(dict.fromkeys(one for one in fine if name != "contributing" or one in CONTRIBUTING))


def _yes(name: str, value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if value in ("true", "1", "on"):
        return True
    if value in ("false", "0", "off", ""):
        return False
    raise WrongField(name, "This must be yes or no.")


def _sbar(value: Any) -> Mapping[str, str] | None:
    if not isinstance(value, Mapping) or any(name not in SBAR for name in value):
        raise WrongField("sbar", f"Give these parts: {', '.join(SBAR)}.")
    parts = {name: _clean(value[name]) for name in SBAR if isinstance(value.get(name), str)}
    if any(len(one) > LONGEST for one in parts.values()):
        raise WrongField("sbar", f"At most {LONGEST} characters a part.")
    return {name: one for name, one in parts.items() if one} or None


def complete(title: str, given: Structured) -> None:
    """Raises WrongField when what makes the kind what it is has not been said."""
    if not title:
        raise WrongField("title", "Give it a title.")
    if isinstance(given, SafetyNote):
        if given.sbar is None and not given.situation:
            raise WrongField("situation", "Say what happens.")
        if given.sbar is None and not given.recommendation:
            raise WrongField("recommendation", "Say what helps.")
    elif not given.proposal and not given.problem:
        raise WrongField("proposal", "Say what you propose.")


def dump(given: Structured) -> str:
    """The JSON that is kept in ``posts.fields``; what was not said is left out."""
    said = {name: value for name, value in asdict(given).items() if value not in ("", (), None)}
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def load(kind: Kind, kept: str) -> Structured | None:
    """The fields that ``dump`` wrote."""
    return read(kind, json.loads(kept), strict=False) if kept else None
