"""A text taken apart once: its words, their marks and sentences; every rule reads from here."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

from node.confidentiality.normal import Normal, normal, unaccented
from node.confidentiality.patterns import STEM, Opening, Pattern
from node.confidentiality.words import FAMILY, FIGURE, GIVEN, MARKS

_WORD = re.compile(r"([^\W\d_]+(?:'[^\W\d_]+)*|\d+)")
_PLAIN_WORD = re.compile(r"([a-z]+(?:'[a-z]+)*|[0-9]+)")  # the same in ASCII
_FIGURE = re.compile(r"[0-9]")
_STOP = re.compile(r"[.!?;](?=[\s\"')\]])|\n")  # between two words
_GOES_ON = frozenset((" ", ", ", "-", "", " - ", ": ", " (", "/"))
_SHORT_GAP = 4
_AFTER_STOP = frozenset(" \t\n\r\f\v\x1c\x1d\x1e\x1f\"')]")  # as the pattern has them, after folding
_TITLES = {"mr", "mrs", "ms", "dr", "prof", "sr", "jr", "rev", "revd", "cons", "reg"}
_SHORT = {"no", "st", "nos", "num", "vs", "approx", "rd", "hosp", "pt", "dept", "tel", "ext", "ref", "d.o.b"}


@dataclass(slots=True)  # not frozen: that would cost a tenth of taking a text apart
class Passage:
    """Words of a text as parallel lists (thousands of objects would cost more than all rules together)."""

    normal: Normal
    text: str
    small: str  # the text in small letters
    words: list[str]  # small letters, without a possessive ending
    starts: list[int]
    ends: list[int]
    marks: list[int]
    sentences: list[int]
    owned: list[bool]  # written with 's
    vocabulary: frozenset[str]
    capitals: list[int]  # the words that begin with a capital letter
    figures: list[int]  # the words that are digits
    digits: int  # how many there are in all
    longest: int  # how many stand together at most
    heads: set[str]  # with which letters they begin, as many as tell stems apart
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

    def opened(self, pattern: Pattern, opening: Opening) -> Iterator[re.Match[str]]:
        """The matches of a pattern, as ``finditer`` finds them; it is tried at the words that can begin it."""
        here = opening.among(self.vocabulary, self.heads)
        if not here:
            return
        words, starts = self.words, self.starts
        done = 0
        for place, word in enumerate(words):
            if word in here and starts[place] >= done and opening.follows(word, words[place + 1 : place + 2]):
                found = pattern.match(self.text, starts[place])
                if found:
                    done = found.end()
                    yield found

    def within(self, pattern: Pattern, opening: Opening, low: int, high: int) -> bool:
        """Whether a pattern is found in a stretch of the text: at a figure, or at a word that can begin it."""
        stretch = self.text[low:high]
        first, end = self.index(low), self.index(high)
        here = opening.among(self.vocabulary, self.heads)
        cut = end - 2  # from here on words may be cut
        for place in range(first, end):
            tried = place >= cut or self.words[place] in here or self.marks[place] & FIGURE
            if tried and pattern.match(stretch, self.starts[place] - low):
                return True
        return pattern.match(stretch) is not None

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
    plain = small.isascii()
    parts = (_PLAIN_WORD if plain else _WORD).split(small)  # what stands between, a word, what stands between, ...
    places = list(accumulate(map(len, parts)))
    words, gaps, starts, ends = parts[1::2], parts[0::2], places[0:-1:2], places[1::2]
    owned = [False] * len(words)
    at = small.find("'s")
    while at >= 0:
        place = bisect_left(ends, at + 2)
        if place < len(ends) and ends[place] == at + 2 and starts[place] < at:
            words[place], owned[place] = words[place][:-2], True
        at = small.find("'s", at + 2)
    if "#" in small:
        _leave_out_tags(small, words, starts)
    lookup = MARKS.get
    if plain:
        marks = [lookup(one, 0) for one in words]
    else:
        marks = [lookup(one if one.isascii() else unaccented(one), 0) for one in words]
    digits = longest = 0
    figures: list[int] = []
    if _FIGURE.search(small) is not None:
        figures = [place for place, one in enumerate(words) if one < ":"]  # the sign after 9
        for place in figures:
            marks[place] = FIGURE
            long = len(words[place])
            digits += long
            if long > longest:
                longest = long
    vocabulary = frozenset(words)
    seen = 0
    for mark in set(marks):
        seen |= mark
    capitals = [place for place, start in enumerate(starts) if text[start].isupper()]
    return Passage(
        folded, text, small, words, starts, ends, marks, _sentences(words, gaps), owned, vocabulary, capitals, figures,
        digits, longest, {one[:STEM] for one in vocabulary}, seen,
    )  # fmt: skip


def _leave_out_tags(small: str, words: list[str], starts: list[int]) -> None:
    """Words of hashtags are no evidence of anything, unless a number follows or they are somebody's name."""
    at = small.find("#")
    while at >= 0:
        place = bisect_left(starts, at + 1)
        if place < len(words) and starts[place] == at + 1:
            numbered = place + 1 < len(words) and words[place + 1] < ":"
            if not numbered and not MARKS.get(words[place], 0) & (GIVEN | FAMILY):
                words[place] = f"#{words[place]}"
        at = small.find("#", at + 1)


def _sentences(words: list[str], gaps: list[str]) -> list[int]:
    """Which sentence each word stands in, by what stands before it."""
    numbers: list[int] = []
    sentence = 0
    before = ""
    for word, gap in zip(words, gaps, strict=False):
        if gap not in _GOES_ON:
            sentence += _stops(gap) if len(gap) <= _SHORT_GAP else len(_STOP.findall(gap))
            if gap[0] == "." and before and gap[1:2] in _AFTER_STOP and _is_short(before):
                sentence -= 1
        numbers.append(sentence)
        before = word
    return numbers


@lru_cache(256)
def _stops(gap: str) -> int:
    """How many sentences end between two words."""
    return len(_STOP.findall(gap))


def _is_short(word: str) -> bool:
    """Whether a dot after a word ends no sentence: a title, a shortening, one letter."""
    return len(word) == 1 or word in _SHORT or word in _TITLES
