"""Names of patients and relatives: a word that could be a name, beside one that says whose it is.

A name alone says nothing here: authors, speakers, colleagues and the namesakes of scales and syndromes are named in
every other post. What counts is what stands around it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from node.confidentiality import filed, initials, titled
from node.confidentiality.findings import Finding, Kind, Verdict
from node.confidentiality.lists import listed
from node.confidentiality.naming import Name, beside_published, names
from node.confidentiality.needs import CAPITAL, LETTERS, NAMED, Need, Sign
from node.confidentiality.passage import Passage
from node.confidentiality.patterns import Pattern
from node.confidentiality.roles import ROLES, is_colleague
from node.confidentiality.words import (
    CLINICAL,
    COMMON,
    EVENT,
    FAMILY,
    GIVEN,
    INVENTED,
    MOURNING,
    ORG,
    OWNER,
    PATIENT,
    POSSESSED,
    PRAISE,
    PRONOUN,
    RELATIVE,
    ROOM,
    SLIP,
    STAFF,
    TITLE,
    WARD,
)

_BESIDE_ONE = listed("family ladies gents gentlemen patients residents boys girls babies mums")
CARED_FOR = PATIENT | RELATIVE | EVENT | CLINICAL | ROOM | MOURNING | POSSESSED
NEED: Need = (
    (Sign(TITLE, words=titled.GRANDPARENTS),),
    (Sign(NAMED | GIVEN | LETTERS), Sign(CARED_FOR, words=frozenset(["name"]))),
    (Sign(CAPITAL), Sign(PATIENT | RELATIVE | ROOM, words=_BESIDE_ONE)),
)
FAR = 14  # words around a name that are read with it
_CALLED = listed("enw o'r surname called named is was are name initials aka known as ie e.g eg")
_KIN_SHORT = listed(
    """
    nok kin dtr dau wife husband hubby widow widower daughter son gwraig ferch fab nephew niece granddaughter grandson
    sil dil
    """
)
_SHORT = frozenset(["pt", "patient", "resident", "claf", "px"])
_DETERMINERS = listed("our a an my the one")
_STRONG = listed(
    """
    died fell collapsed arrested aspirated choked deceased overdosed stabbed drowned miscarried cwympodd syrthiodd
    passed readmitted discharged admitted suffered deteriorated lay waited slipped tripped vomited absconded
    presented
    """
)
_HAD = listed(
    """
    was is had has got went came who woke needed refused became developed lost lives told asked pressed started
    stopped complained sustained keeps begged cried wedi gafodd
    """
)
_FAMILY = frozenset(["family's", "family", "relatives", "widow"])
_MOURNED = listed("memory rip condolences funeral inquest memorial tribute widow bereaved coroner late")
_ASIDE = (" in the side room", " in side room", " in the sideroom")
_IN_BED = listed("bed bay side room sr cubicle gwely bedspace trolley")
_GOES = listed(
    """
    died fell came waited collapsed arrested aspirated deteriorated lay lost suffered asked cried needed had got
    went
    """
)
_NOT_REAL = Pattern(
    r"""\b(?:invented|fictional|fictitious|not\s+(?:his|her|their)\s+real\s+names?|names?\s+(?:have\s+been\s+)?changed
    |composite|made[ -]up|simulated|mannequin|manikin)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_CARE = Pattern(
    r"""(?:(?P<sure>\b(?:death|loss|care|story|family|treatment|fall|case|parents|mother|widow|discharge|passing
    |readmission)
      \s+of(?:\s+our\s+(?:patient|friend|resident))?
      |\b(?:her|his|the\s+patient'?s?)\s+name\s+(?:is|was)
      |\b(?:looked|looking)\s+after|\bcar(?:ed|ing)\s+for|\bnurs(?:ed|ing)|\btreat(?:ed|ing)
      |\b(?:admit|discharg|transferr?|readmit|examin|resuscitat|cannulat|catheteris|intubat)\w{0,4}(?:ed|ing))
    |\b(?:names?|patients|pts|ladies|residents)\b[^.!?\n]{0,40}:
    |\b(?:this|post|thread)(?:\s+is|'s)\s+for
    |\b(?:little|poor|dear|old|lovely|young|baby|wee)|\b(?:we|they|you|i)\s+(?:all\s+)?(?:miss|missed|lost|failed
    |let|sent|moved|found)
    |\bvisit(?:ed|ing)?|\bfound|\b(?:gave|given\s+to|giving))\s+$""",
    re.IGNORECASE | re.VERBOSE,
)
_AGED = Pattern(
    r"\s?[,(]\s?(?:aged\s+)?\d{1,3}(?:\s?(?:y|yo|yrs?|years?(?:\s+old)?))?\s?[,).]", re.IGNORECASE
)  # Alf, 88,

