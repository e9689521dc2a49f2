"""Numbers of hospitals and reports: each label with each joiner and each shape of number, and what only looks so."""

from __future__ import annotations

from itertools import product

import pytest

from node.confidentiality import guard
from node.confidentiality.findings import Kind, Verdict
from node.confidentiality.labels import NEVER, TABLE

JOINERS = [": {}", " {}", " no {}", " no. {}", " ref: {}", " number is {}", " id={}", " #{}", " (no. {})", "\t{}",
           " number, which is, {}", " number (on both bottles) {}", " number - I wrote it down - is {}"]  # fmt: skip
SAID = JOINERS[2:9] + JOINERS[10:]
SHAPES = ["118842", "0118842", "W118842", "w-118842", "55-28-71", "RX3-25-0091842", "2025/20417", "2025 / 20417",
          "25M118842", "C24/09315", "MAN/2025/01187"]  # fmt: skip
NOT_ITS_OWN = {"ysbyty", "claf", "cleifion", "uned", "x", "k", "rhif"}  # which begin other things, too


def _held(text: str) -> bool:
    return guard.check(text).verdict is Verdict.HOLD


def test_a_number_that_is_said_to_be_one_is_held_with_every_label_joiner_and_shape() -> None:
    labels = [label.replace("-", " ") for label, row in TABLE.items() if not row.whole and label not in NOT_ITS_OWN]

    pairs = [(label, joiner) for label in labels for joiner in SAID]  # each with a shape or two, all shapes in turn
    tried = [(*pair, SHAPES[(place + more) % len(SHAPES)]) for place, pair in enumerate(pairs) for more in (0, 5)]
    through = [
        text
        for label, joiner, shape in tried
        if not _held(text := f"Look at {label}{joiner.format(shape)} from last week")
    ]

    assert through == []


def test_a_label_of_nothing_else_needs_no_word_for_number() -> None:
    labels = [label.replace("-", " ") for label, row in TABLE.items() if row.alone <= 4 and label != "rif claf"]

    through = [text for label, shape in product(labels, SHAPES) if not _held(text := f"Look at {label} {shape} again")]

    assert len(labels) > 30
    assert through == []


def test_a_label_of_many_things_says_nothing_beside_a_plain_number() -> None:
    labels = [label.replace("-", " ") for label, row in TABLE.items() if row.alone == NEVER and not row.whole]

    found = [text for label in labels if guard.check(text := f"We saw {label} 4417 again").findings]

    assert len(labels) > 40
    assert found == []


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("The pump, see Datix (web204417), was old", "web204417"),
        ("204417 on Datix has the photos", "204417"),
        ("See W204417 (Datix) for the fall", "W204417"),
        ("7718204 is her hospital number", "7718204"),
        ("We datix'd it as 204417", "204417"),
        ("INC-204417 is closed", "204417"),
        ("The wristband said 771 8204, the chart did not", "771 8204"),
        ("The number on the wristband was 7718204", "7718204"),
        ("Put on LFPSE on 6 June, reference number 7H2-KQ-0418, and since then nothing", "7H2-KQ-0418"),
        ("Datix 12/03/2025: 204417 is closed", "204417"),
        ("SAI ref. S11943, level 2", "S11943"),
        ("ED no 24-061837 waited", "24-061837"),
        ("A&E number 24-061837 waited", "24-061837"),
        ("Rhif y digwyddiad: 90315", "90315"),
        ("audit_unitno_H883-104_heel.pdf", "H883-104"),
        ("fall_204417_datix.pdf", "204417"),
        ("hospital_number-RTK77120-consent.pdf", "RTK77120"),
        ("incident_77120_cause.pptx", "77120"),
    ],
)
def test_the_number_alone_is_shown_wherever_it_stands(text: str, number: str) -> None:
    (one,) = guard.check(text).findings

    assert (text[one.start : one.end], one.verdict) == (number, Verdict.HOLD)


@pytest.mark.parametrize(
    "text",
    [
        "Policy number 2041", "SBAR form 204", "Patient experience office, ext 20417", "NICE NG 89 and CG 174",
        "Bed 204, bay 12, unit 12 and theatre 14", "Lot number K0458812 of the patient gowns", "Datix training 2024",
        "Datix had 20417 reports", "On Datix 8830 medication incidents", "We moved from Datix 12 to Datix 14",
        "ISO 9001 and BS 8599", "PMID 38204417 on patient handover", "doi 10.1136/bmjqs-2024-017732 on incidents",
        "SI 2014/2936 regulation 20", "PALS had 1187 contacts in 2024/25", "Complaints 2023/24 883, 2024/25 901",
        "RN vacancies 2024: 12% of 20458", "patient numbers: 2023 8830, 2024 9120",
        "RIS 7.2 and PAS downtime 0200-0400",
        "Helpdesk INC0204417: the label printer", "EMIS 118842 users", "notes 2024-11-04 of the group",
        "ED numbers: 12045 attendances", "The ED number is 0116 496 0244", "clinic no 01632 960514",
        "LFPSE on 6 June 2024 had 2 outages of 40 min", "incident_20250312_slides.pptx", "CAS alert 2025/001",
        "audit_unit4_2025_week12.xlsx",
        "https://other.example/notes/934gok3482", "https://other.example/ap/note/e5d1d0a1-1ab3-4498",
        "IRAS 288304, patient interviews", "Prevention of future deaths report 2025-0123", "LFPSE 2025, version 6.2.1",
    ],
)  # fmt: skip
def test_numbers_of_other_things_beside_a_label_pass(text: str) -> None:
    assert guard.check(text).findings == ()


def test_a_number_of_the_nhs_behind_a_label_of_a_hospital_is_blocked_all_the_same() -> None:
    assert guard.check("MRN 999 456 7810, wrong dose").verdict is Verdict.BLOCK
    assert guard.check("The MRN of the dummy is 0000000000, for training").findings == ()


@pytest.mark.parametrize(
    "text",
    [
        "Florence Nightingale (born 12 May 1820)", "Semmelweis was born on 1 July 1818", "Bevan (b. 15/11/1897)",
        "Harvey, born 1 April 1578, drew the valves",
    ],
)  # fmt: skip
def test_a_birth_so_long_ago_that_nobody_lives_passes(text: str) -> None:
    assert guard.check(text).findings == ()


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("Test patient Mickey Mouse, DOB 01/04/1980, in the training system", Verdict.HOLD),
        ("Training example. Date of birth 04/05/1961, no real person.", Verdict.HOLD),
        ("A real patient's DOB 04/05/1961 was in the training slides", Verdict.BLOCK),
        ("DOB 04/05/1909 on the wrong band", Verdict.BLOCK),
    ],
)
def test_a_date_of_birth_in_training_waits_for_a_person(text: str, verdict: Verdict) -> None:
    assert guard.check(text).verdict is verdict


def test_pictures_and_matters_have_kinds_of_their_own() -> None:
    assert {one.kind for one in guard.check("Photo of her wristband, see the name").findings} == {Kind.PICTURE}
    assert {one.kind for one in guard.check("The inquest of our patient's death is open").findings} == {Kind.MATTER}
