"""Initials where they can only be a patient's: before a bed, after ``pt``, with an age, in a list of patients."""

from __future__ import annotations

import re
from collections.abc import Iterator

from node.confidentiality.findings import Finding, Kind, Verdict
from node.confidentiality.lists import listed
from node.confidentiality.passage import Passage
from node.confidentiality.patterns import Pattern
from node.confidentiality.words import PATIENT, POSSESSED, RELATIVE, STAFF, WARD

_OWNS = Pattern(r"\.?'s\s")
_LONGEST = 3  # letters without a dot
_DOTTED = r"(?<![\w.])(?:[A-Z]\.\s?){1,2}(?:Ma?c|O')?[A-Z]\b\.?(?!\w)"  # A.B., J.McA.
_TOGETHER = r"(?<![\w./&'\-])[A-Z]{2,3}(?![\w&/'\-.]*[\w&])"
_INITIALS = Pattern(rf"{_DOTTED}|{_TOGETHER}")
_AGED = Pattern(r"[\s,(]{1,3}\d{1,3}\s?(?:[MFmf]\b|y|yo|yrs?\b)|,\s\d{2},\s|\s\(\d{2}\)|,?\saged\s\d")
_LISTS = listed(
    """
    reviewed review seen see pts patients residents discharges admissions jobs handover outstanding chase
    """
)
_IN_BED = Pattern(
    r"\b(?:bed|bay|sr|side\s*room|room|cubicle|gwely)\s*\d{1,2}\s*[(:\-,=]\s*$", re.IGNORECASE
)  # Bed 3 (AW)
_BEDS = listed("sr rm bed bay room cubicle gwely bedspace")
_NOT_BEFORE = listed("mum male female baby child adult")
SHORTENED = listed(
    """
    IN ON AT OF TO BY IS IT AS AN OR IF WE MY NO SO UP GO DO BE HE ME US AM PM OK IV IM SC PO OD BD TDS QDS PRN NG
    PEG ED AE GP OT PT SLT CT MRI MR XR US ICU HDU ITU CCU AMU MAU SAU ENT IT HR BP RR GCS ECG EEG NHS CQC GMC NMC
    MHRA NICE UK EU USA BMA RCN RCP DOH NI QI SPC XMR SR DR RN HCA SHO REG FY ST TV VTE DVT PE MI AF CHF COPD UTI
    AKI CKD TB HIV MRSA CDI CRP WBC HB INR APTT FBC LFT TFT ABG VBG CPR DNR DNA TTO TTA EOL EPR EMR PAS ICE PAC LAB
    CSF LP CVP PICC CVC KCL NACL GTN TPN NBM NEB LTOT BIPAP CPAP NIV RSI ETT LMA PCA EPI CTG LSCS PPH IUD TOP PV PR
    BNO BO PU SOB LOC TIA CVA MS MND PD DM BM BMI MUAC ANTT PPE FFP RCA PSII LFPSE SBAR ADL MDT CHC DST FAQ CEO CNO
    CMO MD HEE RCT PDSA SOP KPI PDF CSV URL API USB LED NEWS PEWS MEWS AVPU HCN CHI MRN DOB NOK DNACPR DOLS MCA LPA
    RESP CVS GI GU CNS MSK ADHD ASD LD MH CAMHS CMHT OOH AAA CABG PCI TAVI THR TKR NOF ORIF AKA BKA HIP BED BAY SR
    RM AND THE FOR NOT ALL ANY ONE TWO NEW ASAP FYI BTW TBC TBA NB RE CC PS VR VS IE EG PIN DVD TVN ANP ACP PA RMN
    RGN EN SN CN SSN CD DD POM BNF SPC COC PIL ID QR AI EHR DSU DTA EDD LOS OBS STAT INF MG ML KG CM MM NA CA FE PH
    AST ALT GGT LDH PSA HPV FGM DV
    """
)


def find(read: Passage) -> Iterator[Finding]:
    """Initials of somebody cared for."""
    found = list(_capitals(read))
    if found and read.text.isupper():
        found = [match for match in found if "." in match[0]]
    several = sum(1 for match in found if _two(match[0])) >= 2
    for match in found:
        first = read.index(match.start())
        last = max(first, read.index(match.end()) - 1)
        if first < len(read.words) and _somebodys(read, first, last, match, several=several):
            yield Finding(*match.span(), Kind.INITIALS, Verdict.HOLD)


def _capitals(read: Passage) -> Iterator[re.Match[str]]:
    """``AB``, ``A.B.`` wherever they are no word that is always written so."""
    text, starts, ends = read.text, read.starts, read.ends
    done = 0
    for place in read.capitals:
        start, end = starts[place], ends[place]
        if end - start > _LONGEST or start < done or not (text[end : end + 1] == "." or end - start > 1):
            continue
        match = _INITIALS.match(text, start)
        if match:
            done = match.end()
            if "." in match[0] or match[0] not in SHORTENED:
                yield match


def _two(written: str) -> bool:
    return "." in written or len(written) == 2


def _somebodys(read: Passage, first: int, last: int, match: re.Match[str], *, several: bool) -> bool:
    before = read.marks[first - 1] if not read.begins_sentence(first) else 0
    if read.marks[first] & (STAFF | WARD) or (before & STAFF and not before & PATIENT):
        return False
    if not read.begins_sentence(first) and read.words[first - 1] in ("initials", "initial"):
        return True
    if (
        before & PATIENT
        and not read.owned[first - 1]
        and len(read.between(first - 1)) <= 3
        and ("." in match[0] or read.words[first - 1] not in _NOT_BEFORE)
    ):
        return True
    if _owner(read, last, match):
        return True
    if _AGED.match(read.text, match.end()):
        return True
    if not _two(match[0]):
        return False
    if read.near(last, last, _BEDS, before=0, after=4) and any(
        word.isdigit() or (len(word) == 1 and word != "a") for word in read.words[last + 1 : last + 6]
    ):
        return True
    if _IN_BED.search(read.text[max(0, match.start() - 18) : match.start()]):
        return True
    return several and not before & PATIENT and read.near(first, last, _LISTS, before=14, after=0)


def _owner(read: Passage, last: int, match: re.Match[str]) -> bool:
    """``J.K.'s daughter``."""
    if "." not in match[0] or not _OWNS.match(read.text, match.end() - match[0].endswith(".")):
        return False
    following = read.marks[last + 1 : last + 4]
    return any(mark & (RELATIVE | POSSESSED) for mark in following)
