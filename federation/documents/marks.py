"""Marks of posts in AS2: what was corrected, and why a post does not hold any more. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from html import escape
from typing import Any

from federation import sanitize
from federation.documents import reading
from federation.vocabulary import OURS
from storage.marks import NONE, SAID, Mark, Marks

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def terms(marks: Marks) -> dict[str, Any]:
    """``sw:correction`` and ``sw:withdrawn``: each what is said, since when, and whether a guardian said it."""
    given = {"correction": marks.correction, "withdrawn": marks.withdrawn}
    return {name: _terms(mark) for name, mark in given.items() if mark is not None}


def _terms(mark: Mark) -> dict[str, Any]:
    guardian = {"byGuardian": True} if mark.by_guardian else {}
    return {"summary": escape(mark.said, quote=False), "published": reading.iso(mark.at), **guardian}


def read(document: Mapping[str, Any], *, now: int) -> Marks:
    """The marks of a document, as far as they can be used."""
    return Marks(_read(document, "correction", now), _read(document, "withdrawn", now))


def _read(document: Mapping[str, Any], name: str, now: int) -> Mark | None:
    given = next((found for key in (name, f"sw:{name}", OURS + name) if (found := document.get(key)) is not None), None)
    if not isinstance(given, dict):
        return None
    said = sanitize.line(sanitize.plain(sanitize.html(reading.text(given.get("summary")), SAID * 4)), SAID)
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
    return "".join(parts)


def _line(word: str, mark: Mark) -> str:
    when = datetime.fromtimestamp(mark.at / 1000, UTC)
    day = f"{when.day} {_MONTHS[when.month - 1]} {when.year}"
    return f"<p><strong>{word} on {day}:</strong> {escape(mark.said)}</p>"
