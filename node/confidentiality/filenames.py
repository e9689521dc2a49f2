"""Names of files that tell of whom they are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from string import ascii_letters

from node.confidentiality.findings import Finding, Kind, Verdict
from node.confidentiality.lists import listed
from node.confidentiality.passage import Passage
from node.confidentiality.patterns import Pattern
from node.confidentiality.words import COMMON, FAMILY, GIVEN, MARKS, PLAIN_NAME

_FILE = Pattern(
    r"\.(?:jpe?g|png|heic|gif|tiff?|bmp|webp|mp4|mov|avi|m4a|mp3|wav"
    r"|pdf|docx?|xlsx?|csv|pptx?|msg|eml|dcm|zip|txt|rtf)\b",
    re.IGNORECASE,
)
ENDINGS = listed(
    """
    jpg jpeg png heic gif tif tiff bmp webp mp mov avi m wav pdf doc docx xls xlsx csv ppt pptx msg eml dcm zip txt rtf
    """
)
_WHOLE = Pattern(r"[^\s/\"'<>]{1,120}$")
_SPACED = Pattern(r"(?:[A-Z][\w\-]{0,20} ){1,3}[\w\-. ]{0,40}$")  # Sheila Barnes heel.jpg
_CAMEL = Pattern(r"[A-Z][a-z]+|[A-Z]+(?![a-z])|[a-z]+|\d+")
_INITIALLED = Pattern(r"[A-Z][A-Z][a-z]{3,}$")
_SCENE = listed(
    """
    wound handover scan xray bed ward sr bay ecg ct mri photo photos heel sacrum ulcer notes letter referral
    discharge fall incident statement consent chart patient pt report cannula leg skin pressure room care plan obs
    drug kardex admission dob mrn nhs complaint rca interview post mortem pm summary results bloods burn injury
    son daughter wife husband mum dad voicemail recording family message nok call clip
    bruise toe foot dnacpr dnar respect tep echo eeg ctpa cxr ctg ogd endoscopy angio histology swab biopsy
    """
)


def find(read: Passage) -> Iterator[Finding]:
    """Files named for somebody."""
    endings = read.vocabulary & ENDINGS
    if not endings:
        return
    text = read.text
    for place, word in enumerate(read.words):
        start = read.starts[place] - 1
        match = _FILE.match(text, start) if word in endings and text[max(0, start)] == "." else None
        if not match:
            continue
        before = text[max(0, match.start() - 120) : match.start()]
        for shape in (_WHOLE, _SPACED):
            name = shape.search(before)
            if name and "://" not in name[0] and _tells(name[0]):
                yield Finding(match.start() - len(name[0]), match.end(), Kind.FILENAME, Verdict.HOLD)
                break


def _tells(name: str) -> bool:
    """Whether a file is named for a person: two names, or one with a day or what is seen."""
    if len(name) < _SHORTEST:
        return False
    parts = [part for part in re.split(r"[_\-. ()&+]+", name) if part]
    names = sum(_part_names(part) for part in parts)
    words = {word.lower() for part in parts for word in _CAMEL.findall(part)}
    dated = bool(_DATED.search(name))
    if any(one in _TITLES and _surname(two) for one, two in pairwise(parts)):
        return True
    if _NUMBERED.search(name):
        return True
    if words & (_SCENE - _ANY) and any(_own_number(part) for part in parts):
        return True
    return names >= 2 or (names == 1 and (dated or bool(words & _SCENE)))


_SHORTEST = 5  # characters: a name and what is seen
_DATED = Pattern(r"(?:19|20)\d\d[-_.]?\d\d[-_.]?\d\d|\d\d[-_.]\d\d[-_.](?:\d\d)")
_TITLES = frozenset(("Mr", "mr", "Mrs", "mrs", "Miss", "miss", "Ms"))


def _surname(part: str) -> bool:
    return len(part) > 2 and part.isalpha() and not MARKS.get(part.lower(), 0) & COMMON


_NUMBERED = Pattern(
    r"(?:datix|inc|hosp|mrn|nhs|chi|hcn|steis|pas|web)[_\- ]?(?:no|num|id)?[_\- ]?\d{5,10}(?!\d)", re.IGNORECASE
)


_ANY = listed("photo photos report plan notes letter statement room summary call recording")
_LETTERS = 2  # before the digits of a hospital's own number


def _own_number(part: str) -> bool:
    """Whether a part of a file's name could be the number of somebody, and is no day."""
    figures = part.lstrip(ascii_letters)
    if len(part) - len(figures) > _LETTERS or not figures.isdigit() or not 6 <= len(figures) <= 10:
        return False
    month_last = figures[:2] <= "31" and figures[2:4] <= "12"
    return not re.fullmatch(r"(?:19|20)\d{4,8}", figures) and not (len(figures) in (6, 8) and month_last)


def _part_names(part: str) -> int:
    """How many names a part of a file's name holds: ``JBaptiste`` and ``Sheila`` one each."""
    if re.fullmatch(r"(?:Mc|Mac|O')[A-Z][a-z]{2,}", part):
        return 1
    if _INITIALLED.match(part):
        return 0 if MARKS.get(part[1:].lower(), 0) & COMMON else 1
    found = 0
    words = _CAMEL.findall(part)
    if (
        words[:1]
        and words[0].lower() in ("mr", "mrs", "miss", "pt", "dob")
        and len(words) > 1
        and len(words[1]) > 2
        and words[1][0].isupper()
    ):
        found += not MARKS.get(words[1].lower(), 0) & COMMON
    for word in words:
        mark = MARKS.get(word.lower(), 0)
        if len(word) > 2 and (
            (mark & (GIVEN | FAMILY) and not mark & COMMON)
            or (mark & PLAIN_NAME and word[0].isupper() and not mark & COMMON)
        ):
            found += 1
    return found
