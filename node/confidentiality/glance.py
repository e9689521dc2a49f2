"""One look at a text before it is taken apart: what stands in it, and so which rules are wanted.

Most texts have nothing that any rule could find. All that is known of a word (its marks, what it is evidence of, which
needs of rules it answers) lies in one number, so that a text costs one look-up for each word and one for each two that
stand side by side; only what is wanted then is asked.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from itertools import pairwise
from operator import or_

from node.confidentiality import ages, digits, evidence, phrases
from node.confidentiality.initials import SHORTENED
from node.confidentiality.naming import PARTICLES
from node.confidentiality.needs import (
    AT,
    CAPITAL,
    DATED,
    FIGURES,
    FIRST_SIGN,
    LETTERS,
    LINK,
    NAMED,
    PLACED,
    POSTAL,
    RUN,
    SPOKEN,
    TELEPHONE,
    Need,
    Sign,
)
from node.confidentiality.normal import unaccented
from node.confidentiality.passage import Split
from node.confidentiality.patterns import STEM, Pattern
from node.confidentiality.words import COMMON, FAMILY, FIGURE, FIRST_MARK, FREE, GIVEN, MARKS, PLAIN_NAME, STREET

SEVERAL = 60  # words of a text that is weighed without asking first: most of that length would be
_FIGURE = Pattern(r"[0-9]")
_JOINED = Pattern(r"[0-9](?:\s?[-/.]\s?\d|\d{5})")
_AFTER_LETTER = Pattern(r"[0-9](?<=[A-Za-z].)")
_CHAIN = Pattern(
    r"[0-9](?:[A-Za-z|\-/.,_]*[0-9]|[A-Za-z|\-/.,_ ()\n]{1,13}[0-9]){3}"
)  # four digits of a reference, with letters between; or of a number, with blanks, too
_FACES = Pattern(r"[0-9](?:[OoIl|SsBZz .\-/]{0,13}\d){3}")  # four of ten digits, the others letters like them
_INSURANCE = Pattern(r"[0-9]\d[ \-.]?\d\d[ \-.]?\d\d[ \-.]?[A-Da-d]")
_DOTTED = Pattern(r"[A-Z]\.\s?[A-Z]")
_ANY = "0"  # any number, among words
_NAME = GIVEN | PLAIN_NAME
_KNOWN = _NAME | FAMILY
_MOST_INITIALS = 3  # letters without a dot
_EVIDENCE = FIRST_MARK - 1
_MARKED = (1 << FREE) - FIRST_MARK
_MET = -1 << FREE


@dataclass(slots=True)
class Glance:
    """What stands in a text."""

    marks: list[int]  # of each word
    pairs: list[int | None]  # what each says together with the next
    figures: list[int]  # the words that are digits
    own: int  # the marks of all words
    seen: int  # and what else meets a need
    twice: int  # what stands in more than one place; of a long text all that may


class Signs:
    """All that is known of words, with the needs of rules."""

    def __init__(self, needs: Iterable[Need]) -> None:
        self.known = dict(MARKS)
        self.pairs = dict(phrases.FOLLOWED)
        self._stems: dict[str, list[tuple[str, int]]] = {}
        self._bits: dict[Sign, int] = {}
        for word, bits in evidence.known().items():
            self._add(word, bits)
        self._numbers = self._mask(Sign(FIGURE, words=digits.NAMES | ages.SPELT))
        self._ways: dict[int, list[tuple[tuple[int, ...], int]]] = {}  # by each bit of their first sign
        for place, need in enumerate(needs):
            for way in need:
                first, *rest = (self._mask(sign) for sign in way)
                for bit in _bits(first):
                    self._ways.setdefault(bit, []).append((tuple(rest), place))
        self._firsts = sum(self._ways)
        same: dict[int, int] = {}  # one number for all words that say the same
        for word, bits in list(self.known.items()):
            bits |= self._inside(word) & _MET
            self.known[word] = same.setdefault(bits, bits)

    def _add(self, word: str, bits: int) -> None:
        self.known[word] = self.known.get(word, 0) | bits

    def _mask(self, sign: Sign) -> int:
        """The bits of which one must be there."""
        if not sign.words and not sign.opens:
            return sign.marks
        if sign not in self._bits:
            bit = self._bits[sign] = FIRST_SIGN << len(self._bits)
            for word in sign.words:
                self._add(word, bit)
            for opening in sign.opens:
                for word, following in opening.words.items():
                    for second in following:
                        self.pairs[word, second] = self.pairs.get((word, second), 0) | bit
                    if not following:
                        self._add(word, bit)
                for head, stems in opening.stems.items():
                    self._stems.setdefault(head, []).extend((stem, bit) for stem in stems)
        return self._bits[sign] | sign.marks

    def _inside(self, word: str) -> int:
        """What a word says by how it begins, and by its parts where letters are joined (*told'em*) or in a hashtag."""
        found = 0
        for stem, bit in self._stems.get(word[:STEM], ()):
            if word.startswith(stem):
                found |= bit
        if "'" in word or word[:1] == "#":
            for part in word.lstrip("#").split("'"):
                found |= self.known.get(part, 0) & ~_EVIDENCE | self._inside(part)
        return found

    def glance(self, split: Split) -> Glance:
        """Look at a text."""
        words, known = split.words, self.known
        marks = [known.get(one, 0) for one in words] if split.plain else [self._accented(one) for one in words]
        pairs = list(map(self.pairs.get, pairwise(words)))
        figures: list[int] = []
        if split.parts and _FIGURE.search(split.text):
            figures = [place for place, one in enumerate(words) if one < ":"]  # the sign after 9
            for place in figures:
                marks[place] = FIGURE
        if len(words) > SEVERAL:
            own, twice = reduce(or_, marks, 0), -1
            seen = reduce(or_, filter(None, pairs), own)
        else:
            own, seen, twice = _together(marks, pairs)
        seen |= self._unknown(split, marks)
        if figures:
            seen |= _counted(split, figures)
        if own & self._numbers:
            seen |= self._beside(split, marks, figures)
        return Glance(marks, pairs, figures, own, seen | _looks(split, marks), twice)

    def _unknown(self, split: Split, marks: list[int]) -> int:
        """What words say that are not known as they are."""
        found = 0
        for word in [word for word, bits in zip(split.words, marks, strict=True) if not bits]:
            if word[:STEM] in self._stems or "'" in word:
                found |= self._inside(word)
        if "#" in split.text:  # rules that read the text itself see what a hashtag says
            for word in split.words:
                found |= self._inside(word) if word[0] == "#" else 0
        return found

    def met(self, seen: int) -> set[int]:
        """Which of the needs are met, by their places."""
        found: set[int] = set()
        for bit in _bits(seen & self._firsts):
            for rest, place in self._ways[bit]:
                if place not in found and all(map(seen.__and__, rest)):
                    found.add(place)
        return found

    def _accented(self, word: str) -> int:
        """Vocabularies have no accents, lists of evidence may have."""
        if word.isascii():
            return self.known.get(word, 0)
        return self.known.get(unaccented(word), 0) & ~_EVIDENCE | self.known.get(word, 0) & ~_MARKED

    def _beside(self, split: Split, marks: list[int], figures: list[int]) -> int:
        """What stands beside numbers; enough of them side by side, as ``digits.dictated`` counts them, are one."""
        numbers, words, found = self._numbers, split.words, 0
        places = [place for place, mark in enumerate(marks) if mark & numbers]
        for place in places:
            found |= self.pairs.get((_ANY, words[place + 1]), 0) if place + 1 < len(words) else 0
            found |= self.pairs.get((words[place - 1], _ANY), 0) if place else 0
        count = _count(split, figures) + digits.MOST_SAID * (len(places) - len(figures))
        if count >= digits.FEWEST_SAID and any(two - one == 1 for one, two in pairwise(places)):
            found |= SPOKEN
        return found


def _together(marks: list[int], pairs: list[int | None]) -> tuple[int, int, int]:
    """What words say, what they say with pairs of them, and what is there more than once."""
    own = twice = 0
    for bits in marks:
        twice |= own & bits
        own |= bits
    seen = own
    for pair in filter(None, pairs):
        twice |= seen & pair
        seen |= pair
    return own, seen, twice


def _bits(number: int) -> list[int]:
    """The bits of a number, each by itself."""
    found: list[int] = []
    while number:
        found.append(number & -number)
        number &= number - 1
    return found


def _count(split: Split, figures: list[int]) -> int:
    return sum(len(split.words[place]) for place in figures)


def _counted(split: Split, figures: list[int]) -> int:
    """What a text has by its figures."""
    count, found = _count(split, figures), 0
    if count >= 4:
        if _CHAIN.search(split.text):
            found |= FIGURES
        if _FACES.search(split.text) or _INSURANCE.search(split.text):
            found |= RUN
    if count >= 9:
        found |= TELEPHONE
    if count >= 2 and _AFTER_LETTER.search(split.text):
        found |= POSTAL
    if _JOINED.search(split.text):
        found |= DATED
    return found


def _looks(split: Split, marks: list[int]) -> int:
    """What a text has by its capitals, signs and length."""
    found, text = _capitals(split, marks), split.text
    if "." in text and ("://" in text or "www." in text.lower()):
        found |= LINK
    if "@" in text:
        found |= AT
    if not split.plain and "\u0130" in text:
        found = -1  # patterns take it for another letter: all rules are wanted
    return found


def _capitals(split: Split, marks: list[int]) -> int:
    found, single, words = 0, False, split.words
    capitals = split.capitals
    for place, following in zip(capitals, [*capitals[1:], -1], strict=False):
        one, mark = split.originals[place], marks[place]
        if mark & STREET and len(capitals) > 1:
            found |= PLACED
        if len(one) == 1:
            single = True
            continue
        if not mark & COMMON or mark & _NAME:
            found |= CAPITAL
            if mark & _KNOWN or following == place + 1 or not PARTICLES.isdisjoint(words[place + 1 : place + 2]):
                found |= NAMED
        if len(one) <= _MOST_INITIALS and one.isupper() and one not in SHORTENED:
            found |= LETTERS
    return found | LETTERS if single and _DOTTED.search(split.text) else found
