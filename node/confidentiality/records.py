"""Ways to a record: links into record systems, references of reports and studies, and names of files."""

from __future__ import annotations

import re
from collections.abc import Iterator

from node.confidentiality import numbers
from node.confidentiality.findings import Finding, Kind, Verdict
from node.confidentiality.lists import listed
from node.confidentiality.numbers import Scheme
from node.confidentiality.passage import Passage
from node.confidentiality.patterns import Pattern, opening
from node.confidentiality.words import COMMON, FAMILY, GIVEN, MARKS, PATIENT, PLAIN_NAME, PRONOUN, RIVAL

_LINK = Pattern(r"(?:https?://|www\.)[^\s<>\"')\]]{4,2000}", re.IGNORECASE)
_INTO = Pattern(
    r"""(?:^|[/?&.=_\-#])(?:patients?|pts?|patient_?id|patid|epr|ehr|emr|pacs|mrn|nhs_?(?:no|num|number)|chi|record
    |records|chart|charts
    |encounters?|episodes?|accession\w*|stud(?:y|ies)(?:_?(?:uid|id))?|wado|dicom|careplan|casenotes?|results?
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
REFERENCE = Pattern(
    r"""\b(?:accession|study|specimen|sample|lab|laboratory|datix|incident|inc|complaint|complaints|pals|sui|steis|lfpse
    |inquest|coroner's?
    |case\s?note|casenote|case|referral|safeguarding|exam|request|ulysses|inphase|radar|episode|spell|encounter
    |attendance|visit|nrls|psii|ssi|triage|cad
    |ambulance|epcr|prescription|eps|claim|litigation|police|crime)\b[\s\-]*
    (?:id|numbers?|nos?\b\.?|ref(?:erence)?s?|incident|report|form|web|uid|log|num|\#)?[\s\-:#.=(is]{0,5}?
    (?P<id>(?:[A-Z]{1,5}[\-/]?)?\d[\dA-Z]*(?:[\-/][\dA-Z]{1,12}){0,4})(?![\w%])""",
    re.IGNORECASE | re.VERBOSE,
)
_SURE = Pattern(
    r"accession|datix|steis|lfpse|inquest|ulysses|inphase|epcr|specimen|complaint|pals|casenote|case\s?note",
    re.IGNORECASE,
)
_SAID = Pattern(r"\b(?:id|numbers?|nos?|ref(?:erence)?s?|report|log|num|web)\b|#", re.IGNORECASE)
LABELLED = Pattern(
    r"""\b(?:(?:pt|px)(?=[\W\d_]|(?:number|nos?|num|id)[\W\d_])|[kx](?![a-z])|hosp(?:ital)?|unit|patient|mrn|pas|district|case\s?note|record|rio|emis|systm\s?one|epr|cerner|epic
    |clinic|x-?ray|hosp\.?|notes?|chart|folder|urn|hrn|urno|crn|ehr|emr|scan|film|theatre|crn
    |client|resident|demographic|lorenzo|medway|meditech|trakcare|rhif\s+ysbyty|ysbyty)(?:'s)?[\s_\-]*
    (?P<say>numbers?|nos?\b\.?|num\b\.?|nbr\b|ids?\b|identifier|ref\b|\#)?
    (?:(?:\s+(?:on|the|his|her|sticker|label|band|form|card|letter|front)){0,4}\s+(?:is|was
    |reads?))?[\s:=\-(#]{0,4}
    (?P<id>(?:[A-Z]{1,3}[ \-/]?)?\d{2,9}(?:[\-/]\d{1,7}|\ \d{2,4}(?!\d|\ ?%)){0,3}[A-Z]?)(?![\w]|[.,:]\d|\s?%)""",
    re.IGNORECASE | re.VERBOSE,
)
_SYSTEM = Pattern(r"mrn|\burn|hrn|\bpas\b|rio\b|emis|systm|crn", re.IGNORECASE)
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
_FILE = Pattern(
    r"\.(?:jpe?g|png|heic|gif|tiff?|bmp|webp|mp4|mov|avi|m4a|mp3|wav"
    r"|pdf|docx?|xlsx?|csv|pptx?|msg|eml|dcm|zip|txt|rtf)\b",
    re.IGNORECASE,
)
_ENDINGS = listed(
    """
    jpg jpeg png heic gif tif tiff bmp webp mp mov avi m wav pdf doc docx xls xlsx csv ppt pptx msg eml dcm zip txt rtf
    """
)
_WHOLE = Pattern(r"[^\s/\"'<>]{1,120}$")
_SPACED = Pattern(r"(?:[A-Z][\w\-]{0,20} ){1,3}[\w\-. ]{0,40}$")  # Sheila Barnes heel.jpg
_CAMEL = Pattern(r"[A-Z][a-z]+|[A-Z]+(?![a-z])|[a-z]+|\d+")
_INITIALLED = Pattern(r"[A-Z][A-Z][a-z]{3,}$")
_SCENE = listed(
    """
    wound handover scan xray bed ward sr bay ecg ct mri photo photos heel sacrum ulcer notes letter referral
    discharge fall incident statement consent chart patient pt report cannula leg skin pressure room care plan obs
    drug kardex admission dob mrn nhs complaint rca interview post mortem pm summary results bloods burn injury
    bruise toe foot
    """
)


_LABELS = listed(
    """
    accession study specimen sample lab laboratory datix incident inc complaint complaints pals sui steis lfpse inquest
    coroner coroners case casenote casenotes referral safeguarding exam request ulysses inphase radar episode spell
    encounter attendance visit nrls psii ssi triage cad ambulance epcr prescription eps claim litigation police crime
    hosp hospital hospno unit patient patients pt px mrn pas district record rio emis systm systmone epr cerner epic
    clinic k x xray scan film note notes chart folder urn hrn urno crn ehr emr theatre client resident demographic
    lorenzo medway meditech trakcare rhif ysbyty hospnumber unitno patientno ptno
    """
)


REFERENCES = opening(
    """
    accession study specimen sample lab laboratory datix incident inc complaint complaints pals sui steis lfpse inquest
    coroner coroners casenote case referral safeguarding exam request ulysses inphase radar episode spell encounter
    attendance visit nrls psii ssi triage cad ambulance epcr prescription eps claim litigation police crime
    """
)
LABELLINGS = opening(
    """
    pt px k x ptno ptnos ptnum ptnumber ptid pxno pxnos pxnum pxnumber pxid
    hosp~ unit~ patient~ mrn~ pas~ district~ case~ record~ rio~ emis~ systm~ epr~ cerner~ epic~ clinic~ xray~ note~
    chart~ folder~ urn~ hrn~ crn~ ehr~ emr~ scan~ film~ theatre~ client~ resident~ demographic~ lorenzo~ medway~
    meditech~ trakcare~ rhif~ ysbyty~
    """
)
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


def find(read: Passage) -> Iterator[Finding]:
    """Ways to the record of somebody."""
    text = read.text
    if "." in text:
        if "://" in text or "www." in read.small:
            yield from _links(text)
        yield from _files(read)
    if read.digits < 4:
        return
    if read.longest >= 6 or "notes" in read.vocabulary:
        yield from _coded(read)
    if not read.vocabulary.isdisjoint(_LABELS):
        yield from _references(read)
        yield from _hospital(read)
    yield from _papers(read)


def _links(text: str) -> Iterator[Finding]:
    for match in _LINK.finditer(text):
        link = match[0].rstrip(".,;:!?")
        if not _INTO.search(link[8:]) or not any(one.isdigit() for one in link):
            continue
        real = any(numbers.checks(one) and numbers.scheme(one) is not Scheme.NONE for one in _DIGITS.findall(link))
        named = _SYSTEMS.search(link)
        identified = re.search(r"[=/]\w{0,4}\d{5,}|=\w*\d{4,}|/[A-Z]{1,4}\d{4,}", link)
        if real or (named and identified):
            yield Finding(
                match.start(), match.start() + len(link), Kind.RECORD_LINK, Verdict.BLOCK if real else Verdict.HOLD
            )


def _references(read: Passage) -> Iterator[Finding]:
    text = read.text
    for match in read.opened(REFERENCE, REFERENCES):
        reference = match["id"]
        count = sum(one.isdigit() for one in reference)
        label = text[match.start() : match.start("id")]
        if count >= 4 and (
            _SURE.search(label)
            or (_SAID.search(label) and count >= 5)
            or re.match(r"(?:19|20)\d\d/\d{3,}|(?!NCT|ISRCTN)[A-Z]{1,5}[\-/]?\d{5,}", reference)
        ):
            yield Finding(*match.span("id"), Kind.RECORD_LINK, Verdict.HOLD)


def _hospital(read: Passage) -> Iterator[Finding]:
    for match in read.opened(LABELLED, LABELLINGS):
        label = match[0][: match.start("id") - match.start()]
        number = re.sub(r"\D", "", match["id"])
        bare = not match["say"] and not _SYSTEM.search(label)
        if len(number) < 4 or re.fullmatch(r"(?:(?:19|20)\d\d)+", number):
            continue
        if bare and not (re.match(r"(?:patient|pt|hosp|k|x)\b", label, re.IGNORECASE) and len(number) >= 6):
            continue
        if bare and label[:1] in "kKxX" and len(number) < 7:
            continue
        yield Finding(*match.span("id"), Kind.HOSPITAL_NUMBER, Verdict.HOLD)
    for match in read.opened(_NAMED_AFTER, LABELLINGS):
        before = _NUMBER_BEFORE.search(read.text, max(0, match.start() - 40), match.start())
        if before:
            yield Finding(*before.span(1), Kind.HOSPITAL_NUMBER, Verdict.HOLD)


_NAMED_AFTER = Pattern(
    r"\b(?:hosp(?:ital)?|unit|patient|pt|px|mrn|pas|case\s?note|k|x|crn)(?:'s)?[\s.\-]*(?:numbers?|no|num|id|\#)\b",
    re.IGNORECASE,
)
_NUMBER_BEFORE = Pattern(
    r"(?<![\w/.\-])([A-Z]{0,3}\d{5,9}[A-Z]?)\s?(?:,|\(|-|is|was|being|=)\s?(?:(?:the|his|her|their|a|an|our)\s)?\Z",
    re.IGNORECASE,
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
        yield Finding(*match.span(), Kind.PERSONAL_NUMBER, Verdict.HOLD)
    if read.longest >= 6:
        for match in _DRIVER.finditer(text):
            yield Finding(*match.span(), Kind.PERSONAL_NUMBER, Verdict.HOLD)
    for match in read.opened(PAPERS, PAPER):
        if sum(one.isdigit() for one in match["id"]) >= 5:
            yield Finding(*match.span("id"), Kind.PERSONAL_NUMBER, Verdict.HOLD)


def _files(read: Passage) -> Iterator[Finding]:
    endings = read.vocabulary & _ENDINGS
    if not endings:
        return
    text = read.text
    for place, word in enumerate(read.words):
        start = read.starts[place] - 1
        match = _FILE.match(text, start) if word in endings and text[max(0, start)] == "." else None
        if not match:
            continue
        before = text[max(0, match.start() - 120) : match.start()]
        for shape in (_WHOLE, _SPACED):
            name = shape.search(before)
            if name and "://" not in name[0] and _tells(name[0]):
                yield Finding(match.start() - len(name[0]), match.end(), Kind.FILENAME, Verdict.HOLD)
                break


def _tells(name: str) -> bool:
    """Whether a file is named for a person: two names, or one with a day or what is seen."""
    parts = [part for part in re.split(r"[_\-. ()&+]+", name) if part]
    names = sum(_part_names(part) for part in parts)
    words = {word.lower() for part in parts for word in _CAMEL.findall(part)}
    dated = bool(re.search(r"(?:19|20)\d\d[-_.]?\d\d[-_.]?\d\d|\d\d[-_.]\d\d[-_.](?:\d\d)", name))
    return names >= 2 or (names == 1 and (dated or bool(words & _SCENE)))


def _part_names(part: str) -> int:
    """How many names a part of a file's name holds: ``JBaptiste`` and ``Sheila`` one each."""
    if _INITIALLED.match(part):
        return 0 if MARKS.get(part[1:].lower(), 0) & COMMON else 1
    found = 0
    words = _CAMEL.findall(part)
    if (
        words[:1]
        and words[0].lower() in ("mr", "mrs", "miss", "pt", "dob")
        and len(words) > 1
        and len(words[1]) > 2
        and words[1][0].isupper()
    ):
        found += not MARKS.get(words[1].lower(), 0) & COMMON
    for word in words:
        mark = MARKS.get(word.lower(), 0)
        if len(word) > 2 and (
            (mark & (GIVEN | FAMILY) and not mark & COMMON)
            or (mark & PLAIN_NAME and word[0].isupper() and not mark & COMMON)
        ):
            found += 1
    return found
