"""Searches widened by the field's synonyms: "venflon" finds what says "cannula", and what is about cannulation. Pure.

What stands in quotation marks is looked for as it is.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from storage import vocabularies

WORDS = 10  # of one search
WORD = 60  # characters of a word
ALTERNATIVES = 12  # synonyms that one search is widened by, all its words together
LONGEST = 5  # words of a synonym
NEAR = 0.8  # how much alike a misspelt word and a synonym are, of 1
_QUOTED = re.compile(r'["“„”]([^"“„”]*)["“”]')
# Words without a meaning of their own: PostgreSQL leaves them out ("english"), so that SQLite does, too.
_EMPTY = """
    a about above after again against all am an and any are as at be because been before being below between both but
    by can did do does doing don down during each few for from further had has have having he her here hers herself him
    himself his how i if in into is it its itself just me more most my myself no nor not now of off on once only or
    other our ours ourselves out over own s same she should so some such t than that the their theirs them themselves
    then there these they this those through to too under until up very was we were what when where which while who
    whom why will with you your yours yourself yourselves
"""
EMPTY = frozenset(_EMPTY.split())


@dataclass(frozen=True, slots=True)
class Unit:
    """Words of a search that belong together, and other ways to say the same."""

    words: tuple[str, ...]
    exact: bool = False  # in this order, nothing else
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sought:
    """What a search looks for: all its units. ``topic``: and what is about it, whatever its words; "": none."""

    units: tuple[Unit, ...]
    topic: str = ""

    @property
    def others(self) -> list[str]:
        """What is looked for beside what was typed."""
        return [one for unit in self.units for one in unit.others]


def words(text: str) -> list[str]:
    """The words of a text, without anything that a query language could mean."""
    return [one[:WORD] for one in "".join(c if c.isalnum() else " " for c in text).split()]


def key(some: Sequence[str]) -> tuple[str, ...]:
    """Words by which a synonym is known, whether there is one of a thing or several."""
    return tuple(_one(word.casefold()) for word in some)


def _one(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and word[-2] not in "suiw" else word


@cache
def _topics() -> Mapping[tuple[str, ...], tuple[str, tuple[str, ...]]]:
    """By the key of each word that means just a topic: the topic, and all the words for it."""
    found: dict[tuple[str, ...], tuple[str, tuple[str, ...]]] = {}
    for topic in vocabularies.topics().values():
        for term in topic.terms:
            found.setdefault(key(words(term)), (topic.id, topic.terms))
    return found


@cache
def _narrower() -> Mapping[tuple[str, ...], str]:
    """By the key of each word for a part of a topic: the topic."""
    return {key(words(one)): topic.id for topic in vocabularies.topics().values() for one in topic.synonyms}


def sought(query: str) -> Sought:
    """What a search looks for; no units: nothing. At most ``WORDS`` words and ``ALTERNATIVES`` synonyms."""
    units: list[Unit] = []
    place = 0
    for quoted in _QUOTED.finditer(query):
        units += _loose(words(query[place : quoted.start()]))
        if phrase := words(quoted[1]):
            units.append(Unit(tuple(phrase), exact=True))
        place = quoted.end()
    units += _loose(words(query[place:]))
    return _bounded(units)


def _loose(typed: Sequence[str]) -> list[Unit]:
    """Units of words outside quotation marks: the longest synonyms first."""
    found: list[Unit] = []
    place = 0
    while place < len(typed):
        for length in range(min(LONGEST, len(typed) - place), 0, -1):
            some = tuple(typed[place : place + length])
            known = _topics().get(key(some))
            if known is not None:
                found.append(Unit(some, others=tuple(one for one in known[1] if key(words(one)) != key(some))))
                place += length
                break
        else:
            found.append(Unit((typed[place],)))
            place += 1
    return found


def _bounded(units: Sequence[Unit]) -> Sought:
    meant = [one for one in units if one.exact or one.others or one.words[0].casefold() not in EMPTY] or units
    kept: list[Unit] = []
    left, room = WORDS, ALTERNATIVES
    for unit in meant:
        if not left:
            break
        some = unit.words[:left]
        others = unit.others[:room] if len(some) == len(unit.words) else ()
        kept.append(Unit(some, unit.exact, others))
        left, room = left - len(some), room - len(others)
    topic = topic_of(kept[0].words) if len(kept) == len(units) == 1 and not kept[0].exact else ""
    return Sought(tuple(kept), topic)


def topic_of(some: Sequence[str]) -> str:
    """The topic that these words mean; "": none."""
    return _topics().get(key(some), ("", ()))[0]


def near(query: str) -> str:
    """The topic that a search is about, or about a part of; "": none."""
    typed = key(words(query))
    return _topics().get(typed, ("", ()))[0] or _narrower().get(typed, "")


def misspelt(query: str) -> str:
    """The synonym that was probably meant by words that find nothing; "": none."""
    typed = " ".join(words(query)).casefold()
    known = {" ".join(words(one)).casefold(): one for topic in vocabularies.topics().values() for one in topic.terms}
    known |= {
        " ".join(words(one)).casefold(): one for topic in vocabularies.topics().values() for one in topic.synonyms
    }
    found = difflib.get_close_matches(typed[:WORD], known, 1, NEAR) if typed not in known else []
    return known[found[0]] if found else ""
