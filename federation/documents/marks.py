"""Marks of posts in AS2: what was corrected, why a post does not hold any more, and what became of it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from html import escape
from typing import Any

from federation import sanitize
from federation.documents import reading
from federation.vocabulary import OURS
from storage.marks import AGES, NONE, SAID, STATES, InPlace, Mark, Marks

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_AFTER = {3: "After three months", 6: "After six months", 12: "After twelve months"}
_STATES = {"still": "still in place", "changed": "changed", "stopped": "stopped"}


def terms(marks: Marks) -> dict[str, Any]:
    """``sw:correction`` and ``sw:withdrawn``: each what is said, since when, and whether a guardian said it.
    ``sw:inPlace``: after how many months, one of ``STATES``, words, and when that was said."""
    given = {"correction": marks.correction, "withdrawn": marks.withdrawn}
    said: dict[str, Any] = {name: _terms(mark) for name, mark in given.items() if mark is not None}
    if marks.in_place:
        said["inPlace"] = [_place(one) for one in marks.in_place]
    return said


def _place(one: InPlace) -> dict[str, Any]:
    words = {"summary": escape(one.said, quote=False)} if one.said else {}
    return {"months": one.months, "state": one.state, "published": reading.iso(one.at), **words}


def _terms(mark: Mark) -> dict[str, Any]:
    guardian = {"byGuardian": True} if mark.by_guardian else {}
    return {"summary": escape(mark.said, quote=False), "published": reading.iso(mark.at), **guardian}


def read(document: Mapping[str, Any], *, now: int) -> Marks:
    """The marks of a document, as far as they can be used."""
    return Marks(_read(document, "correction", now), _read(document, "withdrawn", now), _read_places(document, now))


def _given(document: Mapping[str, Any], name: str) -> Any:
    return next((found for key in (name, f"sw:{name}", OURS + name) if (found := document.get(key)) is not None), None)


def _read_places(document: Mapping[str, Any], now: int) -> tuple[InPlace, ...]:
    """What is said of each age, the first of several."""
    found: dict[int, InPlace] = {}
    for one in reading.objects(_given(document, "inPlace"), len(AGES) * 2):
        months, state = one.get("months"), one.get("state")
        if isinstance(months, int) and months in AGES and state in STATES and months not in found:
            at = reading.moment(one.get("published"))
            found[months] = InPlace(months, state, _words(one), min(at if at is not None else now, now))
    return tuple(found[months] for months in sorted(found))


def _words(given: Mapping[str, Any]) -> str:
    return sanitize.line(sanitize.plain(sanitize.html(reading.text(given.get("summary")), SAID * 4)), SAID)


def _read(document: Mapping[str, Any], name: str, now: int) -> Mark | None:
    given = _given(document, name)
    if not isinstance(given, dict):
        return None
    said = _words(given)
    at = reading.moment(given.get("published"))
    guardian = given.get("byGuardian", given.get("sw:byGuardian")) is True
    return Mark(said, min(at if at is not None else now, now), guardian) if said else None


def content(marks: Marks) -> str:
    """HTML that says it first to people whose software knows no marks."""
    if marks == NONE:
        return ""
    parts: list[str] = []
    if marks.withdrawn is not None:
        parts.append(_line("Withdrawn", marks.withdrawn))
    if marks.correction is not None:
        parts.append(_line("Corrected", marks.correction))
    parts += [_said(one) for one in reversed(marks.in_place)]
    return "".join(parts)


def _said(one: InPlace) -> str:
    """``After six months (28 May 2027): still in place. On all four wards.``"""
    words = f" {escape(one.said)}" if one.said else ""
    return f"<p><strong>{_AFTER[one.months]} ({_day(one.at)}):</strong> {_STATES[one.state]}.{words}</p>"


def _line(word: str, mark: Mark) -> str:
    return f"<p><strong>{word} on {_day(mark.at)}:</strong> {escape(mark.said)}</p>"


def _day(at: int) -> str:
    when = datetime.fromtimestamp(at / 1000, UTC)
    return f"{when.day} {_MONTHS[when.month - 1]} {when.year}"
