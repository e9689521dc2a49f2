"""What stands before a number of a hospital or of a report, as a table: which label needs which number.

A number is *plain* (figures), *coded* (letters, or parts as in ``2025/20417``), and *said* to be one by a word between
(``no``, ``ref``, ``id``). Each row gives the fewest figures with which a label makes the number somebody's: alone, when
coded, and when said. A label that everybody uses for other things, too, has ``NEVER``.
"""

from __future__ import annotations

from dataclasses import dataclass

from node.confidentiality.findings import Kind
from node.confidentiality.lists import in_order, listed

NEVER = 99
HOSPITAL, REPORT = Kind.HOSPITAL_NUMBER, Kind.RECORD_LINK


@dataclass(frozen=True, slots=True)
class Label:
    """The fewest figures of a number beside it; ``said``: the label says itself that a number follows."""

    kind: Kind
    alone: int
    coded: int
    said: int
    system: bool = False  # in which something is kept: *204417 on Datix*
    whole: bool = False  # the label is itself a word for number


_ROWS = (
    (HOSPITAL, 4, 4, 4, "mrn pid uhn upi upn urn urno hrn crn uhpi pas rio emis systm hn"),
    (HOSPITAL, 4, 4, 4, "casenote casenotes h-n case-note case-notes case-file w-f ward-file h-no h-num h-number"),
    (HOSPITAL, 6, 6, 4, "systmone systemone systm-one system-one cerner nervecentre badgernet careflow"),
    (HOSPITAL, 6, 6, 4, "patient pt px hosp hospital client resident"),
    (HOSPITAL, 7, 7, 5, "rn r-n k x"),
    (HOSPITAL, NEVER, 6, 4, "unit"),
    (
        HOSPITAL, NEVER, NEVER, 4,
        """
        district record epr ehr emr epic clinic xray x-ray note notes chart folder scan film theatre demographic local
        local-patient lorenzo medway meditech trakcare trak mosaic carenotes liquidlogic carefirst paris wpas pims
        symphony adastra silverlink ysbyty claf cleifion uned patients
        """,
    ),
    (HOSPITAL, NEVER, NEVER, 5, "ed ae e cas-card casualty hospice mortuary pacs dental"),
    (HOSPITAL, 4, 4, 4, "rhif-ysbyty rhif-uned rhif-claf rif-ysbyty rif-uned rif-claf"),
    (HOSPITAL, 6, 6, 5, "wristband wrist-band id-band name-band idband nameband"),
    (Kind.NI_NUMBER, NEVER, NEVER, 6, "ni insurance"),
    (Kind.NI_NUMBER, 6, 6, 6, "nino"),
    (REPORT, 4, 4, 4, "accession accn cad epcr inquest coroner pals complaint specimen"),
    (REPORT, 6, 5, 4, "acc"),
    (REPORT, NEVER, 6, 4, "ris"),
    (REPORT, NEVER, 5, 5, "inc si sui psii incident psi sae sjr digwyddiad"),
    (REPORT, 5, 5, 5, "sai saer"),
    (REPORT, NEVER, NEVER, 5, "adverse-event safety-event yellow-card miss mortality rca candour cwyn cwest crwner"),
    (REPORT, NEVER, NEVER, 5, "path"),
    (REPORT, 8, 5, 5, "sample lab laboratory"),
    (
        REPORT, NEVER, 5, 5,
        """
        study ir ir-1
        ombudsman phso psow spso nipso histology histo cytology microbiology micro haematology biochem
        biochemistry pathology biopsy culture swab crossmatch g-s case referral safeguarding exam request episode spell
        encounter attendance visit nrls ssi triage ambulance prescription eps claim litigation police crime complaints
        """,
    ),
)  # fmt: skip
_SYSTEMS = "datix ulysses inphase radar steis lfpse"
_SUFFIXES = "no nos number numbers num id ref"
_JOINED = "hosp unit patient pt px case mrn datix incident inc"


def _table() -> dict[str, Label]:
    found = {one: Label(REPORT, 4, 4, 4, system=True) for one in in_order(_SYSTEMS)}
    for kind, alone, coded, said, labels in _ROWS:
        for one in in_order(labels):
            found[one] = Label(kind, alone, coded, said)
    for one in in_order(_JOINED):  # hospno, unitnumber
        label = found[one]
        for suffix in in_order(_SUFFIXES):
            found[one + suffix] = Label(label.kind, label.alone, label.coded, label.said, whole=True)
    return found


TABLE = _table()
SECONDS = {one.split("-")[1] for one in TABLE if "-" in one}
OWN = {one + end: TABLE[one] for one in in_order(_SYSTEMS) for end in ("'d", "ed")}  # datix'd as 204417
WORDS = frozenset(one.split("-")[0] for one in (*TABLE, *OWN))

IN_PATHS = listed(
    "patient patients pt mrn client clients resident casenote casenotes epr ehr"
)  # of links: /patient/7718
SAYING = listed(
    """
    number numbers no nos num nr nbr id ids identifier ident ref refs reference references log web uid rhif n report
    referral cyfeirnod
    """
)
FILLING = listed(
    """
    is was reads read says said shows on the his her their our a sticker label band form card letter front back
    wristband bag bottle bottles both yw oedd which i we wrote it down have here being happens to be as of this that
    report record incident referral ends for patient pt's him logged reported ends screen request
    """
)  # may stand between once a number is spoken of
LINKING = listed(
    """
    is was reads read says said as being on of the it report record incident referral event web form logged under
    file enquiry query concern case contact complaint investigation entry
    """
)  # even where no number is spoken of
TELLING = listed("is was reads says said yw oedd being")  # or a word for number: right before what may stand far
KEPT_IN = listed(
    "on in the our a is was as his her their being under that's"
)  # between a number and its label after it
ABBREVIATED = listed(
    "n rn mrn k acc accn no nos num nr ref hosp id pt lab histo micro path inc"
)  # a dot after it ends nothing
COUNTED = listed(
    """
    reports report users staff people patients contacts admissions attendances cases claims incidents responses nurses
    visits calls hits views downloads records entries units complaints events steps times pages words beds births deaths
    referrals samples scans swabs cultures biopsies scripts prescriptions crimes letters appointments forms licences
    members episodes spells requests beds trusts hospitals wards sites seats lines rows minutes hours days years mg mcg
    ml iu
    """
)  # after a number that counts them
COUNTING = listed("all over about nearly almost some around only had have has got of than to from with between total")
OTHERS = listed(
    """
    lot lots batch policy version form template training ext extension bleep serial expiry model part catalogue sku
    procedure guideline sop vacancies shifts band nct isrctn nihr trial trials regulation regulations act order schedule
    amended requisition template award
    """
)  # words beside which a number that nobody says is one is another thing's
STATUTE = listed("regulation regulations act order amended amends schedule article made statutory instrument")
