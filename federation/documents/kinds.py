"""Structured kinds in AS2: their terms, and the text that everybody else reads. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from federation.documents.reading import one_or_many
from federation.vocabulary import OURS
from storage.kinds import Idea, Kind, SafetyNote, Structured, read

# What a field is called in documents, where it is not called the same.
TERMS = {
    "topics": "topic",
    "settings": "setting",
    "event_kind": "eventKind",
    "measure_of_success": "measureOfSuccess",
    "review_by": "reviewBy",
}
_FIELDS = {term: name for name, term in TERMS.items()}
LABELS = {Kind.SAFETY_NOTE: "Safety note", Kind.IDEA: "Idea"}
TAGS = {Kind.SAFETY_NOTE: "SafetyNote", Kind.IDEA: "Idea"}


def name_of(kind: Kind) -> str:
    """``sw:SafetyNote``."""
    return "sw:" + "".join(part.capitalize() for part in kind.value.split("-"))


_BY_NAME = {name_of(kind): kind for kind in Kind if kind is not Kind.PLAIN}


def kind_of(document: Mapping[str, Any]) -> Kind:
    """The kind a document says it is of; plain when it says none, or one we do not know."""
    said = document.get("kind", document.get("sw:kind"))
    if isinstance(said, dict):
        said = said.get("id", said.get("@id"))
    if not isinstance(said, str):
        return Kind.PLAIN
    return _BY_NAME.get(said.replace(OURS, "sw:"), Kind.PLAIN)


def fields_of(kind: Kind, document: Mapping[str, Any]) -> Structured | None:
    """The fields of a structured kind as far as they can be used."""
    if kind is Kind.PLAIN:
        return None
    given: dict[str, Any] = {}
    for term, value in document.items():
        plain = term.removeprefix("sw:").removeprefix(OURS)
        given[_FIELDS.get(plain, plain)] = value
    given = {name: value for name, value in given.items() if name in _KNOWN}
    for name in ("topics", "settings", "contributing"):
        if name in given:
            given[name] = [one for one in one_or_many(given[name])[:12] if isinstance(one, str)]
    return read(kind, given, strict=False)


_KNOWN = frozenset(SafetyNote.__dataclass_fields__) | frozenset(Idea.__dataclass_fields__)


def terms(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Kept fields (``storage.kinds.dump``, parsed) as members of a document."""
    return {TERMS.get(name, name): value for name, value in fields.items()}


def content(kind: Kind, title: str, given: Structured, written: str = "") -> str:
    """HTML that says it all to people whose software does not know the kind. ``written``: a member's own HTML."""
    label, head = LABELS[kind], escape(title)
    if isinstance(given, Idea):
        stage = f" ({escape(given.stage)})" if given.stage != "new" else ""
        parts = [f"<p><strong>{label}: {head}</strong>{stage}</p>", _p("", given.problem), _p("", given.proposal)]
        parts += [_p("How would you know", given.measure_of_success), _p("Cost", given.cost)]
    else:
        parts = [f"<p><strong>{label}: {head}</strong></p>", _p("", given.situation)]
        parts += [_p("What helps", given.recommendation)]
        parts += [_p(name.capitalize(), text) for name, text in (given.sbar or {}).items()]
        parts += [_notes(given)]
    return "".join(parts) + written


def _p(label: str, text: str) -> str:
    if not text:
        return ""
    lead = f"<strong>{label}:</strong> " if label else ""
    return "".join(
        f"<p>{lead if place == 0 else ''}{'<br>'.join(escape(line) for line in part.splitlines())}</p>"
        for place, part in enumerate(part for part in text.split("\n\n") if part.strip())
    )


def _notes(given: SafetyNote) -> str:
    said: list[str] = []
    if given.harm and given.harm != "not-applicable":
        said.append(f"Harm: {given.harm.replace('-', ' ')}.")
    if given.settings:
        said.append("Setting: " + ", ".join(escape(one.replace("-", " ")) for one in given.settings) + ".")
    if given.composite:
        said.append("Composite case, no real patient.")
    return f"<p>{' '.join(said)}</p>" if said else ""
