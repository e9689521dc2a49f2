"""Criticism of a colleague who can be recognised: by name, or by what is said of them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from node.confidentiality.findings import Finding, Kind, Verdict
from node.confidentiality.lists import listed
from node.confidentiality.naming import end_of_name, name_like
from node.confidentiality.needs import Need, Sign
from node.confidentiality.passage import Passage
from node.confidentiality.patterns import Pattern, opening
from node.confidentiality.roles import SURGICAL, announces_talk
from node.confidentiality.words import BLAME, FAMILY, GIVEN, PLAIN_NAME, PRAISE, SLIP, STAFF, TITLE

ENOUGH = 3.0  # recognised and blamed
NAMED, STRONG, WEAK = 2.0, 2.0, 1.0
FAR, CLOSE = 25, 6  # words between who is blamed and what for
_ROLES = listed(
    """
    doctor dr prof professor sister nurse matron consultant midwife physio hca registrar surgeon anaesthetist
    pharmacist paramedic locum sho manager reg radiographer dietitian therapist gp psychiatrist physician carer
    student healthcare assistant porter f1 f2 fy1 fy2 director chair chief charge practitioner obstetrician lead
    leader boss receptionist technician
    """
)
_GRADES = listed("f fy st ct band")
_TITLES = listed("dr doctor sister nurse prof mr")
_POINTING = listed("the our my that this one same his her")
_SPECIFIC = listed(
    """
    only locum new night nights agency bank weekend evening junior senior on-call on call that named same duty lead
    ward sunday saturday friday monday tuesday wednesday thursday yesterday
    """
)
_LOOKS = listed(
    """
    hair haired tattoo accent glasses beard tall bald ginger who blonde moustache headscarf polish
    """
)
_LEADING = _SPECIFIC | _POINTING
_AT = frozenset(["at", "on", "in", "from"])
_ELSE = listed("about on talk speak we i they us system policy alarm alarms checklist")
SAYS = Pattern(
    r"""\b(?:(?:could(?:n'?t|\s+not)|can'?t|cannot)\s+be\s+(?:bothered|arsed)|struck\s+off|should\s+(?:lose|be\s+sacked|be\s+ashamed
    |not\s+be)
    |doesn'?t\s+care|did\s?n[o']?t\s+care|on\s+(?:his|her)\s+phone|walked\s+off|laughed\s+(?:about|at)|to\s+blame
    |(?:his|her)\s+fault|out\s+of\s+(?:his|her)\s+depth|a\s+danger|(?:left|let|leave)\s+(?:\w+\s+){1,2}(?:to\s+)?die
    |(?:is|was)\s+the\s+reason|because\s+of\s+(?:him|her)\b|responsible\s+for|smells?\s+of\s+(?:drink|alcohol|booze)
    |denied\s+it|nobody\s+dares
    |(?:hid|hides|tore\s+up|ripped\s+up|binned)\s+(?:the|my|our|his|her)\s+\w+|cover(?:s|ing|ed)\s+for|got\s+away\s+with|not\s+fit\s+to|waste\s+of\s+space)\b""",
    re.IGNORECASE | re.VERBOSE,
)
SAYINGS = opening(
    """
    could: not be
    couldn't couldnt can't cant cannot: be
    struck walked: off
    should: lose be not
    doesn't doesnt didn't didnt didnot: care
    did: n't nt n not
    on: his her
    laughed: about at
    to: blame
    his her: fault
    out because: of
    a: danger
    is was: the
    responsible got covers covering covered cover: for away
    smell smells: of
    denied: it
    nobody: dares
    hid hides binned: the my our his her
    tore ripped: up
    not: fit
    waste: of
    left let leave
    """
)
_TOLD = 140  # characters after a colleague in which such words are theirs
NEED: Need = (
    (Sign(STAFF | TITLE, words=_GRADES), Sign(BLAME | SLIP, opens=(SAYINGS,))),
    (Sign(opens=(opening("down: to"),)), Sign(GIVEN)),
)


def find(read: Passage) -> Iterator[Finding]:
    """Colleagues who are blamed."""
    if "down" in read.vocabulary and read.seen & GIVEN:
        yield from _down_to(read)
    graded = not _GRADES.isdisjoint(read.vocabulary)
    if not graded and not read.seen & (STAFF | TITLE):
        return
    if not read.seen & (BLAME | SLIP) and not any(read.opened(SAYS, SAYINGS)):
        return
    done = -1
    for place, mark in enumerate(read.marks):
        if place <= done or not (mark & (STAFF | TITLE) or graded) or not _role(read, place, mark):
            continue
        last = _named(read, place)
        if _weight(read, place, last) >= ENOUGH:
            done = place if last is None else last
            yield Finding(read.starts[_first(read, place)], read.ends[done], Kind.STAFF_BLAME, Verdict.HOLD)


def _down_to(read: Passage) -> Iterator[Finding]:
    """``The whole delay was down to Kieran``: the author looks again."""
    for match in _CAUSED.finditer(read.text):
        place = read.index(match.end())
        if place < len(read.words) and read.marks[place] & GIVEN and read.capital(place):
            yield Finding(read.starts[place], read.ends[place], Kind.STAFF_BLAME, Verdict.WARN)


_CAUSED = Pattern(
    r"\b(?i:delay|error|mistake|mess|mix[- ]?up|problem|thing|it|that|this|incident|fall|overdose|wait)\s"
    r"(?:is|was|were)\s(?:all\s|only\s|just\s|entirely\s)?down\sto\s(?=[A-Z])"
)


def _role(read: Passage, place: int, mark: int) -> bool:
    """A role of a colleague: *the registrar*, *F2*, and Mr where a surgeon is meant."""
    word = read.words[place]
    if mark & TITLE:
        return read.near(place, place, SURGICAL, before=4, after=6)
    if word in _GRADES and place + 1 < len(read.words):
        return read.words[place + 1].isdigit() and read.between(place) in ("", " ")
    return bool(mark & STAFF) and word in _ROLES


def _first(read: Passage, place: int) -> int:
    """Where the words begin that belong to a role: *the only locum* registrar."""
    sentence = read.sentences[place]
    while place and read.sentences[place - 1] == sentence and read.words[place - 1] in _LEADING:
        place -= 1
    return place


def _named(read: Passage, place: int) -> int | None:
    """The last word of a colleague's name that follows a role or title."""
    first = place + 1
    while first < len(read.words) and first - place < 3 and _title_or_letter(read, first):
        first += 1
    if first >= len(read.words) or read.sentences[first] != read.sentences[place] or len(read.between(first - 1)) > 2:
        return None
    mark = read.marks[first]
    known = mark & (GIVEN | PLAIN_NAME | FAMILY)
    if name_like(read, first) or (read.capital(first) and known):
        return end_of_name(read, first)
    return first if known and not mark & PLAIN_NAME and read.words[place] in _TITLES else None


