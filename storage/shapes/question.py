"""A question to whoever has done it before; its author can say which reply answered it."""

from __future__ import annotations

from dataclasses import dataclass

from storage.shapes.common import Shape, by
from storage.shapes.rules import Address, Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Question(Shape):
    """What somebody wants to know: the title asks it."""

    details: str = by(Text())
    accepted_answer: str = by(Address())  # the id of a post
