"""An idea: a change worth trying."""

from __future__ import annotations

from dataclasses import dataclass

from storage.shapes.common import Shape, by
from storage.shapes.rules import Address, Line, Text, WrongField

STAGES = ("new", "testing", "tested", "adopted", "spreading", "abandoned")


@dataclass(frozen=True, slots=True, kw_only=True)
class Idea(Shape):
    """A change worth trying."""

    problem: str = by(Text())
    proposal: str = by(Text())
    stage: str = by(Text(STAGES), "new")
    measure_of_success: str = by(Text())  # how would you know
    cost: str = by(Text())
    would_not_travel: str = by(Line())  # what holds in this place alone
    reason: str = by(Text())  # why it was abandoned
    challenge: str = by(Address())  # id of the call for ideas that it answers

    def check(self) -> None:
        if not self.proposal and not self.problem:
            raise WrongField("proposal", "Say what you propose.")
