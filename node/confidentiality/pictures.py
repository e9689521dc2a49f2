"""Pictures of somebody cared for, or of what their name stands on, as alt texts and posts speak of them.

An alt text is of a picture whatever it says: ``described`` asks less of it than ``find`` of a post.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from itertools import pairwise

from node.confidentiality.findings import Finding, Kind, Verdict
from node.confidentiality.lists import listed
from node.confidentiality.needs import Need, Sign
from node.confidentiality.passage import Passage
from node.confidentiality.words import OWNER, PATIENT, PRONOUN, STAFF

FAR = 18  # words around a picture that are read with it
_PICTURE = listed(
    """
    photo photos photograph photographs picture pictures pic pics image images screenshot screenshots screengrab video
    footage cctv selfie snap clip closeup close llun lluniau fideo
    """
)
_NOT_SHOWN = listed("call calls consultation consultations link laryngoscope conference conferencing library booth")
_WRITTEN = listed(
    """
    wristband wristbands whiteboard kardex epr chart charts notes record handover badge nameboard bedboard monitor
    wristbands casenotes worklist screen label
    """
)  # what a name stands on
_TOLD = listed("name names named surname surnames face dob birth details readable legible visible identifiable")
_SEEN = listed(
    """
    face wound ulcer rash sore bruise bruises bruising burn burns heel sacrum leg legs arm arms foot feet skin scar
    stump body asleep sleeping lying naked crying falling slumped restrained fall fell trolley corridor floor wheelchair
    bed bay cubicle gown stoma tongue abdomen eye eyes scan xray glwyf clwyf sawdl wyneb friw coes
    """
)
_NOBODY = listed(
    """
    blank template demo dummy manikin mannequin mannequins manikins stock model models actor actors cartoon
    drawing drawings illustration diagram poster posters icon logo staged simulated simulation training consent
    consented agreed anonymised blurred redacted covered pixelated no without nobody never don't must should policy
    guidance guideline generated sample test removed certificate how where when if new design fields field format
    printer always teach teaching guide volunteer volunteers cropped permission colleague colleagues invented leaflet
    """
)  # beside which a picture is of nobody, or is spoken of in general
_ONE = listed("y ei the our this that her his their my little elderly old young")
_READ = listed("readable legible read visible")
_NAMED = listed("name names face surname surnames")
_DESCRIBED = listed("lies lying sits sitting stands standing asleep wearing holds holding looks looking leans walks")
_KNOWN_BY = listed("face camera tattoo wristband surname visible recognisable nametag")  # by which somebody is known
_BANDS = listed("wristband wristbands")
_BOARDS = listed("ward bed bay patient white name status handover glance")  # before a board with names
_ROOMS = listed("bay bays ward wards corridor beds trolleys")
_OCCUPIED = listed("visiting visitors mealtime background")  # who is in a room that is filmed, is seen

NEED: Need = (
    (Sign(words=_PICTURE), Sign(PATIENT | PRONOUN | OWNER, words=_WRITTEN)),
    (Sign(words=_READ), Sign(words=_NAMED), Sign(PATIENT, words=_BANDS)),
    (Sign(words=_PICTURE), Sign(words=frozenset(["board"])), Sign(words=_TOLD)),
    (Sign(words=_PICTURE | {"filmed"}), Sign(words=_ROOMS), Sign(words=_OCCUPIED)),
    (Sign(words=_DESCRIBED), Sign(words=_KNOWN_BY), Sign(PATIENT)),
)


def find(read: Passage) -> Iterator[Finding]:
    """What a picture shows of somebody: at most one finding."""
    for place, word in enumerate(read.words):
        if (word in _PICTURE and _shows(read, place)) or (word in _TAKEN and _occupied(read, place)):
            yield Finding(read.starts[place], read.ends[place], Kind.PICTURE, Verdict.HOLD)
            return
        seen = word in _DESCRIBED and not _KNOWN_BY.isdisjoint(read.vocabulary) and _described(read, place)
        if seen or (word in _READ and _can_be_read(read, place)):
            yield Finding(read.starts[place], read.ends[place], Kind.PICTURE, Verdict.HOLD)
            return


def described(read: Passage) -> Iterator[Finding]:
    """What an alt text says that its picture shows: somebody cared for, in what is said of a place or a body."""
    for place, mark in enumerate(read.marks):
        if mark & PATIENT and not mark & STAFF:
            here = _around(read, place)
            words = read.words[here.start : here.stop]
            if _NOBODY.isdisjoint(words) and not (_SEEN.isdisjoint(words) and _WRITTEN.isdisjoint(words)):
                yield Finding(read.starts[place], read.ends[place], Kind.PICTURE, Verdict.HOLD)
                return


_TAKEN = listed("filmed video footage photographed clip")
_REACH = 40  # words after a film in which it is told who is heard or seen


def _occupied(read: Passage, place: int) -> bool:
    """``our bay, filmed at visiting time``: a room with those who lie in it."""
    first = bisect_left(read.sentences, read.sentences[place], max(0, place - FAR), place)
    words = read.words[first : place + _REACH]
    occupied = any(one in _OCCUPIED and before in _WHEN for before, one in pairwise(words))
    return occupied and not _ROOMS.isdisjoint(words) and _EMPTY.isdisjoint(words)


_WHEN = listed("at during with over the")  # visiting time


_EMPTY = listed(
    """
    empty actor actors staged simulated simulation manikin manikins mannequin consent consented blurred volunteers
    policy permission agreed stock illustration cartoon animation training
    """
)


def _described(read: Passage, place: int) -> bool:
    """``An old man lies on a trolley, his face …``: the words of somebody who looks at a picture."""
    here = _around(read, place)
    words = read.words[here.start : here.stop]
    if not _NOBODY.isdisjoint(words) or _KNOWN_BY.isdisjoint(words) or _SEEN.isdisjoint(words):
        return False
    before = range(max(here.start, place - 4), place)
    return here.start >= place - 6 and any(read.marks[at] & PATIENT and not read.marks[at] & STAFF for at in before)


def _around(read: Passage, place: int) -> range:
    """The words of the sentence of a picture that are near it; ``Photo: …`` is one with what follows."""
    sentence = read.sentences[place]
    low, high = max(0, place - FAR), min(len(read.words), place + FAR)
    while low < place and read.sentences[low] != sentence:
        low += 1
    while high > place + 1 and read.sentences[high - 1] != sentence:
        high -= 1
    return range(low, high)


def _shows(read: Passage, place: int) -> bool:
    following = read.words[place + 1 : place + 2]
    if read.words[place] == "close" and following != ["up"]:
        return False
    here = _around(read, place)
    words = read.words[here.start : here.stop]
    if not (_NOBODY.isdisjoint(words) and _NOT_SHOWN.isdisjoint(following)):
        return False
    somebody = _somebody(read, here)
    if any(words[at] == "board" and words[at - 1] in _BOARDS for at in range(1, len(words))) and not _TOLD.isdisjoint(
        words
    ):
        return True
    if any(_portrayed(read, at) for at in range(place + 1, min(here.stop, place + _CLOSE))):
        return True
    written = any(one in _WRITTEN and (not at or words[at - 1] not in _OF_DATA) for at, one in enumerate(words))
    if written and (somebody or not _TOLD.isdisjoint(words)):
        return True
    return somebody and not _SEEN.isdisjoint(words)


_OF_DATA = listed("run control spc flow bar funnel driver")  # charts that nobody's name stands on


def _portrayed(read: Passage, place: int) -> bool:
    """``of the lady leaving``, ``of the patient's results``; not *of the patient lounge*."""
    mark = read.marks[place]
    if not mark & PATIENT or mark & STAFF or _ONE.isdisjoint(read.words[max(0, place - 3) : place]):
        return False
    following = "".join(read.words[place + 1 : place + 2])
    alone = place + 1 == len(read.words) or read.sentences[place + 1] != read.sentences[place]
    return alone or read.owned[place] or following in _AFTER or (following.endswith("ing") and following not in _NOUNS)


