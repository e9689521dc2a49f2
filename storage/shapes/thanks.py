"""Thanks: to whom, and for what."""

from __future__ import annotations

from dataclasses import dataclass

from storage.shapes.common import Shape, by
from storage.shapes.rules import Line, Text, WrongField


@dataclass(frozen=True, slots=True, kw_only=True)
class Thanks(Shape):
    """Whom somebody thanks; a handle tells them, wherever they are."""

    whom: str = by(Line())
    deed: str = by(Text())  # what they did

    def check(self) -> None:
        if not self.deed:
            raise WrongField("deed", "Say what they did.")

    def naming(self) -> str:
        return self.whom
