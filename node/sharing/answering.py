"""What a post answers."""

from __future__ import annotations

from collections.abc import Mapping

from node.errors import Invalid
from node.texts import _
from storage import actors, pending, posts, recipients
from storage.actors import Actor
from storage.database import Missing, Reading
from storage.pending import Reason
from storage.posts import Post, Visibility
from storage.recipients import Circle


async def named(
    db: Reading, author: Actor, parent: Post, visibility: Visibility, found: Mapping[int, Actor]
) -> dict[int, Actor]:
    """Whom a reply names beside those in its text: who is answered, where they would not hear of it otherwise; the
    private group in which it is said."""
    more: dict[int, Actor] = {}
    if parent.author_id not in found and parent.author_id != author.id:
        answered = await actors.by_id(db, parent.author_id)
        if not answered.here or visibility is Visibility.DIRECT:
            more[answered.id] = answered
    if parent.visibility is Visibility.DIRECT:
        among = [one.actor_id for one in await recipients.of(db, parent.id) if one.circle is Circle.MEMBERS]
        more |= await actors.by_ids(db, [one for one in among if one not in found]) if among else {}
    return more


async def parent(db: Reading, author: Actor, post_id: int, waiting: bool) -> Post | None:
    """What is answered; None for a post of the author's own that is not out, while this one waits too.

    Raises Missing, and Invalid for one that a guardian has to read first.
    """
    try:
        found = await posts.by_id(db, post_id, reader_id=author.id)
    except Missing:
        before = await pending.by_id(db, post_id, author_id=author.id)
        if before.post_id is None and before.reason in (Reason.HELD, Reason.RETURNED):
            raise Invalid(
                _("What you answer is not out yet: a guardian reads it first. Answer it then."), field="in_reply_to_id"
            ) from None
        if before.post_id is None and waiting and before.reason is not Reason.SCHEDULED:
            return None
        found = await posts.by_id(db, before.post_id or 0, reader_id=author.id)
    if found.visibility is Visibility.HIDDEN:
        raise Invalid(
            _("What you answer waits for a guardian. Answer it when it is shown again."), field="in_reply_to_id"
        )
    if found.boost_of_id is not None:
        return await posts.by_id(db, found.boost_of_id, reader_id=author.id)
    return found
