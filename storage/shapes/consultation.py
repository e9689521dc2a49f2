"""A consultation: people are asked what they value, and are told what came of it."""

from __future__ import annotations

from dataclasses import dataclass

from storage.shapes.common import Shape


@dataclass(frozen=True, slots=True, kw_only=True)
class Consultation(Shape):
    """A question with options (its post's poll); its title is the question, its text the details."""
