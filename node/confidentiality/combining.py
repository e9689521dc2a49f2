"""From evidence to a verdict: each clue says little, several close together say who it was."""

from __future__ import annotations

from collections.abc import Iterator

from node.confidentiality import ages, rarity, settings
from node.confidentiality.clues import MADE_UP, Clue, What
from node.confidentiality.dates import Day
from node.confidentiality.findings import Finding, Kind, Verdict
from node.confidentiality.lists import listed
from node.confidentiality.needs import DATED, Need, Sign
from node.confidentiality.passage import Passage
from node.confidentiality.patterns import Pattern
from node.confidentiality.roles import takes_leave
from node.confidentiality.words import (
    CLINICAL,
    CLUES,
    EVENT,
    HOLIDAY,
    INVENTED,
    MARKS,
    MONTH,
    NEARDAY,
    ORG,
    PATIENT,
    ROOM,
    WARD,
    WEEKDAY,
)

REACH = 45  # words around an anchor that are read with it
MOST = 40  # clues around one anchor
NARROWED = 4.5  # age, day, place and event together
LOCATED = 4.2  # a bed or a ward, a day and an event, without an age
RARE = 3.8
OLD = 90
LONG, FEWEST = 2000, 3  # words of a text that says nothing if so few of its different ones are evidence
SPECIFIC = 1.5  # the weight of a place with a number or a name, and of a day that is one
_DID = listed("who with had came was fell needed got has waited lost")

_CARE = Sign(CLINICAL | PATIENT | WARD | settings.HARM.marks, words=settings.HARM.words)
_DAYS = Sign(WEEKDAY | NEARDAY | HOLIDAY | MONTH | DATED)
NEED: Need = (
    *ages.NEED,
    *((*way, _CARE) for way in rarity.NEED),
    (Sign(words=rarity.SEVERAL), _DAYS),
    *settings.NEED,
)

Told = Iterator[tuple[Finding, int]]


def gather(read: Passage, dated: list[Day]) -> list[Clue]:
    """All evidence of a text, in its order; none where it cannot come to anything."""
    one_event = settings.may_happen(read, dated)
    if not (one_event or ages.may_be(read) or rarity.may_be(read)):
        return []
    places = [place for place, mark in enumerate(read.marks) if mark & CLUES]
    aged, rare = list(ages.find(read, places)), list(rarity.find(read, places))
    if not (aged or rare or one_event):
        return []
    happened = list(settings.happenings(read, places))
    if not aged and not rare and len({clue.what for clue in happened}) < len((What.PERSON, What.EVENT)):
        return []
    days = list(settings.days(read, places, dated))
    if not aged and not rare and not days:
        return []
    found = [*aged, *days, *settings.where(read, places), *happened, *rare]
    found.sort(key=lambda clue: clue.first)
    return found


def find(read: Passage, dated: list[Day]) -> Iterator[Finding]:
    """What a text tells by its combinations."""
    if not read.seen & CLUES and not dated:
        return
    if len(read.words) > LONG and sum(1 for word in read.vocabulary if MARKS.get(word, 0) & CLUES) < FEWEST:
        return
    if read.seen & INVENTED and MADE_UP.search(read.text):
        return
    clues = gather(read, dated)
    kinds = {clue.what for clue in clues}
    located = {What.PERSON, What.EVENT, What.DAY} <= kinds
    done = {Kind.DATE_PLACE_AGE: -1, Kind.RARE_COMBO: -1}
    start = 0
    for place, anchor in enumerate(clues):
        while clues[start].first < anchor.first - REACH:
            start += 1
        if anchor.what is What.PLACE and not located:
            continue
        for finding, last in _at(read, clues, start, place):
            if anchor.first > done[finding.kind]:
                done[finding.kind] = last
                yield finding
        if anchor.what is What.AGE and anchor.age >= OLD:
            yield Finding(read.starts[anchor.first], read.ends[anchor.last], Kind.AGE_OVER_89, Verdict.WARN)


