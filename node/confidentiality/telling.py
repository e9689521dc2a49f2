"""What a member is told when a text is not taken, or waits."""

from __future__ import annotations

from node.confidentiality.findings import Finding, Judgement, Kind, Verdict
from node.texts import N_, _

LOOKS_LIKE = {
    Kind.NHS_NUMBER: N_("an NHS number"),
    Kind.NHS_NUMBER_INVALID: N_("an NHS number"),
    Kind.NHS_NUMBER_OBFUSCATED: N_("an NHS number"),
    Kind.CHI_NUMBER: N_("a CHI number"),
    Kind.HCN_NUMBER: N_("a Health and Care number"),
    Kind.HOSPITAL_NUMBER: N_("a hospital number"),
    Kind.NI_NUMBER: N_("a National Insurance number"),
    Kind.PERSONAL_NUMBER: N_("the number of a personal document or account"),
    Kind.DOB: N_("a date of birth"),
    Kind.DOB_OBFUSCATED: N_("a date of birth"),
    Kind.PATIENT_NAME: N_("a patient’s name"),
    Kind.RELATIVE_NAME: N_("a relative’s name"),
    Kind.INITIALS: N_("a patient’s initials"),
    Kind.POSTCODE: N_("a home postcode"),
    Kind.ADDRESS: N_("a home address"),
    Kind.PHONE: N_("a personal telephone number"),
    Kind.EMAIL: N_("a personal e-mail address"),
    Kind.SOCIAL_HANDLE: N_("a patient’s or relative’s account elsewhere"),
    Kind.VEHICLE: N_("a number plate"),
    Kind.DATE_PLACE_AGE: N_("details that together say who it was: age, day, place"),
    Kind.RARE_COMBO: N_("somebody whom few details would identify"),
    Kind.AGE_OVER_89: N_("an age that few people reach"),
    Kind.STAFF_BLAME: N_("criticism of a colleague who can be recognised"),
    Kind.WHISTLEBLOWING: N_("a concern for your Freedom to Speak Up guardian"),
    Kind.LIVE_INCIDENT: N_("something that is happening now: get help where you are"),
    Kind.SAFEGUARDING: N_("a safeguarding concern: tell your safeguarding team"),
    Kind.RECORD_LINK: N_("a link to or number of a record or report"),
    Kind.FILENAME: N_("a file named for a patient"),
    Kind.PICTURE: N_("a picture of a patient, or of what their name stands on"),
    Kind.MATTER: N_("a case that is being investigated, is before a court or was settled"),
}


def message(judgement: Judgement) -> str:
    """One sentence or two for the author, about the gravest finding; empty where nothing was found."""
    one = judgement.gravest
    if one is None:
        return ""
    return _SENTENCES[one.verdict]().format(what=_(LOOKS_LIKE[one.kind]), where=_where(one))


def _where(one: Finding) -> str:
    """Characters are counted from one, as people do."""
    if one.field:
        return _("{field}, characters {first}-{last}").format(field=_(one.field), first=one.start + 1, last=one.end)
    return _("characters {first}-{last}").format(first=one.start + 1, last=one.end)


def _blocked() -> str:
    return _("Not published: this looks like {what} ({where}). Remove it and post again. Nothing was stored.")


def _held() -> str:
    return _(
        "Held for a privacy check: this looks like {what} ({where}). A guardian reads it before anybody else does."
    )


def _warned() -> str:
    return _("Look again before you publish: this looks like {what} ({where}). Could somebody recognise the person?")


_SENTENCES = {Verdict.BLOCK: _blocked, Verdict.HOLD: _held, Verdict.WARN: _warned}
