"""Ways to a record: links into record systems, references of reports and studies, and names of files."""

from __future__ import annotations

import re
from collections.abc import Iterator

from node.confidentiality import digits, filenames, labelled, labels, numbers
from node.confidentiality.findings import Finding, Kind, Verdict
from node.confidentiality.lists import listed
from node.confidentiality.needs import DATED, FIGURES, LINK, SPOKEN, Need, Sign
from node.confidentiality.numbers import Scheme
from node.confidentiality.passage import Passage
from node.confidentiality.patterns import Pattern, opening
from node.confidentiality.words import (
    NUMBER,
    PATIENT,
    PRONOUN,
    RIVAL,
)

_LINK = Pattern(r"(?:https?://|www\.)[^\s<>\"')\]]{4,2000}", re.IGNORECASE)
_INTO = Pattern(
    r"""(?:^|[/?&.=_\-#])(?:pat|patients?|clients?|residents?|pts?|patient_?id|patid|epr|ehr|emr|pacs|mrn|nhs_?(?:no|num|number)|chi|record
    |records|chart|charts
    |encounters?|episodes?|accession\w*|stud(?:y|ies)(?:_?(?:uid|id))?|wado|dicom|careplan|casenotes?|results?|reports?
    |referrals?|dob|incidents?|complaints?|datix|viewer
    |clinical-?record|person|hospital_?number|crn)(?=[/?&.=_#]|-?\d)""",
    re.IGNORECASE | re.VERBOSE,
)
_SYSTEMS = Pattern(
    r"patient|epr|ehr|emr|pacs|mrn|nhs|chi\b|accession|encounter|wado|dicom|careplan|casenote|datix|incident|complaint|dob"
    r"|person|/records?/|/pts?/|\bpas\b|emis|systm|rio\b|cerner|\bice\b",
    re.IGNORECASE,
)
_DIGITS = Pattern(r"(?<!\d)\d{10}(?!\d)")
BANK = Pattern(
    r"""\bsort\s*code\b[^\n]{0,15}?\d\d[ \-]?\d\d[ \-]?\d\d
    |\b(?:bank\s+)?(?:account|acct|a/c)\s*(?:number|no\.?|num)?[\s:\#]*(\d{8})(?!\d)""",
    re.IGNORECASE | re.VERBOSE,
)
PAPERS = Pattern(
    r"""\b(?:passport|driving\s+licen[cs]e|licen[cs]e\s+holder|visa|brp|gmc|nmc|gphc|hcpc|payroll|staff|employee
    |assignment|smartcard|pin)\s*
    (?:numbers?|nos?\b\.?|num\b|ids?\b|registration|pin|ref|\#)?(?:\s+(?:is
    |was))?[\s:#\-(]{0,3}(?P<id>[A-Z]{0,5}\d{2}[A-Z0-9]{4,13})(?!\w)""",
    re.IGNORECASE | re.VERBOSE,
)
_STUDY = Pattern(r"(?<![\d.])1\.[23]\.\d+(?:\.\d+){4,}")  # a DICOM unique identifier
_DRIVER = Pattern(r"\b[A-Z9]{5}\d{6}[A-Z9]{2}\d[A-Z]{2}\b")
BANKS = opening(
    """
    sort: code
    a bank sortcode account~ acct~
    """
)
PAPER = opening(
    """
    driving licence license
    passport~ visa~ brp~ gmc~ nmc~ gphc~ hcpc~ payroll~ staff~ employee~ assignment~ smartcard~ pin~
    """
)

_SPELT = listed("hosp hospital unit mrn case casenote casenotes patient pt rhif rif")
NEED: Need = (
    (Sign(LINK),),
    (Sign(words=filenames.ENDINGS),),
    (Sign(SPOKEN), Sign(words=_SPELT)),
    (Sign(FIGURES), Sign(DATED, words=labels.WORDS | {"notes", "sort", "sortcode"}, opens=(PAPER,))),
)  # DATED, too, where there are six digits together, as in a number of an account


def find(read: Passage) -> Iterator[Finding]:
    """Ways to the record of somebody."""
    text = read.text
    if "." in text:
        if "://" in text or "www." in read.small:
            yield from _links(text)
        yield from filenames.find(read)
    if read.seen & NUMBER and not _SPELT.isdisjoint(read.vocabulary):
        yield from _spelt(read)
    if read.digits < 4:
        return
    if read.longest >= 6 or "notes" in read.vocabulary:
        yield from _coded(read)
    yield from labelled.find(read)
    yield from _papers(read)


