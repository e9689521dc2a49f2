"""Groups pass on (FEP-1b12): the activity itself, for who keeps threads, and a boost of the post, for everybody else.

Which posts, and to whom they may go, is decided by whoever calls.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from federation.documents import activities, groups
from federation.outbox.promise import promise
from federation.site import Site
from storage import follows, posts
from storage.actors import Actor
from storage.database import Writing
from storage.ids import new_id
from storage.kinds import Kind
from storage.posts import Post, Visibility


async def activity(db: Writing, site: Site, group: Actor, said: Mapping[str, Any], *, about: str) -> None:
    """Pass an activity on as it was said, to who follows the group; ``about``: the id of its object."""
    inboxes = await follows.follower_inboxes(db, group.id)
    await promise(db, site, groups.announce(group, said), signer=group, inboxes=inboxes, object_uri=about)


async def boost(db: Writing, site: Site, group: Actor, post: Post, author: Actor) -> Post | None:
    """Pass a post on by its id alone, as a boost of the group; None: it did before."""
    now = site.clock()
    id = new_id(now)
    uri = site.post_uri(group.handle, id)
    new = Post(
        id=id, uri=f"{uri}/activity", author_id=group.id, type="Announce", kind=Kind.PLAIN,
        visibility=Visibility.PUBLIC, published=now, url=uri, local=now, boost_of_id=post.id,
    )  # fmt: skip
    kept = await posts.add(db, new)
    if kept is None:
        return None
    inboxes = await follows.follower_inboxes(db, group.id)
    if not author.here:
        inboxes = list(dict.fromkeys([*inboxes, author.delivery_inbox]))
    await promise(
        db, site, activities.announce(kept, group, post, author), signer=group, inboxes=inboxes, object_uri=kept.uri,
        post_id=None if post.local is None else post.id,
    )  # fmt: skip
    return kept


async def unboost(db: Writing, site: Site, group: Actor, post: Post, author: Actor) -> Post | None:
    """Take a boost of the group back; what it was, None when there was none."""
    before = await posts.boost_by(db, group.id, post.id)
    if before is None:
        return None
    said = activities.undo(group, activities.announce(before, group, post, author))
    inboxes = await follows.follower_inboxes(db, group.id)
    if not author.here:
        inboxes = list(dict.fromkeys([*inboxes, author.delivery_inbox]))
    await posts.erase(db, before, now=site.clock())
    await promise(db, site, said, signer=group, inboxes=inboxes, object_uri=before.uri)
    return before
