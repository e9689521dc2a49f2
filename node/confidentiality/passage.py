"""A text taken apart once: its words, their marks and sentences; every rule reads from here."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

from node.confidentiality.normal import Normal, normal
from node.confidentiality.patterns import STEM, STEMS, Opening, Pattern
from node.confidentiality.words import FAMILY, FIGURE, GIVEN, MARKS

_WORD = re.compile(r"([^\W\d_]+(?:'[^\W\d_]+)*|\d+)")
_PLAIN_WORD = re.compile(r"([A-Za-z]+(?:'[A-Za-z]+)*|[0-9]+)")  # the same in ASCII
_JOINED = re.compile(r"[0-9'#]")  # without them each word is letters between other signs
_LETTERS = bytes(sign if chr(sign).isalpha() and sign < 128 else 32 for sign in range(256))
_STOP = re.compile(r"[.!?;](?=[\s\"')\]])|\n")  # between two words
_GOES_ON = frozenset((" ", ", ", "-", "", " - ", ": ", " (", "/"))
_SHORT_GAP = 4
_NO_HEADS: dict[str, list[str]] = {}
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
    pairs: list[int | None]  # what each says together with the next
    sentences: list[int]
    owned: list[bool]  # written with 's
    vocabulary: frozenset[str]
    capitals: list[int]  # the words that begin with a capital letter
    figures: list[int]  # the words that are digits
    digits: int  # how many there are in all
    longest: int  # how many stand together at most
    _heads: dict[str, list[str]] | None
    seen: int  # the marks of all words together: a rule whose marks are missing need not look

    @property
    def heads(self) -> dict[str, list[str]]:
        """The words that may begin with a stem of some opening, by as many letters as tell stems apart."""
        if self._heads is None:
            heads: defaultdict[str, list[str]] = defaultdict(list)
            for one in self.vocabulary:
                if one[:STEM] in STEMS:
                    heads[one[:STEM]].append(one)
            self._heads = dict(heads)
        return self._heads

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
        low, high = max(0, first - before), min(len(marks), last + 1 + after)
        for mark in marks[bisect_left(sentences, sentences[first], low, first) : first]:
            found |= mark
        for mark in marks[last + 1 : bisect_right(sentences, sentences[last], last, high)]:
            found |= mark
        return found

    def near(self, first: int, last: int, words: frozenset[str], *, before: int, after: int) -> bool:
        """Whether one of ``words`` stands around ``first``…``last`` in the same sentence."""
        sentences = self.sentences
        low, high = max(0, first - before), min(len(self.words), last + 1 + after)
        low = bisect_left(sentences, sentences[first], low, first)
        high = bisect_right(sentences, sentences[last], last, high)
        return not words.isdisjoint(self.words[low:high])

    def capital(self, place: int) -> bool:
        """Whether a word begins with a capital letter."""
        return self.text[self.starts[place]].isupper()

    def original(self, place: int) -> str:
        """A word as it was written."""
        return self.text[self.starts[place] : self.ends[place]]

    def opened(self, pattern: Pattern, opening: Opening) -> Iterator[re.Match[str]]:
        """The matches of a pattern, as ``finditer`` finds them; it is tried at the words that can begin it."""
        here = opening.among(self.vocabulary, self.heads if opening.stems else _NO_HEADS)
        if not here:
            return
        words, starts = self.words, self.starts
        done = 0
        for place in [place for place, word in enumerate(words) if word in here]:
            if starts[place] >= done and opening.follows(words[place], words[place + 1 : place + 2]):
                found = pattern.match(self.text, starts[place])
                if found:
                    done = found.end()
                    yield found

    def whole(self, low: int, high: int) -> tuple[int, int]:
        """The first of the words that lie in a stretch of the text, and the first after them."""
        end = self.index(high)
        return self.index(low), end - 1 if end and self.ends[end - 1] > high else end

    def within(self, pattern: Pattern, opening: Opening, first: int, end: int) -> bool:
        """Whether a pattern is found among some words: at a figure, or at a word that can begin it."""
        here = opening.among(self.vocabulary, self.heads if opening.stems else _NO_HEADS)
        last = self.ends[end - 1]
        return any(
            pattern.match(self.text, self.starts[place], last)
            for place in range(first, end)
            if self.words[place] in here or self.marks[place] & FIGURE
        )

    def between(self, place: int) -> str:
        """What stands between a word and the next."""
        return self.text[self.ends[place] : self.starts[place + 1]]

    def begins_sentence(self, place: int) -> bool:
        """Whether a word is the first of its sentence."""
        return place == 0 or self.sentences[place - 1] != self.sentences[place]


@dataclass(slots=True)
class Split:
    """A text as its words and what stands between them, before it is known where."""

    normal: Normal
    text: str
    plain: bool  # nothing but ASCII
    parts: list[str]  # what stands between, a word, what stands between, ...; empty while nobody has asked
    originals: list[str]  # the words as they were written
    words: list[str]  # in small letters, without a possessive ending; hashtags with their sign
    owned: list[int]  # those that have such an ending
    capitals: list[int]  # those that begin with a capital letter


def split(given: str) -> Split:
    """The words of a text."""
    folded = normal(given)
    text = folded.text
    plain = text.isascii()
    if plain and not _JOINED.search(text):
        written = text.encode().translate(_LETTERS).decode()
        parts, originals, words = [], written.split(), written.lower().split()
        capitals = [place for place, one in enumerate(originals) if one < "["]
    elif plain:
        parts = _PLAIN_WORD.split(text)
        originals = parts[1::2]
        words = " ".join(originals).lower().split(" ") if originals else []
        capitals = [place for place, one in enumerate(originals) if "@" < one < "["]
    else:
        small = _small(text)
        parts = _WORD.split(small)
        words = parts[1::2]
        originals = [text[end - len(one) : end] for one, end in zip(words, _ends(parts), strict=True)]
        capitals = [place for place, one in enumerate(originals) if one[0].isupper()]
    owned: list[int] = []
    if "'" in text:
        owned = [place for place, one in enumerate(words) if one.endswith("'s")]
        for place in owned:
            words[place] = words[place][:-2]
    if "#" in text:
        _leave_out_tags(parts, words)
    return Split(folded, text, plain, parts, originals, words, owned, capitals)


def _ends(parts: list[str]) -> list[int]:
    return list(accumulate(map(len, parts)))[1::2]


def _small(text: str) -> str:
    small = text.lower()
    if len(small) == len(text):
        return small
    return "".join(one if len(low := one.lower()) != 1 else low for one in text)  # a letter whose small form is two


def passage(split: Split, marks: list[int], pairs: list[int | None], figures: list[int], seen: int) -> Passage:
    """Take a text apart; ``marks`` of its words and ``seen`` of them together, ``pairs`` of each with the next."""
    text, words = split.text, split.words
    parts = split.parts or _PLAIN_WORD.split(text)
    places = list(accumulate(map(len, parts)))
    starts, ends = places[0:-1:2], places[1::2]
    owned = [False] * len(words)
    for place in split.owned:
        owned[place] = True
    small = text.lower() if split.plain else "".join(parts)
    return Passage(
        split.normal, text, small, words, starts, ends, marks, pairs, _sentences(words, parts[0::2]), owned,
        frozenset(words), split.capitals, figures, sum(map(len, map(words.__getitem__, figures))),
        max(map(len, map(words.__getitem__, figures)), default=0), None, seen,
    )  # fmt: skip


def _leave_out_tags(parts: list[str], words: list[str]) -> None:
    """Words of hashtags are no evidence of anything, unless a number follows or they are somebody's name."""
    for place, word in enumerate(words):
        if parts[2 * place].endswith("#"):
            numbered = place + 1 < len(words) and words[place + 1] < ":"
            if not numbered and not MARKS.get(word, 0) & (GIVEN | FAMILY):
                words[place] = f"#{word}"


def _sentences(words: list[str], gaps: list[str]) -> list[int]:
    """Which sentence each word stands in, by what stands before it."""
    numbers: list[int] = []
    sentence = 0
    for place in [place for place, gap in enumerate(gaps) if gap not in _GOES_ON]:
        numbers += [sentence] * (min(place, len(words)) - len(numbers))
        gap = gaps[place]
        sentence += _stops(gap) if len(gap) <= _SHORT_GAP else len(_STOP.findall(gap))
        if gap[0] == "." and place and gap[1:2] in _AFTER_STOP and _is_short(words[place - 1]):
            sentence -= 1
    return numbers + [sentence] * (len(words) - len(numbers))


@lru_cache(256)
def _stops(gap: str) -> int:
    """How many sentences end between two words."""
    return len(_STOP.findall(gap))


def _is_short(word: str) -> bool:
    """Whether a dot after a word ends no sentence: a title, a shortening, one letter."""
    letter = len(word) == 1 or (len(word) == 3 and word.startswith("o'"))  # P.O'D.
    return letter or word in _SHORT or word in _TITLES
