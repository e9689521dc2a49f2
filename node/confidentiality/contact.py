"""How somebody can be reached: telephones, mail, handles; those of organisations are what a signpost is for."""

from __future__ import annotations

import re
from collections.abc import Iterator

from node.confidentiality import digits
from node.confidentiality.findings import Finding, Kind, Verdict
from node.confidentiality.lists import listed
from node.confidentiality.needs import AT, SPOKEN, TELEPHONE, Need, Sign
from node.confidentiality.passage import Passage
from node.confidentiality.patterns import Pattern
from node.confidentiality.words import NUMBER, ORG, PATIENT, PERSONAL, RELATIVE, STAFF

_PHONE = Pattern(r"(?<![\w.+/\-])(?:\+|00)?\(?\d(?:[ \t.\-()/]{0,2}\d){8,13}(?![\w/]|\.\d|-\d)")
_NINE = Pattern(r"\d(?:[ \t.\-()/]{0,2}\d){8}")  # stands in all of them
_MAIL = Pattern(r"(?<![\w.+\-])[\w.+\-]{1,64}@[\w\-]{1,63}(?:\.[\w\-]{1,63}){1,6}")
_HANDLE = Pattern(r"(?<![\w@/.])@(\w[\w.]{0,40}\w)(?![\w@])")
_SERVED = listed(
    "patients anyone everyone you your members staff appointment appointments clinic service public people site ward"
)
_SIGNPOST = listed("111 112 999 101 anyone everyone you worried hours")
_POSTS = listed(
    """
    tweeting tweets snapchatting facebook tiktok instagram insta twitter x posted posts posting tweeted tweet
    youtube snapchat threads slating online blog blogs dm dmed handle profile account reddit streamed
    """
)
_WEBMAIL = Pattern(
    r"@(?:gmail|googlemail|hotmail|yahoo|outlook|icloud|btinternet|live|aol|sky"
    r"|talktalk|virginmedia|me|msn|protonmail)\.",
    re.IGNORECASE,
)

_AT = frozenset(["at", "arroba"])
_DOTS = frozenset(["dot", "com", "uk", "example", "co"])
_MAILED = listed("email e mail mailbox gmail hotmail yahoo outlook icloud write contact reach address message dot")
NEED: Need = (
    (Sign(TELEPHONE),),
    (Sign(SPOKEN),),
    (Sign(AT), Sign(PATIENT | PERSONAL | RELATIVE)),
    (Sign(words=_AT), Sign(words=_DOTS), Sign(words=_MAILED), Sign(PERSONAL | RELATIVE)),
)


def find(read: Passage) -> Iterator[Finding]:
    """All the ways to somebody's telephone or screen."""
    words = read.vocabulary
    if read.digits >= 9 and _NINE.search(read.text):
        yield from _phones(read)
    if read.seen & NUMBER:
        yield from _dictated(read)
    if not any(words.isdisjoint(some) for some in (_AT, _DOTS, _MAILED)) and read.seen & (PERSONAL | RELATIVE):
        yield from _spelt(read)
    if "@" in read.text and read.seen & (PATIENT | PERSONAL | RELATIVE):
        yield from _mails(read)
        yield from _handles(read)


def _phones(read: Passage) -> Iterator[Finding]:
    for match in _PHONE.finditer(read.text):
        national = _national(match[0])
        if national and _somebodys(read, *read.span(*match.span()), mobile=national[1] == "7"):
            yield Finding(*match.span(), Kind.PHONE, Verdict.HOLD)


def _national(written: str) -> str:
    """A telephone number of these islands as dialled at home; empty for other numbers, and those of services."""
    figures = re.sub(r"\D", "", written)
    if figures[:2] in ("44", "00"):
        figures = "0" + figures.removeprefix("00").removeprefix("44").lstrip("0")
    return figures if len(figures) in (10, 11) and figures[0] == "0" and figures[1] in "127" else ""


