"""From evidence to a verdict: what a few sentences come to, kind by kind, where no single word says it.

Nearly all stretches of a text come to nothing, and each is asked of every kind. So what features can come to at most is
summed first, for all kinds at once: in hundredths, as fields of one whole number that begin so that the highest bit of
each says whether its threshold could be reached. Only then is a sum taken term by term.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from math import inf
from operator import getitem

from node.confidentiality import evidence
from node.confidentiality.clues import MADE_UP
from node.confidentiality.evidence import BIT, NAMES
from node.confidentiality.findings import Finding, Kind, Verdict
from node.confidentiality.passage import Passage
from node.confidentiality.roles import announces_talk, takes_leave
from node.confidentiality.weights import TABLES, WEIGHTS, Table
from node.confidentiality.words import INVENTED

SELDOM = (
    "grief",
    "aged",
    "named role",
    "own kin",
    "they",
    "perfect",
    "kin",
    "the person",
    "abuser",
    "i",
    "tells",
    "the role",
    "role",
    "harm",
    "person",
    "power",
    "2 hide",
    "2 crisis",
    "2 fault",
    "2 rare",
    "2 sign",
    "here",
    "speak",
    "2 past",
    "now",
    "moment",
    "punish",
    "fail",
    "crisis",
    "hide",
    "fault",
)  # features of posts, from the one that fewest have on
FIELD = 24  # bits of the sum of one kind
Masks = tuple[int, ...]
Term = tuple[int, Masks, float]  # a mask, those that must be met, too, and what it is worth


def _mask(name: str) -> int:
    """The bits of features, of which one must be there; ``2 rare`` is one seen twice."""
    found = 0
    for one in name.split("|"):
        twice = one.startswith("2 ")
        found |= BIT[one.removeprefix("2 ")] << (len(NAMES) if twice else 0)
    return found


def _masks(name: str) -> Masks:
    return tuple(_mask(part) for part in name.split("&"))


def _terms(column: int) -> list[Term]:
    masked = [(_masks(name), worth[column]) for name, worth in WEIGHTS.items() if worth[column]]
    return [(masks[0], masks[1:], worth) for masks, worth in masked]


def _packed(worths: Iterable[float]) -> int:
    """What a term is worth to each kind, as one number."""
    return sum(round(worth * 100) << FIELD * column for column, worth in enumerate(worths))


def _at_most(*, least: float) -> dict[int, int]:
    """What each feature adds at most: its own worth, and what it can be worth with others, told at one of them.

    ``least``: what a feature is worth at the least; zero where those that lessen a sum may stand in other sentences.
    """
    found: dict[int, int] = {}
    for name, worth in WEIGHTS.items():
        parts = name.split("&")
        if len(parts) == 1:
            told, added = name, _packed(max(least, one) for one in worth)
        else:
            told = min(parts, key=lambda part: SELDOM.index(part) if part in SELDOM else len(SELDOM))
            added = _packed(max(0, one) for one in worth)
        for one in told.split("|"):
            found[_mask(one)] = found.get(_mask(one), 0) + added
    return found


def _bytes(most: dict[int, int]) -> list[list[int]]:
    """For each eight features, by which of them are there, what those add at most."""
    tables: list[list[int]] = []
    for place in range(0, _BITS, 8):
        table = [0] * 256
        for byte in range(1, 256):
            lowest = byte & -byte
            table[byte] = table[byte ^ lowest] + most.get(lowest << place, 0)
        tables.append(table)
    return tables


_BITS = 2 * len(NAMES)
_SIZE = (_BITS + 7) // 8
_BYTES = _bytes(_at_most(least=-inf))
_GAINS = _bytes(_at_most(least=0))
_KINDS = [(Kind(table.kind), _masks(table.needs), _terms(column), table) for column, table in enumerate(TABLES)]
# What lessens a sum may stand in another sentence: it is left out where a whole text is asked about.
_GAINING = [[term for term in terms if term[-1] > 0] for _, _, terms, _ in _KINDS]
_TOPS = [1 << FIELD * column + FIELD - 1 for column in range(len(TABLES))]
_NEEDS = [(top, needs[0], needs[-1]) for top, (_, needs, _, _) in zip(_TOPS, _KINDS, strict=True)]
_START = sum(
    top + (round((table.start - table.warn) * 100) << FIELD * column)
    for column, (top, table) in enumerate(zip(_TOPS, TABLES, strict=True))
)


def find(read: Passage) -> Iterator[Finding]:
    """At most one finding of each kind, of the stretch that has most evidence of it."""
    if read.seen & INVENTED and MADE_UP.search(read.text):
        return
    leaving = takes_leave(read)
    best: dict[Kind, tuple[float, int, int]] = {}
    verdicts: dict[Kind, Verdict] = {}
    for first, last, seen in evidence.find(read):
        for kind, over, verdict in _weighed(seen):
            if kind in _OF_PEOPLE and (leaving or _long_ago(read, first, last)):
                continue
            if kind is Kind.STAFF_BLAME and announces_talk(read, first, last):
                continue
            if kind not in best or over > best[kind][0]:
                best[kind] = (over, first, last)
                verdicts[kind] = verdict
    for kind, (_, first, last) in best.items():
        yield Finding(read.starts[first], read.ends[last], kind, verdicts[kind])


_OF_PEOPLE = (Kind.RARE_COMBO, Kind.STAFF_BLAME, Kind.DATE_PLACE_AGE, Kind.SAFEGUARDING)
_CENTURIES = ("15", "16", "17", "18")  # of history


def _long_ago(read: Passage, first: int, last: int) -> bool:
    """``In 1847``: what is told of then is history."""
    return any(
        len(read.words[place]) == 4
        and read.words[place].startswith(_CENTURIES)
        and read.words[place - 1] in ("in", "of", "by")
        for place in read.figures[bisect_left(read.figures, max(1, first)) : bisect_right(read.figures, last)]
    )


def may_find(text: str, words: list[str], marks: list[int], once: int, twice: int) -> bool:
    """Whether any sentences of a text could come to anything, by what stands in all of it."""
    seen = evidence.possible(text, words, marks, once) | (twice & evidence.ALL) << len(NAMES)
    reached = _reached(seen, _GAINS)
    return bool(reached) and any(
        reached & top and _sum(seen, table.start, gaining) >= table.warn
        for top, gaining, table in zip(_TOPS, _GAINING, TABLES, strict=True)
    )


def _sum(seen: int, start: float, terms: list[Term]) -> float:
    for first, others, weight in terms:
        if seen & first and (not others or all(map(seen.__and__, others))):
            start += weight
    return start


def _weighed(seen: int) -> list[tuple[Kind, float, Verdict]]:
    """The kinds that features come to, and by how much."""
    reached = _reached(seen, _BYTES)
    if not reached:
        return []
    return [found for top, kind in zip(_TOPS, _KINDS, strict=True) if reached & top for found in _exactly(seen, *kind)]


def _reached(seen: int, tables: list[list[int]]) -> int:
    """The tops of the kinds whose needs are met and whose thresholds the features could reach at most."""
    needed = 0
    for top, one, other in _NEEDS:
        if seen & one and seen & other:
            needed |= top
    return needed and needed & sum(map(getitem, tables, seen.to_bytes(_SIZE, "little")), _START)


def _exactly(seen: int, kind: Kind, _: Masks, terms: list[Term], table: Table) -> Iterator[tuple[Kind, float, Verdict]]:
    """The sum of one kind, term by term."""
    total = _sum(seen, table.start, terms)
    if total >= table.warn:
        yield kind, total - table.warn, Verdict.HOLD if total >= table.hold else Verdict.WARN
