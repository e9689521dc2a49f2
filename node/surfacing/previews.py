"""Which page a post is shown with: noticed with the post, asked for by a job (``linking``).

Only for posts that everybody may read: docs/decisions/cards.md.
"""

from __future__ import annotations

import secrets
from urllib.parse import quote

from federation.documents import pages
from federation.errors import Forbidding
from node.context import Node
from storage import cards, jobs
from storage.database import Writing
from storage.jobs import NewJob
from storage.posts import Post

ASK = "card"  # the job
FRESH = 7 * 24 * 60 * 60 * 1000  # ms after which a page is asked again, by the next post that links there
SPREAD = 60_000  # ms; a post reaches thousands of nodes at once, and they are not to ask its page all together
SPREAD_HERE = 2_000  # ms, for a post of ours: this node is the first to know of it
ADDRESS = 2_048  # characters
_ASCII = "".join(map(chr, range(33, 127)))


async def notice(db: Writing, node: Node, post: Post) -> None:
    """Link a post to its card, and promise that the page is asked if that was not done lately."""
    url = first(node, post)
    if not url:
        if post.edited is not None:
            await cards.unlink(db, post.id)
        return
    card = await cards.link(db, post.id, url)
    now = node.clock()
    if card.asked is None or card.asked < now - FRESH:
        due = now + secrets.randbelow(SPREAD if post.local is None else SPREAD_HERE)
        # A number for the host: of one host one at a time, and no word of the post outlives it here.
        new = NewJob(
            ASK, host=str(jobs.number_of(node.client.place(url))), payload=str(card.id), key=f"{ASK} {card.id}", due=due
        )
        await jobs.add(db, new, now=now)


def first(node: Node, post: Post) -> str:
    """The address whose page a post is shown with; "": none, or none that may be asked."""
    if not post.public or post.boost_of_id is not None:
        return ""
    url = quote(pages.first_link(post.html), safe=_ASCII)
    if not url or len(url) > ADDRESS or node.site.ours(url):
        return ""
    try:
        node.client.place(url)
    except Forbidding:
        return ""
    return url
