"""Structured kinds in AS2: their terms, and the text that everybody else reads. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from federation import sanitize
from federation.documents import events
from federation.documents.contents import consultation, event, idea, safety_note, summary
from federation.documents.reading import one_or_many, types
from federation.vocabulary import OURS
from storage.kinds import RULES, Kind, read
from storage.shapes.common import Shape
from storage.shapes.consultation import Consultation
from storage.shapes.event import Event
from storage.shapes.idea import Idea
from storage.shapes.rules import MANY, Words
from storage.shapes.safety_note import SafetyNote
from storage.shapes.summary import Summary

# What a field is called in documents, where it is not called the same.
TERMS = {
    "topics": "topic",
    "settings": "setting",
    "event_kind": "eventKind",
    "measure_of_success": "measureOfSuccess",
    "review_by": "reviewBy",
}
_FIELDS = {term: name for name, term in TERMS.items()}
LABELS = {
    Kind.SAFETY_NOTE: "Safety note",
    Kind.IDEA: "Idea",
    Kind.EVENT: "Event",
    Kind.CONSULTATION: "Consultation",
    Kind.SUMMARY: "You said, we did",
}
TAGS = {
    Kind.SAFETY_NOTE: "SafetyNote",
    Kind.IDEA: "Idea",
    Kind.EVENT: "Event",
    Kind.CONSULTATION: "Consultation",
    Kind.SUMMARY: "YouSaidWeDid",
}
TYPES = {Kind.EVENT: "Event", Kind.CONSULTATION: "Question"}  # in ActivityStreams; all others are Notes
TEASER = 300  # characters below a title


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
        return Kind.EVENT if "Event" in types(dict(document)) else Kind.PLAIN
    return _BY_NAME.get(said.replace(OURS, "sw:"), Kind.PLAIN)


def fields_of(kind: Kind, document: Mapping[str, Any]) -> Shape | None:
    """The fields of a structured kind as far as they can be used."""
    known = RULES.get(kind)
    if known is None:
        return None
    given: dict[str, Any] = {}
    for term, value in document.items():
        plain = term.removeprefix("sw:").removeprefix(OURS)
        name = _FIELDS.get(plain, plain)
        if name in known and not (kind is Kind.EVENT and name in events.TOLD):
            given[name] = one_or_many(value)[:MANY] if isinstance(known[name], Words) else value
    if kind is Kind.EVENT:
        given |= events.given(document)
    return read(kind, given, strict=False)


def terms(fields: Mapping[str, Any], kind: Kind = Kind.PLAIN) -> dict[str, Any]:
    """Kept fields (``storage.kinds.dump``, parsed) as members of a document, but for those of AS2."""
    told = events.TOLD if kind is Kind.EVENT else frozenset[str]()
    return {TERMS.get(name, name): value for name, value in fields.items() if name not in told}


def content(kind: Kind, title: str, given: Shape, written: str = "") -> str:
    """HTML that says it all to people whose software does not know the kind. ``written``: a member's own HTML."""
    label = LABELS[kind]
    match given:
        case SafetyNote():
            made = safety_note.content(label, title, given)
        case Idea():
            made = idea.content(label, title, given)
        case Event():
            made = event.content(label, title, given)
        case Consultation():
            made = consultation.content(label, title, given)
        case Summary():
            made = summary.content(label, title, given)
        case _:
            raise TypeError(f"nothing says what a {kind.value} says")
    return made + written


def written_of(kind: Kind, title: str, given: Shape, html: str) -> str:
    """A member's own HTML, out of what ``content`` made of it."""
    return html.replace(content(kind, title, given), "", 1)


def type_of(kind: Kind) -> str:
    """The ActivityStreams type of a post of this kind."""
    return TYPES.get(kind, "Note")


def teaser(given: Shape | None, words: str) -> str:
    """What stands below a title, on one line; "" for what is none. ``words``: those of the post."""
    if not isinstance(given, Event) or not given.start:
        return ""
    line = sanitize.line(event.teaser(given, words), TEASER + 1)
    return line if len(line) <= TEASER else line[:TEASER].rsplit(" ", 1)[0] + "…"
