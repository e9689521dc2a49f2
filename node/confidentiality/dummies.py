"""Numbers that are nobody's: what fills a form for a manikin, a training system or an example."""

from __future__ import annotations

from node.confidentiality import numbers
from node.confidentiality.lists import listed
from node.confidentiality.passage import Passage
from node.confidentiality.patterns import Pattern

_SAID = listed(
    """
    manikin manikins mannequin mannequins simulation simulations simulated simulator sim training train trainer
    dummy dummies example examples template templates fictional fictitious invented imaginary placeholder
    placeholders composite scenario scenarios vignette roleplay sandbox mock specimen-form made-up teaching demo
    demonstration pretend simman resusci simbaby actor sample-patient zzz zzztest ffug hyfforddi enghraifft doll
    dolls annie mickey bloggs
    """
)
_SURELY = listed(
    """
    manikin manikins mannequin mannequins simulation simulated simulator sim simman dummy dummies placeholder fictional
    fictitious composite
    """
)  # of a number that could be somebody's by its looks
_REALLY = listed("actual genuine actually really someone's somebody's patient's live real")
_DENIED = frozenset(("not", "isn't", "no", "nobody", "aren't", "never", "fictional", "fictitious"))
_TEST = listed("test tests testing")
_TESTED = listed("patient patients system environment data record number numbers account user entry")
_FIRST_DAYS = frozenset(("01/01/1900", "1/1/1900", "01.01.1900", "01-01-1900", "01/01/1800", "01/01/2000", "1/1/2000"))
_FILLED = Pattern(r"(?<!\d)(\d)(?:[ -]?\1){9}(?!\d)")
FAR = 30  # words around a number that are read with it
TESTED_WITH = "999"  # the range kept for tests; nobody is given one


def nobodys(read: Passage, start: int, end: int, digits: str) -> bool:
    """Whether a number fills a place, and what stands around says that it is nobody's."""
    if numbers.placeholder(digits):
        return _said(read, start, end, around=1)
    return digits.startswith(TESTED_WITH) and _said(read, start, end, around=0, words=_SURELY)


def invented_day(read: Passage, start: int, end: int) -> bool:
    """Whether a day of birth is one that forms are filled with, on a form for practice."""
    return read.text[start:end] in _FIRST_DAYS and _said(read, start, end, around=1)


def practised(read: Passage, start: int, end: int) -> bool:
    """Whether a text speaks of a manikin or of something made up, has a number of ten equal digits, or what stands
    around a date of birth is of training: it may be nobody's, and a guardian sees which it is."""
    made_up = not read.vocabulary.isdisjoint(_SURELY) or _FILLED.search(read.text) is not None
    return made_up or _said(read, start, end, around=1)


def _said(read: Passage, start: int, end: int, *, around: int, words: frozenset[str] = _SAID) -> bool:
    first, last = read.span(start, end)
    low, high = read.sentences[first] - around, read.sentences[last] + around
    reach = range(max(0, first - FAR), min(len(read.words), last + 1 + FAR))
    near = {read.words[place] for place in reach if low <= read.sentences[place] <= high}
    if not near.isdisjoint(_REALLY) and near.isdisjoint(_DENIED):
        return False
    tested = words is _SAID and not (near.isdisjoint(_TEST) or near.isdisjoint(_TESTED))
    return tested or not near.isdisjoint(words)