_IS_AGED = Pattern(
    r"\s(?:is|was|'s)\s(?:only\s|just\s|nearly\s)?"
    r"(?:\d{1,3}|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b"
    r"(?!\s(?:of|times|hours|minutes|weeks|days|beds?|miles))",
    re.IGNORECASE,
)  # Toby is six.
_ONE_OF = Pattern(
    r"\bone\s+of\s+(?:my|our|the)\s+(?:[\w\-]+\s+){0,2}"
    r"(?:ladies|gents|gentlemen|patients|residents|boys|girls|babies|mums)\s*[,(\-]\s*$",
    re.IGNORECASE,
)


def find(read: Passage) -> Iterator[Finding]:
    """Names and initials that belong to somebody cared for."""
    if read.seen & INVENTED and _NOT_REAL.search(read.text):
        return
    yield from titled.find(read)
    if not read.seen & CARED_FOR and "name" not in read.vocabulary:
        return
    for name in names(read):
        kind = _whose(read, name)
        if kind and not beside_published(read, name.first):
            yield Finding(read.starts[name.first], read.ends[name.last], kind, Verdict.HOLD)
    if read.seen & GIVEN:
        yield from _small(read)
        yield from filed.find(read)
    yield from initials.find(read)


def _whose(read: Passage, name: Name) -> Kind | None:
    """Whether a name is a patient's or a relative's."""
    before = read.marks[name.first - 1] if name.first else 0
    if before & TITLE and (read.words[name.first - 1] != "miss" or read.capital(name.first - 1)):
        return None
    if _is_relative(read, name):
        return Kind.RELATIVE_NAME
    if _is_patient(read, name):
        return Kind.PATIENT_NAME
    start = read.starts[name.first]
    if _ONE_OF.search(read.text[max(0, start - 70) : start]):
        return Kind.PATIENT_NAME
    if is_colleague(read, name.first, name.last):
        return None
    return Kind.PATIENT_NAME if _happens(read, name) else None


def _back(read: Passage, first: int) -> int | None:
    """The word before a name, over brackets, commas and words like *called*."""
    for at in range(first - 1, max(-1, first - 4), -1):
        if read.sentences[at] != read.sentences[first] or len(read.between(at)) > 3:
            return None
        if read.words[at] not in _CALLED:
            return at
    return None


def _is_relative(read: Passage, name: Name) -> bool:
    """``his daughter Bronwen``, ``NOK: Derek``."""
    at = _back(read, name.first)
    in_law = at is not None and at > 1 and read.words[at - 1 : at + 1] == ["in", "law"]
    if at is not None and in_law:
        at -= 2
    if at is None or not read.marks[at] & RELATIVE:
        return _kin_after(read, name)
    if read.words[at] == "guardian" and not _OF_A_GUARD.isdisjoint(read.words[max(0, at - 3) : at]):
        return False
    owner = bool(read.about(at, at, before=3, after=0) & OWNER) or (at > 0 and read.owned[at - 1])
    owner = owner or in_law or (read.owned[at] and "name" in read.words[at + 1 : name.first])
    if not owner and read.words[at] not in _KIN_SHORT:
        return _kin_after(read, name)
    if not name.likely and read.between(at).strip(" :,(-"):
        return False
    return owner or not read.about(name.last, name.last, before=0, after=3) & STAFF & ~read.marks[at]


_OF_A_GUARD = listed("our new up safety freedom speak")  # a guardian who works here


def _kin_after(read: Passage, name: Name) -> bool:
    """``Bronwen (daughter)``, ``Sheila, his wife``."""
    place = name.last + 1
    if place >= len(read.words) or read.sentences[place] != read.sentences[name.last]:
        return False
    gap = read.between(name.last).strip()
    if gap not in ("(", ",", "-", "/"):
        return False
    if read.marks[place] & OWNER and place + 1 < len(read.words):
        place += 1
    elif gap != "(":
        return False
    in_law = read.words[place + 1 : place + 3] == ["in", "law"]
    return bool(read.marks[place] & RELATIVE) and (in_law or not read.marks[place] & STAFF)


