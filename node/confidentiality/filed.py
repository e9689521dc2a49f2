"""Names as they stand on a label or a list, or as what a message is about."""

from __future__ import annotations

from collections.abc import Iterator

from node.confidentiality.findings import Finding, Kind, Verdict
from node.confidentiality.naming import names
from node.confidentiality.passage import Passage
from node.confidentiality.patterns import Pattern
from node.confidentiality.roles import is_colleague
from node.confidentiality.words import CLINICAL, COMMON, EVENT, GIVEN, SLIP

FAR = 14  # words after a name that are read with it
_FILED = Pattern(r"[A-Z][A-Z'\-]{2,20}(?:,\s?|\s(?=\w+[,:(\-]))[A-Z][a-z]{2,15}\b")  # PRITCHARD, Emrys


def find(read: Passage) -> Iterator[Finding]:
    """``PRITCHARD, Emrys``; ``Re Hughie Docherty:``."""
    for place in read.capitals:
        if read.marks[place] & GIVEN and place and read.capital(place - 1):
            match = _FILED.match(read.text, read.starts[place - 1])
            if (
                match
                and match.end() == read.ends[place]
                and not read.marks[place - 1] & COMMON
                and not is_colleague(read, place - 1, place)
            ):
                yield Finding(*match.span(), Kind.PATIENT_NAME, Verdict.HOLD)
    if "re" in read.vocabulary:
        for name in names(read):
            before = read.words[name.first - 1] if name.first else ""
            told = before == "re" and name.known and name.full and read.begins_sentence(name.first - 1)
            if (
                told
                and not is_colleague(read, name.first, name.last)
                and read.about(name.first, name.last, before=0, after=FAR) & (CLINICAL | EVENT | SLIP)
            ):
                yield Finding(read.starts[name.first], read.ends[name.last], Kind.PATIENT_NAME, Verdict.HOLD)
