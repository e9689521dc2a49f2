"""Lists: accounts that a member reads together. ``storage.timelines.of_list`` reads them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import LiteralString

from storage import actors
from storage.actors import Actor
from storage.database import Missing, Reading, Row, Writing, listed
from storage.paging import Page
from storage.records import quick


class Replies(StrEnum):
    """To whom the replies are that a list shows, beside those to oneself; the words of the Mastodon API."""

    LIST = "list"  # to accounts of the list
    FOLLOWED = "followed"  # to whom the member follows
    NONE = "none"


@quick
@dataclass(frozen=True, slots=True)
class List:
    """Some accounts, under a name."""

    id: int
    member_id: int
    title: str
    replies: Replies
    exclusive: int | None  # its accounts are not on the home timeline


COLUMNS = "lists.id, lists.member_id, lists.title, lists.replies, lists.exclusive"


def _list(row: Row) -> List:
    id, member_id, title, replies, exclusive = row
    return List(id, member_id, title, Replies(replies), exclusive)


async def add(db: Writing, *, member_id: int, title: str, replies: Replies, exclusive: int | None, most: int) -> List:
    """Keep a new list. Raises Missing when the member has ``most`` already."""
    row = await db.row(
        """
        INSERT INTO lists (member_id, title, replies, exclusive)
        SELECT members.actor_id, :title, :replies, CAST(:exclusive AS BIGINT) FROM members
        WHERE members.actor_id = :member_id
          AND (SELECT COUNT(*) FROM lists AS others WHERE others.member_id = :member_id) < :most
        RETURNING """
        + COLUMNS,
        member_id=member_id,
        title=title,
        replies=replies.value,
        exclusive=exclusive,
        most=most,
    )
    if row is None:
        raise Missing(title)
    return _list(row)


async def change(db: Writing, new: List) -> None:
    """Keep what the list is now."""
    await db.run(
        "UPDATE lists SET title = :title, replies = :replies, exclusive = :exclusive WHERE id = :id",
        id=new.id,
        title=new.title,
        replies=new.replies.value,
        exclusive=new.exclusive,
    )


async def remove(db: Writing, list_id: int) -> None:
    """Forget a list; its accounts stay where they are."""
    await db.run("DELETE FROM lists WHERE id = :list_id", list_id=list_id)


async def by_id(db: Reading, list_id: int, *, member_id: int) -> List:
    """A list of the member. Raises Missing."""
    row = await db.row(
        "SELECT " + COLUMNS + " FROM lists WHERE id = :list_id AND member_id = :member_id",
        list_id=list_id,
        member_id=member_id,
    )
    if row is None:
        raise Missing(str(list_id))
    return _list(row)


async def of(db: Reading, member_id: int) -> list[List]:
    """All lists of a member, in the order they were made."""
    rows = await db.rows(
        "SELECT " + COLUMNS + " FROM lists WHERE member_id = :member_id ORDER BY id", member_id=member_id
    )
    return [_list(row) for row in rows]


async def of_account(db: Reading, *, member_id: int, actor_id: int) -> list[List]:
    """The lists of a member that an account is on."""
    rows = await db.rows(
        "SELECT " + COLUMNS + """
        FROM lists WHERE member_id = :member_id AND EXISTS (
            SELECT 1 FROM list_accounts WHERE list_accounts.list_id = lists.id AND list_accounts.actor_id = :actor_id)
        ORDER BY id
        """,
        member_id=member_id,
        actor_id=actor_id,
    )  # fmt: skip
    return [_list(row) for row in rows]


async def put(db: Writing, list_id: int, actor_ids: Sequence[int]) -> None:
    """Put accounts on a list, each once."""
    await db.many(
        "INSERT INTO list_accounts (list_id, actor_id) VALUES (:list_id, :actor_id) ON CONFLICT DO NOTHING",
        [{"list_id": list_id, "actor_id": one} for one in actor_ids],
    )


async def take(db: Writing, list_id: int, actor_ids: Sequence[int]) -> None:
    """Take accounts off a list."""
    await db.run(
        "DELETE FROM list_accounts WHERE list_id = :list_id AND actor_id IN (SELECT value FROM json_each(:actor_ids))",
        list_id=list_id,
        actor_ids=listed(actor_ids),
    )


async def forget(db: Writing, *, member_id: int, actor_id: int) -> None:
    """Take an account off all lists of a member (unfollow)."""
    await db.run(
        """
        DELETE FROM list_accounts
        WHERE actor_id = :actor_id AND list_id IN (SELECT lists.id FROM lists WHERE lists.member_id = :member_id)
        """,
        member_id=member_id,
        actor_id=actor_id,
    )


async def count_accounts(db: Reading, list_id: int) -> int:
    """How many accounts are on a list."""
    row = await db.row("SELECT COUNT(*) AS n FROM list_accounts WHERE list_id = :list_id", list_id=list_id)
    return 0 if row is None else row["n"]


# Which posts and boosts of an account, ``own``, a list shows that the account is on.
SHOWN: LiteralString = """(own.in_reply_to_uri = '' OR own.reply_to_actor_id IN (own.author_id, lists.member_id)
           OR (lists.replies = 'list' AND EXISTS (
                SELECT 1 FROM list_accounts AS also
                WHERE also.list_id = lists.id AND also.actor_id = own.reply_to_actor_id))
           OR (lists.replies = 'followed' AND EXISTS (
                SELECT 1 FROM follows AS also WHERE also.follower_id = lists.member_id
                AND also.target_id = own.reply_to_actor_id AND also.accepted IS NOT NULL)))
      AND (own.boost_of_id IS NULL OR NOT EXISTS (
            SELECT 1 FROM follows AS quiet WHERE quiet.follower_id = lists.member_id
            AND quiet.target_id = own.author_id AND quiet.boosts IS NULL))"""


async def holding(db: Reading, list_ids: Iterable[int], post_ids: Iterable[int]) -> list[tuple[int, int, int]]:
    """Which of these lists show which of these posts and boosts, to who may see them: (post, list, whose it is)."""
    rows = await db.rows(
        """
        SELECT own.id, lists.id AS list_id, lists.member_id FROM posts AS own
        JOIN list_accounts ON list_accounts.actor_id = own.author_id
        JOIN lists ON lists.id = list_accounts.list_id
        WHERE own.id IN (SELECT value FROM json_each(:post_ids))
          AND list_accounts.list_id IN (SELECT value FROM json_each(:list_ids)) AND """
        + SHOWN,
        post_ids=listed(post_ids),
        list_ids=listed(list_ids),
    )
    return [(row["id"], row["list_id"], row["member_id"]) for row in rows]


async def accounts(db: Reading, list_id: int, page: Page) -> list[tuple[int, Actor]]:
    """The accounts of a list, put there last first, each with the id to page by."""
    rows = await db.rows(
        "SELECT " + actors.COLUMNS + """, list_accounts.id AS place
        FROM list_accounts JOIN actors ON actors.id = list_accounts.actor_id
        WHERE list_accounts.list_id = :list_id AND list_accounts.id < :before AND list_accounts.id > :after
          AND actors.gone IS NULL
        """ + (_OLDEST if page.rising else _NEWEST),
        list_id=list_id, before=page.before, after=page.after, limit=page.limit,
    )  # fmt: skip
    return page.newest_first([(row["place"], actors.actor(row)) for row in rows])


_NEWEST = " ORDER BY list_accounts.id DESC LIMIT :limit"
_OLDEST = " ORDER BY list_accounts.id LIMIT :limit"
