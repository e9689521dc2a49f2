"""A mentoring match between actors: the object of an Offer, and what the two write to each other. No I/O.

It is a Relationship of AS2; other software drops it, as it drops an Offer. docs/decisions/mentoring.md.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from federation import sanitize
from federation.documents import reading
from federation.documents.keys import same_origin
from federation.errors import Refused
from federation.site import Document
from federation.vocabulary import OURS
from storage.actors import Actor
from storage.check_ins import CheckIn, Sort

MENTORS = f"{OURS}mentors"  # subject mentors object
PLACE = "#mentoring/"  # what follows an actor's id in the id of an Offer
MATCH = "/match"  # and this in the id of what is offered
LONGEST = 2_000  # characters of a message, a goal, a note
KINDS = {Sort.CHECK_IN: "sw:CheckIn", Sort.GOAL: "sw:MentoringGoal", Sort.CLOSING: "sw:ClosingNote"}
_SORTS = {kind: sort for sort, kind in KINDS.items()}
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Proposal:
    """What another server's Offer proposes."""

    uri: str  # of the Offer
    offer_uri: str
    request_uri: str
    mentor_uri: str
    mentee_uri: str
    message: str


def terms(uri: str, *, mentor: str, mentee: str, offer: str, request: str, message: str) -> Document:
    """The match, as the object of its Offer."""
    said: Document = {
        "id": f"{uri}{MATCH}", "type": "Relationship", "subject": mentor, "relationship": MENTORS, "object": mentee,
        "mentoringOffer": offer, "mentoringRequest": request,
    }  # fmt: skip
    return said | ({"content": html(message)} if message else {})


def html(text: str) -> str:
    """A plain text as others show it."""
    lines = "<br>".join(escape(one) for one in text.splitlines())
    return f"<p>{lines}</p>"


def is_match(document: Mapping[str, Any]) -> bool:
    """Whether an Offer's object is such a match."""
    return "Relationship" in reading.types(dict(document)) and reading.uri(document.get("relationship")) == MENTORS


def proposed(uri: str, document: Document, actor: Actor) -> Proposal:
    """What an actor's Offer of this id proposes. Raises Refused."""
    offer = reading.uri(document.get("mentoringOffer", document.get("sw:mentoringOffer")))
    request = reading.uri(document.get("mentoringRequest", document.get("sw:mentoringRequest")))
    mentor, mentee = reading.uri(document.get("subject")), reading.uri(document.get("object"))
    if not uri or not same_origin(uri, actor.uri) or not same_origin(reading.uri(document), actor.uri):
        raise Refused("Offer with an id of another server")
    if not offer or not request or actor.uri not in (mentor, mentee) or mentor == mentee:
        raise Refused("Offer of a match that is not its actor's")
    own, owner = (offer, mentor) if actor.uri == mentor else (request, mentee)
    if not same_origin(own, owner):
        raise Refused("Offer with a post of another server")
    return Proposal(uri, offer, request, mentor, mentee, _text(document))


def _text(document: Mapping[str, Any]) -> str:
    said, _language = reading.in_language(dict(document), "content")
    return sanitize.plain(sanitize.html(said, LONGEST * 4)).strip()[:LONGEST]


def note_terms(note: CheckIn, author: Actor, other: Actor) -> Document:
    """One note within a match."""
    return {
        "id": note.uri, "type": "Note", "kind": KINDS[note.sort], "attributedTo": author.uri, "to": [other.uri],
        "day": note.day, "published": reading.iso(note.written), "content": html(note.text),
    }  # fmt: skip


def note(document: Document, actor: Actor, *, match_id: int, now: int) -> CheckIn:
    """A note that an actor adds to a match. Raises Refused."""
    uri, kind = reading.uri(document), reading.text(document.get("kind", document.get("sw:kind")))
    sort = _SORTS.get(kind.replace(OURS, "sw:"))
    if sort is None or not uri or not same_origin(uri, actor.uri):
        raise Refused("Add of what is no note of a match")
    if actor.uri not in reading.uris(document.get("attributedTo"), 2):
        raise Refused("Add of another's note")
    text, day = _text(document), reading.text(document.get("day", document.get("sw:day")))
    if not text:
        raise Refused("Add of an empty note")
    written = min(reading.moment(document.get("published")) or now, now)
    return CheckIn(
        0, match_id, actor.id, uri, sort, day if _DAY.fullmatch(day) else reading.iso(written)[:10], text, None, written
    )
