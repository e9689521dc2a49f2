"""Answers to the questions of a form: from inputs to fields, and back. Pure."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from node.requests import Params, text, texts
from node.web.forms import FORMS
from node.web.questions import REPLACED, Form, How, Question
from storage import marks
from storage.kinds import Kind
from storage.posts import Post
from storage.shapes.case_study import CYCLE
from storage.shapes.nested import drivers_text
from storage.shapes.rules import MANY


def _form_of(kind: Kind, fields: Mapping[str, Any]) -> Form | None:
    """The form in which a post is changed; None: this kind has none."""
    if kind is Kind.SAFETY_NOTE and fields.get("sbar"):
        return FORMS["sbar"]
    return FORMS.get(kind.value)


def _kept(post: Post) -> dict[str, Any]:
    return marks.without(json.loads(post.fields or "{}"))


def questions_for(post: Post) -> list[Question]:
    """What is asked when a post is changed: its parts, and which post replaces it. Topics and places stay."""
    form = _form_of(post.kind, _kept(post))
    stay = ("title", "text", "topics", "settings")
    return [] if form is None else [*(one for one in form.asked if one.name not in stay), REPLACED]


def again(post: Post) -> dict[str, str]:
    """The parts of a post as its form shows them."""
    return written(_kept(post), questions_for(post))


def sent(values: Params, questions: Sequence[Question]) -> list[Question]:
    """The questions that a form had. What is not chosen is not sent: that counts where anything else was."""
    there = {one.name for one in questions if any(name in values for name in names_of(one))}
    chosen = (How.CHECK, How.SEVERAL, How.CHOICE)
    return [one for one in questions if one.name in there or (there and one.how in chosen)]


def changed(post: Post, said: Mapping[str, str], questions: Sequence[Question]) -> dict[str, Any]:
    """All fields of a post, with what was typed; what is not asked stays."""
    asked = {one.name.partition(".")[0] for one in questions}
    return {name: value for name, value in _kept(post).items() if name not in asked} | fields(said, questions)


def names_of(one: Question) -> list[str]:
    """The inputs of a question."""
    if one.how is How.ROWS:
        return [f"{one.id}-{place}-{part}" for place in range(1, MANY + 1) for part in CYCLE]
    return [one.id]


def typed(values: Params, questions: Sequence[Question]) -> dict[str, str]:
    """What was typed, by input."""
    found: dict[str, str] = {}
    for one in questions:
        if one.how in (How.SEVERAL, How.SELECT):
            found[one.id] = ",".join(each for each in texts(values, one.id) if each)
        else:
            found |= {name: text(values, name) for name in names_of(one)}
    return found


def fields(said: Mapping[str, str], questions: Sequence[Question]) -> dict[str, Any]:
    """The fields that were typed; those that say nothing are left out."""
    found: dict[str, Any] = {}
    for one in questions:
        value = _value(one, said)
        outer, _dot, inner = one.name.partition(".")
        if value and one.name not in ("title", "text") and (value != one.default or one.how is not How.SELECT):
            found[outer] = {**found.get(outer, {}), inner: value} if inner else value
    return found


def _value(one: Question, said: Mapping[str, str]) -> Any:
    typed = said.get(one.id, "")
    if one.how is How.ROWS:
        rows = [{part: said.get(f"{one.id}-{place}-{part}", "") for part in CYCLE} for place in range(1, MANY + 1)]
        written = [place for place, row in enumerate(rows, 1) if any(words.strip() for words in row.values())]
        return rows[: max(written, default=0)]  # an empty one between others counts, so that errors name the right one
    if one.how is How.CHECK:
        return typed in ("1", "true", "on")
    if one.how is How.SEVERAL or one.name in ("topics", "settings"):
        return [each for each in typed.split(",") if each]
    return typed if typed.strip() else ""


def written(fields: Mapping[str, Any], questions: Sequence[Question]) -> dict[str, str]:
    """Kept fields as a form shows them."""
    found: dict[str, str] = {}
    for one in questions:
        outer, _dot, inner = one.name.partition(".")
        value = fields.get(outer)
        if one.how is How.ROWS:
            for place, row in enumerate(value or (), 1):
                found |= {f"{one.id}-{place}-{part}": str(row.get(part, "")) for part in CYCLE}
            continue
        value = (value or {}).get(inner) if inner else value
        shown = _SHOWN.get(one.how)
        found[one.id] = shown(value) if shown is not None and value else "" if value is None else str(value)
    return found


_SHOWN: Mapping[How, Callable[[Any], str]] = {
    How.TREE: drivers_text,
    How.LINES: "\n".join,
    How.SEVERAL: ",".join,
    How.CHECK: lambda value: "1" if value else "",
    How.SELECT: lambda value: value if isinstance(value, str) else ",".join(value),
}


def place(field: str, questions: Sequence[Question]) -> str:
    """The input that an error about a field is shown at; "": none of these."""
    name = field.removeprefix("fields.").replace(".", "-")
    inputs = {input: one for one in questions for input in names_of(one)}
    if name in inputs:
        return name
    return next((input for input in inputs if input.startswith(f"{name}-")), "")


def rows_shown(one: Question, said: Mapping[str, str]) -> int:
    """How many rows a form shows: those with words, and one more; three at least."""
    filled = [place for place in range(1, MANY + 1) if any(said.get(f"{one.id}-{place}-{part}") for part in CYCLE)]
    return min(MANY, max([2, *filled]) + 1)
