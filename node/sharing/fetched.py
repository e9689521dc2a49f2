"""Which servers asked for posts of ours themselves: gathered in memory, written down together.

What a server claims to be is not proven for a post that everyone may read, and need not be: it will be told when the
post is taken back, at the inbox that its own document names.
"""

from __future__ import annotations

import asyncio
import logging

from federation.outbox.promise import host_of
from node.context import Node
from storage import audiences
from storage.audiences import Fetch
from storage.database import Busy, Unavailable, Writing

log = logging.getLogger(__name__)

EVERY = 2.0  # seconds between two writings
MOST = 10_000  # gathered meanwhile; more are not remembered


def note(node: Node, post_id: int, key_uri: str) -> None:
    """A post was handed out to the server with this key."""
    host = host_of(key_uri)
    if host and not node.site.ours(key_uri) and len(node.fetched) < MOST:
        node.fetched[post_id, host] = key_uri


async def write(db: Writing, node: Node) -> None:
    """Write down what was gathered; what fails is gathered no more."""
    if node.fetched:
        found = [Fetch(post_id, host, key_uri) for (post_id, host), key_uri in node.fetched.items()]
        node.fetched.clear()
        await audiences.note_fetches(db, found)


async def keep_writing(node: Node, stop: asyncio.Event) -> None:
    """Write down until ``stop``, and once more then."""
    going = True
    while going:
        try:
            await asyncio.wait_for(stop.wait(), EVERY)
            going = False
        except TimeoutError:
            pass
        if node.fetched:
            await _write_alone(node)


async def _write_alone(node: Node) -> None:
    had = dict(node.fetched)
    try:
        async with node.database.writing() as db:
            await write(db, node)
    except (Busy, Unavailable) as error:
        node.fetched.update(had | node.fetched)
        log.warning("who asked for posts is not written down yet: %s", error)
