"""Where somebody lives, and the car that stands before it: postcodes, streets, number plates."""

from __future__ import annotations

import re
from collections.abc import Iterator

from node.confidentiality.findings import Finding, Kind, Verdict
from node.confidentiality.lists import listed
from node.confidentiality.needs import PLACED, POSTAL, Need, Sign
from node.confidentiality.passage import Passage
from node.confidentiality.patterns import Pattern
from node.confidentiality.words import (
    COMMON,
    EVENT,
    FAMILY,
    FIGURE,
    GIVEN,
    HOME,
    MONTH,
    NEARDAY,
    ORG,
    PATIENT,
    PERSONAL,
    RELATIVE,
    SLIP,
    STREET,
    WEEKDAY,
)

MOST_STREET = 4  # words between a house's number and what kind of street it is
_POSTCODE = Pattern(
    r"(?<![A-Za-z0-9])([A-Za-z]{1,2}\d[A-Za-z\d]?)([ \t]{0,2})(\d[A-Za-z]{2})(?![A-Za-z0-9])"
)  # the shape of BS 7666, made-up areas included
_INWARD = Pattern(r"\d[A-Za-z]{2}(?![A-Za-z0-9])")  # the end of each of them
_PLATE = Pattern(
    r"""(?<![A-Za-z0-9])(?:[A-Za-z]{2}\d{2}[ ]?[A-Za-z]{3}|[A-Z][ ]?\d{1,3}[ ]?[A-Z]{3}|[A-Z]{3}[ ]?\d{1,4}[ ]?[A-Z]?)
    (?![A-Za-z0-9])""",
    re.VERBOSE,
)  # since 2001, before 1983 and of Northern Ireland
_CAR = listed(
    """
    car reg registration vehicle van plate plates motorbike lorry taxi driving drove driver numberplate fiesta bmw
    audi ford astra corsa golf mini volvo toyota nissan vauxhall honda scooter moped tractor minibus cab bike
    carrier beetle transit polo corolla yaris clio micra qashqai corsa zafira focus mondeo jaguar jag porsche
    tesla dacia suzuki defender landrover jeep campervan camper motorhome truck pickup suv coupe convertible drives
    parking driven clamped wheels trike quad motorcycle
    volkswagen vw mercedes kia hyundai skoda fiat peugeot renault citroen rover estate hatchback saloon parked
    """
)
_LIVES = listed("lives lived living home discharged byw resides residing moved bungalow housebound homeless")
_ROOMS = listed(
    """
    room rooms code codes suite ward cupboard bin shelf model part ref drawer version store bay form forms trolley
    trolleys pump pumps mattress bed beds cabinet locker desk level floor theatre kit tray pack item size batch lot
    hoist serial sku product type zone firmware software release sticker chart template policy asset tag
    """
)
_FOLLOWED = listed("form forms room rooms trolley pump model mattress template kit pack tray")
_PUBLIC = listed(
    """
    industrial stores deliveries business reception conference venue office parking entrance write satnav study
    webinar workshop event hospital trust university college centre hq museum hotel pathology samples laboratory
    write send post posted address pals headquarters department dept c switchboard directorate council library campus
    site building charity fund donations cheques registered company contact find join held hosted open opens surgery
    practice pharmacy depot warehouse campus estates postal us shop shops volunteers market freepost
    complain complaints team experience forum group stall cafe chapel network forms samples parcels returns
    """
)
_POSTED = listed("write freepost post posted send address returns forms")
_NOT_ALONE = listed("house court view green park place square hill rise row estate st flat flats cottage")
_SURE = listed("street road avenue lane drive crescent terrace gardens heol stryd ffordd rd ave cottages mews grove")

NEED: Need = (
    (Sign(POSTAL),),
    (Sign(words=_CAR), Sign(FIGURE)),
    (Sign(words=frozenset(["townland"])),),
    (Sign(STREET), Sign(FIGURE | PLACED)),
)


