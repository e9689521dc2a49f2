"""Names that no list has, by how they are spoken of: whom we remember, whose complaint it is, who *asked*."""

from __future__ import annotations

from collections.abc import Iterator

from node.confidentiality.findings import Finding, Kind, Verdict
from node.confidentiality.lists import listed
from node.confidentiality.naming import NAMESAKES, end_of_name, name_like, public
from node.confidentiality.needs import CAPITAL, Need, Sign
from node.confidentiality.passage import Passage
from node.confidentiality.roles import ROLES
from node.confidentiality.words import (
    CLINICAL,
    COMMON,
    EVENT,
    INVENTED,
    ORG,
    OWNER,
    PATIENT,
    PERSONAL,
    PRAISE,
    PRONOUN,
    SLIP,
    STAFF,
    TITLE,
)

FAR = 16  # words after a name in which *he* and what befell him are looked for
_SAID_OF = listed(
    "about for remembering remember like with lost miss missed poor little old dear love loved of lovely and"
)
_AFTER = listed(
    """
    complaint family families inquest funeral boy girl baby twins lady death incident parents brothers sisters case
    """
)
_STARTED = listed(
    """
    was had lay sat asked cried begged waited fell came went died told said needed wanted kept couldn't didn't wasn't
    hadn't never only got spent left lost walked stopped woke tried thought rang screamed loved used stayed slept ate
    drank choked refused
    """
)
_NOT_SO = listed("says writes wrote argues published inquiry report model theory rule law scale score book paper talk")
_WORKS = (ROLES | _NOT_SO) - {"talk", "lead", "volunteer", "ward", "review", "charter"}
_DEARLY = listed("remembering remember poor little old dear lovely miss")
NEED: Need = ((Sign(CAPITAL), Sign(PRONOUN | OWNER, words=_AFTER)),)
_SURE = STAFF | PRAISE | ORG | INVENTED | TITLE


def find(read: Passage) -> Iterator[Finding]:
    """Names of somebody cared for that are not among those we know."""
    if not read.seen & (PRONOUN | OWNER | PATIENT | EVENT | SLIP | CLINICAL):
        return
    done = -1
    for place in read.capitals:
        if read.marks[place] & COMMON or place <= done or not _could_be(read, place):
            continue
        last = end_of_name(read, place)
        cited = not NAMESAKES.isdisjoint(read.words[place : last + 2]) or public(read, place, last)
        if not cited and _spoken_of(read, place, last):
            yield Finding(read.starts[place], read.ends[last], Kind.PATIENT_NAME, Verdict.HOLD)
        done = last


def _could_be(read: Passage, place: int) -> bool:
    word = read.words[place]
    return len(word) > 3 and name_like(read, place) and not read.original(place).isupper() and word not in NAMESAKES


def _spoken_of(read: Passage, first: int, last: int) -> bool:
    if read.near(first, last, _WORKS, before=4, after=3) or read.marks[first - 1 if first else 0] & TITLE:
        return False
    after = read.words[last + 1 : last + 3]
    if not after:
        return False
    before = read.words[first - 1] if first and not read.begins_sentence(first) else ""
    if before in ("the", "that") and after[:1] and after[0] in _AFTER and after[0] != "case":
        return bool(_around(read, first, last) & (PRONOUN | EVENT | SLIP | PERSONAL))
    told = _around(read, first, last)
    if told & _SURE or not told & (PRONOUN | OWNER):
        return False
    harmed = bool(told & (EVENT | SLIP | CLINICAL))
    if before in _SAID_OF or (not before and _STARTED.intersection(after[:2])):
        return (harmed or not before or before in _DEARLY) and _then(read, last)
    return before in ("for", "about", "with", "to", "") and after[:1] == ["who"] and read.between(last).strip() == ","


def _around(read: Passage, first: int, last: int) -> int:
    """The marks around a name, those of the next sentence too."""
    found = 0
    sentence = read.sentences[last]
    for place in range(max(0, first - 8), min(len(read.words), last + FAR)):
        if read.sentences[first] <= read.sentences[place] <= sentence + 1 and not first <= place <= last:
            found |= read.marks[place]
    return found


def _then(read: Passage, last: int) -> bool:
    """Whether *he* or *she* follows, and is the one named: not *the nurse … she*."""
    return not {"he", "she", "him", "her", "his"}.isdisjoint(read.words[last + 1 : last + FAR])
