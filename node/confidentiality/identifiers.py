"""Numbers of patients in a text: by label and range, in every form they are typed."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import replace

from node.confidentiality import digits, dummies, numbers
from node.confidentiality.digits import Run
from node.confidentiality.findings import Finding, Kind, Verdict
from node.confidentiality.lists import listed
from node.confidentiality.needs import FIGURES, RUN, SPOKEN, TELEPHONE, Need, Sign
from node.confidentiality.numbers import LENGTH, Scheme
from node.confidentiality.passage import Passage
from node.confidentiality.patterns import Pattern, opening
from node.confidentiality.words import (
    CLINICAL,
    EVENT,
    FIGURE,
    NEARDAY,
    NUMBER,
    PATIENT,
    PRONOUN,
    RELATIVE,
    ROOM,
    WARD,
    WEEKDAY,
)

_NUMBER = r"(?:numbers?|nos?\b\.?|num\b\.?|nbr\b|nmbr\b|numbr\b|nr\b|ids?\b|ident\w*|n\b|\#|№)"
LABEL = Pattern(
    rf"""(?P<nhs>\bn[.\s]?h[.\s]?s\.?['’]?s?[\s_\-(]*(?:(?:pt|patient)\.?\s)?(?:{_NUMBER}|n\w{{0,2}}m\w{{0,3}}r\b|(?:code|digits|card|numero)\b)|\bnsh[\s_\-]+{_NUMBER}|health\s+(?:service\s+)?(?:number|id\b|no\b)|medical\s+card\s+{_NUMBER}|\b(?:spine|pds)\s+{_NUMBER}|nhs\s?no\b|nhsno|nhsnum\w*|nhsn\b
    |(?:rhif|rhifau|\brif)\s+(?:y\s+)?g\.?i\.?g\b)
    |(?P<chi>\bc\.?h\.?i(?:\b|(?=[\d_]))\.?(?:[\s_\-]*{_NUMBER})?|\bc\sh\si\s{_NUMBER}|community\s+health\s+index)
    |(?P<hcn>\bhcn(?:\b|(?=[\d_]))|\bh/?c[\s_\-]+{_NUMBER}|\bhsc[\s_\-]*{_NUMBER}|\bh\s?(?:&|\+|and|n)\s?s?c\b(?:[\s_\-]*{_NUMBER})?|health\s*(?:&|\+
    |and)\s*(?:social\s+)?care\s+{_NUMBER})
    |(?P<nhsbare>\bn[.\ ]?h[.\ ]?s(?![a-z]|_[a-z])\.?(?:\s+ref\b)?|\bgig(?=[\s:\#\-]{{1,3}}\d))
    |(?P<patient>\b(?:pts?|patients?|client|resident|service\s+user|claf)(?:'s)?[\s_.\-]*{_NUMBER}|\b(?:his|her
    |their)\s+{_NUMBER}
      |\bwrist\s?(?:band|strap)|\bid\s*band|\bname\s*band|\bmrn\b|\bhosp(?:ital)?\.?[\s_\-]*{_NUMBER}
      |\bunit\s+{_NUMBER}|\brhif|\brif\s+(?:y\s+)?(?:claf|ysbyty))""",
    re.IGNORECASE | re.VERBOSE,
)
SAID, FEWEST = 5, 3  # digits and words for digits without which there is no number
_WORDS = listed(
    """
    medical spine pds sc nsh hc rif nhs nhsn hsc n chi c hcn h hc health gig rhif community pt pts patient patients
    client resident claf his her their wristband wrist wriststrap id band idband name nameband mrn hosp hospital
    unit service patient's patients' user
    """
)
FAR, NEAR = 18, 10  # words around a number without a label in which it is said to be another
BEFORE, AFTER, CLOSE = 60, 30, 12  # characters between a label and its number
_RIVALS = Pattern(
    r"""\b(?:(?:order|invoice|lot|ref|serial|catalogue|code|asset|ticket|page|tel|telephone|fax|phone|call|item|product
    |barcode
      |requisition|sku|model|licen[cs]e|version|trial|tender|stock|helpline|row|cell|parcel|delivery|dataset|account
      |quote
      |part|line|total|cost|grant|batch|booking|quotation|receipt|transaction|reference|build|job|bid|hash
      |checksum)(?:e?s)?
    |charity|company|compliance|tracking|p\.?o\.?|isbn|issn|doi|pmid|pmcid|ring|dial|gtin|npc|udi|isrctn|nct|orcid
    |ext|vat
    |switchboard|bleep|number\s+for\s+the|£|\$|€)\b[^.;!?\n]{0,24}$|[£$€+#]\s?$""",
    re.IGNORECASE | re.VERBOSE,
)
_ADDRESS = Pattern(r"(?:https?://|www\.|doi\.org|10\.\d{4,9}/)\S*$", re.IGNORECASE)
_KINDS = {
    Scheme.NHS: Kind.NHS_NUMBER,
    Scheme.CHI: Kind.CHI_NUMBER,
    Scheme.HCN: Kind.HCN_NUMBER,
    Scheme.NONE: Kind.NHS_NUMBER,
}
_LABELLED = {"nhs": Kind.NHS_NUMBER, "nhsbare": Kind.NHS_NUMBER, "chi": Kind.CHI_NUMBER, "hcn": Kind.HCN_NUMBER}
ENDING = Pattern(
    r"\b(?:nhs|chi|h&c|hcn|hospital|patient)\s*(?:number|no\.?|id)?[^.\n]{0,20}?"
    r"\b(?:ends?|ending|last\s+(?:four|4|three|3)(?:\s+digits)?)"
    r"(?:\s+(?:in|with|are|is|of))*[\s:]*(\d{3,5})\b",
    re.IGNORECASE,
)
_NI_TAIL = Pattern(r"\d\d[ \-.]?\d\d[ \-.]?\d\d[ \-.]?[A-Da-d]")  # stands in all of them
_NI = Pattern(
    r"(?<![A-Za-z0-9])([A-Za-z]{2})[ \-.]?(\d{2})[ \-.]?(\d{2})[ \-.]?(\d{2})[ \-.]?([A-Da-d])(?![A-Za-z0-9])"
)

ENDED = opening("h nhs~ chi~ hcn~ hospital~ patient~")
_ENDS = listed("end ends ending last")
NEED: Need = (
    (Sign(TELEPHONE),),
    (Sign(RUN),),
    (Sign(FIGURES), Sign(words=_WORDS, opens=(opening("nhs~ hsc~ pat~ hos~ rhi~"),))),
    (Sign(words=_ENDS), Sign(FIGURE), Sign(opens=(ENDED,))),
    (Sign(SPOKEN),),
)


def find(read: Passage) -> Iterator[Finding]:
    """The numbers of patients in a text."""
    text = read.text
    if read.digits < FEWEST and not _spoken(read):
        return
    labels = _labels(read)
    figures = list(_figures(read, labels)) if read.digits >= LENGTH else []
    yield from figures
    yield from _disguised(read, labels)
    if labels and read.digits >= _FEWEST_COUNTED:
        for one in _miscounted(text, labels, [one.start for one in figures]):
            if not dummies.nobodys(read, one.start, one.end, re.sub(r"\D", "", text[one.start : one.end])):
                yield one
    if not read.vocabulary.isdisjoint(_ENDS):
        for match in read.opened(ENDING, ENDED):
            yield Finding(*match.span(1), Kind.NHS_NUMBER_OBFUSCATED, Verdict.HOLD)
    if read.digits >= 6 and _NI_TAIL.search(text):
        for match in _NI.finditer(text):
            example = match[1].upper() == "QQ" and dummies.nobodys(read, *match.span(), dummies.TESTED_WITH)
            if numbers.ni_number(match[1]) and not example and not _rival(text, match.start()):
                yield Finding(*match.span(), Kind.NI_NUMBER, Verdict.BLOCK)


def _spoken(read: Passage) -> bool:
    if not read.seen & NUMBER:
        return False
    return sum(1 for mark in read.marks if mark & (NUMBER | FIGURE)) >= SAID


def _labels(read: Passage) -> list[tuple[int, int, str]]:
    if read.digits < digits.FEWEST and not read.seen & NUMBER:
        return []
    if read.vocabulary.isdisjoint(_WORDS) and _HEADS.isdisjoint(read.heads):
        return []
    glued = any(one in read.small and any(one in word[1:] for word in read.vocabulary) for one in _GLUED)
    found = LABEL.finditer(read.text) if glued else read.opened(LABEL, LABELS)
    return [(match.end(), match.start(), match.lastgroup or "") for match in found]


_HEADS = frozenset(("nhs", "hsc", "pat", "hos", "rhi"))  # of labels that are one word with what follows
_GLUED = ("nhs", "health", "rhif")  # what may stand at the end of another word
LABELS = opening(
    """
    n nh nsh c ch chi hcn h hc hn rif gig hand hnc handc pt pts service id idband name nameband mrn unit his her their
    community: health
    medical: card
    spine pds hsc hnsc handsc
    ptno ptnos ptnum ptnbr ptnmbr ptnumbr ptnr ptid ptids ptn ptnumber~ ptident~
    ptsno ptsnos ptsnum ptsnbr ptsnmbr ptsnumbr ptsnr ptsid ptsids ptsn ptsnumber~ ptsident~
    nhs~ health~ rhif~ hsc~ patient~ client~ resident~ claf~ wrist~ hosp~
    """
)
_FEWEST_COUNTED = 6  # digits of a number that lacks some


_COUNTED = Pattern(r"(?<![\d/.])\(?\d(?:[ .\-/_,()\n]{0,2}\d){6,13}(?![\d%])")
_MASKED = Pattern(r"\W{0,4}(\d{3}[ \-]?\d{3}[ \-]?[\dxX*?#]{0,3}[xX*?#])(?!\w)")  # 999 334 xxxx
_PARTED = Pattern(
    r"(?<![\d/.])\d(?:[^\w£$€%,]{0,4}(?:(?:then|and|dash|space|stroke|dot|hyphen|slash|gap|wedyn|nbsp|new\s?line|line\s?break|cont\w{0,6}|(?:second|next|last|other)\s(?:half|part|bit))\W{1,3}){0,2}\d){9}"
    r"(?!\W{0,2}\d|[%\w])",
    re.IGNORECASE,
)  # 999 834 then 0268
_DATED = Pattern(r"\d{1,2}[./\-]\d{1,2}[./\-]\d{2,4}|\d{4}-\d\d-\d\d|\b(?:19|20)\d\d\b")


def _miscounted(text: str, labels: list[tuple[int, int, str]], found: list[int]) -> Iterator[Finding]:
    """A number beside a label with a digit too few or too many."""
    for end, start, name in labels:
        place = bisect_left(found, end)
        if place < len(found) and found[place] - end <= CLOSE:
            continue
        match = _COUNTED.search(text, end, min(len(text), end + BEFORE + 30))
        gap = text[end : match.start()] if match else ""
        if match and len(gap) <= BEFORE and _joined(gap, name) and _nearly(match[0], name, close=len(gap) <= CLOSE):
            yield Finding(*match.span(), Kind.NHS_NUMBER_INVALID, Verdict.HOLD)
            continue
        masked = _MASKED.match(text, end)
        if masked and name != "nhsbare":
            yield Finding(*masked.span(1), Kind.NHS_NUMBER_OBFUSCATED, Verdict.HOLD)
            continue
        parted = _PARTED.search(text, end, min(len(text), end + 2 * BEFORE))
        near = parted and (parted.start() - end <= CLOSE or _joined(text[end : parted.start()], name))
        if parted and near and not _DATED.search(parted[0]) and not _SUM.search(parted[0]):
            yield Finding(*parted.span(), Kind.NHS_NUMBER_OBFUSCATED, Verdict.HOLD)
            continue
        parted = _PARTED.search(text, max(0, start - BEFORE), start) if name != "nhsbare" else None
        if (
            parted
            and parted[0][0] != "0"
            and _THEN.fullmatch(text, parted.end(), start)
            and not _DATED.search(parted[0])
        ):
            yield Finding(*parted.span(), Kind.NHS_NUMBER_OBFUSCATED, Verdict.HOLD)
            continue
        before = _BACKWARDS.search(text, max(0, start - 36), start)
        if before and name != "nhsbare" and _nearly(before[1], name, close=True):
            yield Finding(*before.span(1), Kind.NHS_NUMBER_INVALID, Verdict.HOLD)


_THEN = Pattern(r"[\s\"'\])]{0,3}(?:[,(\-=<\[]{1,3}|is|was|as|yw)?\s*(?:his|her|the|their|what the)?\s*", re.IGNORECASE)
_BACKWARDS = Pattern(r"(?<![\d/.])(\d(?:[ .\-/]?\d){6,13})\s?(?:[(,\-]|is|was|as)?\s*(?:his|her|the|their)?\s*\Z")


def _nearly(written: str, name: str, *, close: bool) -> bool:
    """Whether digits are as many as those of a number, but for one or two, and no date, sum or telephone number."""
    digits = re.sub(r"\D", "", written)
    if len(digits) == LENGTH + 1 and close and digits[0] == "0" and numbers.checks(digits[1:]):
        return True
    if len(digits) == LENGTH or digits.startswith("0" if name != "chi" else "00") or _DATED.search(written):
        return False
    if name == "nhsbare" and (digits.startswith(_PUBLIC) or _SUM.search(written)):
        return False
    return len(digits) in (9, 11) or (close and name in ("nhs", "chi", "hcn") and 7 <= len(digits) <= 13)


def _figures(read: Passage, labels: list[tuple[int, int, str]]) -> Iterator[Finding]:
    done = 0
    for run in digits.runs(read.normal, labelled=bool(labels)):
        if run.start < done:
            continue
        found = _judged(read, run, _label(read.text, run, labels))
        if found:
            done = run.end
            if dummies.nobodys(read, run.start, run.end, run.digits):
                continue
            unsure = found.verdict is Verdict.BLOCK and numbers.placeholder(run.digits)
            yield replace(found, verdict=Verdict.HOLD) if unsure else found


def _judged(read: Passage, run: Run, label: str) -> Finding | None:
    text = read.text
    valid, scheme = numbers.checks(run.digits), numbers.scheme(run.digits)
    kind = _LABELLED.get(label) or _KINDS[scheme]
    strict = _alone(text, run)
    if not label:
        if not (valid and scheme is not Scheme.NONE and run.usual and strict) or _rival(text, run.start):
            return None
        return _unlabelled(read, run, _hidden(kind, run))
    if label == "nhsbare" and not valid and (run.digits.startswith(_PUBLIC) or not (run.usual or _odd(text, run))):
        return None
    if not run.usual:
        return Finding(run.start, run.end, Kind.NHS_NUMBER_OBFUSCATED, Verdict.HOLD)
    if valid and (scheme is not Scheme.NONE or label != "patient"):
        return Finding(run.start, run.end, _hidden(kind, run), Verdict.BLOCK)
    kind = Kind.HOSPITAL_NUMBER if label == "patient" else Kind.NHS_NUMBER_INVALID
    return Finding(run.start, run.end, kind, Verdict.HOLD)


def _unlabelled(read: Passage, run: Run, kind: Kind) -> Finding | None:
    """Blocked, but where words near say that it is another thing: then held beside a person, else nothing.

    Held, too, where no care is spoken of and the word before may be what it is the number of (*item 712 345 6789*).
    """
    first, last = read.span(run.start, run.end)
    words = read.words
    before, after = words[max(0, first - FAR) : first], words[last + 1 : last + 1 + FAR]
    goods = not (_GOODS.isdisjoint(before) and _GOODS.isdisjoint(after))
    if not goods:
        goods = not (_CALLED.isdisjoint(before[-NEAR:]) and _COUNTED_BY.isdisjoint(after[:2]))
    about = read.about(first, last, before=10, after=10)
    person = about & (PATIENT | PRONOUN | RELATIVE) or read.near(first, last, _SAMPLES, before=8, after=8)
    person = person or bool(_ONE_WHO.search(read.text, max(0, run.start - 60), run.start))
    if goods:
        return Finding(run.start, run.end, kind, Verdict.HOLD) if person else None
    named = first > 0 and run.start - read.ends[first - 1] <= 2 and not _before_patients(read, first - 1)
    unsure = named and not person and not about & EVENT
    return Finding(run.start, run.end, kind, Verdict.HOLD if unsure else Verdict.BLOCK)


_ONE_WHO = Pattern(r"\b(?:one|somebody|someone|person)\s(?:who|whose|whom)\b[^.!?\n]*\Z", re.IGNORECASE)
_SAMPLES = listed("bloods blood scan scans xray mri ct biopsy results specimen sample samples nhs patient bed ward")


def _before_patients(read: Passage, place: int) -> bool:
    """Whether a word is one that stands before the number of a patient, too."""
    word = read.words[place]
    return bool(read.marks[place] & _CARE) or word in _BEFORE_PATIENTS or word.endswith(("ed", "ing"))


_CARE = PATIENT | RELATIVE | PRONOUN | CLINICAL | WARD | ROOM | EVENT | WEEKDAY | NEARDAY
_BEFORE_PATIENTS = listed(
    """
    for of at on in to by with and or is was are were as about from see check look up find found only both not against
    than then but like that this which when while if so also the a an our my his her their he she him it i we you they
    pt pts patient patients number numbers no nos id ids nhs chi hcn mrn label sticker band wristband record records
    bloods blood sample samples result results name dob said says read reads got has had gave called mr mrs ms lady man
    re review reviewed huddle m chase discuss refer tube query handover case meeting one ones please
    regarding concerning chase update summary shows showed gives belongs into under off after before via using per plus
    here swap swapped wrong same missed
    woman gentleman baby child mum bed scan scans xray mri ct form card notes chart screen list
    """
)
_CALLED = listed(
    """
    helpline hotline ring dial phone telephone tel call text fax paperback page pages book chapter funding foundation
    fund grant grants finance quote quoted track tracks price cost costs protocol registry row rows cell cells barcodes
    hash checksum bleep extension website url link raised award awards population seed print published circular survey
    petition lottery ballot raffle meter panel postcode twitter followers
    """
)
_COUNTED_BY = listed("steps pounds people downloads views visits words bytes results hits pages times")
_GOODS = listed(
    """
    order orders ordered ordering reorder po pos purchase purchasing procurement invoice invoices invoiced batch batches
    lot lots isbn serial serials catalogue asset assets ticket tickets item items product products requisition
    requisitions req sku account vat supplier suppliers vendor delivery deliveries parcel consignment tracking courier
    quote quotation receipt transaction barcode warehouse stock stores cheque payment payments paid remittance credit
    booking licence licences finance ledger budget contract tender warranty repair helpdesk job jobs loan voucher refund
    subscription membership donation charity fundraising gtin udi part parts device model shipment dispatch dispatched
    pallet recall despatch engineer maintenance certificate calibration dataset trial study doi isrctn version build
    """
)
_PUBLIC = ("0", "111", "24", "19", "20")  # NHS 111, NHS 24, NHS 2025, telephones
_SUM = Pattern(r"\d{1,3},\d{3},\d{3}(?!\d)")


def _odd(text: str, run: Run) -> bool:
    """Whether ten digits in unusual groups are a number of a person all the same: not a sum of money."""
    return not _SUM.search(text, run.start, run.end)


def _hidden(kind: Kind, run: Run) -> Kind:
    return Kind.NHS_NUMBER_OBFUSCATED if run.hidden else kind


def _alone(text: str, run: Run) -> bool:
    before = text[run.start - 1] if run.start else " "
    after = text[run.end] if run.end < len(text) else " "
    further = text[run.end + 1 : run.end + 2]
    if before.isalpha() or after.isalpha() or (before in ".,-+/" and text[run.start - 2 : run.start - 1].isdigit()):
        return False
    return not (after in ".,-/" and further.isdigit())


def _label(text: str, run: Run, labels: list[tuple[int, int, str]]) -> str:
    """The label that belongs to a run: the nearest before it in its sentence, else one right after."""
    best = ""
    for end, start, name in _around(labels, run):
        if end <= run.start:
            if run.start - end <= (BEFORE if name != "nhsbare" else 12) and _joined(text[end : run.start], name):
                best = name
        elif run.end <= start <= run.end + AFTER and not best and name != "nhsbare":
            gap = text[run.end : start]
            if not re.search(r"[.;!?\n\d]\s", gap):
                best = name
        elif run.end <= start <= run.end + 2 and not best:
            best = name
    return best


def _around(labels: list[tuple[int, int, str]], run: Run) -> Iterator[tuple[int, int, str]]:
    for place in range(bisect_left(labels, (run.start - BEFORE, 0, "")), len(labels)):
        if labels[place][1] > run.end + AFTER:
            return
        yield labels[place]


def _joined(gap: str, name: str) -> bool:
    if name == "nhsbare":
        return not re.search(r"[A-Za-z]{4}|\d", gap)
    return len(gap) <= CLOSE or (not re.search(r"[!?;]\s|\.\s+[A-Z]", gap) and not _RIVALS.search(gap))


def _rival(text: str, start: int) -> bool:
    before = text[max(0, start - 60) : start]
    return bool(_RIVALS.search(before) or _ADDRESS.search(text[max(0, start - 200) : start]))


def _disguised(read: Passage, labels: list[tuple[int, int, str]]) -> Iterator[Finding]:
    text = read.text
    if read.digits >= digits.FEWEST:
        for end, _, _ in labels:
            run = digits.alike_at(text, end)
            if run:
                yield Finding(run.start, run.end, Kind.NHS_NUMBER_OBFUSCATED, Verdict.HOLD)
        for run in digits.alike(text):
            if _label(text, run, labels) or _by_chance_only(text, run):
                yield Finding(run.start, run.end, Kind.NHS_NUMBER_OBFUSCATED, Verdict.HOLD)
    if not read.seen & NUMBER:
        return
    for run in digits.spoken(read):
        if _label(text, run, labels) or _valid(text, run) or _dictated(text, run):
            yield Finding(run.start, run.end, Kind.NHS_NUMBER_OBFUSCATED, Verdict.HOLD)


def _valid(text: str, run: Run) -> bool:
    issued = numbers.checks(run.digits) and numbers.scheme(run.digits) is not Scheme.NONE
    return issued and not _rival(text, run.start)


def _by_chance_only(text: str, run: Run) -> bool:
    """Whether letters that look like digits make a number that was issued, which mere chance seldom does."""
    figures = sum(one.isdigit() for one in text[run.start : run.end])
    return figures >= digits.SURE and _valid(text, run)


def _dictated(text: str, run: Run) -> bool:
    """Ten digits spelt one by one, which is not counting."""
    if len(run.digits) < LENGTH:
        return False
    spelt = sum(one.isalpha() for one in text[run.start : run.end]) >= 20
    return spelt and "123456789" not in run.digits and not _rival(text, run.start)
