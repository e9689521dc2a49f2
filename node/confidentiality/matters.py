"""A case of somebody that is being looked into, is before a court, or was settled in confidence."""

from __future__ import annotations

from collections.abc import Iterator

from node.confidentiality.findings import Finding, Kind, Verdict
from node.confidentiality.lists import listed
from node.confidentiality.needs import Need, Sign
from node.confidentiality.passage import Passage
from node.confidentiality.words import PATIENT, RELATIVE, STAFF

FAR = 20  # words around such a word that are read with it
_MATTERS = listed(
    """
    inquest coroner investigation investigating investigate investigated adjourned nda litigation tribunal hssib hsib
    settlement settled disclosure prosecuted sued solicitors psii suspended crematorium cwest crwner
    """
)
_PENDING = listed("under while still being ongoing open pending until waiting current started opened police they")
_PAID = listed("sum family families court claim trust nhs pounds confidential confidence million solicitors paid money")
_DEATHS = listed("death died dead killed stillbirth suicide injury marwolaeth")
_OURS = listed("our we us my i here colleague colleagues i'm we're we've i've ward unit ein ni fy")
_ONE = listed("the our this that a one his her their my")
_GENERAL = listed(
    """
    how training leaflet guide support supports published reports report statistics figures cost costs national every
    course tool policy should always any anyone learned learnt learning lessons consent never if preparing prepare
    tips webinar session talk what framework toolkit systems scenario drill nobody guidance template simulated invented
    regulation
    """
)
NEED: Need = ((Sign(words=_MATTERS), Sign(PATIENT | RELATIVE, words=_DEATHS), Sign(words=_OURS)),)


def find(read: Passage) -> Iterator[Finding]:
    """At most one such matter."""
    for place, word in enumerate(read.words):
        if word in _MATTERS and _somebodys(read, place, word):
            yield Finding(read.starts[place], read.ends[place], Kind.MATTER, Verdict.HOLD)
            return


def _somebodys(read: Passage, place: int, word: str) -> bool:
    first, last = max(0, place - FAR), min(len(read.words), place + FAR)
    here = [at for at in range(first, last) if read.sentences[at] == read.sentences[place]]
    words = {read.words[at] for at in here}
    if words & _GENERAL or not words & _OURS or not _pending(word, words):
        return False
    return any(_one(read, at) for at in here if at != place)


def _pending(word: str, words: set[str]) -> bool:
    """Whether such a word says so itself; *settled* is what a patient is, too, and anything may be looked into."""
    if word in ("settled", "settlement"):
        return bool(words & _PAID)
    if word.startswith("investig") or word == "suspended":
        return bool(words & _PENDING)
    return word != "disclosure" or "non" in words


def _one(read: Passage, place: int) -> bool:
    """Whether one person is meant, or one death."""
    mark, word = read.marks[place], read.words[place]
    before = read.words[max(0, place - 3) : place]
    if word in _DEATHS:
        return not _ONE.isdisjoint(before) or before[-1:] == ["who"]
    return bool(mark & (PATIENT | RELATIVE)) and not mark & STAFF and not _ONE.isdisjoint(before)
