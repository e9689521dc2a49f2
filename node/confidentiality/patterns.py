"""Regular expressions that are compiled when they are first needed, and looked for only where they can begin.

A pattern of many alternatives costs as much for a text that has none of them as for one that has. Most begin with one
of a few words: where those stand is known, and the pattern is tried there alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass

_made: list[Pattern] = []
STEM = 3  # letters by which stems are looked up
STEMS: set[str] = set()  # those of all stems that openings know


@dataclass(frozen=True, slots=True, eq=False)
class Opening:
    """With which words a pattern can begin."""

    words: Mapping[str, frozenset[str]]  # and which can follow each; none where any can
    firsts: frozenset[str]
    stems: Mapping[str, tuple[str, ...]]  # by their first letters

    def among(self, vocabulary: frozenset[str], heads: Mapping[str, list[str]]) -> Set[str]:
        """Which words of a text can begin the pattern there; ``heads``: its words by their first letters."""
        following, stems = self.words, self.stems
        found = {
            word
            for word in vocabulary & self.firsts
            if not following[word] or not following[word].isdisjoint(vocabulary)
        }
        if stems:
            for head in stems.keys() & heads.keys():
                found.update(word for word in heads[head] if word.startswith(stems[head]))
        return found

    def follows(self, word: str, following: list[str]) -> bool:
        """Whether the next words (one or none) can follow."""
        wanted = self.words.get(word)
        return not wanted or not wanted.isdisjoint(following)


def opening(text: str) -> Opening:
    """From lines like ``in: front``, ``what who: do should``, ``help``, ``bruis~``: a stem of three letters or more.

    What can follow a word stands in one line or in several; a word of a line without is followed by anything.
    """
    words: dict[str, frozenset[str]] = {}
    stems: dict[str, tuple[str, ...]] = {}
    for line in text.strip().splitlines():
        firsts, _, following = line.partition(":")
        for first in firsts.split():
            if first.endswith("~"):
                stem = first[:-1]
                stems[stem[:STEM]] = (*stems.get(stem[:STEM], ()), stem)
            else:
                words[first] = words.get(first, frozenset()) | frozenset(following.split())
    STEMS.update(stems)
    return Opening(words, frozenset(words), stems)


class Pattern:
    """As ``re.compile`` makes it, but later."""

    __slots__ = ("findall", "finditer", "flags", "fullmatch", "match", "search", "source", "sub")

    findall: Callable[..., list[str]]
    finditer: Callable[..., Iterator[re.Match[str]]]
    fullmatch: Callable[..., re.Match[str] | None]
    match: Callable[..., re.Match[str] | None]
    search: Callable[..., re.Match[str] | None]
    sub: Callable[..., str]

    def __init__(self, source: str, flags: re.RegexFlag = re.NOFLAG) -> None:
        self.source, self.flags = source, flags
        _made.append(self)

    def __getattr__(self, name: str) -> Callable[..., object]:
        """Called while a method is not there yet: compiles."""
        if name not in Pattern.__slots__:
            raise AttributeError(name)
        self.compile()
        method: Callable[..., object] = object.__getattribute__(self, name)
        return method

    def compile(self) -> None:
        """Be ready. Takes up to some milliseconds."""
        made = re.compile(self.source, self.flags)
        self.findall, self.finditer, self.fullmatch = made.findall, made.finditer, made.fullmatch
        self.match, self.search, self.sub = made.match, made.search, made.sub


def compiled() -> Iterator[Pattern]:
    """Every pattern in turn, ready: who goes through them can pause between, so that nobody waits for all."""
    for one in _made:
        one.compile()
        yield one
