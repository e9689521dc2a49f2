"""A question to whoever knows; its author can say which reply answered it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from storage.shapes.common import Shape, by
from storage.shapes.rules import Shaped, Text

_ADDRESS = re.compile(r"https?://[!-~]{1,2000}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question(Shape):
    """A question; its title asks it."""

    details: str = by(Text())
    accepted_answer: str = by(Shaped(_ADDRESS, "Give the address of a reply."))  # the id of a post
