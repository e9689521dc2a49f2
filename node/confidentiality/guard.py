"""The door of the privacy guard: a text in, a judgement out.

Rules alone protect nobody: they miss what only those who were there recognise. They stand before people who look.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice

from node.confidentiality import (
    addresses,
    blame,
    combining,
    contact,
    dates,
    diseases,
    identifiers,
    matters,
    names,
    pictures,
    pressure,
    records,
    surnames,
    unlisted,
    urgent,
    weighing,
)
from node.confidentiality.dates import Day
from node.confidentiality.findings import GRAVITY, Finding, Judgement, Kind, Verdict
from node.confidentiality.glance import SEVERAL, Glance, Signs
from node.confidentiality.naming import published
from node.confidentiality.needs import Need
from node.confidentiality.passage import Passage, Split, passage, split

PICTURE = "media."  # how the fields of alt texts begin
MOST = 50  # findings told of one text
_NOTHING = Judgement()
Rule = Callable[[Passage, list[Day]], Iterable[Finding]]


def _rule(find: Callable[[Passage], Iterable[Finding]], most: int = MOST * 4) -> Rule:
    return lambda read, _days: islice(find(read), most)


_NEEDS: Mapping[Rule, Need] = {
    _rule(identifiers.find): identifiers.NEED,
    _rule(records.find): records.NEED,
    _rule(contact.find, MOST): contact.NEED,
    _rule(addresses.find, MOST): addresses.NEED,
    lambda read, days: islice(dates.births(read, days), MOST * 4): dates.NEED_OF_BIRTHS,
    lambda read, days: islice(dates.told(read, days), MOST): dates.NEED_OF_TOLD,
    _rule(unlisted.find, MOST): unlisted.NEED,
    _rule(names.find, MOST): names.NEED,
    combining.find: combining.NEED,
    _rule(surnames.find): surnames.NEED,
    _rule(pictures.find): pictures.NEED,
    _rule(matters.find): matters.NEED,
    _rule(diseases.find): diseases.NEED,
    _rule(blame.find): blame.NEED,
    _rule(pressure.find): pressure.NEED,
    _rule(urgent.find): urgent.NEED,
}
RULES: tuple[Rule, ...] = tuple(_NEEDS)
PLACES = {rule: place for place, rule in enumerate(RULES)}  # of their needs
_TOLD_ALREADY = (Kind.RARE_COMBO, Kind.MATTER)  # nothing is told where a case is public; nor by what is weighed
DAYS = len(RULES)  # the place of the need of days


@dataclass(frozen=True, slots=True)
class Named:
    """A text of a post and what it is: ``content``, ``title``, ``alt text of picture 1``."""

    field: str
    text: str


@cache
def signs() -> Signs:
    """What is known of words; made when it is first asked for, in some milliseconds."""
    return Signs([*_NEEDS.values(), dates.NEED_OF_DAYS])


def check(text: str, rules: Sequence[Rule] = RULES, *, picture: bool = False) -> Judgement:
    """What could tell who somebody is in a plain text (callers strip HTML); ``picture``: it tells of one."""
    words = split(text)
    if not words.words:
        return _NOTHING
    known = signs()
    here = known.glance(words)
    met = known.met(here.seen)
    if rules is RULES:
        wanted = [RULES[place] for place in sorted(met) if place != DAYS]
    else:
        wanted = [rule for rule in rules if rule not in PLACES or PLACES[rule] in met]  # without a need: always
    weighed = len(words.words) > SEVERAL or may_come_to_anything(words, here)
    if not wanted and not weighed and not picture:
        return _NOTHING
    read = passage(words, here.marks, here.pairs, here.figures, here.own)
    found = _all(read, wanted, dated=DAYS in met, weighed=weighed)
    if picture and not any(one.kind is Kind.PICTURE for one in found):
        found.extend(pictures.described(read))
    return told(read, found) if found else _NOTHING


def told(read: Passage, found: list[Finding]) -> Judgement:
    """What is said of all that was found: each place once, and the gravest of many."""
    gravest = sorted(_apart(found), key=lambda one: (-GRAVITY[one.verdict], one.start))[:MOST]
    return Judgement(tuple(sorted(_as_given(read, one) for one in gravest)))


def may_come_to_anything(words: Split, here: Glance) -> bool:
    """Whether what a text has could be evidence enough of anything, in whatever sentences it stands."""
    return weighing.may_find(words.text, words.words, here.marks, here.seen, here.twice)


def taken_apart(text: str) -> Passage:
    """A text as rules read it."""
    words = split(text)
    here = signs().glance(words)
    return passage(words, here.marks, here.pairs, here.figures, here.own)


def _as_given(read: Passage, one: Finding) -> Finding:
    start, end = read.normal.original(one.start, one.end)
    return replace(one, start=start, end=end)


def check_all(texts: Sequence[Named], rules: Sequence[Rule] = RULES) -> Judgement:
    """The same for all texts of a post together; each finding names its field."""
    return Judgement(
        tuple(
            replace(one, field=named.field)
            for named in texts
            for one in check(named.text, rules, picture=named.field.startswith(PICTURE)).findings
        )
    )


def _all(read: Passage, wanted: Sequence[Rule], *, dated: bool, weighed: bool) -> list[Finding]:
    """What every rule finds, and where none does what the evidence comes to; only as many as are told."""
    days = dates.days(read) if wanted and dated else []
    found: list[Finding] = []
    for rule in wanted:
        found.extend(rule(read, days))
        if len(found) >= MOST and sum(one.verdict is Verdict.BLOCK for one in found) >= MOST:
            return found
    if not found or all(
        one.kind in (Kind.RARE_COMBO, Kind.MATTER) for one in found
    ):  # what is weighed, too: they are public already
        if not found and weighed:
            found = list(weighing.find(read))
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
