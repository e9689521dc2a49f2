"""Thank, pass on, save, pin: what members do with posts. Each answers whom to tell after the commit."""

from __future__ import annotations

from federation.documents import activities
from federation.happenings import Boosted, Liked, Unboosted, Unliked
from federation.outbox.promise import promise
from node import away
from node.context import Node
from node.errors import Invalid, NotAllowed
from node.sharing.posts import own_post
from node.surfacing import relaying
from node.surfacing.surface import Told, surface
from node.texts import _
from storage import actors, follows, muted_threads, posts, reactions, recipients, submissions
from storage.actors import Actor
from storage.database import Missing, Reading, Writing
from storage.ids import new_id
from storage.kinds import Kind
from storage.posts import Post, Visibility
from storage.recipients import Circle, Recipient

PINS = 5  # posts on top of a profile


async def shown_to(db: Reading, member: Actor, post_id: int) -> Post:
    """The post, or what a boost passes on, if the member may see it. Raises Missing."""
    post = await posts.by_id(db, post_id, reader_id=member.id)
    return post if post.boost_of_id is None else await posts.by_id(db, post.boost_of_id, reader_id=member.id)


async def like(db: Writing, node: Node, member: Actor, post_id: int) -> list[Told]:
    """Thank for a post."""
    post = await shown_to(db, member, post_id)
    uri = f"{member.uri}#likes/{post.id}/{node.clock()}"
    if not await reactions.like(db, actor_id=member.id, post_id=post.id, uri=uri):
        return []
    author = await actors.by_id(db, post.author_id)
    said = activities.like(member, post, author, uri)
    await _to_author(db, node, member, author, said, post)
    await relaying.again(db, node, await submissions.passed_by(db, post.uri), said, about=post.uri)
    return await surface(db, node, [Liked(member, post)])


async def unlike(db: Writing, node: Node, member: Actor, post_id: int) -> list[Told]:
    """Take thanks back."""
    post = await shown_to(db, member, post_id)
    uri = await reactions.unlike(db, actor_id=member.id, post_id=post.id)
    if uri is None:
        return []
    author = await actors.by_id(db, post.author_id)
    said = activities.undo(member, activities.like(member, post, author, uri))
    await _to_author(db, node, member, author, said, post)
    await relaying.again(db, node, await submissions.passed_by(db, post.uri), said, about=post.uri)
    return await surface(db, node, [Unliked(member, post)])


async def _to_author(
    db: Writing, node: Node, member: Actor, author: Actor, said: dict[str, object], post: Post
) -> None:
    if not author.here:
        await promise(db, node.site, said, signer=member, inboxes=[author.inbox], object_uri=post.uri)


async def boost(
    db: Writing, node: Node, member: Actor, post_id: int, visibility: Visibility | None = None
) -> tuple[Post, list[Told]]:
    """Pass a post on; the boost, also when it was passed on before. Raises NotAllowed for what is not public.

    ``visibility`` None: to all who may see the post.
    """
    away.check_stays(member)
    post = await shown_to(db, member, post_id)
    visibility = _of_boost(member, post, visibility)
    before = await posts.boost_by(db, member.id, post.id)
    if before is not None:
        return before, []
    now = node.clock()
    id = new_id(now)
    new = Post(
        id=id,
        uri=f"{node.site.post_uri(member.handle, id)}/activity",
        author_id=member.id,
        type="Announce",
        kind=Kind.PLAIN,
        visibility=visibility,
        published=now,
        url=node.site.post_uri(member.handle, id),
        local=now,
        boost_of_id=post.id,
    )
    kept = await posts.add(db, new)
    if kept is None:
        found = await posts.boost_by(db, member.id, post.id)
        if found is None:
            raise Missing(str(post_id))
        return found, []
    if not kept.public:
        await recipients.add(db, kept.id, [Recipient(member.id, Circle.FOLLOWERS)])
    author = await actors.by_id(db, post.author_id)
    said = activities.announce(kept, member, post, author)
    await promise(
        db, node.site, said, signer=member, inboxes=await _boost_inboxes(db, member, author), object_uri=kept.uri,
        post_id=None if post.local is None else post.id,
    )  # fmt: skip
    return kept, await surface(db, node, [Boosted(member, kept, post)])


