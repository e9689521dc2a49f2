"""What a signpost to an alert says to everybody else: never the alert itself."""

from __future__ import annotations

from html import escape

from federation.documents.contents.parts import day, link, part
from storage.shapes.alert_signpost import AlertSignpost


def content(label: str, title: str, given: AlertSignpost) -> str:
    """Whose alert it is, until when it asks for action, where it is read, and a tip."""
    issued = f" Issued by {escape(given.issuer)}." if given.issuer else ""
    due = f" Act by {day(given.action_by)}." if given.action_by else ""
    source = f" This is a pointer: read the alert at its {link(given.source, 'source')}." if given.source else ""
    reference = f" {escape(given.reference)}." if given.reference else ""
    return f"<p><strong>{escape(label)}: {escape(title)}</strong>{reference}{issued}{due}{source}</p>" + part(
        "Our tip", given.tip
    )
