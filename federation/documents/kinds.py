"""Structured kinds in AS2: their terms, and the text that everybody else reads. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from federation.documents.contents import idea, mentoring, question, safety_note
from federation.documents.reading import one_or_many
from federation.vocabulary import OURS
from storage.kinds import RULES, Kind, read
from storage.shapes.common import Shape
from storage.shapes.idea import Idea
from storage.shapes.mentoring import Mentoring
from storage.shapes.question import Question
from storage.shapes.rules import MANY, Words
from storage.shapes.safety_note import SafetyNote

# What a field is called in documents, where it is not called the same.
TERMS = {
    "topics": "topic",
    "settings": "setting",
    "event_kind": "eventKind",
    "measure_of_success": "measureOfSuccess",
    "review_by": "reviewBy",
    "accepted_answer": "acceptedAnswer",
}
_FIELDS = {term: name for name, term in TERMS.items()}
LABELS = {
    Kind.SAFETY_NOTE: "Safety note",
    Kind.IDEA: "Idea",
    Kind.QUESTION: "Question",
    Kind.MENTORING_OFFER: "Mentoring offered",
    Kind.MENTORING_REQUEST: "Mentor wanted",
}
TAGS = {
    Kind.SAFETY_NOTE: "SafetyNote",
    Kind.IDEA: "Idea",
    Kind.QUESTION: "SafetyQuestion",
    Kind.MENTORING_OFFER: "MentoringOffer",
    Kind.MENTORING_REQUEST: "MentorWanted",
}
_DIRECTIONS = {Kind.MENTORING_OFFER: "offer", Kind.MENTORING_REQUEST: "request"}


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


def fields_of(kind: Kind, document: Mapping[str, Any]) -> Shape | None:
    """The fields of a structured kind as far as they can be used."""
    known = RULES.get(kind)
    if known is None:
        return None
    given: dict[str, Any] = {}
    if kind in _DIRECTIONS:
        member = document.get(mentoring.MEMBER, document.get(f"sw:{mentoring.MEMBER}"))
        given = {name: value for name, value in mentoring.fields(member).items() if name in known}
    for term, value in document.items():
        plain = term.removeprefix("sw:").removeprefix(OURS)
        name = _FIELDS.get(plain, plain)
        if name in known:
            given[name] = one_or_many(value)[:MANY] if isinstance(known[name], Words) else value
    return read(kind, given, strict=False)


def terms(kind: Kind, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Kept fields (``storage.kinds.dump``, parsed) as members of a document."""
    if kind in _DIRECTIONS:
        plain = {TERMS.get(name, name): value for name, value in fields.items() if name not in mentoring.TERMS}
        return plain | mentoring.terms(_DIRECTIONS[kind], fields)
    return {TERMS.get(name, name): value for name, value in fields.items()}


def content(kind: Kind, title: str, given: Shape, written: str = "") -> str:
    """HTML that says it all to people whose software does not know the kind. ``written``: a member's own HTML."""
    label = LABELS[kind]
    match given:
        case SafetyNote():
            made = safety_note.content(label, title, given)
        case Idea():
            made = idea.content(label, title, given)
        case Mentoring():
            made = mentoring.content(label, title, given)
        case Question():
            made = question.content(label, title, given)
        case _:
            raise TypeError(f"nothing says what a {kind.value} says")
    return made + written