def find(read: Passage) -> Iterator[Finding]:
    """Every address, postcode and number plate that is somebody's own."""
    if read.digits >= 2:
        if _INWARD.search(read.text) and not _announced(read):
            yield from _postcodes(read)
        if not read.vocabulary.isdisjoint(_CAR):
            yield from _plates(read)
    if read.seen & STREET:
        yield from _addresses(read)
    if "townland" in read.vocabulary:
        yield from _townlands(read)


def _postcodes(read: Passage) -> Iterator[Finding]:
    for match in _POSTCODE.finditer(read.text):
        first, last = read.span(*match.span())
        marks = read.about(first, last, before=22, after=10)
        lives = read.near(first, last, _LIVES, before=14, after=8)
        capitals = match[0].upper() == match[0]
        if not match[2] and not (capitals and marks & HOME):
            continue  # one word: a code of a product more often
        if not (capitals or lives or marks & (HOME | STREET | PERSONAL)):
            continue
        if _of_a_thing(read, first, last):
            continue
        if lives or not _of_an_organisation(read, first, last, marks):
            yield Finding(*match.span(), Kind.POSTCODE, Verdict.HOLD)


def _of_a_thing(read: Passage, first: int, last: int) -> bool:
    """``form QX3 9ZB``, ``room E4 2AB``."""
    return read.near(first, last, _ROOMS, before=2, after=0) or read.near(first, last, _FOLLOWED, before=0, after=1)


def _of_an_organisation(read: Passage, first: int, last: int, marks: int) -> bool:
    public = marks & ORG or read.near(first, last, _PUBLIC, before=20, after=10)
    return bool(public) and (not marks & PATIENT or read.near(first, last, _POSTED, before=20, after=4))


def _plates(read: Passage) -> Iterator[Finding]:
    for match in _PLATE.finditer(read.text):
        first, last = read.span(*match.span())
        if read.near(first, last, _CAR, before=8, after=5):
            yield Finding(*match.span(), Kind.VEHICLE, Verdict.HOLD)


_FOUND = listed("him her them crew house lives lived home ambulance discharged visit visited neighbour")


def _townlands(read: Passage) -> Iterator[Finding]:
    """``the townland of Drumnaquilly``: what stands for a street in much of Northern Ireland."""
    for place, word in enumerate(read.words[:-1]):
        if word != "townland":
            continue
        last = place + 1 + (read.words[place + 1] == "of")
        named = last < len(read.words) and read.capital(last) and not read.marks[last] & COMMON
        if named and read.near(place, last, _FOUND, before=16, after=10):
            yield Finding(read.starts[place], read.ends[last], Kind.ADDRESS, Verdict.HOLD)


_EVENTS = listed(
    """
    welcome rsvp register tickets doors refreshments conference workshop webinar symposium meetup agm lunch
    breakfast seminar masterclass festival launch speakers programme join join'ch croeso venue booking meet
    exhibition fair cafe launches networking stall cake raffle fundraiser picnic cyfarfod digwyddiad
    neuadd lecture agored     """
)
_DATED = MONTH | WEEKDAY | NEARDAY
_INVITED = Pattern(
    r"\bcome along|\bdrop[ -]in|\bfree (?:tea|lunch|coffee|entry|event|first aid|parking)"
    r"|\bbring (?:a|one|your)\b|\bsave the date\b"
)
_OF_SOMEBODY = listed(
    """
    he she her his him lives lived patient's pt nok daughter son wife husband crew ambulance carer carers delivered sent
    wrong nobody home address gp door neighbour oxygen keys gave given missed waited resident claf
    """
)


def _announced(read: Passage) -> bool:
    """Whether a text is the announcement of something that takes place."""
    said = not read.vocabulary.isdisjoint(_EVENTS) or _INVITED.search(read.small)
    if read.seen & (EVENT | SLIP) or not said:
        return False
    if not read.vocabulary.isdisjoint(_OF_SOMEBODY):
        return False
    return bool(read.seen & _DATED) or not read.vocabulary.isdisjoint(("am", "pm", "doors", "gloch", "dydd", "noon"))


