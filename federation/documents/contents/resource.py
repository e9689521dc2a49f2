"""What a resource says to everybody else."""

from __future__ import annotations

from federation.documents.contents.parts import head, link, part, words
from storage.shapes.resource import Resource


def content(label: str, title: str, given: Resource) -> str:
    """What it is, where it is found, and for whom; via whom stands below, where handles are links."""
    parts = [head(label, title), part("", given.description)]
    parts += [f"<p>{link(given.source)}</p>"] if given.source else []
    said = [given.resource_kind.replace("-", " ").capitalize()] if given.resource_kind else []
    said += [f"{given.minutes} min"] if given.minutes is not None else []
    said += [f"for {words(given.audience)}"] if given.audience else []
    parts += [f"<p>{', '.join(said)}.</p>"] if said else []
    return "".join(parts)
