"""What every structured kind can say, and the words that kinds share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from storage import vocabularies
from storage.shapes.addresses import Addresses
from storage.shapes.rules import DAY, LICENSED, Address, Rule, Text, Words
from storage.shapes.translated import RULE

HARM = ("none", "near-miss", "low", "moderate", "severe", "fatal", "not-applicable")
# Strongest first.
STRENGTH = ("design-out", "simplify-standardise", "software-forcing", "checklist-double-check", "training-reminder")
EVIDENCE = (
    "research", "guideline-based", "local-data", "local-experience", "expert-opinion", "untested", "textbook-method",
)  # fmt: skip


def by(rule: Rule, default: Any = "", *, private: bool = False) -> Any:
    """A field of a kind, and the rule it is read by. ``private``: it is no part of what is told to others."""
    return field(default=default, metadata={"rule": rule, "private": private})


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A structured kind; each has these fields besides its own."""

    topics: tuple[str, ...] = by(Words(vocabularies.TOPICS), ())
    settings: tuple[str, ...] = by(Words(vocabularies.SETTINGS), ())
    evidence: str = by(Text(EVIDENCE))
    strength: str = by(Text(STRENGTH))  # of the action that it asks for
    licence: str = by(LICENSED)
    review_by: str = by(DAY)  # YYYY-MM-DD
    superseded_by: str = by(Address())  # id of the post that replaces it
    derived_from: str = by(Address())  # id of what it builds on
    same_problem: tuple[str, ...] = by(Addresses(), ())  # ids of what is about the same
    translation: Mapping[str, str] | None = by(RULE, None)  # the same in a second language

    def check(self) -> None:
        """Raises WrongField when what makes the kind what it is has not been said."""

    def naming(self) -> str:
        """Words that stand before the text, since handles in them name people."""
        return ""
