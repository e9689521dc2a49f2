"""When and where something happened, what happened, and that it happened to one person."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from node.confidentiality.clues import Clue, What
from node.confidentiality.dates import COUNTING, Day
from node.confidentiality.lists import listed
from node.confidentiality.needs import DATED, Need, Sign
from node.confidentiality.passage import Passage
from node.confidentiality.words import (
    COMMON,
    EVENT,
    FIGURE,
    HOLIDAY,
    MONTH,
    NEAR,
    NEARDAY,
    OWNER,
    PATIENT,
    RELATIVE,
    ROOM,
    SLIP,
    STAFF,
    UNIT,
    WARD,
    WEEKDAY,
)

_OTHER_WORDS = frozenset(["sat", "sun", "wed", "mon"])  # shortened days that are other words more often
_RECENT = listed("last on this nos dydd previous early late")
_REGULAR = frozenset(["every", "each", "by", "until"])
_HALVES = listed("night day morning evening weekend afternoon")
_TIMES = _HALVES | listed("nite week month eve ago")
_AGO = listed("days nights day night weeks week")
_IN = listed("in from at near yn o")
_SPOTS = listed(
    """
    village valley island town hamlet farm parish high church mosque temple prison caravan beach pier bakery pub
    """
)
_PLAIN_PLACES = listed(
    """
    a e general labour home house department court school prison manor surgery wing college station practice
    """
)
_NUMBERED = listed("resus ward unit wards theatre theatres ysbyty clinic")
_BEFORE_NEAR = frozenset(("the", "our", "a", "hospital", "ward"))
_PRESENT = frozenset(["our", "the", "my", "this", "your"])
_HE = listed("he she him her his hi lad lads bloke chap couple victim family hers")
_UNSURE = listed(
    """
    falls death fall cardiac born delivered passed brought found transferred attacked diagnosed
    """
)
_WHEN_DONE = listed("was were who he she been a and his her got had crew we them came")
_INCIDENTS = listed(
    """
    gave prescribed unresponsive waited abruption eclampsia overdose pph seizure sepsis fitted lost climbed bled
    bleed dose doses wrong given got life sent turned swallowed pulled choking seizing haemorrhage stroke injury
    burn scald antidote hypo reaction anaphylaxis crisis missed escaped missing ligature cut burst ruptured
    perforated stillborn amputated operated restrained choked
    """
)
HARM = Sign(EVENT | SLIP, words=_INCIDENTS)
NEED: Need = (
    (
        HARM,
        Sign(WEEKDAY | NEARDAY | HOLIDAY | MONTH | DATED | FIGURE, words=_TIMES | COUNTING),
        Sign(PATIENT | RELATIVE, words=_HE),
    ),
)


def days(read: Passage, places: Sequence[int], dated: list[Day]) -> Iterator[Clue]:
    """Days: by date, by name, by a feast, by how long ago."""
    for day in dated:
        if not day.packed:
            first = read.index(day.start)
            yield Clue(What.DAY, first, max(first, read.index(day.end) - 1), 2.0)
    for place in places:
        weight = _day(read, place, read.words[place - 1] if place else "")
        if weight:
            yield Clue(What.DAY, max(0, place - 1), place, weight)


def _day(read: Passage, place: int, before: str) -> float:
    mark, word = read.marks[place], read.words[place]
    if mark & WEEKDAY and not (word in _OTHER_WORDS and before != "last" and not _short_day(read, place)):
        if word.endswith("days") or before in _REGULAR:
            return 0
        if before == "on" or read.owned[place]:
            return 1.7
        return 2.0 if before in _RECENT else 1.2
    if mark & NEARDAY:
        return 1.5 if word == "today" else 2.0
    if mark & HOLIDAY:
        return 2.0 if read.capital(place) else 0
    if mark & MONTH:
        return 0.7 if before in ("in", "last", "this", "early", "late", "mid", "mis") else 0
    if word == "eve":
        return 2.0 if place > 1 else 0
    if word == "ago":
        return 1.5 if before in _AGO else 0
    return _half(read, place, before)


def _short_day(read: Passage, place: int) -> bool:
    """``Sat night``."""
    return read.capital(place) and read.words[place + 1 : place + 2] in (
        ["night"],
        ["morning"],
        ["am"],
        ["pm"],
        ["eve"],
    )


def _half(read: Passage, place: int, before: str) -> float:
    """``last night``, ``this morning``, ``the night of the storm``."""
    word = read.words[place]
    if before == "last" and word in ("night", "nite", "week", "weekend", "month"):
        return 1.5 if word in ("week", "month") else 2.0
    if word not in _HALVES:
        return 0
    if before in ("this", "that", "yesterday"):
        return 2.0 if word != "day" else 0
    told = read.text.startswith((" of the ", " of our ", " after the "), read.ends[place])
    return 1.2 if before == "the" and told else 0


def where(read: Passage, places: Sequence[int]) -> Iterator[Clue]:
    """Places: a bed, a ward with its name, a hospital, a village."""
    for place in places:
        mark = read.marks[place]
        if mark & ROOM and _numbered(read, place):
            yield Clue(What.PLACE, place, place + 1, 1.5)
        elif mark & WARD:
            clue = _ward(read, place)
            if clue:
                yield clue
        else:
            weight, last = _spot(read, place, read.words[place - 1] if place else "")
            if weight:
                yield Clue(What.PLACE, place, last, weight)


def _spot(read: Passage, place: int, before: str) -> tuple[float, int]:
    """How far a word narrows down where something happened, and the last word that belongs to it."""
    word = read.words[place]
    if word == "on":
        return (1.5, place + 1) if _town(read, place + 1) else (0, place)  # on Juniper
    if word in _IN:
        town = place + 2 if read.words[place + 1 : place + 2] == ["the"] else place + 1
        return (1.0, town) if _town(read, town) else (0, place)
    if word == "st":
        return (1.5, place + 1) if _saint(read, place) else (0, place)
    near = read.marks[place] & NEAR and before in _BEFORE_NEAR
    side = word == "room" and before == "side"
    ours = word in ("centre", "park") and "our" in read.words[max(0, place - 3) : place]
    spot = word in _SPOTS and before not in ("a", "to", "")
    return (0.8 if near or side or ours or spot else 0, place)


def _numbered(read: Passage, place: int) -> bool:
    if place + 1 >= len(read.words) or len(read.between(place)) > 2 or "×" in read.between(place):
        return False
    word = read.words[place + 1]
    if word.isdigit() and read.marks[min(place + 2, len(read.words) - 1)] & UNIT:
        return False  # finding the trolley (4 min)
    return word.isdigit() or (len(word) == 1 and read.capital(place + 1))


def _saint(read: Passage, place: int) -> bool:
    """``St Aldhelm's``, ``St Winifred ward``."""
    following = place + 1
    if following >= len(read.words) or not (read.capital(place) and read.capital(following)):
        return False
    ward = following + 1 < len(read.words) and read.marks[following + 1] & WARD
    return read.owned[following] or bool(ward)


