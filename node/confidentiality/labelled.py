"""Numbers of hospitals and of reports: a label, what joins it, and a number, in either order.

The text is read word by word from each label on: a word for number, words and signs that join, then the number; or a
number and then ``on Datix``, ``is her hospital number``. Which figures are enough is said by the table of ``labels``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from node.confidentiality import dummies
from node.confidentiality.findings import Finding, Kind, Verdict
from node.confidentiality.labels import (
    ABBREVIATED,
    COUNTED,
    COUNTING,
    FILLING,
    IN_PATHS,
    KEPT_IN,
    LINKING,
    NEVER,
    OTHERS,
    OWN,
    SAYING,
    SECONDS,
    STATUTE,
    TABLE,
    TELLING,
    WORDS,
    Label,
)
from node.confidentiality.lists import listed
from node.confidentiality.numbers import LENGTH
from node.confidentiality.passage import Passage
from node.confidentiality.patterns import Pattern
from node.confidentiality.words import FIGURE, PATIENT, PRONOUN, RELATIVE, UNIT

LINK = 200  # characters of a link
MOST_BETWEEN = 7  # words between a label and its number
_GAP = Pattern(r"[ \t:=\-#№°)([,.\"'|<>/_]{0,6}\n?[ \t]{0,2}")
_PAIR = Pattern(r"[ /\-.&]{0,3}")
_NUMBER = Pattern(
    r"""(?P<letters>(?:[A-Za-z]{1,5}\d?\s?[\-/]\s?){0,2}(?:[A-Za-z]{1,5}[\-/,.]?|[A-Z]{1,3}\d?\ )?)
    (?P<figures>(?:\d+[A-Za-z]{1,4}(?=\d)){0,3}\d+[A-Za-z]?
      (?:[\-/](?=[A-Za-z]{0,11}\d|[A-Za-z]{1,3}\b)[\dA-Za-z]{1,12}|\s[\-/]\s?\d{1,12}|[._](?:\d{2,9}|[A-Z]\b)
        |\ \d{2,7}(?![\dA-Za-z%]|\s?%)){0,4}
    |\d(?:[ .\-]\d){4,8})
    (?![^\W_]|[.,:]\d|\s?%)""",
    re.VERBOSE,
)
_BEFORE = Pattern(
    r"(?<![^\W_])(?<![/.\-£$€,+])"
    r"(?:[A-Za-z]{0,3}[\-/]?\d{4,9}[A-Za-z]?|(?:\d{4}|\d\d)[\-/]\d{3,7}|\d{2,3}([ \-])\d{2,3}\1\d{2,3})\Z"
)
_YEAR = r"(?:19|20)\d\d"
_YEARS = Pattern(
    rf"{_YEAR}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])|{_YEAR}(?:\s?[\-/ ]\s?(?:{_YEAR}|\d\d))*|(?:{_YEAR}){{1,3}}|\d\d/\d\d"
)
_DATE = r"(?:[0-2]?\d|3[01])[\-/.](?:0?\d|1[0-2])[\-/.]\d{2,4}|\d{4}[\-/]\d\d[\-/]\d\d"
_DAY = Pattern(_DATE)
_MONTHS = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]{0,6}"
_WHEN = Pattern(
    rf"(?:\d{{1,2}}(?:st|nd|rd|th)?\s(?:of\s)?{_MONTHS}(?:\s\d{{4}})?|{_MONTHS}\s\d{{1,2}}(?:st|nd|rd|th)?"
    rf"|{_DATE}|\d{{1,2}}[:.]\d\d(?:\s?[ap]m)?)(?!\w|[.,:/\-]\d)",
    re.IGNORECASE,
)  # a day or an hour, which may stand before the number of a report: on LFPSE on 6 June, reference 7H2-KQ-0418
_TELEPHONE = Pattern(r"\(?0\d{2,4}\)?[ \-]\d{3,4}[ \-]?\d{3,4}|0\d{10}")
_DOSED = Pattern(r"\s?(?:mg|mcg|ml|iu|units?|k|m|bn|million|kg|mmol|bpm)\b", re.IGNORECASE)
_REGISTERED = Pattern(r"(?:NCT|ISRCTN|NIHR|CVE|ISO|BS|EN|IEC|NG|CG|QS|TA|PMC)\b", re.IGNORECASE)
_ENDS = Pattern(r"\.\s")
_SOMEBODYS = PATIENT | PRONOUN | RELATIVE
_MACHINES = listed(
    """
    ticket tickets servicenow jira helpdesk desk version versions release released build patch firmware software upgrade
    upgraded changelog bug bugs grant grants award awards funder funded funding nihr wellcome ukri mrc isrctn invoice
    printer printers router server servers wifi login logins tablets scanners bank bacs charity
    procurement catalogue
    """
)  # beside which a number is that of a thing


def find(read: Passage) -> Iterator[Finding]:
    """Every number of a hospital or a report that has a label."""
    here = read.vocabulary & WORDS
    if not here:
        return
    done = 0
    for place in [place for place, word in enumerate(read.words) if word in here]:
        if read.starts[place] < done:
            continue
        label, last = _label(read, place)
        if label is None or _part(read, place):
            continue
        found = _after(read, place, last, label) or _before_it(read, place, last, label)
        if found and not _another(read, *found):
            done = found[1]
            if not dummies.nobodys(read, *found, re.sub(r"\D", "", read.text[found[0] : found[1]])):
                yield Finding(*found, label.kind, Verdict.HOLD)


def _part(read: Passage, place: int) -> bool:
    """Whether what looks like a label is a part of a longer word, or of a link that is not to a patient."""
    start = read.starts[place]
    if start and read.text[start - 1].isalnum():
        return True
    before = read.text[max(0, start - LINK) : start].split(" ")[-1]
    return ("://" in before or "www." in before) and read.words[place] not in IN_PATHS


def _label(read: Passage, place: int) -> tuple[Label | None, int]:
    """The label that begins at a word, and its last word."""
    word = read.words[place]
    if place + 1 < len(read.words) and read.words[place + 1] in SECONDS and _PAIR.fullmatch(read.between(place)):
        pair = TABLE.get(f"{word}-{read.words[place + 1]}")
        if pair:
            return pair, place + 1
    return TABLE.get(word) or OWN.get(word), place


def _after(read: Passage, first: int, last: int, label: Label) -> tuple[int, int] | None:
    """Where the number stands that follows a label."""
    words, marks = read.words, read.marks
    said = label.whole or _number_of(read, first)
    at, strange = last, False
    for _ in range(MOST_BETWEEN):
        if at + 1 >= len(words):
            return None
        gap = read.between(at)
        if not _GAP.fullmatch(gap) or (_ENDS.match(gap) and words[at] not in ABBREVIATED):
            return None
        said = said or gap == "=" or (gap == "/" and words[first] in IN_PATHS) or not _NUMERAL.isdisjoint(gap)
        at += 1
        passed = _passed(read, at, label, aside=gap.endswith("("))
        word = words[at]
        if passed is not None:
            at = passed
        elif word in SAYING and not _glued(read, at):
            said = True
        elif marks[at] & FIGURE or (_leads(read, at) and _NUMBER.match(read.text, read.starts[at])):
            if strange and not (words[at - 1] in TELLING or words[at - 1] in SAYING or gap.strip() in _TOLD):
                return None
            glued = at == last + 1 and (gap in ("_", "-") or (len(gap) < 2 and words[first] in _PREFIXES))
            return _judged(read, at, first, label, said=said, glued=glued, far=strange)
        elif word not in (FILLING if said else LINKING):
            if not said and not label.system and label.alone > _SURE:
                return None
            strange = True
    return None


def _passed(read: Passage, place: int, label: Label, *, aside: bool) -> int | None:
    """The last word of what is passed over: an aside, or a day or an hour of a report, that begins at a word."""
    last = _aside(read, place) if aside else None
    if last is not None or label.kind is not Kind.RECORD_LINK:
        return last
    when = _WHEN.match(read.text, read.starts[place])
    return read.index(when.end()) - 1 if when else None


_TOLD = (",", ":", "=", "(", "-")  # right before a number that stands far from its label
_SURE = 4  # figures that are enough beside a label that is of nothing else


def _number_of(read: Passage, first: int) -> bool:
    """``number on the wristband``."""
    for place in range(first - 1, max(-1, first - 4), -1):
        word = read.words[place]
        if word in ("rhif", "cyfeirnod") or (word in ("number", "no") and place < first - 1):
            return read.sentences[place] == read.sentences[first]
        if word not in _OF:
            return False
    return False


_OF = listed("on the her his their of a y yr")
_NUMERAL = frozenset("#№°")


def _aside(read: Passage, place: int) -> int | None:
    """The last word of what stands in brackets, where there is no figure among them: *(on both bottles)*."""
    for at in range(place, min(place + 5, len(read.words) - 1)):
        if read.words[at] in SAYING:
            return None
        if read.marks[at] & FIGURE:
            number = _NUMBER.match(read.text, read.starts[at])
            if number and sum(map(str.isdigit, number[0])) > _SHORT:
                return None
        if read.between(at).startswith(")"):
            return at
    return None


_SHORT = 3  # figures that are no number of anybody: (999 call)


def _glued(read: Passage, place: int) -> bool:
    """``web204417``: a word that is a part of the number; not ``hospital_number-RTK77120``."""
    return (
        read.words[place] not in _NUMBERS and read.between(place) in ("", "-") if place + 1 < len(read.words) else False
    )


_NUMBERS = listed("number numbers no nos num id ids ref")


def _leads(read: Passage, place: int) -> bool:
    """Whether a short word can be the letters of a number."""
    return len(read.words[place]) <= 5 and any(mark & FIGURE for mark in read.marks[place + 1 : place + 3])


def _judged(
    read: Passage, at: int, first: int, label: Label, *, said: bool, glued: bool, far: bool
) -> tuple[int, int] | None:
    """Where a number stands at a word, if its shape is one that the label asks for."""
    match = _NUMBER.match(read.text, read.starts[at])
    if not match:
        return None
    written = match[0]
    figures = sum(one.isdigit() for one in written)
    parted = "/" in written or ("-" in written and (label.alone < NEVER or figures >= _PARTED))
    coded = parted or any(one.isalpha() for one in written) or (glued and read.words[first] in _IN_FILES)
    least = min(label.alone, label.coded if coded else label.alone, label.said if said else label.alone)
    if figures < least or _years(written) or _REGISTERED.match(written) or _TELEPHONE.fullmatch(written):
        return None
    if far and not ((said or label.alone <= _SURE) and _FAR <= figures < LENGTH and not _plural(read, first)):
        return None
    if not said and (_DAY.fullmatch(written) or _others(read, first, at, match.end(), written)):
        return None
    if "note" in read.words[first] and _DAY.fullmatch(written):
        return None
    return None if _counts(read, match.end(), written) else match.span()


_FAR = 5  # figures of a number with other words between it and its label


def _plural(read: Passage, first: int) -> bool:
    """``patient numbers``: how many there are."""
    return not _SEVERAL.isdisjoint(read.words[first : first + 3])


def _years(written: str) -> bool:
    """``2024``, ``2024/25``, ``2023 8830``: years, not a number; ``2025/88`` is one."""
    if _YEARS.fullmatch(written):
        return not _PARTS.fullmatch(written) or int(written[-2:]) in (int(written[2:4]) + 1, int(written[2:4]))
    return bool(_YEAR_THEN.match(written))


_SEVERAL = listed("numbers patients ids references complaints")
_PARTS = Pattern(r"\d{4}/\d\d")
_YEAR_THEN = Pattern(r"(?:19|20)\d\d(?:[\-/]\d\d)?\s\d")
_PREFIXES = listed("inc si sui psii")  # which are a part of what follows: INC-204417
_IN_FILES = _PREFIXES | listed("incident complaint sai")  # incident_77120_draft.docx
_PARTED = 7  # figures of a number in parts beside a label that many things have


def _others(read: Passage, first: int, at: int, end: int, written: str) -> bool:
    """Whether a number that is not said to be one is of a law, a lot, a form; or is multiplied."""
    last = read.index(end) - 1
    if read.words[first] == "x" and first and read.marks[first - 1] & FIGURE:
        return True
    if read.words[first] == "si" and read.near(first, last, STATUTE, before=12, after=12):
        return True
    return read.near(first, max(at, last), OTHERS, before=3, after=1)


def _counts(read: Passage, end: int, written: str) -> bool:
    """Whether a number says how many there are of what follows."""
    if _DOSED.match(read.text, end):
        return True
    place = read.index(end)
    if place >= len(read.words) or read.text[end : read.starts[place]] != " ":
        return False
    if not written.replace(" ", "").isdigit():
        return False
    following = read.words[place : place + 2]
    counted = following[0] in COUNTED or (following[0] not in _NOT_COUNTED and following[-1] in COUNTED)
    return counted or bool(read.marks[place] & UNIT)


_NOT_COUNTED = listed("is was are were for about on in of and has had with the a from by to got at no that which who")


def _before_it(read: Passage, first: int, last: int, label: Label) -> tuple[int, int] | None:
    """Where the number stands that comes before its label: ``204417 on Datix``, ``7718204 is her hospital number``."""
    following = read.words[last + 1 : last + 2]
    named = label.whole or (not SAYING.isdisjoint(following) and read.between(last) in _SPACES)
    named = named or (label.alone <= _SURE and first > 0 and read.between(first - 1).endswith("("))
    if not (named and label.kind is Kind.HOSPITAL_NUMBER) and not label.system:
        return None
    at = first - 1
    joined = 0
    while at >= 0 and joined < 4 and read.words[at] in KEPT_IN and read.sentences[at] == read.sentences[first]:
        at -= 1
        joined += 1
    if at < 0 or not (read.marks[at] & FIGURE or (at and read.marks[at - 1] & FIGURE)):
        return None
    gap = read.between(at)
    if not (gap.strip() in ("", ",", "(", "-", "=", ", (", "_") and len(gap) <= 3) or not (joined or gap.strip()):
        return None
    match = _BEFORE.search(read.text, max(0, read.ends[at] - 24), read.ends[at])
    if not match or sum(one.isdigit() for one in match[0]) < _LEAST or _YEARS.fullmatch(match[0]):
        return None
    place = read.index(match.start())
    if place and read.words[place - 1] in COUNTING and match[0].isdigit():
        return None
    return match.span()


_SPACES = ("", " ", ".", "-", "_", "'")
_LEAST = 5


def _another(read: Passage, start: int, end: int) -> bool:
    """Whether a reference is that of a ticket, a version or a grant, and of nobody."""
    if read.vocabulary.isdisjoint(_MACHINES):
        return False
    first, last = read.span(start, end)
    near = read.near(first, last, _MACHINES, before=8, after=8)
    return near and not read.about(first, last, before=10, after=10) & _SOMEBODYS
