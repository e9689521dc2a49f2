"""Each kind of finding with a text that has it, and one nearby that has not."""

from __future__ import annotations

import pytest

from node.confidentiality import guard
from node.confidentiality.findings import Kind, Verdict

FOUND_AND_NOT = [
    (Kind.DOB, "the gentleman (12.1.1938 - 30.10.2024) whose sepsis", "the audit (12.1.2018 - 30.10.2024) of patients"),
    (Kind.PATIENT_NAME, "gwen in bed 4 counts minutes", "Bay 4 bed 1 is by the window, bays go clockwise"),
    (Kind.INITIALS, "J.McA., bed 17, HR 124", "J.McA. wrote the chapter on bed rails"),
    (Kind.PATIENT_NAME, "Ann Maddocks-Lane was nine when a nasogastric tube slipped", "Ann Maddocks-Lane was first"),
    (Kind.ADDRESS, "The meeting is at Ffion's, 3 Lôn Wen", "The meeting is at the college, 3 Lôn Wen"),
    (Kind.POSTCODE, "She lives alone at BT12 6BA", "Save the date: 21 Jan, tea, Belfast BT12 6BA, 2 pm"),
    (Kind.DATE_PLACE_AGE, "5 July, Park Hospital, a girl of 13 fell", "5 July 1948, Park Hospital, a girl of 13"),
    (Kind.DATE_PLACE_AGE, "7/6, Bed 3, male 34, fell", "7/6, beds ×3, males 34, falls"),
    (Kind.STAFF_BLAME, "The delay was down to Kieran", "The delay was down to printers"),
    (Kind.STAFF_BLAME, "Dr Anwell can't be bothered to read", "Talk: Dr Anwell, \"Why I can't be bothered to read\""),
    (Kind.RARE_COMBO, "Quadruplets on Christmas Eve! Cots were full", "Quads, calves: exercises on Christmas Eve"),
    (
        Kind.LIVE_INCIDENT,
        "Gentleman left the ward half an hour ago in a green cardigan, security looking",
        "The matron left the ward half an hour ago, ask a gentleman at the desk",
    ),
    (
        Kind.LIVE_INCIDENT,
        "Norovirus: 6 patients since last night on Ward 9, closed",
        "Norovirus plan: where 2 patients have it the ward is closed the same day",
    ),
    (Kind.MATTER, "The police are still looking at our insulin", "The police are still looking at standards"),
    (Kind.MATTER, "My colleague was suspended over the blood", "Drug rounds were suspended over lunch"),
    (Kind.PICTURE, "Photo of our ward board, names are small", "Photo of the trust board, names from left to right"),
    (Kind.PICTURE, "Video: our bay, filmed at visiting time", "Video: visiting hours of our bay explained"),
    (Kind.DOB, "Patient born 12 June 1938 fell", "The NHS was born on 5 July 1948"),
    (Kind.DOB, "dob 03.11.52, wrong eye drops", "Anyone born before 1 September 1957 may be offered it"),
    (Kind.DOB_OBFUSCATED, "he was born on the third of May nineteen forty", "The third of May is our study day"),
    (Kind.PATIENT_NAME, "Mr Abernethy waited nine hours", "MR Scan waited nine hours"),
    (Kind.PATIENT_NAME, "mrs davies waited nine hours", "mrs a waited nine hours"),
    (Kind.PATIENT_NAME, "Thanks to Mr Obuya for his patience", "Thanks to Mr Obuya, consultant surgeon"),
    (Kind.PATIENT_NAME, "pt kevin was restrained", "pt safety was discussed"),
    (Kind.PATIENT_NAME, "Mabel's fall taught us much", "Martha's Rule taught us much"),
    (Kind.PATIENT_NAME, "Doris in bed 4 had no fluids", "Monitors in bed 4 had no power"),
    (Kind.PATIENT_NAME, "We nursed Gerald Fitch last winter", "We read Gerald Fitch last winter"),
    (Kind.PATIENT_NAME, "Rhodri Vaughan died on our ward", "James Reason died last year"),
    (Kind.RELATIVE_NAME, "His daughter Bronwen rang", "Sister Bronwen rang"),
    (Kind.RELATIVE_NAME, "NOK: Derek (husband)", "NOK: ask for a telephone number"),
    (Kind.INITIALS, "T.W. in side room 3 fell", "ECG in side room 3 failed"),
    (Kind.INITIALS, "pt JB had no consent form", "PT and OT had no consent form"),
    (Kind.POSTCODE, "She lives at QX4 7TB alone", "Rooms E12 2AB and E12 2AC are the simulation suite"),
    (Kind.ADDRESS, "Discharged to 17 Marlpit Close", "The study day is at 12 Quay Street, at the conference centre"),
    (Kind.PHONE, "Her son's mobile is 07700 900417", "The on-call pharmacist is on 07700 900417"),
    (Kind.PHONE, "Ring his wife on 01632 960144", "Ring the switchboard on 01632 960144"),
    (Kind.EMAIL, "Tell his wife at jill@mailbox.example", "Ask the network at jill@mailbox.example"),
    (Kind.SOCIAL_HANDLE, "The family posted about us as @jodie_2", "Thanks @jodie_2 for the chart"),
    (Kind.VEHICLE, "His car, reg QX19 ZZZ, is still here", "Model QX19 ZZZ has a new strap"),
    (Kind.DATE_PLACE_AGE, "A 34 year old woman fell on Cedar ward last Tuesday", "A 34 year old woman fell"),
    (Kind.DATE_PLACE_AGE, "34F fell on Cedar ward last Tuesday", "Over 34s fell on Cedar ward last Tuesday"),
    (Kind.DATE_PLACE_AGE, "Gentleman in bed 9 fell last night", "Bed 9 was cleaned last night"),
    (Kind.RARE_COMBO, "A famous footballer was admitted in May", "A famous footballer opened our fair in May"),
    (Kind.RARE_COMBO, "The only man in our town with it was our patient", "The only way out is to ask the patient"),
    (Kind.AGE_OVER_89, "A lady of 97 walked to the scanner", "People over 97 walked to the scanner"),
    (Kind.STAFF_BLAME, "Dr Garnham ignored the alarm", "Staff ignored the alarm"),
    (Kind.STAFF_BLAME, "our night sister is lazy and dangerous", "our night sister is kind and brilliant"),
    (Kind.DOB_OBFUSCATED, "They shared a birthday, the 17th of March", "The network's birthday is 17 March"),
    (Kind.PATIENT_NAME, "Ermintrude was cold all night. She asked.", "Ermintrude is a fine name for a hoist"),
    (Kind.EMAIL, "Write to his widow: sal [at] mail [dot] example", "Write to the team: sal [at] mail [dot] example"),
    (Kind.HOSPITAL_NUMBER, "RXX118820 has the wrong blood group on the record", "Order RXX118820 has the wrong size"),
    (
        Kind.STAFF_BLAME,
        "The agency nurse on Sunday slept through the alarms and left him on the floor",
        "Agency nurses get a tour of the ward before they start",
    ),
    (
        Kind.RARE_COMBO,
        "He fell from the trapeze on the opening night and we gave him the wrong blood",
        "A trapeze artist opened our fair",
    ),
    (
        Kind.WHISTLEBLOWING,
        "My matron told me to change the times on the chart",
        "My matron told me to change the dressing",
    ),
    (
        Kind.LIVE_INCIDENT,
        "HELP just given 10 mg of morphine to a child, what now??",
        "We have just given a talk, what now?",
    ),
    (
        Kind.SAFEGUARDING,
        "Resident flinches when the carer comes in",
        "Training: why residents flinch when a carer comes in",
    ),
    (Kind.RECORD_LINK, "See https://epr.trust.example/patient/448211", "See https://trust.example/patient/visiting"),
    (Kind.RECORD_LINK, "Datix W118273 has the details", "Datix has 118273 reports"),
    (Kind.RECORD_LINK, "Incident W448812 was closed", "Ticket INC448812 for the printer was closed"),
    (Kind.RECORD_LINK, "Acc no 25H448812 was read as normal", "Version 25.4.48812 was read as normal"),
    (
        Kind.PERSONAL_NUMBER,
        "Her sort code is 20-00-00, account 55779911",
        "Charity sort code 20-00-00, account 55779911",
    ),
    (Kind.POSTCODE, "Nobody answers at QX3 9ZB after dark", "Form QX3 9ZB has a new box"),
    (Kind.ADDRESS, "He lives at 7 ffordd y bryn", "Breakfast, 8 Dock Road, Tuesday 8 am, all welcome"),
    (Kind.EMAIL, "The family want a copy. jo@mailbox.example", "Any family can write to us at jo@mailbox.example"),
    (Kind.PATIENT_NAME, "PRITCHARD, Emrys got the wrong letter for his scan", "Pritchard's test, a scan and a letter"),
    (
        Kind.RELATIVE_NAME,
        "Her daughter in law Kirsty rang",
        "Elaine Bromiley's case is taught to every patient's nurse",
    ),
    (Kind.FILENAME, "ECG_448812_0312.pdf shows it", "ECG_basics_2025.pdf shows it"),
    (Kind.FILENAME, "Handover_SR3_JBaptiste_2025-11-04.mp4", "Handover_template_2025-11-04.mp4"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, text, _ in FOUND_AND_NOT])