def _at(read: Passage, clues: list[Clue], start: int, place: int) -> Told:
    anchor = clues[place]
    located = anchor.what is What.PLACE and anchor.weight >= SPECIFIC
    if anchor.what not in (What.AGE, What.RARE) and not located:
        return
    low, high = max(start, place - MOST // 2), min(len(clues), place + MOST // 2)
    around = [clue for clue in clues[low:high] if clue.first <= anchor.last + REACH]
    best = _best(around)
    if anchor.what is What.AGE:
        yield from _narrowed(read, anchor, best)
    elif anchor.what is What.RARE:
        yield from _rare(read, around, best)
    else:
        yield from _located(read, anchor, best)


def _best(clues: list[Clue]) -> dict[What, Clue]:
    best: dict[What, Clue] = {}
    for clue in clues:
        if clue.what not in best or clue.weight > best[clue.what].weight:
            best[clue.what] = clue
    return best


def _sum(best: dict[What, Clue], *kinds: What) -> float:
    return sum(best[kind].weight for kind in kinds if kind in best)


def _narrowed(read: Passage, anchor: Clue, best: dict[What, Clue]) -> Told:
    """An age, with the day or the place of what happened."""
    total = anchor.weight + _sum(best, What.DAY, What.PLACE, What.EVENT) + min(1.5, _sum(best, What.RARE))
    known = [best[kind] for kind in (What.DAY, What.PLACE) if kind in best]
    if What.DAY in best and _history(read, best[What.DAY], anchor.age):
        return
    if known and total >= NARROWED:
        yield _finding(read, Kind.DATE_PLACE_AGE, [anchor, *known])


def _history(read: Passage, day: Clue, age: int) -> bool:
    """Whether a day is long past, and no birth of somebody of an age: *5 July 1948, a girl of 13*."""
    year = _LONG_PAST.search(read.text, read.starts[day.first], read.ends[day.last])
    return year is not None and int(year[0]) + age < _OF_NOW


_LONG_PAST = Pattern(r"\b1[5-9]\d\d\b")
_OF_NOW = 2000  # in which nobody could yet post what befell somebody


def _located(read: Passage, anchor: Clue, best: dict[What, Clue]) -> Told:
    """A bed or a ward with its name, a day and what happened to somebody there."""
    if What.PERSON not in best or What.EVENT not in best or What.DAY not in best:
        return
    if What.AGE in best and _history(read, best[What.DAY], best[What.AGE].age):
        return
    if best[What.DAY].weight >= SPECIFIC and _sum(best, What.PLACE, What.DAY, What.EVENT) >= LOCATED:
        yield _finding(read, Kind.DATE_PLACE_AGE, [anchor, best[What.DAY]])


def _rare(read: Passage, around: list[Clue], best: dict[What, Clue]) -> Told:
    """Something that few people are or have, said of somebody cared for."""
    groups: dict[str, Clue] = {}
    for clue in around:
        if clue.what is What.RARE and (clue.group not in groups or clue.weight > groups[clue.group].weight):
            groups[clue.group] = clue
    rare = sum(clue.weight for clue in groups.values())
    if not _somebody(read, best, groups) or takes_leave(read):
        return
    cared = _cared(read, around)
    dated = What.DAY in best and "several" in groups  # quadruplets on the 29th of February
    if not cared & (CLINICAL | EVENT | PATIENT | WARD) and What.EVENT not in best and not dated:
        return
    here = cared & (EVENT | PATIENT | CLINICAL | WARD) or What.EVENT in best
    total = rare + (1.0 if here else 0.0) + min(1.0, _sum(best, What.PLACE, What.DAY, What.AGE) / 2)
    if total >= RARE and not (cared & ORG and rare < 3 and not cared & PATIENT and What.AGE not in best):
        yield _finding(read, Kind.RARE_COMBO, list(groups.values()))


def _cared(read: Passage, around: list[Clue]) -> int:
    """The marks of all words from the first clue to the last, and a few around them."""
    first, last = min(clue.first for clue in around), max(clue.last for clue in around)
    cared = read.about(first, last, before=10, after=10)
    for place in range(first, last + 1):
        cared |= read.marks[place]
    return cared


def _somebody(read: Passage, best: dict[What, Clue], groups: dict[str, Clue]) -> bool:
    if (
        What.PERSON in best
        or What.AGE in best
        or not groups.keys().isdisjoint(("kin", "does", "several", "odd:clinical"))
    ):
        return True
    if What.PLACE in best and read.marks[best[What.PLACE].last] & ROOM:
        return True
    return any(
        group in ("fame", "calling") and not _DID.isdisjoint(read.words[clue.last + 1 : clue.last + 7])
        for group, clue in groups.items()
    )  # the councillor who had the wrong kidney scanned


def _finding(read: Passage, kind: Kind, clues: list[Clue]) -> tuple[Finding, int]:
    first, last = min(clue.first for clue in clues), max(clue.last for clue in clues)
    return Finding(read.starts[first], read.ends[last], kind, Verdict.HOLD), last
