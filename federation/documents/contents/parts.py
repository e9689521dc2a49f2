"""The parts that texts of structured posts are made of."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape


def head(label: str, title: str, more: str = "") -> str:
    """The first line: which kind it is, and its title."""
    return f"<p><strong>{escape(label)}: {escape(title)}</strong>{escape(more)}</p>"


def part(label: str, text: str) -> str:
    """Paragraphs, the first after a label; "" for a text that says nothing."""
    if not text:
        return ""
    lead = f"<strong>{escape(label)}:</strong> " if label else ""
    return "".join(
        f"<p>{lead if place == 0 else ''}{'<br>'.join(escape(line) for line in one.splitlines())}</p>"
        for place, one in enumerate(one for one in text.split("\n\n") if one.strip())
    )


def words(ids: Sequence[str]) -> str:
    """Ids of a vocabulary as people write them, in HTML."""
    return ", ".join(escape(one.replace("-", " ")) for one in ids)