def _title_or_letter(read: Passage, place: int) -> bool:
    if read.marks[place] & (TITLE | STAFF):
        return True
    return len(read.words[place]) == 1 and read.capital(place) and read.words[place] not in "ia"


def _weight(read: Passage, first: int, named: int | None) -> float:
    """How surely somebody can be told, and is blamed."""
    last = first if named is None else named
    told = NAMED if named is not None else _pointed(read, first)
    if named is not None and announces_talk(read, first, last):
        return 0
    if told + STRONG + WEAK < ENOUGH:
        return 0
    strong, slip, praise = _after(read, last)
    before = read.about(first, first, before=8, after=0)
    end = read.ends[last]
    strong = strong or bool(before & BLAME) or SAYS.search(read.text, end, min(len(read.text), end + _TOLD)) is not None
    if (praise or before & PRAISE) and not strong:
        return 0
    return told + STRONG * strong + WEAK * slip


def _after(read: Passage, last: int) -> tuple[bool, bool, bool]:
    """Whether a blow, a slip or praise follows in the same sentence or the next."""
    strong = slip = praise = False
    sentence = read.sentences[last]
    for place in range(last + 1, min(len(read.words), last + FAR)):
        if read.sentences[place] > sentence + 1:
            break
        mark = read.marks[place]
        strong = strong or bool(mark & BLAME)
        praise = praise or bool(mark & PRAISE)
        if mark & SLIP and read.sentences[place] == sentence and place - last <= CLOSE:
            nothing = read.words[place + 1 : place + 2] in (["nothing"], ["no"], ["none"])
            slip = slip or (not nothing and _ELSE.isdisjoint(read.words[last + 1 : place]))
    return strong, slip, praise


def _pointed(read: Passage, place: int) -> float:
    """How surely a colleague without a name can be told: *the only locum registrar on nights that weekend*."""
    words, sentences = read.words, read.sentences
    if words[place].endswith("s"):
        return 0
    sentence = sentences[place]
    before = {words[at] for at in range(max(0, place - 5), place) if sentences[at] == sentence}
    if before.isdisjoint(_POINTING):
        return -NAMED
    after = [at for at in range(place + 1, min(len(words), place + 7)) if sentences[at] == sentence]
    described = len(before & (_SPECIFIC | {"our", "my"})) + len({words[at] for at in after} & (_SPECIFIC | _LOOKS))
    placed = bool(after) and words[after[0]] in _AT and any(read.capital(at) for at in after[1:3])
    return 0.5 + 0.5 * (described + placed)
