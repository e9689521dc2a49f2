"""What few people are, have or did: fame, callings, origins, rare conditions, events that were in the papers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from node.confidentiality.clues import Clue, What
from node.confidentiality.lists import listed
from node.confidentiality.needs import Need, Sign
from node.confidentiality.passage import Passage
from node.confidentiality.patterns import Pattern, opening
from node.confidentiality.words import CALLING, FAME, FIGURE, NUMBER, ODD, ORIGIN, RELATIVE, STAFF

_UNIQUE = listed("only sole last youngest oldest eldest tallest heaviest")
_BEFORE_UNIQUE = listed("the our his her town county an s village")
_SOMEONE = listed(
    """
    person patient man woman family child boy girl baby resident one adult lady gentleman couple twin survivor
    people household teenager student recipient somebody someone mother father transgender deaf blind black chinese
    wheelchair user registered speaker carrier dwarf amputee diver survivor sufferer
    """
)
_ANYWHERE = listed(
    """
    ever county country uk wales scotland england britain world region island valley europe district nation town
    """
)
_HERE = _ANYWHERE | {"our", "area", "trust"}
_DOES = listed(
    """
    keeps runs owns drives plays sings teaches reads presents delivers won invented wrote built conducts rings sells
    mends
    """
)
_VEHICLES = listed(
    """
    trawler coach bus train tram minibus helicopter ferry tractor quarry factory farm plane motorway rally boat
    shipyard mine school climbing mountain rowing cycling mining fishing barn
    """
)
_LOCAL = listed(
    """
    local village town our parish retired former primary prison island school convent monastery road abbey
    """
)
_CLINICAL = listed(
    """
    transplant tpn ecmo lvad hiv haemophilia haemophiliac porphyria albinism malaria tb amputee quadriplegic
    """
)
SEVERAL = listed("quads quins sextuplets quadruplets conjoined siamese")
_MUSCLES = listed("hamstrings hamstring glutes calves muscle muscles exercise exercises stretch stretches physio")
_GAMES = frozenset(["olympics", "paralympics", "eurovision"])
_ORDINARY = listed("fire lightning rare unique collapse crash tb trans")
_GENERAL = listed("a no for the is are very fire of with to")
_CHIEFS = listed("chief ward clinical medical mayor nursing")
_PRESS = listed("papers news newspaper headlines television telly tv gazette echo petition radio")
_OF_WHAT = listed("world national british welsh scottish commonwealth european olympic boxing darts former")
_PRIZES = frozenset(["medal", "trophy"])
_WINS = frozenset(["won", "gold", "silver", "bronze", "olympic"])
_KNOWN = frozenset(["known", "famous", "renowned", "celebrated", "viral"])
_CRASHES = frozenset(["accident", "disaster", "collision", "rescue"])

_SAYING = listed("first everyone everybody all who she he just champion").union(
    _UNIQUE, _KNOWN, _PRIZES, _CRASHES, _PRESS
)


def _beside(first: Iterable[str], second: Iterable[str]) -> Sign:
    """One of some words right before one of others."""
    return Sign(opens=(opening(f"{' '.join(first)}: {' '.join(second)}"),))


_ONE = Sign(words=_SOMEONE)
NEED: Need = (
    (Sign(FAME | CALLING | ODD | ORIGIN),),
    (_beside(_BEFORE_UNIQUE, _UNIQUE), _ONE),
    (Sign(words=frozenset(["only", "first", "just"])), _ONE, Sign(words=_HERE)),
    (_beside(["everybody", "everyone", "all"], ["know", "knows"]),),
    (_beside(["who", "she", "he"], _DOES),),
    (Sign(words=_KNOWN - {"known"}, opens=(opening("well locally nationally best: known"),)),),
    (Sign(words=frozenset(["champion"])), Sign(words=_OF_WHAT)),
    (Sign(words=_PRIZES), Sign(words=_WINS)),
    (_beside(_VEHICLES, _CRASHES),),
    (_beside(["the", "local", "national", "on", "evening"], _PRESS),),
    (Sign(RELATIVE), _beside(["of"], ["our", "the", "a", "one"])),
)


def may_be(read: Passage) -> bool:
    """Whether a text has a word that something rare can begin with."""
    return bool(read.seen & (FAME | CALLING | ODD | ORIGIN | RELATIVE)) or not read.vocabulary.isdisjoint(_SAYING)


def find(read: Passage, places: Sequence[int]) -> Iterator[Clue]:
    """Everything rare that a text says of somebody; ``places`` are the words that may begin it."""
    if not may_be(read):
        return
    marks, words = read.marks, read.words
    for place in places:
        if marks[place] & (FAME | CALLING | ODD | ORIGIN):
            clue = _word(read, place)
        elif words[place] in _SAYING or marks[place] & RELATIVE:
            clue = _said(read, place)
        else:
            continue
        if clue:
            yield clue


def _word(read: Passage, place: int) -> Clue | None:
    mark, word = read.marks[place], read.words[place]
    if place and read.ends[place - 1] == read.starts[place]:
        return None  # the letters of a code: QX4 7TB
    if word == "quads" and read.near(place, place, _MUSCLES, before=8, after=8):
        return None
    if word == "hunger" and read.words[place + 1 : place + 2] != ["strike"]:
        return None
    owned = read.owned[place] and place + 1 < len(read.words) and read.marks[place + 1] & RELATIVE
    if owned and mark & (FAME | CALLING):
        return Clue(What.RARE, place, place + 1, 3.0, group="kin")  # the MP's mother
    if mark & FAME:
        return Clue(What.RARE, place, place, 2.0 if word in _GAMES else 2.8, group="fame")
    if mark & CALLING:
        local = read.near(place, place, _LOCAL, before=3, after=5)
        return Clue(What.RARE, place, place, 2.5 if local else 1.7, group="calling")
    if mark & ORIGIN:
        return Clue(What.RARE, place, place, 1.2, group="origin")
    if word in SEVERAL:
        return Clue(What.RARE, place, place, 4.0, group="several")
    if word in _ORDINARY and place and read.words[place - 1] in _GENERAL:
        return Clue(What.RARE, place, place, 0.8, group="odd")
    return Clue(What.RARE, place, place, 1.5, group="odd:clinical" if word in _CLINICAL else "odd:event")


def _said(read: Passage, place: int) -> Clue | None:
    word = read.words[place]
    before = read.words[place - 1] if place else ""
    if word in _UNIQUE:
        return _unique(read, place, before)
    if read.marks[place] & RELATIVE:
        return _kin(read, place)
    if word == "first" and read.near(place, place, _ANYWHERE, before=0, after=9):
        return Clue(What.RARE, place, place, 3.0, group="only") if _somebody(read, place) else None
    if word in ("everybody", "everyone", "all") and read.words[place + 1 : place + 2] in (["knows"], ["know"]):
        whom = read.words[place + 2 : place + 3] in (["her"], ["him"], ["who"], ["them"])
        return Clue(What.RARE, place, place + 2, 2.0, group="known") if whom else None
    if word in ("who", "she", "he") and place + 2 < len(read.words) and read.words[place + 1] in _DOES:
        doing = read.words[place + 2] in ("the", "our", "a", "in", "for")
        return Clue(What.RARE, place, place + 2, 1.5, group="does") if doing else None
    if word == "just" and read.words[place + 1 : place + 2] == ["one"]:
        one = _somebody(read, place) and read.near(place, place, _ANYWHERE, before=0, after=7)
        return Clue(What.RARE, place, place + 1, 3.0, group="only") if one else None
    return _told(read, place, before)


def _told(read: Passage, place: int, before: str) -> Clue | None:
    word = read.words[place]
    if word in _KNOWN and (word != "known" or before in ("well", "locally", "nationally", "best")):
        return Clue(What.RARE, place - (word == "known"), place, 1.5, group="fame:known")
    if word == "champion" and read.near(place, place, _OF_WHAT, before=3, after=1):
        return Clue(What.RARE, place, place, 2.8, group="fame")
    if word in _PRIZES and read.near(place, place, _WINS, before=4, after=1):
        return Clue(What.RARE, place, place, 1.5, group="medal")
    if word in _CRASHES and before in _VEHICLES:
        return Clue(What.RARE, place - 1, place, 3.0, group="odd:event")
    if word in _PRESS and before in ("the", "local", "national", "on", "evening"):
        return Clue(What.RARE, place, place, 1.5, group="press")
    return None


def _somebody(read: Passage, place: int) -> bool:
    return read.near(place, place, _SOMEONE, before=0, after=4)


def _unique(read: Passage, place: int, before: str) -> Clue | None:
    """``the only person in the valley``, ``our oldest patient``, ``only one family in our town``."""
    words = read.words
    end = min(place + 1, len(words) - 1)
    few = words[place] == "only" and words[place + 1 : place + 2] != ["one"] and read.marks[end] & (FIGURE | NUMBER)
    if few and _somebody(read, place) and read.near(place, place, _ANYWHERE, before=0, after=9):
        return Clue(What.RARE, place, end, 3.0, group="several")
    if word_is_one(words, place) and read.near(place, place, _HERE, before=0, after=7):
        return Clue(What.RARE, place, end, 2.5, group="only")
    if before in _BEFORE_UNIQUE and _AGED.match(read.text, read.ends[place]):
        return Clue(What.RARE, place, end, 1.5, group="only")  # the youngest (five weeks)
    if before not in _BEFORE_UNIQUE or not _somebody(read, place):
        return None
    if words[place] == "last":
        last = read.near(place, place, _ANYWHERE, before=0, after=9)
        return Clue(What.RARE, place, end, 3.0, group="only") if last else None
    only = words[place] in ("only", "sole")
    narrow = before == "our" or read.near(place, place, _HERE - {"our"}, before=0, after=7)
    return Clue(What.RARE, place, end, 1.5 if not only else 3.0 if narrow else 2.5, group="only")


_AGED = Pattern(r"\s?[(,]\s?(?:aged\s|only\s)?(?:\d{1,3}|[a-z]{3,9})\s(?:years?|months?|weeks?|days?)\b", re.IGNORECASE)


def word_is_one(words: list[str], place: int) -> bool:
    """Whether ``only one`` and somebody follow."""
    return words[place : place + 2] == ["only", "one"] and place + 2 < len(words) and words[place + 2] in _SOMEONE


def _kin(read: Passage, place: int) -> Clue | None:
    """``the mother of our chief executive``."""
    words = read.words
    if words[place + 1 : place + 2] != ["of"] or place + 3 >= len(words):
        return None
    if words[place + 2] not in ("our", "the", "a", "one"):
        return None
    known = read.marks[place + 3] & STAFF or words[place + 3] in _CHIEFS
    return Clue(What.RARE, place, place + 3, 3.0, group="kin") if known else None
