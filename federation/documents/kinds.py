"""Structured kinds in AS2: their terms, and the text that everybody else reads. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from federation import sanitize
from federation.documents import events, measures, translations
from federation.documents.contents import (
    alert_signpost,
    blog,
    case_study,
    challenge,
    consultation,
    event,
    idea,
    measure,
    mentoring,
    question,
    resource,
    safety_note,
    spread,
    summary,
    thanks,
    video,
)
from federation.documents.reading import one_or_many, types, uri
from federation.vocabulary import OURS
from storage.kinds import RULES, Kind, read
from storage.shapes.addresses import Addresses
from storage.shapes.common import Shape
from storage.shapes.measured import Measured
from storage.shapes.rules import MANY, Address, Rule, Words
from storage.shapes.spread import Spread
from storage.shapes.translated import NAME as TRANSLATION

# What a field is called in documents, where it is not called the same. With the prefix: ActivityStreams has a term of
# that name for something else.
TERMS = {
    "topics": "topic",
    "settings": "setting",
    "event_kind": "eventKind",
    "measure_of_success": "measureOfSuccess",
    "review_by": "reviewBy",
    "superseded_by": "supersededBy",
    "did_not_work": "didNotWork",
    "would_not_travel": "wouldNotTravel",
    "resource_kind": "resourceKind",
    "audience": "sw:audience",
    "source": "sw:source",
    "reference": "sw:reference",
    "action_by": "sw:actionBy",
    "accepted_answer": "acceptedAnswer",
    "derived_from": "derivedFrom",
    "same_problem": "sameProblem",
    "what_changed": "whatChanged",
}
_FIELDS = {term.removeprefix("sw:"): name for name, term in TERMS.items()}
_WHOLE = frozenset(term.removeprefix("sw:") for term in TERMS.values() if term.startswith("sw:"))
TEASER = 300  # characters below the title of an article


@dataclass(frozen=True, slots=True)
class Told:
    """How a kind is told to others: its name and hashtag, the HTML that says it all, and what it is in ActivityStreams.

    ``content`` takes the name, the title and the record. An ``Article`` has a teaser, and a title that stands apart.
    """

    label: str
    tag: str
    content: Callable[[str, str, Any], str]
    type: str = "Note"
    teaser: Callable[[Any, str], str] | None = None  # takes the record, and the words of the post


KINDS: Mapping[Kind, Told] = {
    Kind.SAFETY_NOTE: Told("Safety note", "SafetyNote", safety_note.content),
    Kind.IDEA: Told("Idea", "Idea", idea.content),
    Kind.CASE_STUDY: Told("Case study", "CaseStudy", case_study.content, "Article", case_study.teaser),
    Kind.RESOURCE: Told("Resource", "Resource", resource.content),
    Kind.ALERT_SIGNPOST: Told("Signpost to an alert", "NationalAlert", alert_signpost.content),
    Kind.QUESTION: Told("Question", "SafetyQuestion", question.content),
    Kind.BLOG: Told("Blog", "Blog", blog.content, "Article", blog.teaser),
    Kind.VIDEO: Told("Video", "Video", video.content),
    Kind.MEASURE: Told("Measure", "Measure", measure.content),
    Kind.MENTORING_OFFER: Told("Mentoring offered", "MentoringOffer", mentoring.content),
    Kind.MENTORING_REQUEST: Told("Mentor wanted", "MentorWanted", mentoring.content),
    Kind.SPREAD: Told("Spread", "Spread", spread.content),
    Kind.CHALLENGE: Told("Call for ideas", "CallForIdeas", challenge.content),
    Kind.THANKS: Told("Thanks", "Thanks", thanks.content),
    Kind.EVENT: Told("Event", "Event", event.content, "Event", event.teaser),
    Kind.CONSULTATION: Told("Consultation", "Consultation", consultation.content, "Question"),
    Kind.SUMMARY: Told("You said, we did", "YouSaidWeDid", summary.content),
}
LABELS = {kind: one.label for kind, one in KINDS.items()}
TAGS = {kind: one.tag for kind, one in KINDS.items()}
_DIRECTIONS = {Kind.MENTORING_OFFER: "offer", Kind.MENTORING_REQUEST: "request"}


def tag_of(kind: Kind, given: Shape) -> str:
    """The hashtag of a kind; of a spread, what became of it."""
    return spread.LABELS.get(given.outcome, TAGS[kind]) if isinstance(given, Spread) else TAGS[kind]


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
    if kind in _DIRECTIONS:
        member = document.get(mentoring.MEMBER, document.get(f"sw:{mentoring.MEMBER}"))
        given = {name: value for name, value in mentoring.fields(member).items() if name in known}
    for term, value in document.items():
        plain = term.removeprefix("sw:").removeprefix(OURS)
        name = _FIELDS.get(plain, plain)
        rule = known.get(name)
        if rule is not None and not (plain in _WHOLE and plain == term):
            given[name] = _said(rule, value)
    given |= _time(document) if kind is Kind.EVENT else {}
    return read(kind, given | {TRANSLATION: translations.read(document)}, strict=False)


def _time(document: Mapping[str, Any]) -> dict[str, Any]:
    """What an event says in words of AS2; its own of the same names say nothing."""
    return dict.fromkeys(events.TOLD) | events.given(document)


def _said(rule: Rule, value: Any) -> Any:
    """What a document says in a field, in the form that its rule reads."""
    if isinstance(rule, Measured):
        return measures.read(value)
    if isinstance(rule, Words | Addresses):
        return one_or_many(value)[:MANY]
    return uri(value) if isinstance(rule, Address) and isinstance(value, dict | list) else value


def terms(kind: Kind, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Kept fields (``storage.kinds.dump``, parsed) as members of a document."""
    apart = mentoring.TERMS if kind in _DIRECTIONS else events.TOLD if kind is Kind.EVENT else ()
    said = {
        TERMS.get(name, name): measures.terms(value) if name == "measures" else value
        for name, value in fields.items()
        if name not in apart and name != TRANSLATION
    }
    return said | (mentoring.terms(_DIRECTIONS[kind], fields) if kind in _DIRECTIONS else {})


def content(kind: Kind, title: str, given: Shape, written: str = "") -> str:
    """HTML that says it all to people whose software does not know the kind. ``written``: a member's own HTML."""
    told = KINDS[kind]
    return told.content(told.label, title, given) + written


def written_of(kind: Kind, title: str, given: Shape, html: str) -> str:
    """A member's own HTML, out of what ``content`` made of it."""
    return html.replace(content(kind, title, given), "", 1)


def type_of(kind: Kind) -> str:
    """The ActivityStreams type of a post of this kind that asks no poll."""
    return KINDS[kind].type if kind in KINDS else "Note"


def teaser(kind: Kind, given: Shape | None, words: str) -> str:
    """What stands below the title of an article, on one line; "" for what is none. ``words``: those of the post."""
    told = KINDS.get(kind)
    if told is None or told.teaser is None or given is None:
        return ""
    line = sanitize.line(told.teaser(given, words), TEASER + 1)
    return line if len(line) <= TEASER else line[:TEASER].rsplit(" ", 1)[0] + "…"
