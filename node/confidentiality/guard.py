"""The door of the privacy guard: a text in, a judgement out.

Rules alone protect nobody: they miss what only those who were there recognise. They stand before people who look.
"""

from __future__ import annotations

from collections.abc import Sequence
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
from node.confidentiality.findings import GRAVITY, Finding, Judgement, Verdict
from node.confidentiality.passage import Passage, passage

MOST = 50  # findings told of one text
_NOTHING = Judgement()


@dataclass(frozen=True, slots=True)
class Named:
    """A text of a post and what it is: ``content``, ``title``, ``alt text of picture 1``."""

    field: str
    text: str


def check(text: str) -> Judgement:
    """What could tell who somebody is in a plain text (callers strip HTML)."""
    read = passage(text)
    found = _all(read)
    if not found:
        return _NOTHING
    gravest = sorted(_apart(found), key=lambda one: (-GRAVITY[one.verdict], one.start))[:MOST]
    return Judgement(tuple(sorted(_as_given(read, one) for one in gravest)))


def _as_given(read: Passage, one: Finding) -> Finding:
    start, end = read.normal.original(one.start, one.end)
    return replace(one, start=start, end=end)


def check_all(texts: Sequence[Named]) -> Judgement:
    """The same for all texts of a post together; each finding names its field."""
    return Judgement(tuple(replace(one, field=named.field) for named in texts for one in check(named.text).findings))


def _all(read: Passage) -> list[Finding]:
    """What every rule finds, and where none does what the evidence comes to; only as many as are told."""
    if not read.words:
        return []
    found = list(islice(identifiers.find(read), MOST * 4))
    if sum(one.verdict is Verdict.BLOCK for one in found) >= MOST:
        return found
    found = [
        *found,
        *records.find(read),
        *islice(contact.find(read), MOST),
        *islice(addresses.find(read), MOST),
    ]
    days = dates.days(read)
    found.extend(islice(dates.births(read, days), MOST * 4))
    found.extend(islice(dates.told(read, days), MOST))
    found.extend(islice(unlisted.find(read), MOST))
    found.extend(islice(names.find(read), MOST))
    found.extend(combining.find(read, days))
    found.extend([*blame.find(read), *pressure.find(read), *urgent.find(read)])
    return found or list(weighing.find(read))


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
