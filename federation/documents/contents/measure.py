"""What a measure says to everybody else."""

from __future__ import annotations

from federation.documents.contents import measured
from federation.documents.contents.parts import head
from storage.shapes.measure import Measure


def content(label: str, title: str, given: Measure) -> str:
    """What was found, measure by measure."""
    return head(label, title) + measured.content(given.measures)
