"""What a spread says to everybody else."""

from __future__ import annotations

from federation.documents.contents.parts import head, part
from storage.shapes.spread import Spread

LABELS = {"adopted": "Adopted", "adapted": "Adapted", "abandoned": "Abandoned", "interested": "Interested"}


def content(label: str, title: str, given: Spread) -> str:
    """What became of it stands first; then what changed, how it went, and why it ended."""
    parts = [head(LABELS.get(given.outcome, label), title), part("What changed", given.what_changed)]
    return "".join([*parts, part("Result", given.result), part("Why", given.reason)])
