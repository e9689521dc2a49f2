"""Names of emoji between colons: which of them a text has, and the pictures they are shown as."""

from __future__ import annotations

import json
import re
from html import escape
from urllib.parse import urlsplit

from markupsafe import Markup

from storage import emojis
from storage.actors import Actor
from storage.database import Reading

USED = 64  # in one text
_CODE = re.compile(r":([a-zA-Z0-9_]{2,64}):")
_WRITTEN = re.compile(r"(?<![a-zA-Z0-9_:]):([a-zA-Z0-9_]{2,64}):(?![a-zA-Z0-9_:])")
_TAGS = re.compile(r"(<[^<>]*>)")


async def used(db: Reading, *texts: str) -> str:
    """The emoji of this node that texts have, as posts and actors keep them. Without a ``:name:`` that is no query."""
    codes = {found[1]: None for text in texts for found in _WRITTEN.finditer(text)}
    if not codes:
        return "[]"
    known = await emojis.named(db, list(codes)[:USED])
    return json.dumps([{"shortcode": one.shortcode, "url": one.url} for one in known])


def pictured(html: str, kept: str) -> Markup:
    """Safe HTML with the emoji that a post, an actor or an announcement of this node keeps (JSON) as pictures."""
    if kept == "[]" or ":" not in html:
        return Markup(html)  # noqa: S704 - safe since it was kept
    places = {one["shortcode"]: urlsplit(one["url"]).path for one in json.loads(kept)}

    def picture(found: re.Match[str]) -> str:
        place = places.get(found[1])
        if place is None:
            return found[0]
        return f'<img class="emoji" src="{escape(place)}" alt="{found[0]}" title="{found[0]}" width="20" height="20">'

    parts = _TAGS.split(str(html))
    shown = "".join(part if part.startswith("<") else _CODE.sub(picture, part) for part in parts)
    return Markup(shown)  # noqa: S704 - what stood between the tags, and pictures of ours


def of_actor(html: str, actor: Actor) -> Markup:
    """What an actor says of themselves, safe HTML. Of other servers only names show: nobody's reader is shown there."""
    return pictured(html, actor.emojis if actor.here else "[]")


def name(actor: Actor) -> Markup:
    """What an actor is called, with their emoji."""
    return of_actor(escape(actor.name or actor.handle), actor)
