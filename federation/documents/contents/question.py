"""What a question says to everybody else."""

from __future__ import annotations

from federation.documents.contents.parts import head, part
from storage.shapes.question import Question


def content(label: str, title: str, given: Question) -> str:
    """What is asked, and what there is to know about it."""
    return head(label, title) + part("", given.details)
