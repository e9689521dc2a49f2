"""What the closing summary of a consultation says to everybody else: you said, we did."""

from __future__ import annotations

from html import escape

from federation.documents.contents.parts import head, part
from storage.shapes.summary import Summary


def content(label: str, title: str, given: Summary) -> str:
    """Who answered, what they said in groups, and what came of it."""
    themes = "".join(f"<li>{_theme(one)}</li>" for one in given.themes)
    heard = f"<p><strong>You said:</strong></p><ul>{themes}</ul>" if themes else ""
    return head(label, title) + part("", people(given)) + heard + part("We did", given.did)


def people(given: Summary) -> str:
    """``100 people voted: 62 where it was asked, 38 elsewhere.`` It is read on all servers, so that none is "here"."""
    if given.here is None or given.elsewhere is None:
        return ""
    total = given.here + given.elsewhere
    who = "person" if total == 1 else "people"
    return f"{total} {who} voted: {given.here} where it was asked, {given.elsewhere} elsewhere."


def _theme(one: object) -> str:
    if not isinstance(one, dict):
        return ""
    count = f" ({one['count']})" if "count" in one else ""
    sentence = f": {escape(str(one['sentence']))}" if one.get("sentence") else ""
    return f"<strong>{escape(str(one.get('name', '')))}</strong>{count}{sentence}"
