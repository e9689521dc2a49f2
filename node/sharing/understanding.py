"""What a plain text says of itself: a first line such as "Safety note: …" makes it a post of that kind. Pure.

Nothing that was written is lost: what has no place among the fields stays in the text. Whoever does not mean it so
begins otherwise, says ``sharewell[kind]=plain``, or takes it back on the page of the post.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from node import text as texts
from node.sharing.drafts import Draft
from storage import marks, vocabularies
from storage.kinds import RULES, TITLE, Kind, complete, read
from storage.posts import Post, Visibility
from storage.shapes.rules import Address, Day, WrongField

OPENINGS: Mapping[str, Kind] = {
    "safety note": Kind.SAFETY_NOTE, "idea": Kind.IDEA, "case study": Kind.CASE_STUDY, "resource": Kind.RESOURCE,
    "signpost": Kind.ALERT_SIGNPOST, "alert signpost": Kind.ALERT_SIGNPOST, "question": Kind.QUESTION,
    "blog": Kind.BLOG, "video": Kind.VIDEO, "thanks": Kind.THANKS,
}  # fmt: skip
# The field of a part that begins with such a heading; "": of the words before the first one.
HEADINGS: Mapping[Kind, Mapping[str, str]] = {
    Kind.SAFETY_NOTE: {
        "": "situation", "what happens": "situation", "what happened": "situation", "what helps": "recommendation",
        "what helped": "recommendation",
    },
    Kind.IDEA: {
        "": "problem", "problem": "problem", "the problem": "problem", "proposal": "proposal",
        "what we propose": "proposal", "what i propose": "proposal", "what helps": "proposal", "the idea": "proposal",
        "how would you know": "measure_of_success", "how would we know": "measure_of_success", "cost": "cost",
        "what would not travel": "would_not_travel",
    },
    Kind.CASE_STUDY: {
        "": "aim", "aim": "aim", "the aim": "aim", "baseline": "baseline", "before": "baseline",
        "changes": "changes", "what we changed": "changes", "what did not work": "did_not_work", "advice": "advice",
        "what we would tell you": "advice", "cost": "cost", "equity": "equity",
        "what would not travel": "would_not_travel",
    },
    Kind.RESOURCE: {"": "description", "minutes": "minutes", "via": "via", "source": "source", "link": "source"},
    Kind.ALERT_SIGNPOST: {
        "": "tip", "issuer": "issuer", "issued by": "issuer", "reference": "reference", "source": "source",
        "act by": "action_by", "tip": "tip", "our tip": "tip",
    },
    Kind.QUESTION: {"": "details", "details": "details"},
    Kind.BLOG: {},
    Kind.VIDEO: {
        "": "description", "source": "source", "link": "source", "length": "duration", "duration": "duration",
        "transcript": "transcript",
    },
    Kind.THANKS: {"": "deed", "what they did": "deed"},
}  # fmt: skip
SHORT = frozenset(
    {"source", "via", "minutes", "issuer", "reference", "action_by", "duration", "would_not_travel"}
)  # fields of one line
SBAR = ("situation", "background", "assessment", "recommendation")
_FIRST = re.compile(rf"[*_# ]{{0,4}}({'|'.join(OPENINGS)})[*_]{{0,2}}:[*_]{{0,2}}[ \t]+(\S.*)", re.IGNORECASE)
_THANKS = re.compile(r"[*_# ]{0,4}thanks to (\S.{0,250}?):(?:[ \t]+(.*))?", re.IGNORECASE)
_HEADED = re.compile(r"[*_# ]{0,4}([A-Za-z][A-Za-z ]{1,30}?)[*_]{0,2}[:?][*_]{0,2}:?(?:[ \t]+(.*))?")
_ONLY_TAGS = re.compile(r"(?:#\w+[ \t]*)+")
_BULLET = re.compile(r"^[ \t]*[-*•][ \t]+")


@dataclass(frozen=True, slots=True)
class Understood:
    """What a text says: its kind, title and fields, and the words that are left."""

    kind: Kind
    title: str
    fields: Mapping[str, Any]
    text: str


@dataclass
class _Part:
    """Lines below a heading; ``heading``: as it was written, "" before the first."""

    field: str
    heading: str
    lines: list[str]

    @property
    def words(self) -> str:
        return "\n".join(self.lines).strip()

    @property
    def whole(self) -> str:
        """As it was written."""
        return f"{self.heading}\n{self.words}".strip() if self.heading else self.words


def understood(typed: str) -> Understood | None:
    """What a text says of itself; None: it is a plain post."""
    first, _newline, below = texts.clean(typed).partition("\n")
    opened = _opened(first.strip())
    if opened is None:
        return None
    kind, title, fields, lead = opened
    parts = _parts(kind, [*([lead] if lead else []), *below.splitlines()])
    left = _placed(kind, parts, fields)
    fields |= _vocabulary(typed)
    found = Understood(kind, title, fields, "\n\n".join(left))
    return found if _is_whole(found) else None


def _opened(first: str) -> tuple[Kind, str, dict[str, Any], str] | None:
    """Kind and title of a first line, the fields it fills, and what stands behind them."""
    thanked = _THANKS.fullmatch(first)
    if thanked is not None:
        return Kind.THANKS, f"To {thanked[1]}", {"whom": thanked[1]}, thanked[2] or ""
    found = _FIRST.fullmatch(first)
    if found is None:
        return None
    return OPENINGS[found[1].lower()], " ".join(found[2].split()), {}, ""


def _parts(kind: Kind, lines: Sequence[str]) -> list[_Part]:
    """The text below the first line, cut at its headings; lines of hashtags and addresses stand alone."""
    table = _table(kind, lines)
    found = [_Part(table.get("", ""), "", [])]
    seen: set[str] = set()
    for line in lines:
        if found[-1].field in SHORT and found[-1].words:  # what follows is about something else
            found.append(_Part(table.get("", ""), "", []))
        headed = _HEADED.fullmatch(line.strip())
        field = table.get(headed[1].lower(), "") if headed is not None else ""
        if headed is not None and field and field not in seen:
            seen.add(field)
            words = headed[2] or ""
            heading = line[: len(line) - len(words)].strip() if words else line.strip()
            found.append(_Part(field, heading, [words] if words else []))
        elif _ONLY_TAGS.fullmatch(line.strip()):
            found.append(_Part("", "", [line]))
        elif "source" in table.values() and _is_address(line.strip()) and "source" not in seen:
            seen.add("source")
            found.append(_Part("source", "", [line.strip()]))
        else:
            found[-1].lines.append(line)
    return found


def _table(kind: Kind, lines: Sequence[str]) -> Mapping[str, str]:
    """Headings of a kind. Whoever names all parts of SBAR means that; an idea in one part is what is proposed."""
    headed = {found[1].lower() for line in lines if (found := _HEADED.fullmatch(line.strip()))}
    table = HEADINGS[kind]
    if kind is Kind.SAFETY_NOTE and headed >= set(SBAR):
        return {name: f"sbar.{name}" for name in SBAR}
    if kind is Kind.IDEA and not any(table.get(one) in ("problem", "proposal") for one in headed):
        return {**table, "": "proposal"}
    return table


def _is_address(line: str) -> bool:
    try:
        return bool(Address().strict("source", line))
    except WrongField:
        return False


def _placed(kind: Kind, parts: Sequence[_Part], fields: dict[str, Any]) -> list[str]:
    """Put each part into its field; those that do not fit are what is left, as they were written."""
    left: list[str] = []
    before: dict[str, str] = {}  # texts so far, as a field can have several parts
    for one in parts:
        outer, _dot, inner = one.field.partition(".")
        rule = RULES[kind].get(outer)
        words = "\n\n".join(said for said in (before.get(one.field, ""), _bare(one)) if said)
        if rule is None or not words or (isinstance(rule, Day) and len(words) > len("2027-11-20")):
            left += [one.whole] if one.whole else []
            continue
        value: Any = {**fields.get(outer, {}), inner: words} if inner else words
        try:
            rule.strict(outer, value)
        except WrongField:
            left.append(one.whole)
        else:
            fields[outer], before[one.field] = value, words
    return left


def _bare(one: _Part) -> str:
    """The words of a part, without the signs of a list where the field is one."""
    return "\n".join(_BULLET.sub("", line) for line in one.lines).strip() if one.field == "changes" else one.words


def _vocabulary(typed: str) -> dict[str, Any]:
    """Topics and places of care among the hashtags."""
    tags = {one.lower().replace("_", "") for one in texts.tags_in(typed)}
    known = (("topics", vocabularies.TOPICS), ("settings", vocabularies.SETTINGS - {"any"}))
    found = {name: sorted(one for one in ids if one.replace("-", "") in tags) for name, ids in known}
    return {name: ids for name, ids in found.items() if ids}


def _is_whole(found: Understood) -> bool:
    """Whether that can be shared so."""
    if len(found.title) > TITLE or (found.kind is Kind.BLOG and not found.text):
        return False
    try:
        given = read(found.kind, found.fields, strict=True)
        if given is not None:
            complete(found.title, given)
    except WrongField:
        return False
    return True


def meant(draft: Draft) -> Draft:
    """A plain draft as what its text says that it is."""
    talk = draft.in_reply_to_id is not None or draft.poll is not None or draft.visibility is Visibility.DIRECT
    found = None if talk or draft.kind is not Kind.PLAIN or draft.title or draft.fields else understood(draft.text)
    if found is None:
        return draft
    return replace(
        draft, kind=found.kind, title=found.title, fields=found.fields, text=found.text, typed=draft.text
    )  # fmt: skip


def was(post: Post) -> bool:
    """Whether the kind of a post of ours was read from its text."""
    return _of(post) is not None


def rest(post: Post) -> str:
    """What its author wrote beside the fields."""
    found = _of(post)
    return post.source if found is None else found.text


def _of(post: Post) -> Understood | None:
    if post.kind is Kind.PLAIN or not post.source or post.local is None:
        return None
    found = understood(post.source)
    return found if found is not None and found.kind is post.kind else None


def again(old: Post, draft: Draft) -> Draft:
    """New words, ``draft.text``, of a post whose kind was read from its text; what no text says of it stays."""
    found = understood(draft.text)
    if found is None:
        return replace(draft, kind=Kind.PLAIN, title="", fields={})
    said = {*HEADINGS[old.kind].values(), "sbar", "whom", "topics", "settings"}
    kept = marks.without(json.loads(old.fields or "{}")) if found.kind is old.kind else {}
    fields = {name: value for name, value in kept.items() if name not in said} | dict(found.fields)
    return replace(
        draft, kind=found.kind, title=found.title, fields=fields, text=found.text, typed=draft.text
    )  # fmt: skip
