"""A question to whoever has done it before."""

from __future__ import annotations

from dataclasses import dataclass

from storage.shapes.common import Shape, by
from storage.shapes.rules import Address, Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Question(Shape):
    """What somebody wants to know: the title asks it."""

    details: str = by(Text())
    best_answer: str = by(Address())  # id of the reply that answers it
