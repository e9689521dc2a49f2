"""Lists of names as wards keep them: a handover, a bay, the patients on other wards."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from node.confidentiality.findings import Finding, Kind, Verdict
from node.confidentiality.lists import listed
from node.confidentiality.naming import NAMESAKES, name_like
from node.confidentiality.needs import CAPITAL, Need, Sign
from node.confidentiality.passage import Passage
from node.confidentiality.words import COMMON, FIGURE, ORG, PRAISE, STAFF, TITLE

FEWEST = 3  # names that make a list
MOST = 50  # names of one list, and lists of a text, that are looked at
BEFORE, BETWEEN = 6, 6  # words before the first name, and from one to the next
_LISTS = listed(
    """
    handover outliers outlier bay rooms list jobs discharges admissions tto ttos round boarders sideroom siderooms
    transfers sitting escorts specialled bays beds
    """
)
_NO_PATIENTS = listed(
    """
    et al authors author thanks thank diolch speakers speaker panel chapter book books paper papers published read
    reading team led chair chairs facilitators trainers poster posters model models theory theories wards rota
    duty shift names hospital hospitals trust trusts sites site manufacturers makes brands suppliers
    """
)
NEED: Need = ((Sign(words=_LISTS), Sign(CAPITAL)),)


def find(read: Passage) -> Iterator[Finding]:
    """The first list of names in a text."""
    for place in [place for place, word in enumerate(read.words) if word in _LISTS][:MOST]:
        listed_here = list(islice(_names(read, place), MOST))
        if len(listed_here) >= FEWEST:
            first, last = listed_here[0], listed_here[-1]
            if not _of_others(read, place, last):
                yield Finding(read.starts[first], read.ends[last], Kind.PATIENT_NAME, Verdict.HOLD)
                return


def _names(read: Passage, head: int) -> Iterator[int]:
    """The names after the head of a list: each alone, at the beginning of its part."""
    previous = head
    for place in range(head + 1, len(read.words)):
        if place - previous > (BEFORE if previous == head else BETWEEN):
            return
        gap = read.between(place - 1)
        if gap.strip(" (") not in _PARTS and "\n" not in gap and not (previous == head and ":" in gap):
            continue
        if _name(read, place):
            yield place
            previous = place


_PARTS = (",", ";", ".", ":", ")", "),", ");", "/", "-", "&", ", -")


def _name(read: Passage, place: int) -> bool:
    last = place + 1 >= len(read.words) or read.between(place) != " "
    if not last and read.marks[place + 1] & FIGURE:
        return False  # Maple 12, Cedar 9
    alone = last or not read.capital(place + 1) or read.original(place + 1).isupper()
    word = read.words[place]
    plain = name_like(read, place) and not read.original(place).isupper() and len(word) > 3
    return plain and not read.marks[place] & (COMMON | ORG | STAFF) and word not in NAMESAKES and alone


def _of_others(read: Passage, first: int, last: int) -> bool:
    """Whether they are authors, colleagues or wards."""
    low, high = max(0, first - 8), min(len(read.words), last + 8)
    if not _NO_PATIENTS.isdisjoint(read.words[low:high]):
        return True
    return any(mark & (PRAISE | TITLE) for mark in read.marks[low:high])
