"""Say that one has the problem of a post too, and take that back. Each answers whom to tell after the commit."""

from __future__ import annotations

from collections.abc import Callable

from federation.documents import activities
from federation.outbox.promise import promise
from federation.site import Document
from node.context import Node
from node.errors import Invalid
from node.sharing.reactions import shown_to
from node.streams import EDITED
from node.surfacing.surface import Told
from node.texts import _
from storage import actors, affected
from storage.actors import Actor
from storage.database import Reading, Writing
from storage.kinds import Kind
from storage.posts import Post

KINDS = (Kind.IDEA, Kind.SAFETY_NOTE)  # that tell of a problem


def tells_of_a_problem(post: Post) -> bool:
    """Whether people can say that they have its problem too."""
    return post.kind in KINDS and post.public and post.boost_of_id is None


async def add(db: Writing, node: Node, member: Actor, post_id: int) -> list[Told]:
    """Be counted, once. Raises Missing, Invalid."""
    post = await _problem(db, member, post_id)
    if not await affected.add(db, post_id=post.id, actor_id=member.id):
        return []
    return await _tell(db, node, member, post, activities.add_affected)


async def remove(db: Writing, node: Node, member: Actor, post_id: int) -> list[Told]:
    """Be counted no longer. Raises Missing, Invalid."""
    post = await _problem(db, member, post_id)
    if not await affected.remove(db, post_id=post.id, actor_id=member.id):
        return []
    return await _tell(db, node, member, post, activities.remove_affected)


async def _problem(db: Reading, member: Actor, post_id: int) -> Post:
    post = await shown_to(db, member, post_id)
    if not tells_of_a_problem(post):
        raise Invalid(_("Only public ideas and safety notes tell of a problem that others can have too."))
    return post


async def _tell(db: Writing, node: Node, member: Actor, post: Post, saying: Callable[..., Document]) -> list[Told]:
    author = await actors.by_id(db, post.author_id)
    if not author.here:
        said = saying(member, post, author, now=node.clock())
        await promise(db, node.site, said, signer=member, inboxes=[author.inbox], object_uri=post.uri)
    return [Told(EDITED, post.id)]
