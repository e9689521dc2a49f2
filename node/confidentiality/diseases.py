"""A disease that few have, of somebody whose place is told: the two together are a name."""

from __future__ import annotations

from collections.abc import Iterator

from node.confidentiality.findings import Finding, Kind, Verdict
from node.confidentiality.lists import listed
from node.confidentiality.needs import Need, Sign
from node.confidentiality.passage import Passage
from node.confidentiality.words import CLINICAL, COMMON, EVENT, MONTH, PATIENT, PRONOUN, RELATIVE, SLIP, WEEKDAY

FAR = 18  # words around a disease that are read with it
_RARE = listed(
    """
    progeria batten rasmussen gaucher niemann fabry pompe krabbe canavan sachs lesch menkes alkaptonuria cystinosis
    fibrodysplasia ichthyosis harlequin epidermolysis xeroderma prader angelman rett moyamoya dercum castleman erdheim
    kuru insomnia cockayne werner fields hutchinson aicardi alexander leigh pelizaeus zellweger hurler hunter sanfilippo
    morquio wolman farber barth kabuki noonan treacher apert crouzon pfeiffer goldenhar proteus sirenomelia
    neuroblastomatosis
    """
)
_SURELY = listed(
    """
    progeria alkaptonuria cystinosis fibrodysplasia ichthyosis epidermolysis xeroderma moyamoya kuru sirenomelia rett
    """
)  # the others need the word for a disease beside them
_DISEASE = listed("disease syndrome encephalitis sarcoma familial clefyd atrophy dystrophy leukodystrophy")
_PLACES = listed("valley village island town hamlet parish estate county islands glen")
_WHERE = listed("from in near of o yn")
_GENERAL = listed(
    """
    guidance guideline guidelines charity network research day conference leaflet webinar study trial register
    registry society any anyone does audit course training standards policy tariff awareness pathway
    """
)
_BEFELL = EVENT | SLIP | CLINICAL
_DONE = listed("was were had lost missed given got waited sedated never went has")
NEED: Need = ((Sign(words=_RARE), Sign(PATIENT | PRONOUN | RELATIVE)),)


def find(read: Passage) -> Iterator[Finding]:
    """At most one such disease."""
    for place, word in enumerate(read.words):
        if word in _RARE and _rare(read, place) and _somebodys(read, place):
            yield Finding(read.starts[place], read.ends[place], Kind.RARE_COMBO, Verdict.HOLD)
            return


def _rare(read: Passage, place: int) -> bool:
    if read.words[place] in _SURELY:
        return True
    return not _DISEASE.isdisjoint(read.words[max(0, place - 2) : place + 4])


def _somebodys(read: Passage, place: int) -> bool:
    low, high = max(0, place - FAR), min(len(read.words), place + FAR)
    here = [at for at in range(low, high) if read.sentences[at] == read.sentences[place]]
    words = {read.words[at] for at in here}
    marks = 0
    for at in here:
        marks |= read.marks[at]
    if words & _GENERAL or not marks & (PATIENT | PRONOUN | RELATIVE) or not (marks & _BEFELL or words & _DONE):
        return False
    return any(_placed(read, at) for at in here)


def _placed(read: Passage, place: int) -> bool:
    """``from Lisnaquin``, ``in our valley``."""
    if read.words[place] in _PLACES:
        return True
    if read.words[place] not in _WHERE or place + 1 >= len(read.words) or not read.capital(place + 1):
        return False
    named = len(read.words[place + 1]) > 3 and not read.original(place + 1).isupper()
    return named and not read.marks[place + 1] & (COMMON | MONTH | WEEKDAY)
