"""A text as the rules read it: one form of each character, nothing invisible, and the way back to the original.

Unicode's compatibility forms (NFKC, UAX #15) are folded character by character, so that each has a place in the text as
given; what cannot be seen (category Cf: zero-width and bidi controls; variation selectors; combining marks) is left
out;
look-alikes of Latin letters (a few of UTS #39) and all dashes, spaces and quotes become the ordinary ones.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

_STRANGE = re.compile(r"[^\x00-\x7f]")
_LETTERS = str.maketrans(
    "АВСЕНІЈКМОРЅТХУасеіјорѕхуΑΒΕΖΗΙΚΜΝΟΡΤΥΧοıν",
    "ABCEHIJKMOPSTXYaceijopsxyABEZHIKMNOPTYXoiv",
)
_MARKS = str.maketrans(
    {
        **dict.fromkeys("‐‑‒–—―−﹘﹣－⁃", "-"),
        **dict.fromkeys("‘’‚‛′ʼ`´", "'"),
        **dict.fromkeys("“”„‟″", '"'),
        **dict.fromkeys("•∙·⋅・", "."),
        **dict.fromkeys("\u2028\u2029\u0085", "\n"),
    }
)
LONGEST = 4  # what one character may become: a ligature, a unit; not a whole sentence
_FEW = 32  # different characters that are replaced one after the other
_NOTHING: frozenset[int] = frozenset()
_HIDDEN = {"Cf", "Mn", "Me", "Cs"}


@dataclass(frozen=True, slots=True)
class Normal:
    """The folded text; ``places[i]`` is where its character ``i`` stands in the text as given."""

    text: str
    places: Sequence[int]
    hidden: frozenset[int]  # before which characters of the folded text something invisible stood

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Where a stretch of the folded text stands in the text as given; never empty."""
        return self.places[start], self.places[end - 1] + 1


def normal(text: str) -> Normal:
    """Fold ``text``; plain ASCII stays as it is."""
    if text.isascii():
        return Normal(text, range(len(text)), _NOTHING)
    swaps = _swaps(text)
    if swaps is None:
        return _by_character(text)
    for given, folded in swaps:
        text = text.replace(given, folded)
    return Normal(text, range(len(text)), _NOTHING)


def _swaps(text: str) -> list[tuple[str, str]] | None:
    """What is replaced by what, where each strange character becomes one other; None where the places change."""
    found: list[tuple[str, str]] = []
    for given in set(_STRANGE.findall(text)):
        folded = _folded(given)
        if folded == given:
            continue
        if len(folded) != 1 or not folded.isascii():
            return None
        found.append((given, folded))
        if len(found) > _FEW:
            return None
    return found


def _by_character(text: str) -> Normal:
    parts: list[str] = []
    places: list[int] = []
    hidden: list[int] = []
    last = 0
    for match in _STRANGE.finditer(text):
        at = match.start()
        parts.append(text[last:at])
        places.extend(range(last, at))
        folded = _folded(text[at])
        if not folded:
            hidden.append(len(places))
        parts.append(folded)
        places.extend([at] * len(folded))
        last = at + 1
    parts.append(text[last:])
    places.extend(range(last, len(text)))
    return Normal("".join(parts), places, frozenset(hidden))


def unaccented(word: str) -> str:
    """A word without its accents: vocabularies have none."""
    return "".join(one for one in unicodedata.normalize("NFD", word) if unicodedata.category(one) != "Mn")


@lru_cache(maxsize=4096)
def _folded(character: str) -> str:
    if unicodedata.category(character) in _HIDDEN:
        return ""
    marked = character.translate(_MARKS)
    if marked != character:
        return marked
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    folded = unicodedata.normalize("NFKC", character).translate(_LETTERS).translate(_MARKS)
    if len(folded) > LONGEST:
        return character
    return "".join(" " if one.isspace() else one for one in folded if unicodedata.category(one) not in _HIDDEN)
