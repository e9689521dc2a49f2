"""From evidence to a verdict: what a few sentences come to, kind by kind, where no single word says it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from node.confidentiality import evidence
from node.confidentiality.clues import MADE_UP
from node.confidentiality.evidence import BIT, NAMES
from node.confidentiality.findings import Finding, Kind, Verdict
from node.confidentiality.passage import Passage
from node.confidentiality.weights import TABLES, WEIGHTS
from node.confidentiality.words import INVENTED

REMEMBERED = 2048  # combinations of features whose sum is kept
Term = tuple[tuple[int, ...], float]


def _mask(name: str) -> int:
    """The bits of features, of which one must be there; ``2 rare`` is one seen twice."""
    found = 0
    for one in name.split("|"):
        twice = one.startswith("2 ")
        found |= BIT[one.removeprefix("2 ")] << (len(NAMES) if twice else 0)
    return found


def _masks(name: str) -> tuple[int, ...]:
    return tuple(_mask(part) for part in name.split("&"))


def _terms(column: int) -> list[Term]:
    return [(_masks(name), worth[column]) for name, worth in WEIGHTS.items() if worth[column]]


_KINDS = [(Kind(table.kind), _masks(table.needs), _terms(column), table) for column, table in enumerate(TABLES)]


def find(read: Passage) -> Iterator[Finding]:
    """At most one finding of each kind, of the stretch that has most evidence of it."""
    if read.seen & INVENTED and MADE_UP.search(read.text):
        return
    best: dict[Kind, tuple[float, int, int]] = {}
    verdicts: dict[Kind, Verdict] = {}
    for one in evidence.find(read):
        for kind, over, verdict in _weighed(one.once | one.twice << len(NAMES)):
            if kind not in best or over > best[kind][0]:
                best[kind] = (over, one.first, one.last)
                verdicts[kind] = verdict
    for kind, (_, first, last) in best.items():
        yield Finding(read.starts[first], read.ends[last], kind, verdicts[kind])


def _has(seen: int, masks: tuple[int, ...]) -> bool:
    return all(seen & mask for mask in masks)


@lru_cache(REMEMBERED)
def _weighed(seen: int) -> tuple[tuple[Kind, float, Verdict], ...]:
    """The kinds that features come to, and by how much."""
    found: list[tuple[Kind, float, Verdict]] = []
    for kind, needs, terms, table in _KINDS:
        if not _has(seen, needs):
            continue
        total = table.start
        for masks, weight in terms:
            if seen & masks[0] and (len(masks) == 1 or _has(seen, masks)):
                total += weight
        if total >= table.warn:
            found.append((kind, total - table.warn, Verdict.HOLD if total >= table.hold else Verdict.WARN))
    return tuple(found)
