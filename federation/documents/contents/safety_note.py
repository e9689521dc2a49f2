"""What a safety note says to everybody else."""

from __future__ import annotations

from federation.documents.contents.parts import head, part, words
from storage.shapes.safety_note import SafetyNote


def content(label: str, title: str, given: SafetyNote) -> str:
    """What happens and what helps, or the four parts of SBAR; then the facts."""
    parts = [head(label, title), part("", given.situation), part("What helps", given.recommendation)]
    parts += [part(name.capitalize(), text) for name, text in (given.sbar or {}).items()]
    return "".join([*parts, _facts(given)])


def _facts(given: SafetyNote) -> str:
    said: list[str] = []
    if given.harm and given.harm != "not-applicable":
        said.append(f"Harm: {given.harm.replace('-', ' ')}.")
    if given.settings:
        said.append(f"Setting: {words(given.settings)}.")
    if given.composite:
        said.append("Composite case, no real patient.")
    return f"<p>{' '.join(said)}</p>" if said else ""
