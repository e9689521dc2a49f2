"""Search narrowed down by facets: what is asked for, what is found, how much more each further facet would leave.

Counts are of the newest ``HITS`` that were found, never of all there is: they cost the same however much that is.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from node.words.vocabulary import LISTED
from storage import facets, search, widening
from storage.database import Reading
from storage.ids import LAST
from storage.search import Filters, Hit, Hits
from storage.shapes.rules import WORD
from storage.widening import Sought

QUERY = 200  # characters of a search
HITS = 500  # the newest found, of which facets are counted
TRIED = 6  # ways to ask for less that are tried when nothing is found
ENOUGH = 100  # found without one filter: more are not counted
KIND, LANGUAGE, FROM, HERE = "kind", "language", "from", "here"
# In the order in which a page shows them.
NAMES = (
    KIND, facets.TOPIC, facets.EVIDENCE, facets.SETTING, facets.HARM, facets.AUDIENCE, facets.MINUTES, facets.MEASURE,
    facets.PLACE, LANGUAGE, FROM,
)  # fmt: skip
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_CHOICES: Mapping[str, Sequence[str]] = {
    KIND: LISTED, FROM: (HERE,), facets.MINUTES: ("short", "medium", "long"), facets.MEASURE: ("yes",),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """A search: words, and at most one value of each facet."""

    query: str
    chosen: Mapping[str, str]

    @property
    def filters(self) -> Filters:
        """What the chosen facets mean."""
        kept = {name: value for name, value in self.chosen.items() if name not in (KIND, LANGUAGE, FROM)}
        return Filters(
            kind=self.chosen.get(KIND, ""),
            language=self.chosen.get(LANGUAGE, ""),
            here=FROM in self.chosen,
            facets=tuple(facets.facet(name, value) for name, value in kept.items()),
        )

    def without(self, name: str) -> Asked:
        """The same without one facet; "q": without its words."""
        chosen = {one: value for one, value in self.chosen.items() if one != name}
        return Asked("" if name == "q" else self.query, chosen)

    def also(self, name: str, value: str) -> Asked:
        """The same with one facet more, or another value of it."""
        return Asked(self.query, {**self.chosen, name: value})


def may_be(name: str, value: str) -> bool:
    """Whether a facet can have this value at all."""
    if name in _CHOICES:
        return value in _CHOICES[name]
    return bool((_LANGUAGE if name == LANGUAGE else WORD).fullmatch(value))


@dataclass(frozen=True, slots=True)
class Found:
    """What a page of a search shows."""

    wanted: Sought
    ids: list[int]
    end: int | None  # the next page begins below it; None: there is none
    total: int = 0  # found and counted, at most ``HITS``
    more: bool = False  # there may be more than those
    counts: Mapping[str, list[tuple[str, int]]] | None = None  # of facets that are not chosen; None: not asked for


async def find(db: Reading, asked: Asked, *, reader_id: int, now: int, before: int, limit: int, counted: bool) -> Found:
    """A page of what is found, newest first. Nothing asked for: all that is public."""
    wanted = widening.sought(asked.query)

    async def hits(before: int, most: int) -> Hits:
        return await search.hits(
            db, wanted, asked.filters, reader_id=reader_id, now=now, before=before, limit=most, enough=limit
        )

    if asked.query and not wanted.units:
        return Found(wanted, [], None, counts={} if counted else None)
    if not counted:
        some = await hits(before, limit)
        return Found(wanted, [one.id for one in some.found], some.end)
    top = await hits(LAST, HITS)
    shown = _page(top, before, limit) or await hits(before, limit)
    counts = _counts(asked, top.found, await facets.counts(db, [one.id for one in top.found]))
    return Found(wanted, [one.id for one in shown.found], shown.end, len(top.found), top.end is not None, counts)


def _page(top: Hits, before: int, limit: int) -> Hits | None:
    """A page of what was found already; None when it goes beyond."""
    below = [one for one in top.found if one.id < before]
    if len(below) > limit:
        return Hits(below[:limit], below[limit - 1].id)
    return Hits(below, top.end) if before == LAST or top.end is None else None


def _counts(asked: Asked, found: Sequence[Hit], kept: Mapping[str, int]) -> dict[str, list[tuple[str, int]]]:
    """How many have each value of each facet that is not chosen, the most first."""
    counted: dict[str, Counter[str]] = {name: Counter() for name in NAMES}
    for one in found:
        counted[KIND][one.kind] += one.kind in LISTED
        counted[LANGUAGE][one.language.partition("-")[0].lower()] += 1
        counted[FROM][HERE] += one.here
    for facet, number in kept.items():
        name, value = facets.parted(facet)
        counted[name][value] += number
    return {
        name: [(value, number) for value, number in some.most_common() if value and number and may_be(name, value)]
        for name, some in counted.items()
        if name not in asked.chosen
    }


async def less(db: Reading, asked: Asked, *, reader_id: int, now: int) -> list[tuple[str, int]]:
    """Where nothing was found: which of the things asked for to leave out ("q": the words), and how many that finds,
    at most ``ENOUGH``."""
    names = [*asked.chosen, *(["q"] if asked.query else [])]
    found: list[tuple[str, int]] = []
    for name in names[:TRIED] if len(names) > 1 else []:
        rest = asked.without(name)
        some = await search.hits(
            db, widening.sought(rest.query), rest.filters, reader_id=reader_id, now=now, before=LAST, limit=ENOUGH,
            enough=1,
        )  # fmt: skip
        found.append((name, len(some.found)))
    return [one for one in found if one[1]]
