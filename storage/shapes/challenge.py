"""A call for ideas: a question, open until a day or without end."""

from __future__ import annotations

from dataclasses import dataclass

from storage.shapes.common import Shape, by
from storage.shapes.rules import DAY, Text, WrongField


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge(Shape):
    """A question that ideas answer."""

    question: str = by(Text())
    until: str = by(DAY)  # the last day, in UTC; "": open without end

    def check(self) -> None:
        if not self.question:
            raise WrongField("question", "Ask what you want ideas for.")
