"""Groups of digits however they are typed: in groups, one by one, as words, with letters that look like digits."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from node.confidentiality.normal import Normal
from node.confidentiality.passage import Passage
from node.confidentiality.patterns import Pattern

_WORDS = {
    "zero": "0", "nought": "0", "oh": "0", "o": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5",
    "six": "6", "seven": "7", "eight": "8", "nine": "9", "dim": "0", "un": "1", "dau": "2", "tri": "3", "pedwar": "4",
    "pump": "5", "chwech": "6", "saith": "7", "wyth": "8", "naw": "9",
}  # fmt: skip
_TIMES = {"double": 2, "triple": 3, "treble": 3}
FEWEST_SAID = 7  # digits of a number of which some were not heard
MOST_SAID = 3  # digits of one word: triple
NAMES = frozenset((*_WORDS, *_TIMES, "hundred", "then"))
_WORD = "|".join(sorted((*_WORDS, *_TIMES, "hundred"), key=len, reverse=True))
SPOKEN = Pattern(
    rf"(?:\b(?:{_WORD})\b|\d[\dIOl]*)(?:[\s,.\-()]{{1,3}}(?:then\s)?(?:\b(?:{_WORD})\b|\d[\dIOl]*))+", re.IGNORECASE
)
_GROUP = Pattern(r"\d+")
_FACE = r"[\dOoIl|SsBZz]+(?:[ .\-/][\dOoIl|SsBZz]+)*"
_ALIKE = Pattern(rf"(?<![A-Za-z\d])({_FACE})")
_TEN_FACES = Pattern(r"[\dOoIl|SsBZz](?:[ .\-/]?[\dOoIl|SsBZz]){9}")
_LIKE = "[0-9OoQDIl|SsBbZzGgq]"  # after a label more letters are taken for digits
_AFTER_LABEL = Pattern(
    rf"(?:[^A-Za-z0-9]{{0,4}}|\s(?:is|was|reads?|says)[^A-Za-z0-9]{{1,3}})({_LIKE}+(?:[ .\-/_]{_LIKE}+)*)"
)
_FACES = str.maketrans("OoQDIil|SsBbZzGgq", "00001111558622699")
_GAP = Pattern(r"[ \t.\-/_:,\n*()|~+=;]{0,3}")
USUAL = {(10,), (3, 3, 4), (3, 7), (6, 4), (3, 3, 2, 2), (6, 3, 1)}
LENGTH = 10
FEWEST, SURE = 4, 6  # figures among letters that look like them, with a label and without
_MOST, _FEW = 10, 4  # groups of one number: one by one, and as people print it


@dataclass(frozen=True, slots=True)
class Run:
    """Ten digits in a text, and how they are written."""

    start: int
    end: int
    digits: str
    usual: bool  # grouped as people print it, with nothing invisible between
    hidden: bool = False  # only by what cannot be seen


def runs(folded: Normal, *, labelled: bool) -> Iterator[Run]:
    """Ten digits that stand together, written in figures; in unusual groups only where a label says what they are."""
    groups = [match.span() for match in _GROUP.finditer(folded.text)]
    chains = _chains(folded.text, groups)
    most = _MOST if labelled else _FEW
    last = total = done = 0
    for first, (start, end) in enumerate(groups):
        while last < len(groups) and total < LENGTH and chains[last] == chains[first]:
            total += groups[last][1] - groups[last][0]
            last += 1
        if total == LENGTH and last - first <= most and start >= done:
            run = _run(folded, groups[first:last])
            if run.usual or labelled:
                yield run
            if run.usual:
                done = run.end
        total -= end - start
        if last <= first:
            last, total = first + 1, 0


def _chains(text: str, groups: list[tuple[int, int]]) -> list[int]:
    """For each group of digits the chain it is in: groups with nothing but a few signs between them."""
    chains: list[int] = []
    chain = before = 0
    for start, end in groups:
        if text[before:start] != " " and (start - before > 3 or not _GAP.fullmatch(text, before, start)):
            chain += 1
        chains.append(chain)
        before = end
    return chains


def _run(folded: Normal, groups: list[tuple[int, int]]) -> Run:
    start, end = groups[0][0], groups[-1][1]
    shape = tuple(last - first for first, last in groups)
    gaps = {folded.text[groups[place][1] : groups[place + 1][0]] for place in range(len(groups) - 1)}
    digits = "".join(folded.text[first:last] for first, last in groups)
    hidden = bool(folded.hidden) and any(place in folded.hidden for place in range(start + 1, end))
    usual = shape in USUAL and len(gaps) <= 1 and gaps <= {" ", "-", ".", "/", "  ", " - ", "_", "\n"}
    return Run(start, end, digits, usual, hidden)


def spoken(read: Passage) -> Iterator[Run]:
    """Ten digits of which some are words; or a few less, as somebody heard them."""
    for start, end, digits in dictated(read):
        if len(digits) >= FEWEST_SAID:
            yield Run(start, end, digits[:LENGTH], usual=False)


def dictated(read: Passage) -> Iterator[tuple[int, int, str]]:
    """Every run of digits of which some are words, with all its digits; at least those that have seven."""
    here = read.vocabulary & NAMES
    words = read.words
    if not here or read.digits + MOST_SAID * sum(map(words.count, here)) < FEWEST_SAID:
        return
    places = [place for place, word in enumerate(words) if word in here]
    if read.figures:
        places = sorted({*places, *read.figures})
    done = 0
    for place, following in pairwise(places):
        start = read.starts[place]
        match = SPOKEN.match(read.text, start) if following == place + 1 and start >= done else None
        if match:
            done = match.end()
            digits = _value(match[0]) if any(one.isalpha() for one in match[0]) else None
            if digits:
                yield start, done, digits


def _value(written: str) -> str | None:
    found: list[str] = []
    times = 1
    for word in re.findall(r"[a-z]+|\d+", re.sub(r"(?<=\d)[iol]+", _as_digits, written.lower())):
        if word == "then":
            continue
        if word in _TIMES:
            times = _TIMES[word]
            continue
        found.append("00" if word == "hundred" else (_WORDS.get(word) or word) * times)
        times = 1
        if len(found) > 40:
            return None
    return "".join(found)


def _as_digits(letters: re.Match[str]) -> str:
    return letters[0].translate(_FACES)


def alike(text: str) -> Iterator[Run]:
    """Ten characters of which some are letters that look like digits."""
    if not _TEN_FACES.search(text):
        return
    for match in _ALIKE.finditer(text):
        run = _alike(text, match)
        if run:
            yield run


def alike_at(text: str, end: int) -> Run | None:
    """The same right after a label that ends at ``end``."""
    match = _AFTER_LABEL.match(text, end)
    return _alike(text, match) if match else None


def _alike(text: str, match: re.Match[str]) -> Run | None:
    start, end = match.span(1)
    if end - start > 40 or not FEWEST <= sum(one.isdigit() for one in match[1]) < LENGTH:
        return None
    if end < len(text) and text[end].isalpha():
        return None
    digits = re.sub(r"\D", "", match[1].translate(_FACES))
    return Run(start, end, digits, usual=False) if len(digits) == LENGTH else None
