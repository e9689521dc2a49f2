"""What a call for ideas says to everybody else."""

from __future__ import annotations

from federation.documents.contents.parts import head, part
from storage.shapes.challenge import Challenge


def content(label: str, title: str, given: Challenge) -> str:
    """The question, and until when ideas are wanted."""
    ends = f"Open until {given.until}." if given.until else "Open without an end."
    return "".join([head(label, title), part("", given.question), part("", ends)])
