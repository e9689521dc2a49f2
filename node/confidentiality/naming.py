"""Runs of words that could be a name, by their looks alone; whose it is, others say."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from node.confidentiality.cases import EPONYMS, PUBLISHED
from node.confidentiality.lists import listed
from node.confidentiality.passage import Passage
from node.confidentiality.words import COMMON, FAMILY, FIGURE, GIVEN, PLAIN_NAME, ROOM

LONGEST = 5  # words of one name
LONG = 30  # words of a sentence that are read with a name
NAMESAKES = listed(
    """
    francis ockenden kirkup berwick keogh cavendish shipman letby allitt kennedy donaldson reason vincent maslow
    pronovost gawande hollnagel dekker syed bromiley worthington marx leape deming shewhart nightingale seacole
    caldicott kline cook edmondson carthey bion spurgeon runciman woods
    """
)  # those whom this field cites; a whole name with one of them is no patient
_AMBIGUOUS = listed("test score scale tool sign report review pathway passport checklist model act procedure tumour")
_DEAR = listed("young poor little old dear wee big baby")
PARTICLES = listed("de la le van der von al el ap ab ben bin bint da dos o' mac mc st")
_JOINTS = frozenset((" ", "-", "'", "  "))


@dataclass(frozen=True, slots=True)
class Name:
    """A run of words that could be one name: from word ``first`` to ``last``."""

    first: int
    last: int
    known: bool  # begins with a given name, or a family name that is no other word

    @property
    def full(self) -> bool:
        """Whether it has more than one word."""
        return self.last > self.first

    @property
    def likely(self) -> bool:
        """Whether it is more than one unknown word with a capital."""
        return self.known or self.full


def name_like(read: Passage, place: int) -> bool:
    """Whether a word could be part of a name by its looks: a capital, and no word we know as something else."""
    mark = read.marks[place]
    if mark & COMMON and (not mark & (GIVEN | PLAIN_NAME) or (mark & ROOM and _numbered(read, place))):
        return False
    return read.capital(place) and read.ends[place] - read.starts[place] >= 2


def _numbered(read: Passage, place: int) -> bool:
    """``Bay 4``: no name."""
    return place + 1 < len(read.words) and bool(read.marks[place + 1] & FIGURE) and read.between(place) == " "


def names(read: Passage) -> list[Name]:
    """Every run of words with capitals that could be a name."""
    found: list[Name] = []
    after = 0  # the first word that belongs to no name before
    for place in read.capitals:
        if place < after or not name_like(read, place):
            continue
        if _shouted(read, place) and not read.marks[place] & (GIVEN | FAMILY):
            continue
        first, last = place, end_of_name(read, place)
        if last > first and _only_begins(read, first):
            first += 1
        after = last + 1
        if after < len(read.words) and read.words[after] in NAMESAKES and read.between(last) == " ":
            after += 1
            continue
        if public(read, first, last):
            continue
        mark = read.marks[first]
        known = mark & (GIVEN | PLAIN_NAME) or (mark & FAMILY and not mark & COMMON)
        found.append(Name(first, last, bool(known)))
    return found


def public(read: Passage, first: int, last: int) -> bool:
    """Whether somebody is named whom everybody may name, or something that is named after somebody."""
    if tuple(read.words[first : first + 2]) in PUBLISHED:
        return True
    following = read.words[last + 1 : last + 2]
    if not following or following[0] not in EPONYMS or len(read.between(last)) > 3:
        return False
    ambiguous = following[0] in _AMBIGUOUS and read.owned[last] and read.marks[first] & GIVEN
    return not ambiguous


def published(read: Passage) -> bool:
    """Whether a text speaks of a case that everybody may name."""
    return not PUBLISHED.isdisjoint(pairwise(read.words))


def beside_published(read: Passage, place: int) -> bool:
    """Whether such a case is spoken of in the sentence of a word."""
    sentence = read.sentences[place]
    low, high = max(0, place - LONG), min(len(read.words), place + LONG)
    here = [read.words[at] for at in range(low, high) if read.sentences[at] == sentence]
    return not PUBLISHED.isdisjoint(pairwise(here))


def _shouted(read: Passage, place: int) -> bool:
    return read.original(place).isupper()


def _only_begins(read: Passage, first: int) -> bool:
    """Whether the first of several words is there because a sentence begins: *Yesterday* Mavis."""
    unknown = read.words[first] in _DEAR or not read.marks[first] & (GIVEN | PLAIN_NAME | FAMILY)
    return unknown and read.begins_sentence(first) and bool(read.marks[first + 1] & GIVEN)


def end_of_name(read: Passage, first: int) -> int:
    """The last word of the name that begins with ``first``."""
    last = first
    while last + 1 < len(read.words) and last - first < LONGEST and not read.owned[last]:
        if not _joined(read, last):
            break
        following = last + 1
        particle = read.words[following] in PARTICLES and following + 1 < len(read.words)
        further = _goes_on(read, following) or (particle and name_like(read, following + 1))
        if not further and not (last > first and read.capital(following) and read.between(last) == "-"):
            break  # not before the second part of Maddocks-Lane
        last = following
    return last


def _joined(read: Passage, place: int) -> bool:
    gap = read.between(place)
    return gap in _JOINTS or (gap == ". " and len(read.words[place]) == 1)


def _goes_on(read: Passage, place: int) -> bool:
    if not read.capital(place):
        return False
    letter = len(read.words[place]) == 1 and read.words[place] not in "ia"
    return letter or name_like(read, place) or bool(read.marks[place] & FAMILY)
