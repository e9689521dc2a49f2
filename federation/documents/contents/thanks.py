"""What thanks say to everybody else."""

from __future__ import annotations

from federation.documents.contents.parts import head, part
from storage.shapes.thanks import Thanks


def content(label: str, title: str, given: Thanks) -> str:
    """What they did; whom it is for stands below, where handles are links."""
    return head(label, title) + part("", given.deed)