def _is_patient(read: Passage, name: Name) -> bool:
    """``pt Gwilym Prosser``, ``Stan, our longest-staying resident``."""
    at = _back(read, name.first)
    if at is not None and read.marks[at] & PATIENT and not read.owned[at]:
        if name.likely or read.words[at] == "pt" or _apposed(read, at, name):
            return True
        return read.words[at] in _SHORT and not read.begins_sentence(at)
    last = name.last
    if last + 1 >= len(read.words) or read.between(last).strip() not in (",", "(", "-"):
        return False
    if _DETERMINERS.isdisjoint(read.words[last + 1 : last + 3]):
        return False
    after = 0
    for mark in read.marks[last + 1 : last + 6]:
        after |= mark
    return bool(after & PATIENT) and not after & STAFF


def _apposed(read: Passage, at: int, name: Name) -> bool:
    """``the poor man, Stefan I think``, ``a resident called Winnie``."""
    told = name.first - at > 1 or read.between(at).strip() in (",", "(", "-", ":")
    both = name.last + 1 < len(read.words) and read.between(name.last) == ", " and read.between(at) == ", "
    general = read.words[at] in _GENERAL and not (both and read.words[at - 1 if at else 0] in _DETERMINERS)
    return told and not read.original(name.first).isupper() and not general


_GENERAL = listed("mother father mum dad male female child baby")


def _happens(read: Passage, name: Name) -> bool:
    """Whether what befalls a patient is said of the name."""
    about = read.about(name.first, name.last, before=FAR, after=FAR)
    if read.owned[name.last]:
        return _owns(read, name, about)
    if about & ROOM and _in_bed(read, name.last) and (name.known or _spoken_of(read, name, about)):
        return True
    if name.known and _BED.search(read.text[max(0, read.starts[name.first] - 24) : read.starts[name.first]]):
        return True
    if not name.likely and read.words[name.last + 1 : name.last + 2] != ["family"]:
        return False
    return (
        _suspected(read, name, about)
        or _cared_for(read, name, about)
        or _befell(read, name, about)
        or _mourned(read, name, about)
        or _next(read, name.last)
    )


def _suspected(read: Passage, name: Name, about: int) -> bool:
    """A given name in a sentence of harm, where nobody is thanked and no colleague or author is meant."""
    if not name.known or not read.marks[name.first] & GIVEN or about & (PRAISE | STAFF | ORG | INVENTED):
        return False
    harmed = about & EVENT or (about & SLIP and about & CLINICAL)
    return bool(harmed and about & CLINICAL and about & (PRONOUN | PATIENT | EVENT)) and not _further(read, name.last)


def _spoken_of(read: Passage, name: Name, about: int) -> bool:
    return (
        bool(about & PRONOUN)
        or not read.begins_sentence(name.first)
        or (
            not read.words[name.first].endswith("s")
            and bool(not _VERBS.isdisjoint(read.words[name.last + 1 : name.last + 6]))
        )
    )


_VERBS = listed("has had fell keeps refuses wants refused")


_BED = Pattern(
    r"\b(?:bed|bay|sr|side\s*room|room|cubicle|gwely)\s*\w{1,2}\s*(?:is|was|has|:|-|\(|,|=)\s*$", re.IGNORECASE
)  # bed 7 is Mohammed


def _in_bed(read: Passage, last: int) -> bool:
    """``Doris in bed 4``, ``Doris (SR2)``; not Seminar Room 2."""
    if (
        last + 1 < len(read.words)
        and read.capital(last + 1)
        and read.between(last) == " "
        and read.words[last + 1] == "room"
    ):
        return False
    for place in range(last + 1, min(len(read.words) - 1, last + 5)):
        if read.words[place] in _IN_BED and read.sentences[place] == read.sentences[last]:
            return any(word.isdigit() or len(word) == 1 for word in read.words[place + 1 : place + 3])
    return False


_RETOLD = listed("film podcast book documentary radio lecture play inquiry")


def _cared_for(read: Passage, name: Name, about: int) -> bool:
    """``we looked after Gerald Fitch``, ``the death of``, ``little Maisie``."""
    start = read.starts[name.first]
    match = _CARE.search(read.text[max(0, start - 60) : start])
    if match and not name.full and read.near(name.first, name.last, _RETOLD, before=10, after=10):
        return False
    if match and name.known and match[0].strip().lower() == "poor" and not about & (STAFF | PRAISE):
        for mark in read.marks[name.last + 1 : name.last + FAR]:
            about |= mark
    return bool(match and (match["sure"] or about & (CLINICAL | EVENT | PATIENT | PRONOUN | WARD)))


