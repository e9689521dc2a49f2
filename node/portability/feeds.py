"""Bring a blog: entries of its feed wait here until the member shares them, each by itself. Nothing comes out alone.

The feed is asked for once, by the one door out, or pasted. Each entry passes the privacy check before it is kept; one
that holds a number of a patient is left.
"""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass

from federation.documents import feeds
from federation.documents.feeds import Entry as Read
from federation.errors import FederationError, Refused
from node import guarding
from node.context import Node
from node.errors import Invalid, TooMany
from node.sharing.structures import WORDED
from node.text import clean
from node.texts import _
from storage import brought, throttle
from storage.actors import Actor
from storage.brought import Entry
from storage.kinds import Kind

SIZE = 2 << 20  # bytes of a feed
HOUR = 60 * 60 * 1000  # ms
HOURLY = 10  # feeds of one member
KINDS = ("application/atom+xml", "application/rss+xml", "application/rdf+xml", "application/xml", "text/xml")
ROOM = 200  # characters of a post for what is said of the original, beside its address


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a feed."""

    new: int
    known: int  # brought before
    left: int  # something in them may stand nowhere, or there is nothing to share


async def bring(node: Node, member: Actor, *, url: str, pasted: str) -> Outcome:
    """Keep the entries of a feed at ``url``, or of what was pasted. Raises Invalid, TooMany."""
    if not url and not pasted.strip():
        raise Invalid(_("Give the address of the feed, or paste it."), field="url")
    now = node.clock()
    async with node.database.writing() as db:
        if await throttle.count(db, f"feed {member.id}", now=now, window=HOUR) > HOURLY and node.config.limits.rate:
            raise TooMany(HOUR // 1000)
    field = "url" if url else "pasted"
    body, place = await _asked(node, url) if url else (pasted.strip(), "")
    try:
        found = await asyncio.to_thread(feeds.read, body, place)
    except Refused as error:
        raise Invalid(_("This is no feed that can be read: RSS or Atom is needed."), field=field) from error
    if not found:
        raise Invalid(_("There is nothing in this feed."), field=field)
    kept = await asyncio.to_thread(lambda: [one for one in map(_kept, found) if one is not None])
    async with node.database.writing() as db:
        new = await brought.add(db, member.id, kept, now=now)
    return Outcome(new, len(kept) - new, len(found) - len(kept))


async def _asked(node: Node, url: str) -> tuple[bytes | str, str]:
    """What is at an address, and where it was found. Raises Invalid."""
    try:
        found = await node.client.get_file(url.strip(), accept=", ".join(KINDS), kinds=KINDS, limit=SIZE)
    except FederationError as error:
        raise Invalid(_("No feed was found at this address. You can paste it instead."), field="url") from error
    return found.body, found.url


def _kept(read: Read) -> Entry | None:
    """The entry as it is kept; None: it is left."""
    text = clean(read.text)
    room = WORDED[Kind.BLOG] - ROOM - len(read.link)
    if len(text) > room:
        text = text[:room].rsplit(" ", 1)[0] + " …"
    title = clean(read.title)
    found = guarding.inbound([("title", title), ("text", text)], ())
    if not (text or read.link) or (found is not None and found.sure):
        return None
    key = hashlib.sha256(read.name.encode("utf-8", "surrogatepass")).digest()
    return Entry(0, title, text, read.link, read.published, key)


def words(entry: Entry) -> str:
    """What an entry says, and where it stood first."""
    origin = _("First published: %s") % entry.link if entry.link else ""
    return "\n\n".join(one for one in (entry.text, origin) if one)
