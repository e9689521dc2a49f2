"""Mr, Mrs, Miss and a name: somebody cared for, unless what stands around makes a colleague of them."""

from __future__ import annotations

from collections.abc import Iterator

from node.confidentiality.findings import Finding, Kind, Verdict
from node.confidentiality.lists import listed
from node.confidentiality.naming import end_of_name, name_like
from node.confidentiality.passage import Passage
from node.confidentiality.roles import ROLES, SURGICAL
from node.confidentiality.words import (
    CLINICAL,
    COMMON,
    EVENT,
    FAMILY,
    GIVEN,
    INVENTED,
    PATIENT,
    ROOM,
    SLIP,
    STAFF,
    TITLE,
    WARD,
)

_NOT_NAMES = listed(
    """
    scan scans scanner imaging angiography unit suite safety conditional compatible patients patient service men
    bean whippy motivator motivators
    """
)  # MR scan, MS patients, Mr Men
_PSEUDONYMS = "abcxyz"
_PLACED = frozenset(("from", "on", "in", "at", "the", "our"))  # Mrs Patel from pharmacy; Mrs Lloyd, our volunteer
GRANDPARENTS = frozenset(("nain", "taid", "mamgu", "tadcu"))
_CARED = listed("corridor left waited trolley hospital ysbyty nurse doctor nyrs meddyg tablets told lost insulin")
_CARE = ROOM | WARD | EVENT | CLINICAL | SLIP
_DOTS = (".", "-", ". ", "")
_GAPS = frozenset((" ", ". ", ".", "  "))


def find(read: Passage) -> Iterator[Finding]:
    """Names with a title, or with what Welsh calls a grandparent."""
    if not read.vocabulary.isdisjoint(GRANDPARENTS):
        yield from _grandparents(read)
    if not read.seen & TITLE:
        return
    for place, mark in enumerate(read.marks):
        if not mark & TITLE or place + 1 >= len(read.words) or read.between(place) not in _GAPS:
            continue
        last = _end(read, place)
        if last is None or _colleague(read, place, last):
            continue
        letters = all(len(read.words[at]) == 1 for at in range(place + 1, last + 1)) or _two_small(read, place)
        kind = Kind.INITIALS if letters else Kind.PATIENT_NAME
        yield Finding(read.starts[place], read.ends[last], kind, Verdict.HOLD)


def _grandparents(read: Passage) -> Iterator[Finding]:
    """``Nain Jones ar ward 3``."""
    for place, word in enumerate(read.words[:-1]):
        if word in GRANDPARENTS and read.between(place) == " " and name_like(read, place + 1):
            last = end_of_name(read, place + 1)
            cared = read.near(place, last, _CARED, before=10, after=10)
            if cared or read.about(place, last, before=10, after=10) & _CARE:
                yield Finding(read.starts[place], read.ends[last], Kind.RELATIVE_NAME, Verdict.HOLD)


def _end(read: Passage, place: int) -> int | None:
    """The last word of the name after a title; None if none follows."""
    first = place + 1
    word = read.words[first]
    if word in _NOT_NAMES or word.isdigit():
        return None
    if len(word) == 1:
        return _after_letter(read, place)
    if read.capital(first):
        return end_of_name(read, first) if _is_title(read, place) else None
    return first if _small(read, place) else None


def _after_letter(read: Passage, place: int) -> int | None:
    """``Mr T Jones``; ``Mr A`` is a way not to name somebody, but for who lies in a bed that is told."""
    first, second = place + 1, place + 2
    if second < len(read.words) and read.sentences[second] == read.sentences[first] and len(read.between(first)) <= 2:
        mark = read.marks[second]
        if len(read.words[second]) > 2 and (name_like(read, second) or mark & FAMILY or not mark & COMMON):
            return end_of_name(read, second) if read.capital(second) else second
        if (
            read.between(first) in _DOTS
            and read.capital(first)
            and read.capital(second)
            and len(read.words[second]) == 1
        ):
            return _after_initials(read, second)
    if read.about(place, first, before=8, after=8) & INVENTED:
        return None
    wanted = ROOM if read.words[first] in _PSEUDONYMS else ROOM | WARD
    told = read.about(place, first, before=6, after=6) & wanted
    return first if told and read.capital(first) else None


def _after_initials(read: Passage, second: int) -> int:
    """The end of ``A.T.`` or of ``A.T. Okonjo``."""
    last = second + 1
    surname = last < len(read.words) and read.between(second) in (". ", " ") and name_like(read, last)
    return end_of_name(read, last) if surname else second


def _two_small(read: Passage, place: int) -> bool:
    """``mrs jk bed 4``."""
    word, mark = read.words[place + 1], read.marks[place + 1]
    return len(word) == 2 and not mark & COMMON and bool(read.about(place, place + 1, before=0, after=3) & ROOM)


def _is_title(read: Passage, place: int) -> bool:
    """Not *miss* the verb, MR the scan, MS the disease."""
    title = read.words[place]
    if title in ("miss", "ms") and not read.original(place).isupper():
        return read.capital(place)
    return title not in ("ms", "mr") or not read.original(place).isupper() or read.original(place + 1).isupper()


def _small(read: Passage, place: int) -> bool:
    """``mrs adeyemi``: typed on a telephone."""
    title, word, mark = read.words[place], read.words[place + 1], read.marks[place + 1]
    if title not in ("mr", "mrs") and not (title == "miss" and mark & (GIVEN | FAMILY)):
        located = read.about(place, place + 1, before=0, after=4) & ROOM
        return title == "miss" and bool(located) and not mark & COMMON and len(word) > 3
    if len(word) == 2:
        return _two_small(read, place)
    return len(word) > 2 and (not mark & COMMON or bool(mark & FAMILY and title == "mrs"))


def _colleague(read: Passage, place: int, last: int) -> bool:
    """Whether who is named with a title works here: by what is said just before or after the name."""
    if read.near(place, last, ROLES, before=2, after=0) or read.near(place, last, SURGICAL, before=5, after=5):
        return True
    if last + 1 < len(read.words) and (read.between(last).strip() in (",", "(") or read.words[last + 1] in _PLACED):
        role = read.about(last, last, before=0, after=6)
        return bool(role & STAFF) and not role & (PATIENT | EVENT | ROOM)
    return read.owned[last] and read.near(place, last, ROLES, before=0, after=2)