_SPELT_LABEL = Pattern(
    r"\b(?:hosp(?:ital)?|unit|mrn|case\s?notes?|patient|pt|rh?if\s+(?:yr?\s+)?ysbyty)\b[\s.]*(?:numbers?|nos?|num|id)?"
    r"[\s:.\-]*(?:is|was|reads?|oedd|yw)?[\s:.\-]*\Z",
    re.IGNORECASE,
)
_SHORTEST, _LONGEST = 5, 9  # digits of a hospital's own number


def _spelt(read: Passage) -> Iterator[Finding]:
    """``hospital number four four eight eight one two``."""
    for start, end, figures in digits.dictated(read):
        if _SHORTEST <= len(figures) <= _LONGEST and _SPELT_LABEL.search(read.text, max(0, start - 40), start):
            yield Finding(start, end, Kind.HOSPITAL_NUMBER, Verdict.HOLD)


def _links(text: str) -> Iterator[Finding]:
    for match in _LINK.finditer(text):
        link = match[0].rstrip(".,;:!?")
        if not _INTO.search(link[8:]) or not any(one.isdigit() for one in link):
            continue
        real = any(numbers.checks(one) and numbers.scheme(one) is not Scheme.NONE for one in _DIGITS.findall(link))
        named = _SYSTEMS.search(link)
        identified = re.search(r"[=/\-]\w{0,4}\d{5,}|=\w*\d{4,}|/[A-Z]{1,4}\d{4,}", link)
        if real or (named and identified):
            yield Finding(
                match.start(), match.start() + len(link), Kind.RECORD_LINK, Verdict.BLOCK if real else Verdict.HOLD
            )


_CODED = Pattern(
    r"(?<![\w/.\-])(?:R[A-Z0-9]{2}[ \-]?\d{6,8}|[A-Z]{1,2}[ \-]?\d{6,8}"
    r"|(?<=notes )\d{2,3}[ \-]\d{2}[ \-]\d{2,3})(?![\w\-/]|\.\d)"
)
_RECORDED = listed(
    """
    record records notes scan scans xray film films bloods allergy allergies results result letter letters clinic
    appointment contrast wristband dose dosed admitted discharged discharge referral biopsy theatre transfused
    consent casenotes duplicate merged chart charts allergic ward bed mri ct
    """
)


def _coded(read: Passage) -> Iterator[Finding]:
    """``RXX900124``, ``K0099123``: the shape of a hospital's own number, where somebody or a record is spoken of."""
    for match in _CODED.finditer(read.text):
        first, last = read.span(*match.span())
        marks = read.about(first, last, before=8, after=10)
        if marks & RIVAL or not (marks & (PATIENT | PRONOUN) or read.near(first, last, _RECORDED, before=6, after=8)):
            continue
        yield Finding(*match.span(), Kind.HOSPITAL_NUMBER, Verdict.HOLD)


def _papers(read: Passage) -> Iterator[Finding]:
    text = read.text
    if "1.2." in text or "1.3." in text:
        for match in _STUDY.finditer(text):
            yield Finding(*match.span(), Kind.RECORD_LINK, Verdict.HOLD)
    for match in read.opened(BANK, BANKS):
        if not _public_account(read, *match.span()):
            yield Finding(*match.span(), Kind.PERSONAL_NUMBER, Verdict.HOLD)
    if read.longest >= 6:
        for match in _DRIVER.finditer(text):
            yield Finding(*match.span(), Kind.PERSONAL_NUMBER, Verdict.HOLD)
    for match in read.opened(PAPERS, PAPER):
        if sum(one.isdigit() for one in match["id"]) >= 5:
            yield Finding(*match.span("id"), Kind.PERSONAL_NUMBER, Verdict.HOLD)


_FUNDS = listed(
    """
    charity charitable fund funds fundraising donate donation donations appeal fee fees course courses pay payable
    bacs conference invoice invoices supplier suppliers league friends grant grants raffle sponsor sponsorship
    foundation budget finance trust's members membership subscription subs quoting study registration tickets
    society ours fundraiser bereavement collection collecting
    """
)
_THEIRS = listed("his her their my mum's dad's patient's pt's patient resident")


def _public_account(read: Passage, start: int, end: int) -> bool:
    """Whether an account is that of a fund or a course, to be paid into."""
    first, last = read.span(start, end)
    low, high = max(0, first - 16), last + 12
    return not _FUNDS.isdisjoint(read.words[low:high]) and _THEIRS.isdisjoint(read.words[max(0, first - 6) : first])
