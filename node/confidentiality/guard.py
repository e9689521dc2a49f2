"""The door of the privacy guard: a text in, a judgement out.

Rules alone protect nobody: they miss what only those who were there recognise. They stand before people who look.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from node.confidentiality import (
    addresses,
    blame,
    combining,
    contact,
    dates,
    identifiers,
    names,
    pressure,
    records,
    unlisted,
    urgent,
    weighing,
)
from node.confidentiality.dates import Day
from node.confidentiality.findings import GRAVITY, Finding, Judgement, Kind, Verdict
from node.confidentiality.naming import published
from node.confidentiality.passage import Passage, passage

MOST = 50  # findings told of one text
_NOTHING = Judgement()
Rule = Callable[[Passage, list[Day]], Iterable[Finding]]


def _rule(find: Callable[[Passage], Iterable[Finding]], most: int = MOST * 4) -> Rule:
    return lambda read, _days: islice(find(read), most)


RULES: tuple[Rule, ...] = (
    _rule(identifiers.find),
    _rule(records.find),
    _rule(contact.find, MOST),
    _rule(addresses.find, MOST),
    lambda read, days: islice(dates.births(read, days), MOST * 4),
    lambda read, days: islice(dates.told(read, days), MOST),
    _rule(unlisted.find, MOST),
    _rule(names.find, MOST),
    combining.find,
    _rule(blame.find),
    _rule(pressure.find),
    _rule(urgent.find),
)


@dataclass(frozen=True, slots=True)
class Named:
    """A text of a post and what it is: ``content``, ``title``, ``alt text of picture 1``."""

    field: str
    text: str


def check(text: str, rules: Sequence[Rule] = RULES) -> Judgement:
    """What could tell who somebody is in a plain text (callers strip HTML)."""
    read = passage(text)
    found = _all(read, rules)
    if not found:
        return _NOTHING
    gravest = sorted(_apart(found), key=lambda one: (-GRAVITY[one.verdict], one.start))[:MOST]
    return Judgement(tuple(sorted(_as_given(read, one) for one in gravest)))


def _as_given(read: Passage, one: Finding) -> Finding:
    start, end = read.normal.original(one.start, one.end)
    return replace(one, start=start, end=end)


def check_all(texts: Sequence[Named], rules: Sequence[Rule] = RULES) -> Judgement:
    """The same for all texts of a post together; each finding names its field."""
    return Judgement(
        tuple(replace(one, field=named.field) for named in texts for one in check(named.text, rules).findings)
    )


def _all(read: Passage, rules: Sequence[Rule]) -> list[Finding]:
    """What every rule finds, and where none does what the evidence comes to; only as many as are told."""
    if not read.words:
        return []
    days = dates.days(read)
    found: list[Finding] = []
    for rule in rules:
        found.extend(rule(read, days))
        if len(found) >= MOST and sum(one.verdict is Verdict.BLOCK for one in found) >= MOST:
            return found
    if not found or all(one.kind is Kind.RARE_COMBO for one in found):  # what is weighed, too: they are public already
        found = found or list(weighing.find(read))
        return [] if found and published(read) else found
    return found


def _apart(found: list[Finding]) -> list[Finding]:
    """The gravest of findings that overlap; one place is told once."""
    kept: list[Finding] = []
    for one in sorted(found, key=lambda one: (one.start, -GRAVITY[one.verdict], -one.end)):
        if (
            kept
            and one.start < kept[-1].end
            and one.verdict is not kept[-1].verdict
            and GRAVITY[one.verdict] > GRAVITY[kept[-1].verdict]
        ):
            kept[-1] = one
        elif not kept or one.start >= kept[-1].end:
            kept.append(one)
    return kept
