"""Check digits, ranges and every form in which a number of a patient is typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.confidentiality import guard, numbers
from node.confidentiality.findings import Kind, Verdict
from node.confidentiality.numbers import Scheme

VALID = "9994567810"
CHI = "0101339984"
HCN = "3999983213"


@pytest.mark.parametrize(
    ("digits", "valid"),
    [
        ("9434765919", True),  # the example of the NHS Data Dictionary
        ("9434765910", False),
        ("4010232137", True),
        (VALID, True),
        (CHI, True),
        (HCN, True),
        ("0000000000", False),
        ("999456781", False),
    ],
)
def test_the_check_digit_is_that_of_modulus_11(digits: str, valid: bool) -> None:
    assert numbers.checks(digits) is valid


@given(st.integers(400_000_000, 499_999_999))
def test_one_digit_typed_wrong_never_passes(nine: int) -> None:
    check = next((digit for digit in range(10) if numbers.checks(f"{nine}{digit}")), None)
    if check is None:
        return  # a check digit of 10 is never issued
    right = f"{nine}{check}"

    for place in range(10):
        for other in "0123456789".replace(right[place], ""):
            assert not numbers.checks(right[:place] + other + right[place + 1 :])


@pytest.mark.parametrize(
    ("digits", "scheme"),
    [
        ("4010232137", Scheme.NHS),
        ("6000000000", Scheme.NHS),
        ("7999999999", Scheme.NHS),
        ("5000000000", Scheme.NONE),
        ("8123456786", Scheme.NONE),
        ("9876543210", Scheme.NONE),
        (VALID, Scheme.NHS),
        ("0101339984", Scheme.CHI),
        ("3112999999", Scheme.CHI),
        ("3213999999", Scheme.HCN),
        ("3199999999", Scheme.NHS),
        ("3200000010", Scheme.HCN),
        ("0013339984", Scheme.NONE),
    ],
)
def test_the_range_says_whose_number_it_is(digits: str, scheme: Scheme) -> None:
    assert numbers.scheme(digits) is scheme


@pytest.mark.parametrize("text", [f"The order for her bloods is under {VALID}", f"Which order? She is {VALID}"])
def test_a_number_among_goods_is_held_where_somebody_is_spoken_of(text: str) -> None:
    assert guard.check(text).verdict is Verdict.HOLD


LABELS = ["NHS", "NHS no", "NHS No.", "nhs number", "NHS#", "NHSno", "N.H.S. number", "nhs num", "NHS ID", "Rhif GIG",
          "NHS number is", "Patient ID (NHS no.)", "pt no", "Patient number", "NHS_number"]  # fmt: skip
FORMS = ["9994567810", "999 456 7810", "999-456-7810", "999.456.7810", "999 4567810", "999/456/7810", "999  456  7810",
         "９９９４５６７８１０", "999 456 7810", "999‑456‑7810"]  # fmt: skip


@pytest.mark.parametrize("label", LABELS)
@pytest.mark.parametrize("form", FORMS)
def test_a_number_with_a_label_is_blocked_in_every_form(label: str, form: str) -> None:
    text = f"Wrong dose, {label}: {form}, please look."

    judged = guard.check(text)

    assert judged.verdict is Verdict.BLOCK
    assert [text[one.start : one.end] for one in judged.findings] == [form]


@pytest.mark.parametrize("label", LABELS)
@pytest.mark.parametrize(
    "form",
    ["9994567811", "999 456 7811", "9 9 9 4 5 6 7 8 1 0", "99 94 56 78 10", "999 4S6 78lO", "999 456 781O",
     "nine nine nine four five six seven eight one oh", "triple nine four five six, seven eight one zero"],
)  # fmt: skip
def test_a_number_with_a_label_is_held_when_it_is_wrong_or_disguised(label: str, form: str) -> None:
    assert guard.check(f"Wrong dose, {label}: {form}, please look.").verdict is Verdict.HOLD


@pytest.mark.parametrize("number", [VALID, CHI, HCN])
def test_a_number_without_a_label_is_blocked_where_one_was_issued(number: str) -> None:
    assert guard.check(f"Can somebody look at {number} for me?").verdict is Verdict.BLOCK
    assert guard.check(f"Can somebody look at {number[:-1]}{(int(number[-1]) + 1) % 10} for me?").findings == ()


@pytest.mark.parametrize("number", ["5000000014", "8123456786", "9876543210"])
def test_a_number_that_nobody_has_needs_a_label(number: str) -> None:
    assert guard.check(f"Can somebody look at {number} for me?").findings == ()


@pytest.mark.parametrize(
    "text",
    [
        f"Purchase order {VALID}: 200 dressings.",
        f"Invoice {VALID} was paid twice.",
        f"Item {VALID} has been recalled by the supplier.",
        f"Which order number do you use for slide sheets? Ours is {VALID}.",
        f"The repair ticket for the scanner is {VALID}.",
        f"Parcel tracking says {VALID} left the depot.",
        f"https://shop.example/items/{VALID}",
        f"doi 10.1136/bmjqs.{VALID}",
        f"File {VALID}77 and 1{VALID} are too long to be one.",
        f"Checksum ab{VALID}cd",
        f"It cost £{VALID}.",
        "Ring NHS 111 or 0300 123 4567 for help.",
        "ISBN 0-306-40615-2",
        "Switchboard +44 20 7946 0018",
        "Series: 9 9 9 4 5 6 7 8 1 0",
    ],
)
def test_other_numbers_pass(text: str) -> None:
    assert guard.check(text).findings == ()


@given(st.integers(1, 9), st.sampled_from("\u200b\u200c\u200d\u2060\ufeff\u00ad\u202e"))
def test_what_cannot_be_seen_in_a_number_changes_nothing(place: int, hidden: str) -> None:
    plain = guard.check(f"NHS number {VALID}, wrong dose")
    text = f"NHS number {VALID[:place]}{hidden}{VALID[place:]}, wrong dose"

    judged = guard.check(text)

    assert judged.verdict is plain.verdict is Verdict.BLOCK
    assert text[judged.findings[0].start : judged.findings[0].end].replace(hidden, "") == VALID


@pytest.mark.parametrize(
    ("text", "kind", "verdict"),
    [
        ("QQ 12 34 56 C was on the envelope", Kind.NI_NUMBER, Verdict.BLOCK),
        ("Hospital number K4471902: scan booked twice", Kind.HOSPITAL_NUMBER, Verdict.HOLD),
        ("Her sort code is 20-00-00, account 55779911", Kind.PERSONAL_NUMBER, Verdict.HOLD),
        ("NHS number 943 476 591", Kind.NHS_NUMBER_INVALID, Verdict.HOLD),
        ("NHS number ending 7810", Kind.NHS_NUMBER_OBFUSCATED, Verdict.HOLD),
    ],
)
def test_other_numbers_of_a_person_are_found(text: str, kind: Kind, verdict: Verdict) -> None:
    assert {(one.kind, one.verdict) for one in guard.check(text).findings} == {(kind, verdict)}


@pytest.mark.parametrize(
    "text",
    ["Rota AB 12 34 56 X", "Hospital number one in the league", "Patient 7 of 12", "GB 12 34 56 A", "Unit 12345"],
)
def test_what_only_looks_like_a_number_of_a_person_passes(text: str) -> None:
    assert guard.check(text).findings == ()


@pytest.mark.parametrize("digits", ["0000000000", "1234567890", "0123456789", "999 999 9999", "111 222 3333"])
def test_a_number_that_only_fills_a_place_is_nobodys_where_that_is_said(digits: str) -> None:
    assert guard.check(f"The manikin wears NHS number {digits}.").findings == ()
    assert guard.check(f"A composite teaching case. NHS number: {digits}.").findings == ()
    assert guard.check(f"Wrong dose, NHS number {digits}").verdict is Verdict.HOLD


def test_the_number_of_somebody_is_no_placeholder_because_training_is_spoken_of() -> None:
    assert guard.check(f"Wrong dose on our training day, NHS number {VALID}").verdict is Verdict.BLOCK
    assert guard.check("A real patient's NHS number 9434765919 is on the manikin").verdict is Verdict.BLOCK


@pytest.mark.parametrize(
    "text",
    [
        "NHS no 999 334 then 8392", "NHS no first half 99933 second half 48392", "NHS: 999|334|8392",
        "NHS no 99g 334 8392", "ei rhif GIG: 9993 348 392", "C H I no 9993 348 392", "NHS no 999334xxxx",
        "rhif GIG naw naw naw tri tri pedwar wyth tri naw dau", "Pt. no. 9993 348 392", "999, 334, 8392 (NHS no)",
        "NHS digits 9 9 9 3 3 4 8 3 9 2", "nhs nubmer 9993 348 392", "Rhif yr ysbyty: 448812", "h/n 448812",
        "casenotes 44-88-12", "hospital number four four eight eight one two", "Local ID RXQ448812",
    ],
)  # fmt: skip
def test_odd_labels_and_forms_are_held(text: str) -> None:
    assert guard.check(f"Wrong dose. {text}, nobody looked").verdict is Verdict.HOLD


EVERY_LABEL = [
    "NHS no {}", "NHS number - {}", "NHSN {}", "NHS no.:{}", "NHS no:- {}", "(NHS {})", "NHS: {}", "nhs {}", "NHS{}",
    "NHS number was {}", "nhs number of this patient is {}", "NHS\n{}", "NHS Number (new format): {}",
    "{} is the NHS number",
    "{} (NHS no)", "nhs_no={}", "'NHS no' '{}'", "NHS nos {} and another", "number (NHS) {}", "NHS ref {}",
    "nhs ident {}",
    "NHS nr. {}", "N.H.S {}", "N H S no {}", "NHS№ {}", "Rhif y GIG: {}", "CHI {}", "chi number is {}",
    "C.H.I. {}", "HCN {}",
    "H&C no. {}", "Health and Care Number {}", "HSC number {}", "pt no. {}", "Pt ID {}", "patient's number {}",
    "Wristband says {}", "ID band: {}", "hospital no {}",
]  # fmt: skip
EVERY_FORM = [
    "9994567811", "999 456 7811", "999-456-7811", "999.456.7811", "9 9 9 4 5 6 7 8 1 1", "99945 67811",
    "99 94 56 78 11",
    "999 456 781O", "999 456 78l1", "nine nine nine four five six seven eight one one", "999 four five six 7811",
    "999\u200b4567811", "999\u00a0456\u00a07811", "９９９４５６７８１１", "٩٩٩٤٥٦٧٨١١", "999–456–7811", "999_456_7811",
    "999 456\n7811", "999,456,7811", "999--456--7811", "(999) 456 7811", "999 456 781", "999 456 78112",
]  # fmt: skip


@pytest.mark.parametrize("label", EVERY_LABEL)
def test_a_number_with_a_label_is_never_let_through(label: str) -> None:
    """Wrong check digits, a digit too few or too many, and every disguise included."""
    spelt = ("nine nine",) if label == "NHS{}" else ()  # nobody writes NHSnine

    through = [form for form in EVERY_FORM if guard.check(f"Wrong dose. {label.format(form)} today").findings == ()]

    assert [form for form in through if not form.startswith(spelt)] == []


@pytest.mark.parametrize(
    "text",
    [
        "NHS 24 is on 111",
        "NHS 2024/25 priorities: 12,345,678.90 spent",
        "NHS number was missing on 12/05/2025",
        "The NHS number matters: ring 01632 960 123",
        "NHS numbers: 412 of 9,881 records had none (2023, 2024)",
        "In the NHS 1,300,000 people work",
        "NHS app 3.4.12 build 20251104",
        "wristband 25 cm, 30 cm",
        "Patient numbers rose from 12 345 to 14 567 in 2024",
        "Hospital numbers 2023 2024 2025",
        "chi-squared 12.34 (df 3), CHI square 3.84",
        "NHS Resolution 2023/24: 13,784 claims",
        "NHS Jobs ref 123-4567890-1234",
    ],
)
def test_other_figures_beside_a_label_pass(text: str) -> None:
    assert guard.check(text).findings == ()


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("The manikin is Joan, DOB 14/03/52, for the falls drill.", Verdict.HOLD),
        ("Wristband reads: NHS 000 000 0000, DOB 14/03/52.", Verdict.HOLD),
        ("On the whiteboard: DOB 14/03/52.", Verdict.BLOCK),
    ],
)
def test_a_date_of_birth_beside_a_manikin_waits_for_a_person(text: str, verdict: Verdict) -> None:
    assert guard.check(text).verdict is verdict