def test_what_tells_who_it_is_is_found(kind: Kind, text: str) -> None:
    assert kind in {one.kind for one in guard.check(text).findings}


@pytest.mark.parametrize("text", [text for _, _, text in FOUND_AND_NOT])
def test_what_looks_like_it_passes(text: str) -> None:
    assert guard.check(text).findings == ()


LOOK_ALIKES = [
    "BP 120/80, HR 72, RR 18, sats 96% on 2 L, GCS 15/15",
    "NEWS2 of 7, lactate 4.2: our simulated patient tests the call",
    "Give 62.5 micrograms, 0.5 mL of 1:1000, 5 mg/kg, 1-2 puffs",
    "Parkinson's, Bell's palsy, Addison's, Foley, Waterlow and Braden",
    "The Francis report, the Ockenden review and Kirkup on East Kent",
    "In the study (n=1,204) HR 0.71, 95% CI 0.55-0.92, p=0.009",
    "NICE NG51, updated 31 January 2024, replaces CG50",
    "Ring 111, 999 or your local 2222 team",
    "Florence Nightingale ward and the Mary Seacole unit share a trolley",
    "Maslow, Reason and Deming are on our reading list",
    "Charles Vincent's book on patient safety is the best start",
    "Well done Chloe and the portering team!",
    "I am Ruth, infection prevention nurse, ask me anything",
    "Batch 2210047 expires 08/26, model 4010, firmware 2.3.7",
    "Charity number 1187654 pays for it; organisation code ZX901",
    "Composite case, details changed: a man of 84 fell twice on a Tuesday on Ward 7",
    "Mrs A and Mr B are invented: one printer, two wristbands",
    "Mae'r ward wedi lleihau cwympiadau o 11 i 4 y mis",
]


@pytest.mark.parametrize("text", LOOK_ALIKES)
def test_the_numbers_and_names_of_the_trade_pass(text: str) -> None:
    assert guard.check(text).findings == ()


def test_a_finding_stands_where_it_is_in_the_text_as_it_was_given() -> None:
    text = "“Café” – ﬁrst: NHS\u00a0number\u200b ９９９ ４５６ ７８１０ — fell"

    (one,) = guard.check(text).findings

    assert text[one.start : one.end] == "９９９ ４５６ ７８１０"
    assert one.verdict is Verdict.BLOCK


def test_the_texts_of_a_post_are_judged_together_and_told_apart() -> None:
    judged = guard.check_all(
        [guard.Named("title", "A fall"), guard.Named("content", "Fine."), guard.Named("alt text", "NHS 999 456 7810")]
    )

    assert judged.verdict is Verdict.BLOCK
    assert [(one.field, one.start) for one in judged.findings] == [("alt text", 4)]
