"""Ways to a record: links into record systems, references of reports and studies, and names of files."""

from __future__ import annotations

import re
from collections.abc import Iterator

from node.confidentiality import digits, dummies, filenames, numbers
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
    RELATIVE,
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
REFERENCE = Pattern(
    r"""\b(?:accession|study|specimen|sample|lab|laboratory|datix|incident|inc|complaint|complaints|pals|sui|steis|lfpse
    |inquest|coroner(?:'?s)?|ir1|si(?=\s(?:19|20)\d\d/\d)|path|ombudsman|phso|psow|spso|nipso|acc|accn|histology|histo|cytology|microbiology|micro|haematology|biochem(?:istry)?|pathology
    |biopsy|culture|swab|crossmatch|g&s
    |case\s?note|casenote|case|referral|safeguarding|exam|request|ulysses|inphase|radar|episode|spell|encounter
    |attendance|visit|nrls|psii|ssi|triage|cad
    |ambulance|epcr|prescription|eps|claim|litigation|police|crime)\b[\s\-]*
    (?:(?:id|numbers?|nos?\b\.?|ref(?:erence)?s?|incident|report|record|referral|form|web|uid|log|num|\#)[\s\-]{0,2}){0,2}
    (?:\([^)\n]{1,20}\))?[\s\-:#.=(is]{0,5}?
    (?P<id>(?:[A-Z]{1,5}[\-/,]?)?\d[\dA-Z]*(?:[\-/][\dA-Z]{1,12}|\.(?:\d{3,9}|[A-Z]\b)){0,4})(?![\w%])""",
    re.IGNORECASE | re.VERBOSE,
)
_SURE = Pattern(
    r"accession|datix|\bcad\b|\baccn\b|radar|steis|lfpse|inquest|ulysses|inphase|epcr|specimen|complaint|pals|casenote|case\s?note",
    re.IGNORECASE,
)
_SAMPLES = frozenset(("sam", "spe", "lab"))  # sample, specimen, laboratory
_SAID = Pattern(r"\b(?:id|referral|numbers?|nos?|ref(?:erence)?s?|report|log|num|web)\b|#", re.IGNORECASE)
LABELLED = Pattern(
    r"""\b(?:(?:pt|px)(?=[\W\d_]|(?:number|nos?|num|id)[\W\d_])|[kx](?![a-z])|h/n\b|h(?=[.\s]{1,2}(?:no|num|number)\b)|system\s?one\b|hn(?=[\s:.\#]{1,2}[A-Z]?\d{5})|local(?=\s(?:patient\s)?(?:id|identifier|no|num|number)\b)(?:\s+patient)?|(?:pid|uhn|upi|upn)(?![a-z])|hosp(?:ital)?|unit|patient|mrn|pas|district|case\s?notes?|record|rio|emis|systm\s?one|epr|cerner|epic
    |clinic|x-?ray|hosp\.?|notes?|chart|folder|urn|hrn|urno|crn|ehr|emr|scan|film|theatre|crn
    |client|resident|demographic|lorenzo|medway|meditech|trakcare|trak|uhpi|mosaic|carenotes|liquidlogic|carefirst|paris|wpas|pims|symphony|adastra
    |badgernet|nervecentre|silverlink|rh?if\s+(?:yr?\s+)?(?:ysbyty|uned|claf|cleifion)|ysbyty)(?:'s)?[\s_\-]*
    (?P<say>n°|rhif|numbers?|nos?\b\.?|num\b\.?|nbr\b|ids?\b|identifier|ref\b|\#)?
    (?:(?:\s+(?:on|the|his|her|sticker|label|band|form|card|letter|front|wristband|bag|bottle|yw|oedd)){0,4}
    (?:\s+(?:is|was|reads?|says|ends)\b)?|\s?\([^)\n]{1,20}\))?[\s:=\-(#]{0,4}
    (?P<id>(?:[A-Z]{1,3}[ \-/]?)?(?:\d{2,9}(?:[\-/]\d{1,7}|\ \d{2,4}(?!\d|\ ?%)){0,3}[A-Z]?
    |\d(?:[\ .\-]\d){4,8}|\d{3}[._]\d{3,4}|\d{2}[\dOILSB]{3,7}))(?![\w]|[.,:]\d|\s?%)""",
    re.IGNORECASE | re.VERBOSE,
)
_SYSTEM = Pattern(
    r"mrn|case\s?notes?\b|h/n|\bhn\b|\bpid\b|\buhn\b|\bup[in]\b|uhpi|rh?if\b|\burn|hrn|\bpas\b|rio\b|emis|systm|crn",
    re.IGNORECASE,
)
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
_LABELS = listed(
    """
    accession study specimen sample lab laboratory datix incident inc complaint complaints pals sui steis lfpse
    inquest coroner coroners acc accn histology histo cytology microbiology micro haematology biochem biochemistry
    pathology biopsy culture swab crossmatch g hn h local pid uhn upi upn rif case casenote casenotes referral
    safeguarding exam request ulysses inphase radar episode spell encounter attendance visit nrls psii ssi triage
    cad ambulance epcr prescription eps claim litigation police crime hosp hospital hospno unit patient patients pt
    px mrn pas district record rio emis systm systmone epr cerner epic clinic k x xray scan film note notes chart
    folder urn hrn urno crn ehr emr theatre client resident demographic trak uhpi mosaic carenotes liquidlogic
    carefirst paris wpas pims symphony adastra badgernet nervecentre silverlink ir si path ombudsman phso psow spso
    nipso lorenzo medway meditech trakcare rhif ysbyty hospnumber unitno patientno ptno system
    """
)


