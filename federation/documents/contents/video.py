"""What a video says to everybody else; all that is said in it stands below."""

from __future__ import annotations

from html import escape

from federation.documents.contents.parts import lasting, link, part
from storage.shapes.video import Video


def content(label: str, title: str, given: Video) -> str:
    """What it shows, how long it is, where it is, and its transcript."""
    said = [lasting(given.duration)] if given.duration else []
    said += ["captions"] if given.captions else []
    said += ["transcript below"] if given.transcript else []
    more = f" ({', '.join(said)})" if said else ""
    parts = [f"<p><strong>{escape(label)}: {escape(title)}</strong>{more}</p>", part("", given.description)]
    parts += [f"<p>{link(given.source)}</p>"] if given.source else []
    return "".join([*parts, part("Transcript", given.transcript)])
