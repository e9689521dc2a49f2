"""A spread: what became of another's idea somewhere else."""

from __future__ import annotations

from dataclasses import dataclass

from storage.shapes.common import Shape, by
from storage.shapes.rules import Text, WrongField

OUTCOMES = ("adopted", "adapted", "abandoned", "interested")


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread(Shape):
    """Somebody tried what another shared (``derived_from``), or plans to."""

    outcome: str = by(Text(OUTCOMES))
    what_changed: str = by(Text())
    result: str = by(Text())
    reason: str = by(Text())  # why it was abandoned

    def check(self) -> None:
        if not self.outcome:
            raise WrongField("outcome", "Say what became of it.")
        if not self.derived_from:
            raise WrongField("derived_from", "Say what it builds on.")
        if self.outcome == "adapted" and not self.what_changed:
            raise WrongField("what_changed", "Say what you changed.")
        if self.outcome == "abandoned" and not self.reason:
            raise WrongField("reason", "Say why you stopped.")
