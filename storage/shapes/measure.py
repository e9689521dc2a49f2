"""A measure: numbers that show whether a change helped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from storage.shapes.common import Shape, by
from storage.shapes.measured import Measured
from storage.shapes.rules import WrongField


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure(Shape):
    """Numbers that show whether a change helped."""

    measures: tuple[Mapping[str, Any], ...] = by(Measured(), ())

    def check(self) -> None:
        if not self.measures:
            raise WrongField("measures", "Choose a measure.")
