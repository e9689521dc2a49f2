"""What the guard says: a judgement, made of findings, each with its kind and where it stands."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Verdict(StrEnum):
    """What becomes of a text, from the mildest on."""

    ALLOW = "allow"
    WARN = "warn"  # the author is asked to look again
    HOLD = "hold"  # a person looks before it is shown
    BLOCK = "block"  # it is not taken, and nothing is stored


GRAVITY = {verdict: place for place, verdict in enumerate(Verdict)}


class Kind(StrEnum):
    """What a finding is; the names are those of the corpus the rules were written with."""

    NHS_NUMBER = "nhs_number"
    NHS_NUMBER_INVALID = "nhs_number_invalid_labelled"
    NHS_NUMBER_OBFUSCATED = "nhs_number_obfuscated"
    CHI_NUMBER = "chi_number"
    HCN_NUMBER = "hcn_number"
    HOSPITAL_NUMBER = "hospital_number"
    NI_NUMBER = "ni_number"
    PERSONAL_NUMBER = "personal_number"  # passport, bank account, a professional's registration
    DOB = "dob"
    DOB_OBFUSCATED = "dob_obfuscated"
    PATIENT_NAME = "patient_name"
    RELATIVE_NAME = "relative_name"
    INITIALS = "initials_context"
    POSTCODE = "postcode"
    ADDRESS = "address"
    PHONE = "phone"
    EMAIL = "email"
    SOCIAL_HANDLE = "social_handle"
    VEHICLE = "vehicle"
    DATE_PLACE_AGE = "date_place_age"
    RARE_COMBO = "rare_combo"
    AGE_OVER_89 = "age_over_89"
    STAFF_BLAME = "staff_blame"
    WHISTLEBLOWING = "whistleblowing"
    LIVE_INCIDENT = "live_incident"
    SAFEGUARDING = "safeguarding"
    RECORD_LINK = "record_link"
    FILENAME = "filename"
    PICTURE = "picture"  # of somebody, or of what their name stands on
    MATTER = "matter"  # that is looked into, before a court, or settled in confidence


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """A place in a text: ``start`` and ``end`` are characters of the text as it was given."""

    start: int
    end: int
    kind: Kind
    verdict: Verdict
    field: str = ""  # of which text of a post, where several were judged together


@dataclass(frozen=True, slots=True)
class Judgement:
    """All that was found in a text, and the gravest verdict of it."""

    findings: tuple[Finding, ...] = field(default=())

    @property
    def verdict(self) -> Verdict:
        """The gravest of all findings; ``allow`` where there are none."""
        return max((one.verdict for one in self.findings), key=GRAVITY.__getitem__, default=Verdict.ALLOW)

    @property
    def gravest(self) -> Finding | None:
        """The first finding that has the judgement's verdict."""
        verdict = self.verdict
        return next((one for one in self.findings if one.verdict is verdict), None)