def _befell(read: Passage, name: Name, about: int) -> bool:
    """``Stan Whitcombe fell``, ``Ioan, who died``, ``Alf, 88,``."""
    last = name.last
    if read.near(last, last, _STRONG, before=0, after=4) and not _further(read, last):
        return True
    had = name.known and read.near(last, last, _HAD, before=0, after=2)
    if had and about & (EVENT | CLINICAL) and about & (PRONOUN | PATIENT | EVENT):
        return True
    if had and about & CLINICAL and "wedi" in read.vocabulary and not about & (PRAISE | STAFF):
        return True
    if name.known and _IS_AGED.match(read.text, read.ends[last]):
        return True
    if read.words[last + 1 : last + 2] == ["whose"] and about & CLINICAL:
        return True
    aged = _AGED.match(read.text, read.ends[last])
    return bool(aged) and bool(about & (CLINICAL | PRONOUN | EVENT | PATIENT))


def _further(read: Passage, last: int) -> bool:
    """``Smith argued that patients who fell``: what befell whom is further on, and somebody else."""
    after = slice(last + 1, last + 4)
    return any(mark & PATIENT for mark in read.marks[after]) or not {"that", "how", "why", "if"}.isdisjoint(
        read.words[after]
    )


def _mourned(read: Passage, name: Name, about: int) -> bool:
    """``in memory of``, ``and her family``."""
    last = name.last
    if name.first and read.words[name.first - 1] in ("rip", "goodbye", "farewell"):
        return True
    if read.words[last + 1 : last + 2] == ["family"] and name.first and read.words[name.first - 1] == "the":
        return True
    if read.near(last, last, _FAMILY, before=0, after=4) and about & OWNER:
        return True
    if not about & MOURNING or not about & (PRONOUN | PATIENT | EVENT | OWNER):
        return False
    return read.near(name.first, last, _MOURNED, before=6, after=10)


def _next(read: Passage, last: int) -> bool:
    """``I am writing about Precious Moyo. She came in with pain``: the next sentence says what befell her."""
    sentence = read.sentences[last]
    place = last + 1
    while place < len(read.words) and read.sentences[place] == sentence and place - last < 12:
        place += 1
    if place + 3 >= len(read.words) or read.sentences[place] != sentence + 1 or read.words[place] not in ("he", "she"):
        return False
    told = read.about(place, place, before=0, after=FAR)
    return (
        not _GOES.isdisjoint(read.words[place + 1 : place + 5]) and bool(told & CLINICAL) and not told & (STAFF | ORG)
    )


def _owns(read: Passage, name: Name, about: int) -> bool:
    """``Mabel's fall``, ``Tom Price's family``."""
    if read.near(name.first, name.last, ROLES, before=3, after=3):
        return False
    wanted = POSSESSED | CLINICAL if name.known else POSSESSED
    far = 4 if name.known and not about & (STAFF | ORG | PRAISE) else 3
    owned = any(mark & wanted for mark in read.marks[name.last + 1 : name.last + far])
    return owned and (name.known or (name.full and bool(about & (EVENT | PRONOUN))))


def _small(read: Passage) -> Iterator[Finding]:
    """Names in small letters beside ``pt``, ``dtr``, ``wife``; typed on a telephone."""
    for place, mark in enumerate(read.marks):
        if not mark & GIVEN or read.capital(place):
            continue
        last = _small_end(read, place)
        kind = _small_kind(read, place, last)
        if kind:
            yield Finding(read.starts[place], read.ends[last], kind, Verdict.HOLD)


def _small_end(read: Passage, place: int) -> int:
    following = place + 1
    if following >= len(read.words) or read.between(place) != " ":
        return place
    mark = read.marks[following]
    return following if mark & FAMILY and not mark & COMMON else place


def _small_kind(read: Passage, place: int, last: int) -> Kind | None:
    strong = read.near(last, last, _STRONG, before=0, after=1 if last == place else 3)
    if read.begins_sentence(place):
        lies = _in_bed(read, last) or read.small.startswith(_ASIDE, read.ends[last])
        return Kind.PATIENT_NAME if lies or (strong and not read.owned[last]) else None
    if len(read.between(place - 1)) > 2:
        return None
    before = read.marks[place - 1]
    if before & RELATIVE and not before & STAFF:
        return Kind.RELATIVE_NAME
    return Kind.PATIENT_NAME if before & PATIENT or (last > place and strong) else None
