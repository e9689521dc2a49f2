"""Say of a post to every server that ever got it, and keep what each of them says to that: storage.recalls."""

from __future__ import annotations

from collections.abc import Sequence

from federation.outbox.promise import host_of, promise
from federation.site import Document
from node.context import Node
from node.sharing import fetched, reaching
from storage import jobs, marks, recalls
from storage.actors import Actor
from storage.audiences import Fetch
from storage.database import Writing
from storage.jobs import NewJob
from storage.posts import Post
from storage.recalls import Act, Reason, Standing, Target

# Jobs, each about the recall that is its payload.
SEEK = "seek-fetchers"  # looks for inboxes
TELL = "tell-recalled"  # tells members here


async def begin(
    db: Writing, node: Node, author: Actor, post: Post, said: Document, act: Act, *, by_id: int, reason: Reason
) -> int | None:
    """Note that ``said`` goes to everyone; its recall. None: the post was taken back already."""
    now = node.clock()
    recall_id = await recalls.begin(
        db, post_id=post.id, uri=post.uri, act=act, activity=str(said["id"]), author_id=author.id, by_id=by_id,
        reason=reason, kind=post.kind.value, now=now,
    )  # fmt: skip
    if recall_id is not None:
        await recalls.supersede(db, post.uri, now=now, but=recall_id)
    return recall_id


async def targets(
    db: Writing, node: Node, author: Actor, post: Post, recall_id: int, more: Sequence[str] = (), *, ever: bool = True
) -> list[str]:
    """Note every inbox that is to be told, ``more`` among them; those that are known. ``ever`` False: only ``more``."""
    now = node.clock()
    await fetched.write(db, node)
    found, asked = await reaching.ever_and_sought(db, author, post) if ever else ([], [])
    inboxes = [one for one in dict.fromkeys([*found, *more]) if host_of(one) and not node.site.ours(one)]
    known = {host_of(one) for one in inboxes}
    sought = [one for one in asked if one.host not in known]
    noted = [Target(one, host_of(one)) for one in inboxes]
    await recalls.add(db, recall_id, [*noted, *map(_sought, sought)], now=now)
    if sought:
        await jobs.add(db, NewJob(SEEK, payload=str(recall_id), key=f"{SEEK} {recall_id}"), now=now)
    return inboxes


def _sought(one: Fetch) -> Target:
    return Target(one.key_uri, one.host, Standing.SOUGHT)


async def update(
    db: Writing, node: Node, author: Actor, post: Post, said: Document, inboxes: Sequence[str], *, by_id: int = 0
) -> None:
    """Promise an Update of a post: to ``inboxes``, and of a public one that bears a mark to every server that ever got
    it. Each Update of such a post is proven anew, for it takes the place of those that have not left. ``by_id`` 0: its
    author. New words for followers go to nobody who was one and is no more."""
    bears = marks.of(post.fields)
    if not bears or author.suspended is not None:
        await promise(db, node.site, said, signer=author, inboxes=inboxes, object_uri=post.uri, post_id=post.id)
        return
    act = Act.CORRECTED if bears.withdrawn is None else Act.WITHDRAWN
    by_id = by_id or author.id
    recall_id = await begin(db, node, author, post, said, act, by_id=by_id, reason=Reason.NONE)
    if recall_id is not None:
        everyone = await targets(db, node, author, post, recall_id, inboxes, ever=post.public)
        await promise(
            db, node.site, said, signer=author, inboxes=everyone, object_uri=post.uri, post_id=post.id,
            recall_id=recall_id,
        )  # fmt: skip
        if by_id != author.id:
            await jobs.add(db, NewJob(TELL, payload=str(recall_id), key=f"{TELL} {recall_id}"), now=node.clock())