REFERENCES = opening(
    """
    accession study specimen sample lab laboratory datix incident inc complaint complaints pals sui steis lfpse inquest
    coroner coroners acc accn histology histo cytology microbiology micro haematology biochem biochemistry pathology
    biopsy culture swab crossmatch casenote case referral safeguarding exam request ulysses inphase radar episode spell
    encounter attendance visit nrls psii ssi triage cad ambulance epcr prescription eps claim litigation police crime
    g: s
    ir si path ombudsman phso psow spso nipso
    """
)
LABELLINGS = opening(
    """
    local: id identifier no num number patient
    h: n no num number
    system: one
    systemone
    pt px k x hn pid uhn upi upn rif~ ptno ptnos ptnum ptnumber ptid pxno pxnos pxnum pxnumber pxid
    hosp~ unit~ patient~ mrn~ pas~ district~ case~ record~ rio~ emis~ systm~ epr~ cerner~ epic~ clinic~ xray~ note~
    chart~ folder~ urn~ hrn~ crn~ ehr~ emr~ scan~ film~ theatre~ client~ resident~ demographic~ lorenzo~ medway~
    meditech~ trakcare~ trak~ uhpi~ mosaic~ carenotes~ liquidlogic~ carefirst~ paris~ wpas~ pims~ symphony~ adastra~
    badgernet~ nervecentre~ silverlink~ rhif~ ysbyty~
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

NEED: Need = (
    (Sign(LINK),),
    (Sign(words=filenames.ENDINGS),),
    (Sign(SPOKEN), Sign(words=_LABELS)),
    (Sign(FIGURES), Sign(DATED, words=_LABELS | {"notes", "sort", "sortcode"}, opens=(PAPER,))),
)  # DATED, too, where there are six digits together, as in a number of an account


def find(read: Passage) -> Iterator[Finding]:
    """Ways to the record of somebody."""
    text = read.text
    if "." in text:
        if "://" in text or "www." in read.small:
            yield from _links(text)
        yield from filenames.find(read)
    if read.seen & NUMBER and not _LABELS.isdisjoint(read.vocabulary):
        yield from _spelt(read)
    if read.digits < 4:
        return
    if read.longest >= 6 or "notes" in read.vocabulary:
        yield from _coded(read)
    if not read.vocabulary.isdisjoint(_LABELS):
        yield from _references(read)
        yield from _hospital(read)
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


def _references(read: Passage) -> Iterator[Finding]:
    text = read.text
    for match in read.opened(REFERENCE, REFERENCES):
        reference = match["id"]
        count = sum(one.isdigit() for one in reference)
        label = text[match.start() : match.start("id")]
        if _another(read, match.start("id"), match.end()):
            continue
        if (
            count >= 4
            and not re.fullmatch(r"(?:19|20)\d\d", reference)
            and (
                _SURE.search(label)
                or (_SAID.search(label) and count >= 5)
                or (label[:3].lower() in _SAMPLES and re.fullmatch(r"\d{8,12}", reference))
                or re.match(
                    r"(?:19|20)\d\d/\d{3,}|(?!NCT|ISRCTN|NIHR)[A-Z]{1,5}[\-/]?\d{5,}"
                    r"|\d\d-?[A-Z]{1,3}[\-/]?\d{5,}|[A-Z],\d\d\.\d{5,}|[A-Z]\d\d-\d{4,}",
                    reference,
                    re.IGNORECASE,
                )
            )
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
        if dummies.nobodys(read, *match.span("id"), number) or _another(read, match.start(), match.end()):
            continue
        if "note" in label.lower() and _DAY.fullmatch(match["id"]):
            continue
        yield Finding(*match.span("id"), Kind.HOSPITAL_NUMBER, Verdict.HOLD)
    for match in read.opened(_NAMED_AFTER, LABELLINGS):
        before = _NUMBER_BEFORE.search(read.text, max(0, match.start() - 40), match.start())
        if before:
            yield Finding(*before.span(1), Kind.HOSPITAL_NUMBER, Verdict.HOLD)


_DAY = Pattern(r"(?:[0-2]?\d|3[01])[\-/](?:0?\d|1[0-2])[\-/]\d{2,4}|\d{4}[\-/]\d\d[\-/]\d\d")
_ANOTHER = listed(
    """
    ticket tickets servicenow jira helpdesk desk version versions release released build patch firmware software upgrade
    upgraded changelog bug bugs grant grants award awards funder funded funding nihr wellcome ukri mrc isrctn invoice
    printer printers router server servers wifi login logins tablets scanners bank bacs charity
    procurement catalogue
    """
)  # beside which a number is that of a thing
_SOMEBODYS = PATIENT | PRONOUN | RELATIVE


def _another(read: Passage, start: int, end: int) -> bool:
    """Whether a reference is that of a ticket, a version or a grant, and of nobody."""
    if read.vocabulary.isdisjoint(_ANOTHER):
        return False
    first, last = read.span(start, end)
    near = read.near(first, last, _ANOTHER, before=8, after=8)
    return near and not read.about(first, last, before=10, after=10) & _SOMEBODYS


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
