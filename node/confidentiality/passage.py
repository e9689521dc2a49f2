"""A text taken apart once: its words, their marks and sentences; every rule reads from here."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass

from node.confidentiality.normal import Normal, normal, unaccented
from node.confidentiality.words import FIGURE, MARKS

WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*|\d+")
_FIGURE = re.compile(r"[0-9]")
_STOP = re.compile(r"[.!?;](?=[\s\"')\]]|$)|\n")
_TITLES = {"mr", "mrs", "ms", "dr", "prof", "sr", "jr", "rev", "revd", "cons", "reg"}
_SHORT = {"no", "st", "nos", "num", "vs", "approx", "rd", "hosp", "pt", "dept", "tel", "ext", "ref", "d.o.b"}


@dataclass(frozen=True, slots=True)
class Passage:
    """Words of a text as parallel lists (thousands of objects would cost more than all rules together)."""

    normal: Normal
    text: str
    words: list[str]  # small letters, without a possessive ending
    starts: list[int]
    ends: list[int]
    marks: list[int]
    sentences: list[int]
    owned: list[bool]  # written with 's
    vocabulary: frozenset[str]
    digits: int  # how many there are in all
    seen: int  # the marks of all words together: a rule whose marks are missing need not look

    def index(self, position: int) -> int:
        """The first word that starts at ``position`` or later."""
        return bisect_left(self.starts, position)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The first and last of the words that stand in a stretch of the text."""
        first = min(self.index(start), len(self.words) - 1)
        return first, max(first, self.index(end) - 1)

    def about(self, first: int, last: int, *, before: int, after: int) -> int:
        """The marks of the words around ``first``…``last`` in the same sentence, theirs left out."""
        found = 0
        marks, sentences = self.marks, self.sentences
        for place in range(max(0, first - before), first):
            if sentences[place] == sentences[first]:
                found |= marks[place]
        for place in range(last + 1, min(len(marks), last + 1 + after)):
            if sentences[place] == sentences[last]:
                found |= marks[place]
        return found

    def near(self, first: int, last: int, words: frozenset[str], *, before: int, after: int) -> bool:
        """Whether one of ``words`` stands around ``first``…``last`` in the same sentence."""
        low, high = max(0, first - before), min(len(self.words), last + 1 + after)
        sentences = self.sentences
        return any(
            self.words[place] in words and sentences[first] <= sentences[place] <= sentences[last]
            for place in range(low, high)
        )

    def capital(self, place: int) -> bool:
        """Whether a word begins with a capital letter."""
        return self.text[self.starts[place]].isupper()

    def original(self, place: int) -> str:
        """A word as it was written."""
        return self.text[self.starts[place] : self.ends[place]]

    def between(self, place: int) -> str:
        """What stands between a word and the next."""
        return self.text[self.ends[place] : self.starts[place + 1]]

    def begins_sentence(self, place: int) -> bool:
        """Whether a word is the first of its sentence."""
        return place == 0 or self.sentences[place - 1] != self.sentences[place]


def passage(given: str) -> Passage:
    """Take a text apart."""
    folded = normal(given)
    text = folded.text
    small = text.lower()
    if len(small) != len(text):  # a letter whose small form is two
        small = "".join(one if len(low := one.lower()) != 1 else low for one in text)
    found = list(WORD.finditer(small))
    words = [one[0] for one in found]
    starts, ends = [one.start() for one in found], [one.end() for one in found]
    owned = [False] * len(words)
    if "'s" in small:
        owned = [one[-2:] == "'s" for one in words]
        words = [one[:-2] if owner else one for one, owner in zip(words, owned, strict=True)]
    lookup = MARKS.get
    if small.isascii():
        marks = [lookup(one, 0) for one in words]
    else:
        marks = [lookup(one if one.isascii() else unaccented(one), 0) for one in words]
    digits = 0
    if _FIGURE.search(small) is not None:
        for place, one in enumerate(words):
            if "0" <= one[0] <= "9":
                marks[place] = FIGURE
                digits += ends[place] - starts[place]
    vocabulary = frozenset(words)
    seen = 0
    for mark in set(marks):
        seen |= mark
    sentences = _sentences(text, words, starts, ends)
    return Passage(folded, text, words, starts, ends, marks, sentences, owned, vocabulary, digits, seen)


def _sentences(text: str, words: list[str], starts: list[int], ends: list[int]) -> list[int]:
    """Which sentence each word stands in: a dot after a title, a shortening or one letter ends none."""
    stops: list[int] = []
    for stop in _STOP.finditer(text):
        at = stop.start()
        before = bisect_left(starts, at) - 1
        dotted = text[at] == "." and before >= 0 and ends[before] == at
        if dotted and (len(words[before]) == 1 or words[before] in _SHORT or words[before] in _TITLES):
            continue
        stops.append(at)
    numbers: list[int] = []
    stops.append(len(text) + 1)
    sentence = 0
    for start in starts:
        while start > stops[sentence]:
            sentence += 1
        numbers.append(sentence)
    return numbers
