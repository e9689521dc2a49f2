"""Posts that are not out: what they will look like, and taking them back."""

from __future__ import annotations

from dataclasses import replace

from federation.documents.posts import Surroundings
from node import erasure
from node import text as texts
from node.context import Node
from node.sharing import posts as sharing
from storage import pending
from storage.actors import Actor
from storage.database import Busy, Missing, Reading, Writing
from storage.pending import Pending
from storage.posts import Post


async def preview(db: Reading, node: Node, author: Actor, waiting: Pending) -> tuple[Post, Surroundings]:
    """What a post that waits will look like; handles of other servers are not looked up for it. Raises Invalid."""
    draft = sharing.draft_of(waiting)
    mentioned = await sharing.known(db, node, texts.mentions_in(draft.text))
    try:
        checked = await sharing.check(db, author, draft, mentioned, waiting=True)
    except Missing:  # what it answers went meanwhile
        checked = await sharing.check(db, author, replace(draft, in_reply_to_id=None), mentioned)
    post = sharing.made(node, author, checked, id=waiting.id, now=waiting.created)
    return post, Surroundings(mentions=checked.named, tags=checked.tags())


async def undo(db: Writing, node: Node, author: Actor, waiting: Pending) -> None:
    """Take back a post that is not out. Raises Busy when it is coming out just now."""
    if await pending.take_back(db, waiting.id, author_id=author.id) is None:
        raise Busy("it is coming out")
    await erasure.promise(db, now=node.clock())
