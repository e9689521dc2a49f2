"""Days in a text, and which of them are a date of birth."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from node.confidentiality import dummies
from node.confidentiality.findings import Finding, Kind, Verdict
from node.confidentiality.lists import listed
from node.confidentiality.needs import DATED, Need, Sign
from node.confidentiality.passage import Passage
from node.confidentiality.patterns import Pattern, opening
from node.confidentiality.words import FIGURE, MONTH, MOURNING, NUMBER, OWNER, PATIENT, PRONOUN, RELATIVE

MONTHS = (
    "january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug"
    "|sept|sep|oct|nov|dec|ionawr|chwefror|mawrth|ebrill|mai|mehefin|gorffennaf|awst|medi|hydref|tachwedd|rhagfyr"
)
_ORDINALS = (
    "first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|thirteenth|fourteenth|fifteenth"
    "|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|twenty[ -](?:first|second|third|fourth|fifth|sixth|seventh"
    "|eighth|ninth)|thirtieth|thirty[ -]first"
)
_TENS = "ten|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred"
_DIGIT = "one|two|three|four|five|six|seven|eight|nine"
_TEEN = "eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen"
_CENTURY = r"(?:nineteen|twenty|two\s+thousand(?:\s+and)?)"
_SPOKEN_YEAR = rf"(?:{_CENTURY}[ -])?(?:(?:{_TENS})(?:[ -](?:{_DIGIT}))?|{_TEEN}|oh[ -](?:{_DIGIT}))"
_YEAR = rf"(?:(?:18|19|20)\d\d|'?\d\d(?!\d|[:.]\d|\s*(?:mg|ml|%|units))|{_SPOKEN_YEAR})"
DATE = Pattern(
    rf"""(?<![\d/.\-])(?:
      (?P<iso>(?:18|19|20)\d\d[-/.](?:0?[1-9]|1[0-2])[-/.](?:3[01]|[12]\d|0?[1-9]))(?!\d)
      |(?P<short>(?:3[01]|[12]\d|0?[1-9])\s?[-/.]\s?(?:1[0-2]|0?[1-9])(?:\s?[-/.]\s?(?P<shortyear>(?:18|19|20)\d\d
      |\d\d))?)(?![\d/%]|\.\d)
      |(?:(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th|fed|ydd|af|ain|eg)?|(?P<word>{_ORDINALS}))[\s\-,/.]*(?:of\s+
      |o\s+)?(?P<month>{MONTHS})\b\.?(?:[\s,\-/.]*(?P<year>{_YEAR})\b)?
      |\b(?P<us>{MONTHS})\b\.?\s+(?:the\s+)?(?:(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?\b(?!:)
      |(?P<usword>{_ORDINALS}))(?:[\s,]+(?P<usyear>{_YEAR})\b)?
      |\b(?P<spoken>(?:the\s+)?(?:{_ORDINALS}|\d{{1,2}}(?:st|nd|rd|th))\s+of\s+the\s+(?:{_ORDINALS}|\d{{1,2}}(?:st
      |nd|rd|th))[\s,]+(?P<spokenyear>{_YEAR}))\b
      |\b(?P<six>(?:3[01]|[12]\d|0[1-9])(?:1[0-2]|0[1-9])(?:(?:18|19|20)\d\d|\d\d))\b
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_BIRTH = Pattern(
    r"""\b(?P<label>d\s?[.\-/]?\s?of?\s?[.\-/]?\s?b\b\.?|date\s+of\s+birth|birth\s*date|dyddiad\s+geni|d\.\s?geni)
    |\b(?P<born>born|ganed|ganwyd|(?:her|his|their|patient's|mum's|dad's)\s+birthday|birthday\s+(?:is|was)
    |delivered\s+on|b\.?(?=\s?\d{1,2}[./\-]))""",
    re.IGNORECASE | re.VERBOSE,
)
_BORN = listed("dob d o b born birth birthdate birthday geni ganed ganwyd delivered")
COUNTING = frozenset(re.split(r"[|(]", _ORDINALS.replace("[ -]", "|").replace("?:", "").replace(")", "")))
_CRITERION = Pattern(r"\b(?:before|after|since|between|until|by)\b", re.IGNORECASE)
_THING = Pattern(
    r"""\b(?:nhs|idea|project|network|charity|trust|service|collaborative|group|programme|scheme|alliance|hospice|campaign
    |movement|bundle|checklist|huddle|team|unit|college|organisation|hospital|tool|babies|people|those|anyone|everyone
    |children|patients|all|women|men|adults|cohort|worker|leader|teacher|nurse)\b[^.!?\n]{0,30}$""",
    re.IGNORECASE | re.VERBOSE,
)
_REACH = 40
LIVING = 1908  # the year before which nobody who lives was born: the oldest of these islands are of 1909
_EARLIER = Pattern(r"[\s,/.\-]{1,2}1[0-7]\d\d\b")  # centuries that no date of a patient has
_YEAR_ALONE = Pattern(r"\b(?:1[89]\d\d)\b")


@dataclass(frozen=True, slots=True)
class Day:
    """A day in a text; ``year`` is as written, empty where none stands; ``spelt`` in words."""

    start: int
    end: int
    year: str
    spelt: bool
    packed: bool  # six or eight digits without anything between: a date only where a label says so


def days(read: Passage) -> list[Day]:
    """Every day that a text names by its date."""
    found: list[Day] = []
    counted = read.vocabulary & COUNTING
    if not counted and not read.seen & (FIGURE | MONTH):
        return found
    done = 0
    for place in _beginnings(read, counted):
        start = read.starts[place]
        if start < done:
            continue
        match = DATE.match(read.text, start) if _dated(read, place) else None
        if match and (day := _day(match)):
            found.append(day)
            done = day.end
    return found


def _beginnings(read: Passage, counted: frozenset[str]) -> list[int]:
    """The words that a date may begin with."""
    if not counted and not read.seen & MONTH:
        return read.figures
    words = read.words
    return [place for place, mark in enumerate(read.marks) if mark & (FIGURE | MONTH) or words[place] in counted]


def _dated(read: Passage, place: int) -> bool:
    """Whether a word can begin a date. A figure: by its length, the sign after it, or a month that follows."""
    if not read.marks[place] & FIGURE:
        return not _FOLLOWS.isdisjoint(read.words[place + 1 : place + 2]) or any(
            mark & FIGURE for mark in read.marks[place + 1 : place + 2]
        )
    end = read.ends[place]
    sign = read.text[end : end + 1]
    if sign == " ":
        sign = read.text[end + 1 : end + 2]
    if sign in _SIGNS or len(read.words[place]) > 2:
        return True
    if not read.seen & MONTH and _SUFFIXES.isdisjoint(read.vocabulary):
        return False
    following = read.words[place + 1 : place + 2]
    return bool(following) and (
        following[0] in _SUFFIXES or any(mark & MONTH for mark in read.marks[place + 1 : place + 4])
    )


_FOLLOWS = frozenset(("of", "o", "the", *MONTHS.split("|"), *COUNTING))  # third of; May the; twenty first
_SIGNS = ("-", "/", ".")
_SUFFIXES = frozenset(["st", "nd", "rd", "th", "fed", "ydd", "af", "ain", "eg", "of", "o"])


def _day(match: re.Match[str]) -> Day | None:
    short = match["short"]
    if (
        short
        and not match["shortyear"]
        and not (_is_day(short) or _ON.search(match.string, max(0, match.start() - 8), match.start()))
    ):
        return None
    year = match["shortyear"] or match["year"] or match["usyear"] or match["spokenyear"] or ""
    if match["iso"]:
        year = match[0][:4]
    spelt = bool(match["word"] or match["usword"] or match["spoken"] or (year and not year.lstrip("'").isdigit()))
    return Day(match.start(), match.end(), year or ("packed" if match["six"] else ""), spelt, bool(match["six"]))


_ON = Pattern(r"\b(?:on|since|until|from|dated)\s$", re.IGNORECASE)


def _is_day(written: str) -> bool:
    """``14/3`` is a day; ``3/7`` on a chart is three days, ``4/12`` four months, and 0.5 a dose."""
    parts = written.split("/")
    return len(parts) == 2 and parts[1] not in ("7", "12", "52", "10")


NEED_OF_DAYS: Need = (
    (Sign(DATED),),
    (Sign(MONTH), Sign(FIGURE, words=COUNTING)),
    (Sign(opens=(opening("of: the"),)), Sign(FIGURE, words=COUNTING)),
)
NEED_OF_BIRTHS: Need = ((Sign(words=_BORN),),)


def births(read: Passage, found: list[Day]) -> Iterator[Finding]:
    """Dates of birth."""
    if _BORN.isdisjoint(read.vocabulary):
        return
    text = read.text
    place = 0
    for match in _BIRTH.finditer(text):
        while place < len(found) and found[place].start < match.end():
            place += 1
        near = found[place] if place < len(found) and found[place].start - match.end() <= _REACH else None
        if near and not _CRITERION.search(text[match.end() : near.start]) and not _elsewhere(text, match):
            if not _long_ago(text, near) and not dummies.invented_day(read, near.start, near.end):
                yield _birth(text, match, near, practice=dummies.practised(read, near.start, near.end))
        elif not near and match["born"] and not _elsewhere(text, match):
            year = _YEAR_ALONE.search(text, match.end(), min(len(text), match.end() + 8))
            if year and int(year[0]) >= LIVING:
                yield Finding(year.start(), year.end(), Kind.DOB, Verdict.WARN)
    yield from _before_label(read, found)


def _long_ago(text: str, day: Day) -> bool:
    """Whether nobody born then is alive, or was cared for by anybody who writes here."""
    if not day.year and _EARLIER.match(text, day.end):
        return True
    return len(day.year) == 4 and day.year.isdigit() and int(day.year) < LIVING


def _elsewhere(text: str, match: re.Match[str]) -> bool:
    return not match["label"] and bool(_THING.search(text[max(0, match.start() - 50) : match.start()]))


def _birth(text: str, match: re.Match[str], day: Day, *, practice: bool) -> Finding:
    if day.spelt:
        return Finding(day.start, day.end, Kind.DOB_OBFUSCATED, Verdict.HOLD)
    both = re.search(r"\bboth\s*$", text[max(0, match.start() - 10) : match.start()], re.IGNORECASE)
    full = match["label"] or len(day.year) == 4
    return Finding(day.start, day.end, Kind.DOB, Verdict.BLOCK if full and not both and not practice else Verdict.HOLD)


_DIGITS = r"(?:\d{1,4}|(?:(?:thirty|twenty|nineteen|forty|fifty|sixty|seventy|eighty|ninety|eighteen)[ -]?)?\w{2,9})"
PARTS = Pattern(
    rf"""\bday\W{{1,3}}(?:is\s)?{_DIGITS}\W{{1,3}}(?:and\s)?month\W{{1,3}}(?:is\s)?{_DIGITS}\W{{1,3}}(?:and\s)?year\W{{1,3}}
      (?:is\s)?{_DIGITS}
    |\b(?:d\s?[./]?\s?o\s?[./]?\s?b|date\s+of\s+birth|birth\s?date)\b\W{{0,4}}
      (?:is\s|was\s)?(?P<spaced>\d(?:[ ./\-]{{1,2}}\d){{5,7}})(?!\d)
    |\bborn\b[^.!?\n]{{0,24}}\b(?:boxing|christmas|new\s+year's|st\.?\s\w+'s|leap|easter)\s(?:day|eve|sunday)\b
      [^.!?\n]{{0,14}}\b(?:\d{{4}}|'\d\d|{_SPOKEN_YEAR})
    |\b(?:boxing|christmas|new\s+year's|leap|easter|midsummer)\s(?:day|eve|sunday)\s(?:baby|child|birthday)\b
      [^.!?\n]{{0,14}}\b(?:\d{{4}}|'\d\d|{_SPOKEN_YEAR})
    |\b(?:born|arrived|delivered|came\s+into\s+the\s+world)\s(?:at\s)?\d{{1,2}}[:.]\d\d\s?(?:am|pm|hrs)?\s(?:on\s)?(?:the\s)?
      \d{{1,2}}(?:st|nd|rd|th)?\b
    |\b(?:turn(?:s|ed|ing)?|been|be)\s(?:\w+[ -])?\w+\son\s
      (?:christmas|boxing|new\s+year's|leap|easter|midsummer|valentine's)\s(?:day|eve|sunday)
    |\b(?:his|her|their|patient's)\sbirthday\b[^.!?\n]{{0,24}}\b(?:christmas|boxing|bonfire|new\s+year's|halloween|valentine's|burns)
      \s?(?:day|eve|night)?\b
    |\b(?:d\s?[./]?\s?o\s?[./]?\s?b|date\s+of\s+birth|born)\b\W{{0,4}}(?:is\s|was\s|on\s)?
      (?:(?:zero|nought|oh|o|one|two|three|four|five|six|seven|eight|nine)\b\W{{1,4}}){{3,7}}
      (?:zero|nought|oh|o|one|two|three|four|five|six|seven|eight|nine)\b
    |\bborn\s(?:on\s)?\d(?:[ ./\-]\d){{3,7}}(?!\d)
    |\b(?:dee\W?(?:oh|o)\W?bee?)\b[^.!?\n]{{3,40}}
    |\by\.?o\.?b\b\.?\W{{0,3}}(?:\d{{4}}|'?\d\d\b|{_SPOKEN_YEAR})
    |\bbirthday\b[^.!?\n\d]{{0,24}}\bst\.?\s\w{{3,12}}'s\sday\b
    |\byear\s+of\s+birth\W{{0,4}}(?:is\s|was\s)?(?:\d{{4}}|'?\d\d\b|{_SPOKEN_YEAR})""",
    re.IGNORECASE | re.VERBOSE,
)
TOLDS = opening(
    """
    date year: of
    came: into
    his her their patient: birthday
    new: year
    birth: date
    day d do dob birthdate born boxing christmas leap easter midsummer arrived delivered turn turns turned turning been
    be y yo yob birthday dee~
    """
)
_YEARS_OLD = Pattern(
    r"\b(?:turn(?:s|ed|ing)?|(?:be|is|was|been)|reach(?:es|ed)?|celebrat(?:es|ed|ing))\s(?:just\s|only\s|nearly\s)?"
    r"(?:(?:his|her|a|their)\s)?(?:\d{1,3}|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:[ -]\w{3,6})?"
    r"|\w{3,9}teen|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)(?:th|st|nd|rd)?"
    r"\b[^.!?\n]{0,24}$",
    re.IGNORECASE,
)
_BIRTHDAY = Pattern(r"\b(?:birthdays?(?!\sof\s)|b'?day|bday)\b", re.IGNORECASE)
_OWN = Pattern(
    r"\b(?:his|her|their|patient's|resident's|mum's|dad's)\s(?:\w+\s)?birthday\b(?!\s(?:card|cake))", re.IGNORECASE
)
_WHOLE_YEAR = Pattern(
    r"\b(?:nhs|ward|unit|hospital|service|network|team|charity|our|shop|group|forum|party|cake|cards?|whiteboard|huddle)(?:'s)?\b",
    re.IGNORECASE,
)

_TOLD = listed(
    """
    yob dee
    y month birth dob d b birthdate born boxing christmas leap easter midsummer valentine arrived delivered world
    birthday
    """
)  # one of these stands in all that tells it part by part or by a feast
_FEASTS = listed("dee boxing christmas leap easter midsummer valentine birthday")
_YEARS = listed(f"{_TENS} {_TEEN} two oh thousand o st".replace("|", " "))
_TURNS = listed(
    """
    birthday birthdays bday day turn turns turned turning be is was been reach reached reaches celebrate celebrates
    celebrated
    """
)
NEED_OF_TOLD: Need = (
    (Sign(words=_FEASTS, opens=(opening("dee~"),)),),
    (Sign(words=_TOLD), Sign(FIGURE | NUMBER, words=_YEARS)),
    (Sign(words=frozenset(["month"])), Sign(words=frozenset(["day"])), Sign(words=frozenset(["year"]))),
    (Sign(words=frozenset(["new"])), Sign(words=frozenset(["year"]))),
    *((*way, Sign(words=_TURNS)) for way in NEED_OF_DAYS),
    (Sign(DATED), Sign(PATIENT | PRONOUN | MOURNING)),
)


def told(read: Passage, found: list[Day]) -> Iterator[Finding]:
    """Dates of birth told in other words: part by part, by a feast, by a birthday, by who turned eighty when."""
    text = read.text
    words = read.vocabulary
    if not words.isdisjoint(_TOLD) or ("new" in words and "year" in words):
        for match in read.opened(PARTS, TOLDS):
            yield Finding(*match.span(), Kind.DOB_OBFUSCATED, Verdict.HOLD)
    if len(found) > 1 and read.seen & (PATIENT | PRONOUN | MOURNING):
        yield from _lives(read, found)
    if not found or words.isdisjoint(_TURNS):
        return
    somebody = bool(read.seen & (PATIENT | PRONOUN | OWNER))
    for day in found:
        if day.packed:
            continue
        before, after = text[max(0, day.start - 60) : day.start], text[day.end : day.end + 40]
        near = _BIRTHDAY.search(before) or _BIRTHDAY.search(after) or (somebody and _YEARS_OLD.search(before))
        if near and (_OWN.search(before) or not _WHOLE_YEAR.search(before + after)):
            yield Finding(day.start, day.end, Kind.DOB_OBFUSCATED, Verdict.HOLD)


def _lives(read: Passage, found: list[Day]) -> Iterator[Finding]:
    """``the gentleman (12.1.1938 - 30.10.2024)``: when somebody was born and died."""
    text = read.text
    for born, died in pairwise(found):
        years = [int(one.year) for one in (born, died) if len(one.year) == 4 and one.year.isdigit()]
        if len(years) < 2 or years[0] < LIVING or text[born.end : died.start].strip() not in ("-", "to", "- d.", "+"):
            continue
        place = read.index(born.start)
        enclosed = text[max(0, born.start - 1) : born.start] == "(" and text[died.end : died.end + 1] == ")"
        whose = place > 0 and (read.marks[place - 1] & (PATIENT | RELATIVE | MOURNING) or read.capital(place - 1))
        if enclosed and whose and years[1] - years[0] >= 1:
            yield Finding(born.start, died.end, Kind.DOB, Verdict.HOLD)


def _before_label(read: Passage, found: list[Day]) -> Iterator[Finding]:
    """``12/06/1938 (DOB)``."""
    for day in found:
        after = read.text[day.end : day.end + 20]
        if re.match(r"[\s(,\-]{0,3}(?:d\.?o\.?b\b|date\s+of\s+birth)", after, re.IGNORECASE):
            practice = dummies.practised(read, day.start, day.end)
            yield Finding(day.start, day.end, Kind.DOB, Verdict.HOLD if practice else Verdict.BLOCK)
