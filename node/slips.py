"""What was found in texts, for people: where it stands, in which of several texts, and with marks in them.

What is kept of it are kinds and places, no words of the text.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from node.confidentiality import telling
from node.confidentiality.findings import Finding, Judgement, Kind, Verdict
from node.confidentiality.guard import Named
from node.texts import N_, _

TEXT, TITLE, SUMMARY = "status", "title", "spoiler_text"  # fields, as apps name them
WORDS = "words"  # a text that stands alone
_LABELS = {
    TITLE: N_("title"), SUMMARY: N_("content warning"), "display_name": N_("name"), "note": N_("about you"),
    "avatar_description": N_("what your picture shows"), "header_description": N_("what your wide picture shows"),
    "name": N_("name"), "tag_name": N_("hashtag"),
    "poll": N_("option {number}"), "media": N_("description of picture {number}"), "row": N_("detail {number}"),
    "tag": N_("hashtag {number}"),
    "description": N_("description"), "reason": N_("reason"), "fields.situation": N_("what happens"),
    "fields.recommendation": N_("what helps"), "fields.problem": N_("problem"), "fields.proposal": N_("proposal"),
    "fields.measure_of_success": N_("how you would know"), "correction": N_("what was wrong"),
    "withdrawn": N_("why it does not hold"), "in_place": N_("what became of it"),
    "fields.measures": N_("measures"), "definition": N_("definition"),
    "numerator": N_("numerator"), "denominator": N_("denominator"), "unit": N_("unit"),
    "annotations": N_("what happened when"), "rebases": N_("why limits are redrawn"),
    "fields.details": N_("details"), "fields.goal": N_("goal"), "fields.place": N_("place"),
    "fields.would_not_travel": N_("what would not travel"),
    "fields.themes": N_("what people said"), "fields.did": N_("what you did"),
    "fields.translation": N_("the other language"),
    "message": N_("message"), "text": N_("your note"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Passage:
    """One text of several, to be shown."""

    field: str
    label: str  # "" for the text of a post itself
    text: str
    pieces: Sequence[tuple[str, bool]]  # and whether something was found there


def label(field: str) -> str:
    """What a member calls a field; "" for the only text there is, and the text of a post itself."""
    if field in (TEXT, WORDS):
        return ""
    if field in _LABELS:
        return _(_LABELS[field])
    name, _dot, rest = field.partition(".")
    if name == "fields":
        return rest.replace("_", " ")
    return _(_LABELS.get(name, name)).format(number=rest)


def place(one: Finding) -> str:
    """Where it stands; characters are counted from one, as people do."""
    where = _("characters {first}-{last}").format(first=one.start + 1, last=one.end)
    return f"{label(one.field)}, {where}" if label(one.field) else where


def told(judged: Judgement) -> str:
    """One sentence or two about the gravest finding."""
    return telling.message(Judgement(tuple(replace(one, field=label(one.field)) for one in judged.findings)))


def dump(found: Sequence[Finding]) -> str:
    """Findings as they are kept: no words of the text."""
    return json.dumps([asdict(one) for one in found])


def load(found: str) -> list[Finding]:
    """What ``dump`` made; kinds that are known no longer are left out."""
    known = {kind.value for kind in Kind}
    return [
        Finding(one["start"], one["end"], Kind(one["kind"]), Verdict(one["verdict"]), one["field"])
        for one in json.loads(found)
        if one["kind"] in known
    ]


def shown(found: Sequence[Finding]) -> list[dict[str, Any]]:
    """Findings as apps read them: characters are counted from zero, ``end`` is the first after it."""
    return [{"kind": one.kind.value, "start": one.start, "end": one.end, "field": one.field} for one in found]


def passages(texts: Sequence[Named], found: Sequence[Finding]) -> list[Passage]:
    """Texts with what was found in them."""
    return [Passage(one.field, label(one.field), one.text, marked(one.text, one.field, found)) for one in texts]


def marked(text: str, field: str, found: Sequence[Finding]) -> list[tuple[str, bool]]:
    """The text in pieces, each with whether something was found there."""
    pieces: list[tuple[str, bool]] = []
    place = 0
    for one in sorted(one for one in found if one.field == field):
        start, end = max(one.start, place), min(one.end, len(text))
        if start < end:
            pieces += [(text[place:start], False), (text[start:end], True)]
            place = end
    return [piece for piece in (*pieces, (text[place:], False)) if piece[0]]
