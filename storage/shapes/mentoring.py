"""Mentoring: what somebody offers to another person or team, and what somebody asks for."""

from __future__ import annotations

from dataclasses import dataclass

from storage.shapes.common import Shape, by
from storage.shapes.rules import Number, Text, WrongField

LEVELS = ("person", "team")
FORMATS = ("video-call", "phone", "visit", "messages")
STATUSES = ("open", "matched", "closed")
HOURS = 40  # a month, at most
MONTHS = 24
PLACES = 20  # matches that one offer takes at a time


@dataclass(frozen=True, slots=True, kw_only=True)
class Mentoring(Shape):
    """What offers and requests have in common; ``status`` follows the matches."""

    details: str = by(Text())
    level: str = by(Text(LEVELS))
    format: str = by(Text(FORMATS))
    hours_a_month: int | None = by(Number(1, HOURS), None)
    months: int | None = by(Number(1, MONTHS), None)
    goal: str = by(Text())
    status: str = by(Text(STATUSES), "open")

    def check(self) -> None:
        if not self.topics:
            raise WrongField("topics", "Choose a topic: it is how the two sides find each other.")
        if not self.level:
            raise WrongField("level", "Say whether it is for a person or a team.")
        if not self.format:
            raise WrongField("format", "Say how you would like to meet.")


@dataclass(frozen=True, slots=True, kw_only=True)
class MentoringOffer(Mentoring):
    """Somebody who has done it before."""

    places: int | None = by(Number(1, PLACES), None)  # how many it can be matched with at a time; None: one


@dataclass(frozen=True, slots=True, kw_only=True)
class MentoringRequest(Mentoring):
    """Somebody who would like to learn from them."""