def _of_boost(member: Actor, post: Post, wanted: Visibility | None) -> Visibility:
    """Who a boost is for. Raises NotAllowed, Invalid."""
    if wanted is Visibility.DIRECT:
        raise Invalid(_("A post cannot be passed on to those named only."), field="visibility")
    if post.public:
        return wanted or Visibility.PUBLIC
    if post.visibility is Visibility.PRIVATE and post.author_id == member.id:
        return Visibility.PRIVATE
    raise NotAllowed(_("Only public posts can be passed on."))


async def _boost_inboxes(db: Reading, member: Actor, author: Actor) -> list[str]:
    inboxes = await follows.follower_inboxes(db, member.id)
    return inboxes if author.here else list(dict.fromkeys([*inboxes, author.delivery_inbox]))


async def unboost(db: Writing, node: Node, member: Actor, post_id: int) -> list[Told]:
    """Pass a post on no longer."""
    post = await shown_to(db, member, post_id)
    before = await posts.boost_by(db, member.id, post.id)
    if before is None:
        return []
    author = await actors.by_id(db, post.author_id)
    said = activities.undo(member, activities.announce(before, member, post, author))
    inboxes = await _boost_inboxes(db, member, author)
    told = await surface(db, node, [Unboosted(before)])
    await posts.erase(db, before, now=node.clock())
    await promise(db, node.site, said, signer=member, inboxes=inboxes, object_uri=before.uri)
    return told


async def bookmark(db: Writing, node: Node, member: Actor, post_id: int) -> list[Told]:
    """Save a post for oneself."""
    await reactions.bookmark(db, actor_id=member.id, post_id=(await shown_to(db, member, post_id)).id)
    return []


async def unbookmark(db: Writing, node: Node, member: Actor, post_id: int) -> list[Told]:
    """Save it no longer."""
    await reactions.unbookmark(db, actor_id=member.id, post_id=(await shown_to(db, member, post_id)).id)
    return []


async def pin(db: Writing, node: Node, member: Actor, post_id: int) -> list[Told]:
    """Show one's own public post first."""
    post = await own_post(db, member.id, post_id)
    if not post.public or post.boost_of_id is not None:
        raise Invalid(_("Only your own public posts can be pinned."))
    if await reactions.count_pins(db, actor_id=member.id) >= PINS:
        raise Invalid(_("At most %s posts can be pinned.") % PINS)
    if await reactions.pin(db, actor_id=member.id, post_id=post.id):
        said = activities.add(member, post, now=node.clock())
        await promise(db, node.site, said, signer=member, inboxes=await follows.follower_inboxes(db, member.id))
    return []


async def unpin(db: Writing, node: Node, member: Actor, post_id: int) -> list[Told]:
    """Show it in its place again."""
    post = await own_post(db, member.id, post_id)
    if await reactions.unpin(db, actor_id=member.id, post_id=post.id):
        said = activities.remove(member, post, now=node.clock())
        await promise(db, node.site, said, signer=member, inboxes=await follows.follower_inboxes(db, member.id))
    return []


async def mute_thread(db: Writing, node: Node, member: Actor, post_id: int) -> list[Told]:
    """Hear no more of the thread a post is in."""
    await muted_threads.add(db, member_id=member.id, post_id=(await shown_to(db, member, post_id)).id)
    return []


async def unmute_thread(db: Writing, node: Node, member: Actor, post_id: int) -> list[Told]:
    """Hear of it again."""
    await muted_threads.remove(db, member_id=member.id, post_id=(await shown_to(db, member, post_id)).id)
    return []