_AFTER = listed("in on at with who after before from when under beside next without by as asleep")
_NOUNS = listed("feeding nursing training meeting screening clothing building")
_CLOSE = 9  # words from a picture to whom it shows


def _somebody(read: Passage, here: range) -> bool:
    """Whether one person is meant, and not one of the staff."""
    told = theirs = False
    for place in here:
        mark = read.marks[place]
        one = mark & PATIENT and not mark & STAFF
        if one and not _ONE.isdisjoint(read.words[max(0, place - 3) : place]):
            told = True
        theirs = theirs or bool(mark & PRONOUN and not read.words[place].startswith("the"))  # they are several
    return told or (theirs and not any(read.marks[place] & STAFF for place in here))


def _can_be_read(read: Passage, place: int) -> bool:
    """``his name badge can be read``."""
    words = read.words
    if words[place] == "read" and words[max(0, place - 2) : place] != ["can", "be"]:
        return False
    if words[place] == "visible" and words[max(0, place - 1) : place] not in (["clearly"], ["is"], ["are"]):
        return False
    here = _around(read, place)
    near = words[here.start : here.stop]
    if _NAMED.isdisjoint(near[: place - here.start]) or not _NOBODY.isdisjoint(near):
        return False
    if words[place] == "readable" and not _BANDS.isdisjoint(near):
        return True
    return any(read.marks[at] & PATIENT and not read.marks[at] & STAFF for at in here)