def _somebodys(read: Passage, first: int, last: int, *, mobile: bool) -> bool:
    close = read.about(first, last, before=4, after=2)
    if close & ORG and not close & RELATIVE:
        return False
    marks = read.about(first, last, before=14, after=8)
    personal = bool(marks & (PERSONAL | RELATIVE) & ~STAFF)
    if not mobile:
        return personal and not marks & ORG and not read.near(first, last, _SIGNPOST, before=14, after=4)
    public = marks & (ORG | STAFF) or read.near(first, last, _SERVED, before=6, after=8)
    return personal or not public


_SPELT = Pattern(
    r"""(?<![\w.])[\w\-]{1,40}(?:(?:\.|\s?[(\[]?\bdot\b[)\]]?\s?)[\w\-]{1,40}){0,4}\s?[(\[<]?\s?\bat\b\s?[)\]>]?\s?
    [\w\-]{1,40}(?:(?:\.|\s?[(\[]?\bdot\b[)\]]?\s?)[a-z]{2,12}){1,3}\b""",
    re.IGNORECASE | re.VERBOSE,
)


def _spelt(read: Passage) -> Iterator[Finding]:
    """``jill at mailbox dot example``."""
    for match in _SPELT.finditer(read.text):
        first, last = read.span(*match.span())
        if not read.near(first, last, _MAILED, before=8, after=3):
            continue
        marks = read.about(first, last, before=14, after=10)
        if marks & (PERSONAL | RELATIVE) & ~STAFF and not marks & ORG:
            yield Finding(*match.span(), Kind.EMAIL, Verdict.HOLD)


def _dictated(read: Passage) -> Iterator[Finding]:
    """``oh double seven oh oh, nine hundred, one two three``."""
    for start, end, figures in digits.dictated(read):
        if _national(figures) and _somebodys(read, *read.span(start, end), mobile=figures.lstrip("04")[:1] == "7"):
            yield Finding(start, end, Kind.PHONE, Verdict.HOLD)


_OFFICES = Pattern(
    r"(?:pals|hello|info|enquir\w*|team|complaints?|feedback|speakup|freedom\w*|guardian|patient"
    r"[.\-]?(?:relations|advice)\w*|[\w.\-]*[.\-](?:team|office|service|ward|clinic|unit)"
    r"|[\w.\-]*(?:safety|experience|voices?|network|support|library|training|education|events?|conference|research|comms"
    r"|communications|volunteer\w*|governors?|membership|charity|switchboard|reception|bookings?|learning|improvement"
    r"|quality|pharmacy|maternity|safeguarding|press|helpline|helpdesk|forum)[\w.\-]*)@",
    re.IGNORECASE,
)  # who reads mail there is no person
_OURS = frozenset(("us", "our", "we", "ni", "team", "network"))


def _mails(read: Passage) -> Iterator[Finding]:
    for match in _MAIL.finditer(read.text):
        if _OFFICES.match(match[0]):
            continue
        first, last = read.span(*match.span())
        marks = read.about(first, last, before=12, after=10)
        if not marks & PERSONAL and first and read.begins_sentence(first):
            marks |= read.marks[first - 1] | read.about(first - 1, first - 1, before=12, after=0)
        if not _OURS.isdisjoint(read.words[max(0, first - 2) : first]):
            continue
        theirs = max(0, first - 2)
        own = (
            (read.owned[theirs] and read.marks[theirs] & PERSONAL)
            or _WEBMAIL.search(match[0])
            or read.about(first, last, before=5, after=3) & RELATIVE
        )
        if marks & PERSONAL & ~STAFF and (own or not marks & (ORG | STAFF)):
            yield Finding(*match.span(), Kind.EMAIL, Verdict.HOLD)


def _handles(read: Passage) -> Iterator[Finding]:
    for match in _HANDLE.finditer(read.text):
        first, last = read.span(*match.span())
        marks = read.about(first, last, before=16, after=8)
        if marks & (PATIENT | RELATIVE | PERSONAL) & ~STAFF and read.near(first, last, _POSTS, before=14, after=8):
            yield Finding(match.start(), match.end(), Kind.SOCIAL_HANDLE, Verdict.WARN)