def _addresses(read: Passage) -> Iterator[Finding]:
    done = 0
    for place, mark in enumerate(read.marks):
        if not mark & STREET or place <= done:
            continue
        first, last = _beginning(read, place), place
        if first is None and read.words[place] in _FIRST:
            first, last = _led(read, place)
        if first is not None and _somebodys(read, first, last):
            if _announced(read):
                return
            done = last
            yield Finding(read.starts[first], read.ends[last], Kind.ADDRESS, Verdict.HOLD)


_AT_HOME = Pattern(r"\bat\s[A-Z]\w{2,15}'s\b(?!\s(?:house|hospital|church|hall|college|ward))[^.!?\n]{0,24}\Z")
_HOST = 50  # characters before an address in which somebody is named whose home it is: at Ffion's this time, 3 ...


def _somebodys(read: Passage, first: int, last: int) -> bool:
    if read.near(first, last, _LIVES, before=14, after=6):
        return True
    start = read.starts[first]
    if "at" in read.vocabulary and _AT_HOME.search(read.text, max(0, start - _HOST), start):
        return True
    about = read.about(first, last, before=20, after=8)
    on = read.words[first - 1 if first else 0] in ("on", "in")
    if on and about & HOME and about & (PATIENT | RELATIVE) and not about & ORG:
        return True
    if read.words[first].isdigit() and read.about(first, first, before=3, after=0) & (PATIENT | RELATIVE):
        return True
    if (
        first
        and read.words[first - 1] in ("at", "from")
        and read.about(first, last, before=5, after=0) & (PATIENT | RELATIVE)
    ):
        return not about & ORG
    if not read.words[first].isdigit() or about & ORG or read.near(first, last, _PUBLIC, before=16, after=8):
        return False
    return bool(about & (HOME | PATIENT | RELATIVE)) or read.capital(last)


_FIRST = listed("ffordd heol lon lôn stryd maes rhodfa clos cwrt trem")  # stand before the name of a street


def _led(read: Passage, place: int) -> tuple[int | None, int]:
    """``7 ffordd y bryn``, ``Lon Capel``."""
    last = place
    for at in range(place + 1, min(len(read.words), place + MOST_STREET)):
        if read.between(at - 1) != " " or read.sentences[at] != read.sentences[place]:
            break
        if not read.capital(at) and read.words[at] not in ("y", "yr", "bryn", "felin", "capel", "eglwys", "ysgol"):
            break
        last = at
    numbered = place > 0 and read.words[place - 1].isdigit() and read.between(place - 1).strip(" ,") == ""
    if last == place or not (numbered or (read.capital(place) and read.capital(last))):
        return None, place
    return place - numbered, last


def _beginning(read: Passage, place: int) -> int | None:
    """Where the address begins that ends with a kind of street: at its number, or at its name."""
    words = read.words
    at = place - 1
    while at >= 0 and place - at <= MOST_STREET and read.sentences[at] == read.sentences[place]:
        gap = read.between(at)
        if "\n" in gap or len(gap) > 2:
            return None
        if words[at].isdigit() and len(words[at]) <= 4:
            return at if _house(read, at, place) else None
        if not _part(read, at):
            break
        at -= 1
    named = at + 1 < place and read.capital(place) and read.capital(at + 1)
    return at + 1 if named and words[place] not in _NOT_ALONE else None


def _part(read: Passage, place: int) -> bool:
    """Whether a word can stand between the number of a house and its street; ``b`` of ``12b``."""
    if len(read.words[place]) == 1:
        return place > 0 and read.words[place - 1].isdigit()
    mark = read.marks[place]
    return read.capital(place) or not mark & COMMON or bool(mark & (FAMILY | GIVEN | STREET))


def _house(read: Passage, number: int, place: int) -> bool:
    """A number, a name and a kind of street: with capitals, or a street that is nothing else."""
    name = number + 1
    if name < place and len(read.words[name]) == 1:
        name += 1
    if name >= place or read.between(number).strip(" ,"):
        return False
    sure = read.words[place] in _SURE and not read.marks[name] & COMMON
    return sure or read.capital(place) or read.capital(name)
