"""What measures say to everybody else, in words: their software shows the picture and not the numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from federation.documents.contents.parts import part


def content(measures: Sequence[Mapping[str, Any]]) -> str:
    """Each measure with its finding, what is counted, and what happened when."""
    return "".join(_one(one) for one in measures)


def _one(given: Mapping[str, Any]) -> str:
    finding = given.get("finding", "")
    head = f"<p><strong>{escape(given['name'])}</strong>{': ' if finding else ''}{escape(finding)}</p>"
    happened = [f"{at}: {words}" for at, words in given.get("annotations", ())]
    happened += [f"{at}: {change} ({why})" for at, change, why, _made in given.get("rebases", ())]
    said = "; ".join(happened)
    link = given.get("url", "")
    newest = f'<p><a href="{escape(link)}">{escape(link)}</a></p>' if link else ""
    return head + part("What is counted", given.get("definition", "")) + part("What happened", said) + newest
