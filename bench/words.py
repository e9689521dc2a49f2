"""Texts as people write them: those of the sample content, which tell of no person, one or two at a time."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from random import Random

from node.confidentiality.findings import Verdict
from node.confidentiality.guard import check

LENGTH = 60, 900  # characters of a text that is taken
TAGS = ("Sepsis", "Handover", "FallsPrevention", "MedicationSafety", "Maternity", "HumanFactors", "QI", "Discharge")


@cache
def _contents() -> list[str]:
    """What is shared in English in the sample content, in its order, where the guard asks nobody to look again."""
    lines = files("node.demo").joinpath("items.jsonl").read_text(encoding="utf-8").splitlines()
    items = [json.loads(line) for line in lines]
    found = [one["content"] for one in items if one["lang"].startswith("en") and "@" not in one["content"]]
    return [one for one in found if LENGTH[0] <= len(one) <= LENGTH[1] and _passes(one)]


def _passes(text: str) -> bool:
    """Whether a member can share it as it is, with any of the hashtags."""
    return all(check(f"{text}{tag}").verdict is Verdict.ALLOW for tag in ("", *(f" #{one}" for one in TAGS)))


def text(random: Random) -> str:
    """One to three short paragraphs."""
    return random.choice(_contents())


def tags(random: Random) -> list[str]:
    """None, one or two hashtags."""
    return random.sample(TAGS, random.choice((0, 0, 0, 1, 2)))
