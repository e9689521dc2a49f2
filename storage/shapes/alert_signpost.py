"""A signpost to an official alert, which is read where it was issued."""

from __future__ import annotations

from dataclasses import dataclass

from storage.shapes.common import Shape, by
from storage.shapes.rules import DAY, Address, Line, Text, WrongField


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertSignpost(Shape):
    """Where an official alert is read, until when it asks for action, and what helped here."""

    issuer: str = by(Line())
    reference: str = by(Line(100))
    source: str = by(Address())
    action_by: str = by(DAY)
    tip: str = by(Text())

    def check(self) -> None:
        if not self.source:
            raise WrongField("source", "Give the web address at which the alert is read.")
