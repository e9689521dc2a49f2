"""A case of somebody that is being looked into, is before a court, or was settled in confidence."""

from __future__ import annotations

import re
from collections.abc import Iterator

from node.confidentiality.findings import Finding, Kind, Verdict
from node.confidentiality.lists import listed
from node.confidentiality.needs import Need, Sign
from node.confidentiality.passage import Passage
from node.confidentiality.patterns import Pattern, opening
from node.confidentiality.words import MONTH, NEARDAY, PATIENT, RELATIVE, ROOM, STAFF, WARD, WEEKDAY

FAR = 20  # words around such a word that are read with it
_MATTERS = listed(
    """
    inquest coroner investigation investigating investigate investigated adjourned nda litigation tribunal hssib hsib
    settlement settled disclosure prosecuted sued solicitors psii suspended cwest crwner
    """
)
_WEAKLY = listed(
    "rca si sui panel lawyers legal police statement statements interviewed hearing witness referred gmc nmc"
)
_HUSHED = listed("discuss talk say share comment speak mention")
_NOT = listed("not can't cannot mustn't don't couldn't shouldn't nothing careful")
_HAPPENED = listed(
    """
    event swab overdose error fall surgery operation incident birth haemorrhage delay collapse misdiagnosis arrest burn
    """
)  # one of which is spoken of as one that readers know
_WHEN = WARD | ROOM | NEARDAY | WEEKDAY | MONTH
_PENDING = listed("under while still being ongoing open pending until waiting current started opened police they")
_PAID = listed("sum family families court claim trust nhs pounds confidential confidence million solicitors paid money")
_DEATHS = listed("death died dead killed stillbirth suicide injury marwolaeth")
_OURS = listed("our we us my i here colleague colleagues i'm we're we've i've ward unit ein ni fy")
_ONE = listed("the our this that a one his her their my")
_GENERAL = listed(
    """
    how training leaflet guide support supports published reports report statistics figures cost costs national every
    course tool policy should always any anyone learned learnt learning lessons consent never if preparing prepare
    tips webinar session what framework toolkit systems scenario drill nobody guidance template simulated invented
    regulation
    """
)
_BEFORE = listed(
    """
    police ombudsman coroner fiscal prosecutor prosecutors gmc nmc hse hssib mnsi cqc regulator solicitor solicitors
    inspector inspectors claim
    """
)
_GOING = listed("looking reading investigating deciding interviewing asked asking open")
OPEN = Pattern(
    r"""\b(?:police|ombudsman|coroner|procurator\s+fiscal|prosecutors?|gmc|nmc|hse|hssib|mnsi|cqc|regulator|solicitors?
    |inspectors?)\b[^.!?;\n]{0,24}?\b(?:(?:is|are|were|was)\s(?:still|now)\s(?:looking\s(?:at|into|through)|reading
    |investigating|deciding|interviewing)|(?:has|have)\s(?:now\s|just\s|since\s)?asked\s(?:us\s)?for|asking\s(?:us\s)?for)\b
    (?!\s(?:comments?|views|feedback|examples|ideas|volunteers|responses|opinions)\b)
    |\bclaim\s(?:is|was)\s(?:still\s)?open\b
    |\b(?:colleague|nurse|doctor|registrar|consultant|midwife|hca|pharmacist|sister|paramedic|manager|she|he|i)\s
    (?:(?!were|are|being|against|staff|never|not|clinics?|rounds?|led)\w+\s){0,6}?suspended\s(?:since|over|after|pending|last|on\s(?:full|monday|tuesday
    |wednesday|thursday|friday))\b""",
    re.IGNORECASE | re.VERBOSE,
)  # what is going on still, before others
OPENED = opening(
    """
    claim: is was
    procurator: fiscal
    police ombudsman coroner prosecutor prosecutors gmc nmc hse hssib mnsi cqc regulator solicitor solicitors inspector
    inspectors colleague nurse doctor registrar consultant midwife hca pharmacist sister paramedic manager she he i
    """
)
_NOT_OURS = listed(
    """
    consultation framework draft scenario drill simulated simulation invented template training published strategy
    """
)


def _here(read: Passage, first: int, last: int) -> bool:
    """Whether such a matter is one of the author's own ward, or of a colleague's."""
    here = {read.words[at] for at in range(max(0, first - FAR), min(len(read.words), last + FAR))}
    own = here & (_OURS | {"door", "suspended"})
    return bool(own) and not here & _NOT_OURS


NEED: Need = (
    (Sign(words=_BEFORE), Sign(words=_GOING)),
    (Sign(words=frozenset(["suspended"])),),
    (
        Sign(words=_MATTERS | _WEAKLY),
        Sign(PATIENT | RELATIVE, words=_DEATHS | _HAPPENED),
        Sign(_WHEN, words=_OURS),
    ),
)


def find(read: Passage) -> Iterator[Finding]:
    """At most one such matter."""
    for match in read.opened(OPEN, OPENED):
        first, last = read.span(*match.span())
        if _here(read, first, last):
            yield Finding(*match.span(), Kind.MATTER, Verdict.HOLD)
            return
    for place, word in enumerate(read.words):
        if (word in _MATTERS or word in _WEAKLY) and _somebodys(read, place, word):
            yield Finding(read.starts[place], read.ends[place], Kind.MATTER, Verdict.HOLD)
            return


def _somebodys(read: Passage, place: int, word: str) -> bool:
    first, last = max(0, place - FAR), min(len(read.words), place + FAR)
    here = [at for at in range(first, last) if read.sentences[at] == read.sentences[place]]
    words = {read.words[at] for at in here}
    never_event = {"never"} if "event" in words else set()
    if words & _GENERAL - never_event or not _pending(word, words):
        return False
    if words & _OURS and any(_one(read, at) for at in here if at != place):
        return word in _MATTERS or bool(words & _DEATHS) or _hushed(words)
    known = any(read.words[at] in _HAPPENED and _definite(read, at) for at in here)
    dated = any(read.marks[at] & _WHEN for at in here)
    return known and dated and (bool(words & _STILL) or _hushed(words))


def _pending(word: str, words: set[str]) -> bool:
    """Whether such a word says so itself; *settled* is what a patient is, too, and anything may be looked into."""
    if word in ("settled", "settlement"):
        return bool(words & _PAID)
    if word in _WEAKLY:
        return bool(words & _STILL) or _hushed(words)
    if word.startswith("investig") or word == "suspended":
        return bool(words & _PENDING)
    return word != "disclosure" or "non" in words


_STILL = listed("still ongoing pending until open awaiting waiting under")


def _hushed(words: set[str]) -> bool:
    """``told not to discuss it``."""
    return bool(words & _HUSHED and words & _NOT)


def _definite(read: Passage, place: int) -> bool:
    """``the wrong site surgery``, ``last Tuesday's swab``; not *the panel on delay*, *the fall of harm*."""
    if read.words[place + 1 : place + 2] in (["of"], ["in"]) and read.words[place] == "fall":
        return False
    for at in range(place - 1, max(-1, place - 4), -1):
        if read.words[at] in _ONE or read.words[at] == "last":
            return True
        if read.words[at] in _OF:
            return False
    return False


_OF = listed("of on in for about to at by with and or")


def _one(read: Passage, place: int) -> bool:
    """Whether one person is meant, or one death."""
    mark, word = read.marks[place], read.words[place]
    before = read.words[max(0, place - 3) : place]
    if word in _DEATHS:
        return not _ONE.isdisjoint(before) or before[-1:] == ["who"]
    return bool(mark & (PATIENT | RELATIVE)) and not mark & STAFF and not _ONE.isdisjoint(before)
