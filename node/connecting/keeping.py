"""What who keeps a group does with the posts in it: let in, take out, show first."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from federation.documents import activities, groups
from federation.outbox.promise import promise
from node.connecting.belonging import check_keeper
from node.context import Node
from node.errors import Invalid
from node.surfacing import relaying
from node.surfacing.surface import Told, surface
from node.texts import _
from storage import audit, follows, jobs, posts, reactions, submissions, teams
from storage.actors import Actor
from storage.database import Missing, Writing
from storage.teams import KEEPERS

PINS = 5  # posts first on a group's page

Deed = Callable[[Writing, Node, Actor, Actor, int], Awaitable[list[Told]]]


async def let_in(db: Writing, node: Node, me: Actor, group: Actor, post_id: int) -> list[Told]:
    """Let a post in that waited. Raises Missing, NotAllowed."""
    await check_keeper(db, me, group)
    happenings = await relaying.let_in(db, node, group, post_id)
    await audit.note(db, "group.let-in", f"{group.uri} {post_id}", actor_id=me.id, now=node.clock())
    return [*await surface(db, node, happenings), Told(jobs.WAKE, 0)]


async def take_out(db: Writing, node: Node, me: Actor, group: Actor, post_id: int) -> list[Told]:
    """Take a post out, or do not let it in; a group elsewhere is asked to, by who keeps it. Raises Missing,
    NotAllowed."""
    if not group.here:
        return await _ask_out(db, node, me, group, post_id)
    await check_keeper(db, me, group)
    happenings = await relaying.take_out(db, node, group, me, post_id)
    await reactions.unpin(db, actor_id=group.id, post_id=post_id)
    await audit.note(db, "group.take-out", f"{group.uri} {post_id}", actor_id=me.id, now=node.clock())
    return [*await surface(db, node, happenings), Told(jobs.WAKE, 0)]


async def _ask_out(db: Writing, node: Node, me: Actor, group: Actor, post_id: int) -> list[Told]:
    """What becomes of it the group says to all who follow it, us among them."""
    if await teams.place(db, group.id, me.id) not in KEEPERS or await posts.boost_by(db, group.id, post_id) is None:
        raise Missing(str(post_id))
    post = await posts.by_id(db, post_id, reader_id=me.id)
    said = groups.removal(group, me, post.uri, now=node.clock())
    await promise(db, node.site, said, signer=me, inboxes=[group.inbox])
    await audit.note(db, "group.take-out", f"{group.uri} {post_id}", actor_id=me.id, now=node.clock())
    return [Told(jobs.WAKE, 0)]


async def pin(db: Writing, node: Node, me: Actor, group: Actor, post_id: int) -> list[Told]:
    """Show a public post of the group, or one that it passed on, first. Raises Missing, NotAllowed, Invalid."""
    await check_keeper(db, me, group)
    post = await posts.by_id(db, post_id, reader_id=me.id)
    if post.author_id != group.id and group.id not in await submissions.groups_of(db, post.id):
        raise Missing(str(post_id))
    if not post.public or post.boost_of_id is not None:
        raise Invalid(_("Only public posts can be shown first."))
    if await reactions.count_pins(db, actor_id=group.id) >= PINS:
        raise Invalid(_("At most %s posts can be pinned.") % PINS)
    if not await reactions.pin(db, actor_id=group.id, post_id=post.id):
        return []
    said = activities.add(group, post, now=node.clock())
    await promise(db, node.site, said, signer=group, inboxes=await follows.follower_inboxes(db, group.id))
    return [Told(jobs.WAKE, 0)]


async def unpin(db: Writing, node: Node, me: Actor, group: Actor, post_id: int) -> list[Told]:
    """Show it in its place again. Raises Missing, NotAllowed."""
    await check_keeper(db, me, group)
    post = await posts.by_id(db, post_id, reader_id=me.id)
    if not await reactions.unpin(db, actor_id=group.id, post_id=post.id):
        return []
    said = activities.remove(group, post, now=node.clock())
    await promise(db, node.site, said, signer=group, inboxes=await follows.follower_inboxes(db, group.id))
    return [Told(jobs.WAKE, 0)]


DEEDS: Mapping[str, Deed] = {"let-in": let_in, "take-out": take_out, "pin": pin, "unpin": unpin}
