"""What narrows down who is meant: an age, a day, a place, an event, something rare; each with a weight.

The weights follow what a *motivated intruder* (ICO, guidance on anonymisation) could look up: a day and a ward are in a
local paper or in somebody's memory, a month and a city are not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from node.confidentiality.patterns import Pattern

MADE_UP = Pattern(
    r"""\b(?:composite|details\s+(?:have\s+been\s+)?changed|fictional|fictitious|invented|simulat(?:ed|ion|or)|scenario
    |vignette|mannequin|manikin|made[ -]up|hypothetical|imaginary|role\s?play|drill|worked\s+example|example\s+case
    |not\s+a\s+real)\b""",
    re.IGNORECASE | re.VERBOSE,
)


class What(StrEnum):
    """What a piece of evidence says."""

    AGE = "age"
    DAY = "day"
    PLACE = "place"
    EVENT = "event"
    PERSON = "person"
    RARE = "rare"


@dataclass(frozen=True, slots=True)
class Clue:
    """A piece of evidence at words ``first`` to ``last``."""

    what: What
    first: int
    last: int
    weight: float
    age: int = 0
    group: str = ""  # rare things of one group count once
