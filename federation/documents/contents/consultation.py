"""What a consultation says to everybody else: the question; options are its poll."""

from __future__ import annotations

from federation.documents.contents.parts import part
from storage.shapes.consultation import Consultation


def content(label: str, title: str, given: Consultation) -> str:
    """The question alone, as servers show it above the options."""
    return part("", title)
