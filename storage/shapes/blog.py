"""A blog: what somebody thinks, in their own words, which are the text of the post."""

from __future__ import annotations

from dataclasses import dataclass

from storage.shapes.common import Shape, by
from storage.shapes.rules import Line


@dataclass(frozen=True, slots=True, kw_only=True)
class Blog(Shape):
    """An article; its words are the text of the post."""

    teaser: str = by(Line())
