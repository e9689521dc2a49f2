"""Kinds of posts: which record each structured one has (``storage.shapes``), and how it is read and kept. No SQL."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, fields
from enum import StrEnum
from typing import Any

from storage.shapes import translated
from storage.shapes.alert_signpost import AlertSignpost
from storage.shapes.blog import Blog
from storage.shapes.case_study import CaseStudy
from storage.shapes.challenge import Challenge
from storage.shapes.common import Shape
from storage.shapes.consultation import Consultation
from storage.shapes.event import Event
from storage.shapes.idea import Idea
from storage.shapes.measure import Measure
from storage.shapes.mentoring import MentoringOffer, MentoringRequest
from storage.shapes.question import Question
from storage.shapes.resource import Resource
from storage.shapes.rules import NOTHING, Rule, WrongField
from storage.shapes.safety_note import SafetyNote
from storage.shapes.spread import Spread
from storage.shapes.summary import Summary
from storage.shapes.thanks import Thanks
from storage.shapes.video import Video


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
    CHALLENGE = "challenge"
    SUMMARY = "summary"  # of a consultation: you said, we did


TITLE = 200  # characters
WHOLE = 40_000  # characters of all fields of a post together
SHAPES: Mapping[Kind, type[Shape]] = {
    Kind.SAFETY_NOTE: SafetyNote,
    Kind.IDEA: Idea,
    Kind.CASE_STUDY: CaseStudy,
    Kind.RESOURCE: Resource,
    Kind.ALERT_SIGNPOST: AlertSignpost,
    Kind.QUESTION: Question,
    Kind.BLOG: Blog,
    Kind.VIDEO: Video,
    Kind.MEASURE: Measure,
    Kind.THANKS: Thanks,
    Kind.SPREAD: Spread,
    Kind.CHALLENGE: Challenge,
    Kind.MENTORING_OFFER: MentoringOffer,
    Kind.MENTORING_REQUEST: MentoringRequest,
    Kind.EVENT: Event,
    Kind.CONSULTATION: Consultation,
    Kind.SUMMARY: Summary,
}
# The rule of each field.
RULES: Mapping[Kind, Mapping[str, Rule]] = {
    kind: {one.name: one.metadata["rule"] for one in fields(shape)} for kind, shape in SHAPES.items()
}


def read(kind: Kind, given: Mapping[str, Any], *, strict: bool) -> Shape | None:
    """The fields of a structured kind; None for a kind that has none.

    ``strict`` (our members): raises WrongField for what cannot be used. Otherwise (peers) it is left out.
    """
    shape = SHAPES.get(kind)
    if shape is None:
        return None
    known = RULES[kind]
    unknown = sorted(str(name) for name in given if name not in known)
    if strict and unknown:
        raise WrongField(unknown[0][:60], f"There is no field {unknown[0][:60]!r} in this kind of post.")
    values: dict[str, Any] = {}
    for name, rule in known.items():
        said = given.get(name)
        if said is None:
            continue
        try:
            value = rule.strict(name, said) if strict else rule.lenient(name, said)
        except WrongField:
            if strict:
                raise
            continue
        if value not in NOTHING:
            values[name] = value
    found = shape(**values)
    if strict and len(dump(found)) > WHOLE:
        raise WrongField(next(iter(given), ""), f"All together at most {WHOLE} characters.")
    return found


def complete(title: str, given: Shape) -> None:
    """Raises WrongField when what makes the kind what it is has not been said."""
    if not title:
        raise WrongField("title", "Give it a title.")
    given.check()
    if given.translation is not None:
        translated.check(given.translation, titled=True)


def dump(given: Shape) -> str:
    """The JSON that is kept in ``posts.fields``; what was not said is left out, and what is not for others."""
    private = {one.name for one in fields(given) if one.metadata["private"]}
    said = {name: one for name, one in asdict(given).items() if one not in NOTHING and name not in private}
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def load(kind: Kind, kept: str) -> Shape | None:
    """The fields that ``dump`` wrote."""
    return read(kind, json.loads(kept), strict=False) if kept else None
