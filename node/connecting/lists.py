"""Lists: read some accounts together, and, where a list is exclusive, not at home."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from node import text as texts
from node.context import Node
from node.errors import Invalid
from node.texts import _
from storage import follows, home, lists
from storage.actors import Actor
from storage.database import Missing, Writing
from storage.lists import List, Replies

LISTS = 50  # of one member
ACCOUNTS = 500  # on one list
TITLE = 200  # characters


def _title(given: str) -> str:
    title = " ".join(texts.clean(given).split())
    if not title:
        raise Invalid(_("A list needs a title."), field="title")
    if len(title) > TITLE:
        raise Invalid(_("A title has at most %s characters.") % TITLE, field="title")
    return title


async def create(db: Writing, node: Node, member: Actor, *, title: str, replies: Replies, exclusive: bool) -> List:
    """Make a list. Raises Invalid."""
    title = _title(title)
    try:
        return await lists.add(
            db, member_id=member.id, title=title, replies=replies, exclusive=node.clock() if exclusive else None,
            most=LISTS,
        )  # fmt: skip
    except Missing as full:
        raise Invalid(_("At most %s lists.") % LISTS) from full


async def change(db: Writing, node: Node, old: List, *, title: str, replies: Replies, exclusive: bool) -> List:
    """Change a list; when it becomes exclusive its accounts leave the home timeline. Raises Invalid."""
    now = node.clock()
    new = replace(old, title=_title(title), replies=replies, exclusive=(old.exclusive or now) if exclusive else None)
    await lists.change(db, new)
    if exclusive and old.exclusive is None:
        await home.forget_list(db, member_id=old.member_id, list_id=old.id)
    elif not exclusive and old.exclusive is not None:
        await home.rebuild(db, member_id=old.member_id, now=now)
    return new


async def delete(db: Writing, node: Node, old: List) -> None:
    """Forget a list; whom it kept from home is there again."""
    await lists.remove(db, old.id)
    if old.exclusive is not None:
        await home.rebuild(db, member_id=old.member_id, now=node.clock())


async def put(db: Writing, chosen: List, actor_ids: Sequence[int]) -> None:
    """Put accounts on a list that the member follows or asked to. Raises Missing, Invalid."""
    followed = await follows.of(db, follower_id=chosen.member_id, target_ids=actor_ids)
    strangers = set(actor_ids) - followed.keys() - {chosen.member_id}
    if strangers:
        raise Missing(str(min(strangers)))
    await lists.put(db, chosen.id, actor_ids)
    if await lists.count_accounts(db, chosen.id) > ACCOUNTS:
        raise Invalid(_("At most %s accounts on a list.") % ACCOUNTS, field="account_ids")
    if chosen.exclusive is not None:
        await home.forget_list(db, member_id=chosen.member_id, list_id=chosen.id)


async def take(db: Writing, node: Node, chosen: List, actor_ids: Sequence[int]) -> None:
    """Take accounts off a list."""
    await lists.take(db, chosen.id, actor_ids)
    if chosen.exclusive is not None:
        await home.rebuild(db, member_id=chosen.member_id, now=node.clock())
