"""How old somebody is: in figures, words and the shorthand of wards; not the ages of guidelines and studies."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from node.confidentiality.clues import Clue, What
from node.confidentiality.lists import in_order, listed
from node.confidentiality.needs import Need, Sign
from node.confidentiality.passage import Passage
from node.confidentiality.patterns import opening
from node.confidentiality.words import AGEWORD, EVENT, FIGURE, PATIENT, PRONOUN, UNIT, WEEKDAY

OLDEST = 120
_ONES = {word: place for place, word in enumerate(in_order("one two three four five six seven eight nine"), 1)}
_TENS = {
    word: place * 10
    for place, word in enumerate(in_order("twenty thirty forty fifty sixty seventy eighty ninety hundred"), 2)
}
_TEENS = {
    word: place
    for place, word in enumerate(
        in_order("ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"),
        10,
    )
}
_DECADES = {
    "twenties": 20, "thirties": 30, "forties": 40, "fifties": 50, "sixties": 60, "seventies": 70, "eighties": 80,
    "nineties": 90,
}  # fmt: skip
_YOUNG = {
    "toddler": 1.5, "newborn": 1.2, "neonate": 1.2, "teenager": 1.5, "teen": 1.5, "infant": 1.0, "schoolboy": 1.5,
    "schoolgirl": 1.5, "lad": 1.0, "lass": 1.0, "youngster": 1.0, "pensioner": 1.0, "oap": 1.0, "teenage": 1.5,
    "octogenarian": 1.5, "nonagenarian": 3.0, "centenarian": 3.0,
}  # fmt: skip
_YEARS = listed("year years yr yrs y yo yrold")
_SHORTER = listed("week weeks day days month months wk wks mo")
_SEXES = listed("f m male female man woman lady gentleman boy girl gent pt patient chap bloke")
_BOUNDS = listed("over under above below between least than older younger until ages greater")
_PLURAL = listed(
    """
    patients people those women men adults children everyone anyone residents all mothers babies infants ages median
    mean average
    """
)
_SINGULAR = listed("a an the our my this one another his her old is was pt patient")
_BEFORE_YOUNG = _SINGULAR | {"young", "little", "elderly", "local"}
_SUBJECTS = listed(
    """
    he she patient pt who mum dad resident lady gentleman gent male female bloke chap woman man gran grandad nan
    mother father him her claf
    """
)
_SEVERAL = listed("residents patients ladies gentlemen men women")
_ONE_OF = frozenset(["one", "our", "oldest"])
_CHILDREN = listed("boy girl baby child lad lass toddler infant son daughter")
_DETERMINERS = listed("a the our this my")
_PARENTS = frozenset(["mother", "father", "mum", "dad", "parent"])
_NOT_YEARS = listed("times others ml mg of patients")


SPELT = frozenset((*_TEENS, *_TENS, *_ONES))
_AGES = SPELT | _DECADES.keys() | _YOUNG.keys()
_AFTER = frozenset((*_YEARS, *_SHORTER, "m", "f", "s", "oed", "blwydd"))
_BEFORE = frozenset(
    (
        *_SUBJECTS,
        *_SEVERAL,
        *in_order("boy girl baby child lad lass toddler infant son daughter"),
        *in_order("male female early late mid f m aged age oed of was is turned nearly almost only"),
    )
)

_UNITS = frozenset((*_YEARS, "m", "f", "s", "oed", "blwydd", "aged", "age"))
_BESIDE = opening(
    f"""
    0: {" ".join(_YEARS)} m f s oed blwydd
    aged age oed f m of was is turned nearly almost only {" ".join((*_CHILDREN, *_SUBJECTS, *_SEVERAL))}: 0
    """
)  # what stands right beside a number that is an age
NEED: Need = (
    (Sign(words=frozenset((*_DECADES, *_YOUNG))),),
    (Sign(opens=(_BESIDE,)), Sign(PATIENT, words=_UNITS | _CHILDREN | _SUBJECTS | _SEVERAL)),
    (Sign(words=frozenset(["old", "o"])), Sign(FIGURE, words=SPELT)),
)


@dataclass(frozen=True, slots=True)
class _Number:
    """A number up to 119 at words ``first`` to ``last``, and the words beside it."""

    value: int
    first: int
    last: int
    before: str
    after: str
    beyond: str
    gap: str


def may_be(read: Passage) -> bool:
    """Whether a text has a word that an age can begin with."""
    return read.digits > 0 or not read.vocabulary.isdisjoint(_AGES)


def find(read: Passage, places: Sequence[int]) -> Iterator[Clue]:
    """Every age of one person; ``places`` are the words that may begin one."""
    words = read.words
    if read.vocabulary.isdisjoint(_AGES):
        places = read.figures
    for place in places:
        word = words[place]
        if word not in _AGES and not "0" <= word[0] <= "9":
            continue
        if word in _DECADES and place and _of_one(read, place):
            yield Clue(What.AGE, place - 1, place, 3 if _DECADES[word] >= 90 else 1.5, _DECADES[word])
        elif word in _YOUNG:
            if place and words[place - 1] in _BEFORE_YOUNG:
                yield Clue(What.AGE, place, place, _YOUNG[word])
        elif (word[0].isdigit() and _likely(words, place)) or word in SPELT:
            number = _number(read, place)
            clue = number and _age(read, number)
            if clue:
                yield clue


def _of_one(read: Passage, place: int) -> bool:
    """``in her eighties``, ``mid-forties, male``."""
    before = read.words[place - 1]
    if before in ("his", "her", "their", "my"):
        return True
    return before in ("early", "mid", "late") and read.near(place, place, _SUBJECTS, before=4, after=3)


_DECADE_OF = listed("male female man woman lady gentleman gent pt patient his her early late mid")
_LASTING = listed("for over past qualified last")


def _likely(words: list[str], place: int) -> bool:
    """Whether figures have a neighbour of an age: most have none."""
    return (place > 0 and words[place - 1] in _BEFORE) or (place + 1 < len(words) and words[place + 1] in _AFTER)


def _number(read: Passage, place: int) -> _Number | None:
    found = _value(read, place)
    if not found:
        return None
    value, last = found
    words = read.words
    before = words[place - 1] if place else ""
    if before in _TENS or (before.isdigit() and read.text[read.starts[place] - 1] in "./:,-"):
        return None
    after = words[last + 1] if last + 1 < len(words) else ""
    beyond = words[last + 2] if last + 2 < len(words) else ""
    return _Number(value, place, last, before, after, beyond, read.between(last) if after else "")


def _value(read: Passage, place: int) -> tuple[int, int] | None:
    word = read.words[place]
    if word.isdigit():
        return (int(word), place) if len(word) <= 3 and int(word) < OLDEST else None
    if word in _TENS:
        following = read.words[place + 1] if place + 1 < len(read.words) else ""
        return (_TENS[word] + _ONES[following], place + 1) if following in _ONES else (_TENS[word], place)
    return (_TEENS.get(word) or _ONES[word], place)


def _age(read: Passage, number: _Number) -> Clue | None:
    if number.before in _BOUNDS or number.gap.lstrip()[:1] == "+" or _open(read, number.last):
        return None
    first, last = number.first, number.last
    if number.before in _PLURAL and not read.near(first, first, _ONE_OF, before=5, after=0):
        return None
    end = _end(read, number)
    if end is None:
        return None
    many = read.near(first, end, _PLURAL, before=4, after=2)
    if many and not read.near(first, last, _SINGULAR, before=2, after=0):
        return None
    if number.after in _SHORTER:
        near = read.about(first, end, before=4, after=4)
        one = (number.beyond == "old" and number.before in _DETERMINERS) or number.before in _OF_ALL
        return Clue(What.AGE, first, end, 2.0) if one or near & (PATIENT | PRONOUN) else None
    return Clue(What.AGE, first, end, 3.0 if number.value >= 90 else 2.0, number.value)


_OF_ALL = listed("youngest oldest eldest")  # the youngest (five weeks)


def _open(read: Passage, last: int) -> bool:
    """``90 and over``, ``65 or older``."""
    following = set(read.words[last + 1 : last + 5])
    return not following.isdisjoint(("over", "older", "above", "under", "younger", "upwards")) and not set(
        read.words[last + 1 : last + 4]
    ).isdisjoint(("and", "or"))


def _end(read: Passage, number: _Number) -> int | None:
    """The last word of an age that begins with a number; None if it is no age."""
    last = number.last
    if number.after in _SHORTER and number.before in _OF_ALL:
        return last + 1
    if number.after in _YEARS or number.after in _SHORTER:
        return _with_years(number, closed=read.text[read.ends[last + 1] : read.ends[last + 1] + 1] in (",", ")"))
    if number.after in ("m", "f") and number.gap in ("", " ", "/") and number.before not in ("bed", "bay"):
        capital = read.original(last + 1).isupper()
        return last + 1 if capital and read.words[last].isdigit() and 0 < number.value < 115 else None
    if number.after == "s" and number.gap == "" and number.value >= 20 and number.before in _DECADE_OF:
        return last + 1
    if number.after in ("oed", "blwydd"):
        return last + 1
    if number.before in _LISTED and _listed(read, number):
        return last
    if _sexed(read, number) or number.before in ("aged", "age", "oed") or _of(read, number) or _said(read, number):
        return last
    return None


def _with_years(number: _Number, *, closed: bool) -> int | None:
    if number.beyond in ("old", "o"):
        return number.last + 2
    years = number.after in _YEARS
    if number.after in ("yrs", "yr") and closed and number.before not in _LASTING:
        return number.last + 1
    if number.after in ("yo", "yrold") or (years and number.beyond in _SEXES):
        return number.last + 1
    return None


def _sexed(read: Passage, number: _Number) -> bool:
    """``F78``."""
    first = number.first
    joined = number.before in ("f", "m") and read.ends[first - 1] == read.starts[first]
    return joined and read.original(first - 1).isupper() and len(read.words[first]) == 2


def _listed(read: Passage, number: _Number) -> bool:
    """``A&E, male 34, fell``; not *male 34, female 40*."""
    end = read.ends[number.last]
    alone = {"male", "female", "males", "females"}.isdisjoint(read.words[number.last + 1 : number.last + 5])
    earlier = {"male", "female"}.isdisjoint(read.words[max(0, number.first - 5) : max(0, number.first - 1)])
    enclosed = number.first < 2 or read.between(number.first - 2).strip() in (",", ".", "(", ";", ":", "-")
    return (
        number.value >= _GROWN and alone and earlier and enclosed and read.text[end : end + 1] in (",", ";", ".", ")")
    )


_LISTED = listed("male female woman man lady gentleman gent")
_GROWN = 16  # below which a number after *male* may count them


def _of(read: Passage, number: _Number) -> bool:
    """``a girl of four``."""
    if number.before != "of" or number.first < 2:
        return False
    if not read.marks[number.first - 2] & PATIENT and read.words[number.first - 2] not in _CHILDREN:
        return False
    unit = number.after and read.marks[number.last + 1] & UNIT
    return not unit and read.words[number.first - 2] not in _PARENTS


def _said(read: Passage, number: _Number) -> bool:
    """``she was ninety-seven``, ``my patient (91)``."""
    if number.value < 12 and number.before in _CHILDREN and number.value > 0:
        end = read.ends[number.last]
        return read.between(number.first - 1).strip() in (",", "(") and read.text[end : end + 1] in (",", ")")
    if number.value < 12 or (number.after and read.marks[number.last + 1] & (UNIT | AGEWORD)):
        return False
    end = read.ends[number.last]
    if re.match(r"%|[/:.]\w", read.text[end : end + 2]) or number.after in _NOT_YEARS:
        return False
    first = number.first
    if number.before in ("was", "is", "turned", "nearly", "almost", "only") and first > 1:
        told = read.marks[first - 2] & (WEEKDAY | EVENT)
        return read.near(first, first, _SUBJECTS, before=12 if told else 3, after=0)
    enclosed = first and read.between(first - 1).strip() in ("(", ",") and read.text[end : end + 1] in ("),", ")", ",")
    several = number.before in _SEVERAL and number.value >= 80 and read.near(first, first, _ONE_OF, before=6, after=0)
    return bool(enclosed) and (several or number.before in _SUBJECTS)
