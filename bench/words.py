"""Texts of about the length that people write, from a small vocabulary."""

from __future__ import annotations

from random import Random

_WORDS = """
after alarm allergy ambulance antibiotic audit barcode bed blood board breathing bundle catheter chart check checklist
clinic colleague community consent cover critical daily delay dementia discharge dose double drug early emergency
equipment evening falls family fluid frailty glucose handover harm home huddle hydration idea infection insulin kit
label learning line list maternity medication missed monitor morning near-miss needle night note nurse observation
oxygen paediatric pain patient pharmacy phone plan porter pressure prompt protocol pump question rapid red referral
reminder report rescue response review risk room round safety sample scan sepsis shift sign simple site skin sticker
stock story surgery team theatre time transfer trial trolley ulcer update urgent visit ward warning weekend wristband
we the a to of in and it was is on for with our they that before when not now more
"""
WORDS = _WORDS.split()
TAGS = ("Sepsis", "Handover", "FallsPrevention", "MedicationSafety", "Maternity", "HumanFactors", "QI", "Discharge")


def text(random: Random) -> str:
    """One to three short paragraphs."""
    return "\n\n".join(_sentence(random) for _ in range(random.choice((1, 1, 2, 3))))


def _sentence(random: Random) -> str:
    return " ".join(random.choices(WORDS, k=random.randint(12, 45))).capitalize() + "."


def tags(random: Random) -> list[str]:
    """None, one or two hashtags."""
    return random.sample(TAGS, random.choice((0, 0, 0, 1, 2)))
