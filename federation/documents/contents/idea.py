"""What an idea says to everybody else."""

from __future__ import annotations

from federation.documents.contents.parts import head, part
from storage.shapes.idea import Idea


def content(label: str, title: str, given: Idea) -> str:
    """The problem, the proposal, and how one would know; how far it is stands beside the title."""
    stage = f" ({given.stage})" if given.stage != "new" else ""
    parts = [head(label, title, stage), part("", given.problem), part("", given.proposal)]
    parts += [part("How would you know", given.measure_of_success), part("Cost", given.cost)]
    parts.append(part("What would not travel", given.would_not_travel))
    return "".join([*parts, part("Why it was abandoned", given.reason)])
