"""Words that make a colleague, an author or a namesake of who is named beside them."""

from __future__ import annotations

import re

from node.confidentiality.lists import listed
from node.confidentiality.passage import Passage
from node.confidentiality.patterns import Pattern
from node.confidentiality.words import PATIENT, RELATIVE, STAFF

ROLES = listed(
    """
    consultant surgeon nurse sister matron registrar doctor team lead porter clerk manager director pharmacist
    physio chair professor prof author book paper report inquiry review lecture keynote talk speaker chapter study
    editor research trainer facilitator host foundation trust college university secretary minister chaplain
    volunteer ward says writes wrote argues published blog podcast webinar theory model scale score syndrome disease
    law rule charter
    """
)

SURGICAL = listed(
    """
    ortho consultant surgeon registrar orthopaedic surgical clinic theatre list anaesthetist obstetrician urologist
    colorectal ent gynaecologist ophthalmologist operating
    """
)  # a surgeon is a Mr


def is_colleague(read: Passage, first: int, last: int) -> bool:
    """Whether a role stands beside a name."""
    around = read.about(first, first, before=2, after=0) | read.about(last, last, before=0, after=3)
    return bool(around & STAFF) or read.near(first, last, ROLES, before=3, after=3)


_TALK = Pattern(
    r"""\b(?:talk|lecture|webinar|seminar|keynote|speakers?|grand\s+round|masterclass|workshop|darlith)\b[^"\n]{0,80}
    (?<!\w)["'](?-i:[A-Z])[^"\n]{3,120}["']""",
    re.IGNORECASE | re.VERBOSE,
)  # Lunch talk: Dr Aldersey, "What pilots never told us"
_BEFORE_NAME, _TITLE = 60, 160  # characters before who speaks, and after


def announces_talk(read: Passage, first: int, last: int) -> bool:
    """Whether words announce a talk and what it is called: none of it is said of who speaks."""
    if '"' not in read.text and "'" not in read.text:
        return False
    low = max(0, read.starts[first] - _BEFORE_NAME)
    return _TALK.search(read.text, low, read.ends[last] + _TITLE) is not None


_THANKS = listed("thank thanks diolch tribute congratulations")
_LEAVES = listed("farewell goodbye cheerio leaves leaving retires retiring retired retirement ymddeol ffarwel")


def takes_leave(read: Passage) -> bool:
    """Whether a colleague who leaves is thanked, and nobody cared for is spoken of."""
    words = read.vocabulary
    if words.isdisjoint(_THANKS) or words.isdisjoint(_LEAVES):
        return False
    return not any(mark & (PATIENT | RELATIVE) and not mark & STAFF for mark in read.marks)