def _ward(read: Passage, place: int) -> Clue | None:
    word, before = read.words[place], read.words[place - 1] if place else ""
    if word in _NUMBERED and _coded(read, place):
        return Clue(What.PLACE, place, place + 1, 1.5)
    if word == "prison" and not _PRESENT.isdisjoint(read.words[max(0, place - 3) : place]):
        return Clue(What.PLACE, place, place, 1.2)  # of which a county has few
    if word in _PLAIN_PLACES and not read.capital(place):
        return Clue(What.PLACE, place, place, 0.8) if before in ("our", "care", "nursing", "private", "local") else None
    if _called(read, place):
        return Clue(What.PLACE, place - 1, place, 1.5)
    plain = before in _PRESENT or "our" in read.words[max(0, place - 3) : place] or word in ("resus", "icu", "itu")
    return Clue(What.PLACE, place, place, 0.8) if plain else None


def _coded(read: Passage, place: int) -> bool:
    if place + 1 >= len(read.words) or len(read.between(place)) != 1:
        return False
    word = read.words[place + 1]
    return word.isdigit() or (len(word) <= 3 and read.original(place + 1).isupper())


def _called(read: Passage, place: int) -> bool:
    """``Maple ward``, ``Wexley General``."""
    if not place or not read.capital(place - 1) or len(read.between(place - 1)) != 1:
        return False
    known = read.marks[place - 1] & COMMON
    return not known or (read.capital(place) and not read.begins_sentence(place - 1))


def _town(read: Passage, place: int) -> bool:
    if place >= len(read.words):
        return False
    mark = read.marks[place]
    if not read.capital(place) or mark & (COMMON | MONTH | WEEKDAY):
        return False
    return len(read.words[place]) > 3 and not read.original(place).isupper()


def may_happen(read: Passage, dated: list[Day]) -> bool:
    """Whether a text has words of one person, of an event and of a day."""
    words, seen = read.vocabulary, read.seen
    if not dated and not seen & (WEEKDAY | NEARDAY | HOLIDAY | MONTH) and words.isdisjoint(_TIMES):
        return False
    if not seen & (PATIENT | RELATIVE) and words.isdisjoint(_HE):
        return False
    return bool(seen & (EVENT | SLIP)) or not words.isdisjoint(_INCIDENTS)


def happenings(read: Passage, places: Sequence[int]) -> Iterator[Clue]:
    """That one person is meant, and what befell them."""
    for place in places:
        mark, word = read.marks[place], read.words[place]
        before = read.words[place - 1] if place else ""
        if _person(read, place, before):
            yield Clue(What.PERSON, place, place, 0.5)
        if mark & EVENT:
            if word in ("death", "found"):
                yield Clue(What.EVENT, place, place, 1.0 if before in _WHEN_DONE else 0.7)
            elif word not in _UNSURE or (word not in ("falls", "born", "cardiac") and before in _WHEN_DONE):
                yield Clue(What.EVENT, place, place, 1.0)
        elif mark & SLIP or word in _INCIDENTS:
            yield Clue(What.EVENT, place, place, 0.7)


def _person(read: Passage, place: int, before: str) -> bool:
    mark, word = read.marks[place], read.words[place]
    if mark & PATIENT and not mark & STAFF:
        return word not in ("male", "female", "recipient") or before in ("old", "the", "a", "our", "transplant")
    if word in _HE:
        return True
    return bool(mark & RELATIVE and place and (read.owned[place - 1] or read.marks[place - 1] & OWNER))
