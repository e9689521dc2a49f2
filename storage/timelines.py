"""Lists of posts for a reader: which posts, under which ids, in which version, and what the reader did with each.

What many share leaves out whom the reader mutes at ``now`` (milliseconds since 1970 UTC). A list is one query. What a
post looks like is kept elsewhere under (id, version), so a list brings versions, not texts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from storage.database import Reading, Row, Value
from storage.lists import SHOWN, List
from storage.mutes import UNMUTED
from storage.paging import Page
from storage.posts import VISIBLE
from storage.records import quick

THREAD_DEPTH = 60  # ancestors shown above a post
THREAD_SIZE = 400  # replies shown below it


@quick
@dataclass(frozen=True, slots=True)
class Line:
    """One place in a list."""

    id: int  # what clients page by: the post's id, or the boost's
    post_id: int  # what is shown
    changed: int
    author_id: int
    author_changed: int
    booster_id: int | None  # None: not a boost
    booster_changed: int | None
    liked: bool
    boosted: bool
    bookmarked: bool
    pinned: bool
    asks: bool = False  # it may be a poll
    quotes: bool = False  # it quotes another post
    quote_policy: str = ""  # storage.quotes
    follows: bool = False  # the reader its author, where that decides who may quote it


# ``posts`` is what is shown; ``author`` wrote it; ``booster`` (or NULL) passed it on.
_SHOWN = """posts.id AS post_id, posts.changed, posts.author_id, author.changed AS author_changed,
    booster.id AS booster_id, booster.changed AS booster_changed,
    EXISTS (SELECT 1 FROM likes WHERE likes.post_id = posts.id AND likes.actor_id = :reader_id) AS liked,
    EXISTS (SELECT 1 FROM posts AS mine WHERE mine.boost_of_id = posts.id AND mine.author_id = :reader_id) AS boosted,
    EXISTS (SELECT 1 FROM bookmarks WHERE bookmarks.post_id = posts.id AND bookmarks.actor_id = :reader_id)
        AS bookmarked,
    EXISTS (SELECT 1 FROM pins WHERE pins.post_id = posts.id AND pins.actor_id = :reader_id) AS pinned,
    posts.type = 'Question' AS asks, posts.quoting IS NOT NULL AS quotes, posts.quote_policy,
    CASE WHEN posts.quote_policy LIKE '%followers%' THEN EXISTS (
        SELECT 1 FROM follows WHERE follows.follower_id = :reader_id AND follows.target_id = posts.author_id
        AND follows.accepted IS NOT NULL) ELSE FALSE END AS follows
"""
_AROUND = "JOIN actors AS author ON author.id = posts.author_id LEFT JOIN actors AS booster ON booster.id = -1"
_PLAIN = "posts " + _AROUND
_SEEN = VISIBLE + " AND " + UNMUTED
_BOUNDS = " AND posts.id < :before AND posts.id > :after AND "
_NEWEST = " ORDER BY posts.id DESC LIMIT :limit"
_OLDEST = " ORDER BY posts.id LIMIT :limit"


def _line(row: Iterable[Any]) -> Line:
    id, post_id, changed, author_id, author_changed, booster_id, booster_changed, *did = row
    return Line(
        id, post_id, changed, author_id, author_changed, booster_id, booster_changed,
        bool(did[0]), bool(did[1]), bool(did[2]), bool(did[3]), bool(did[4]),
        bool(did[5]), did[6], bool(did[7]),
    )  # fmt: skip


def _lines(rows: Sequence[Row], *, rising: bool = False) -> list[Line]:
    lines = [_line(row) for row in rows]
    return lines[::-1] if rising else lines


def _bounds(page: Page, reader_id: int, now: int) -> dict[str, Value]:
    return {
        "reader_id": reader_id, "before": page.before, "after": page.after, "limit": page.limit, "now": now,
    }  # fmt: skip


_HOME = (
    "SELECT home.position AS id, " + _SHOWN + """
    FROM home JOIN posts ON posts.id = home.post_id JOIN actors AS author ON author.id = posts.author_id
    LEFT JOIN actors AS booster ON booster.id = home.booster_id
    WHERE home.member_id = :reader_id AND home.position < :before AND home.position > :after AND """
    + VISIBLE + " AND " + UNMUTED + " AND (home.booster_id IS NULL OR "
    + UNMUTED.replace("posts.author_id", "home.booster_id") + ")"
)  # fmt: skip


async def home(db: Reading, *, reader_id: int, page: Page, now: int) -> list[Line]:
    """What those the reader follows shared and passed on, and what the reader shared."""
    values = _bounds(page, reader_id, now)
    if page.rising:
        return _lines(await db.rows(_HOME + " ORDER BY home.position LIMIT :limit", **values), rising=True)
    return _lines(await db.rows(_HOME + " ORDER BY home.position DESC LIMIT :limit", **values))


_PUBLIC = (
    "SELECT posts.id, " + _SHOWN + " FROM " + _PLAIN
    + " WHERE posts.visibility = 'public' AND posts.boost_of_id IS NULL" + _BOUNDS + _SEEN
)  # fmt: skip
_PUBLIC_HERE = (
    "SELECT posts.id, " + _SHOWN + " FROM " + _PLAIN
    + " WHERE posts.visibility = 'public' AND posts.boost_of_id IS NULL AND posts.local IS NOT NULL" + _BOUNDS + _SEEN
)  # fmt: skip
_PUBLIC_ELSEWHERE = (
    "SELECT posts.id, " + _SHOWN + " FROM " + _PLAIN
    + " WHERE posts.visibility = 'public' AND posts.boost_of_id IS NULL AND posts.local IS NULL" + _BOUNDS + _SEEN
)  # fmt: skip


async def public(db: Reading, *, reader_id: int, page: Page, now: int, local: bool | None = None) -> list[Line]:
    """Public posts known here; ``local`` True: written here only, False: written elsewhere only."""
    values = _bounds(page, reader_id, now)
    query = _PUBLIC if local is None else _PUBLIC_HERE if local else _PUBLIC_ELSEWHERE
    if page.rising:
        return _lines(await db.rows(query + _OLDEST, **values), rising=True)
    return _lines(await db.rows(query + _NEWEST, **values))


_KIND = (
    "SELECT posts.id, " + _SHOWN + " FROM " + _PLAIN
    + " WHERE posts.kind = :kind AND posts.kind <> 'plain' AND posts.visibility = 'public'"
    + _BOUNDS + _SEEN + _NEWEST
)  # fmt: skip


async def of_kind(db: Reading, kind: str, *, reader_id: int, page: Page, now: int) -> list[Line]:
    """Public posts of one kind other than plain, newest first."""
    return _lines(await db.rows(_KIND, kind=kind, **_bounds(page, reader_id, now)))


_TAG = (
    "SELECT posts.id, " + _SHOWN + " FROM post_tags JOIN " + "posts ON posts.id = post_tags.post_id " + _AROUND
    + """ WHERE post_tags.tag_id = (SELECT tags.id FROM tags WHERE tags.name = :name)
    AND post_tags.post_id < :before AND post_tags.post_id > :after AND posts.visibility = 'public' AND """ + _SEEN
)  # fmt: skip


async def tagged(db: Reading, name: str, *, reader_id: int, page: Page, now: int, local: bool = False) -> list[Line]:
    """Public posts with a hashtag (lower case, without #)."""
    values: dict[str, Value] = {**_bounds(page, reader_id, now), "name": name, "local": int(local)}
    here = " AND (:local = 0 OR posts.local IS NOT NULL)"
    if page.rising:
        return _lines(await db.rows(_TAG + here + " ORDER BY post_tags.post_id LIMIT :limit", **values), rising=True)
    return _lines(await db.rows(_TAG + here + " ORDER BY post_tags.post_id DESC LIMIT :limit", **values))


_LINKING = (
    "SELECT posts.id, " + _SHOWN + " FROM post_cards JOIN " + "posts ON posts.id = post_cards.post_id " + _AROUND
    + """ WHERE post_cards.card_id = :card_id AND post_cards.post_id < :before AND post_cards.post_id > :after
    AND posts.visibility = 'public' AND author.discoverable IS NOT NULL AND """ + _SEEN
)  # fmt: skip


async def linking(db: Reading, card_id: int, *, reader_id: int, page: Page, now: int) -> list[Line]:
    """Public posts with a card, of authors who want to be found."""
    values: dict[str, Value] = {**_bounds(page, reader_id, now), "card_id": card_id}
    if page.rising:
        return _lines(await db.rows(_LINKING + " ORDER BY post_cards.post_id LIMIT :limit", **values), rising=True)
    return _lines(await db.rows(_LINKING + " ORDER BY post_cards.post_id DESC LIMIT :limit", **values))


# Here ``entry`` is the post or the boost that its author made, ``posts`` what it shows.
_AUTHOR = (
    "SELECT entry.id, " + _SHOWN + """
    FROM posts AS entry JOIN posts ON posts.id = COALESCE(entry.boost_of_id, entry.id)
    JOIN actors AS author ON author.id = posts.author_id
    LEFT JOIN actors AS booster ON booster.id = entry.author_id AND entry.boost_of_id IS NOT NULL
    WHERE entry.author_id = :author_id AND entry.id < :before AND entry.id > :after
      AND (:replies = 1 OR entry.in_reply_to_uri = '' OR entry.reply_to_actor_id = entry.author_id)
      AND (:boosts = 1 OR entry.boost_of_id IS NULL)
      AND (:media = 0 OR EXISTS (SELECT 1 FROM attachments WHERE attachments.post_id = entry.id))
      AND """ + VISIBLE + " AND " + VISIBLE.replace("posts.", "entry.")
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which of an author's posts are wanted."""

    replies: bool = True
    boosts: bool = True
    media_only: bool = False


async def by_author(db: Reading, author_id: int, *, reader_id: int, page: Page, wanted: Wanted) -> list[Line]:
    """What an actor shared and passed on."""
    values: dict[str, Value] = {
        "author_id": author_id, "reader_id": reader_id, "before": page.before, "after": page.after,
        "limit": page.limit, "replies": int(wanted.replies), "boosts": int(wanted.boosts),
        "media": int(wanted.media_only),
    }  # fmt: skip
    if page.rising:
        return _lines(await db.rows(_AUTHOR + " ORDER BY entry.id LIMIT :limit", **values), rising=True)
    return _lines(await db.rows(_AUTHOR + " ORDER BY entry.id DESC LIMIT :limit", **values))


_TAGGED_BY = (
    "SELECT posts.id, " + _SHOWN + " FROM " + _PLAIN
    + """ WHERE posts.author_id = :author_id AND posts.boost_of_id IS NULL AND EXISTS (
        SELECT 1 FROM post_tags JOIN tags ON tags.id = post_tags.tag_id
        WHERE post_tags.post_id = posts.id AND tags.name = :name)"""
    + _BOUNDS + VISIBLE
)  # fmt: skip


async def tagged_by(db: Reading, author_id: int, name: str, *, reader_id: int, page: Page) -> list[Line]:
    """What an actor shared under a hashtag (lower case, without #), newest first."""
    rows = await db.rows(
        _TAGGED_BY + (_OLDEST if page.rising else _NEWEST),
        author_id=author_id, name=name, reader_id=reader_id, before=page.before, after=page.after, limit=page.limit,
    )  # fmt: skip
    return page.newest_first(_lines(rows))


_PINNED = (
    "SELECT posts.id, " + _SHOWN + " FROM pins AS chosen JOIN " + "posts ON posts.id = chosen.post_id " + _AROUND
    + " WHERE chosen.actor_id = :author_id AND " + VISIBLE + " ORDER BY chosen.id DESC LIMIT 20"
)  # fmt: skip


async def pinned(db: Reading, author_id: int, *, reader_id: int) -> list[Line]:
    """What an actor pinned to their page; at most 20."""
    return _lines(await db.rows(_PINNED, author_id=author_id, reader_id=reader_id))


_LIKED = (
    "SELECT chosen.id AS place, posts.id, " + _SHOWN + " FROM likes AS chosen JOIN "
    + "posts ON posts.id = chosen.post_id " + _AROUND
    + " WHERE chosen.actor_id = :reader_id AND chosen.id < :before AND chosen.id > :after AND " + VISIBLE
)  # fmt: skip
_CHOSEN_NEWEST = " ORDER BY chosen.id DESC LIMIT :limit"
_CHOSEN_OLDEST = " ORDER BY chosen.id LIMIT :limit"
_BOOKMARKED = (
    "SELECT chosen.id AS place, posts.id, " + _SHOWN + " FROM bookmarks AS chosen JOIN "
    + "posts ON posts.id = chosen.post_id " + _AROUND
    + " WHERE chosen.actor_id = :reader_id AND chosen.id < :before AND chosen.id > :after AND " + VISIBLE
)  # fmt: skip


async def liked(db: Reading, *, reader_id: int, page: Page) -> list[tuple[int, Line]]:
    """What the reader thanked for, newest thanks first, each with the id to page by."""
    rows = await db.rows(
        _LIKED + (_CHOSEN_OLDEST if page.rising else _CHOSEN_NEWEST),
        reader_id=reader_id, before=page.before, after=page.after, limit=page.limit,
    )  # fmt: skip
    return page.newest_first([(row[0], _line(tuple(row)[1:])) for row in rows])


async def bookmarked(db: Reading, *, reader_id: int, page: Page) -> list[tuple[int, Line]]:
    """What the reader saved, newest first, each with the id to page by."""
    rows = await db.rows(
        _BOOKMARKED + (_CHOSEN_OLDEST if page.rising else _CHOSEN_NEWEST),
        reader_id=reader_id, before=page.before, after=page.after, limit=page.limit,
    )  # fmt: skip
    return page.newest_first([(row[0], _line(tuple(row)[1:])) for row in rows])


# As in ``_AUTHOR``: ``entry`` is the post or boost that is named.
_ENTRY = """JOIN posts ON posts.id = COALESCE(entry.boost_of_id, entry.id)
    JOIN actors AS author ON author.id = posts.author_id
    LEFT JOIN actors AS booster ON booster.id = entry.author_id AND entry.boost_of_id IS NOT NULL
    WHERE """
_ENTRY_VISIBLE = VISIBLE + " AND " + VISIBLE.replace("posts.", "entry.")
_ONE = "SELECT entry.id, " + _SHOWN + " FROM posts AS entry " + _ENTRY + "entry.id = :post_id AND " + _ENTRY_VISIBLE
# The ids stand first: with so many tables PostgreSQL joins in the order in which they are written.
_SOME = (
    "SELECT entry.id, " + _SHOWN + """
    FROM (SELECT value FROM json_each(:post_ids)) AS wanted JOIN posts AS entry ON entry.id = wanted.value
    """ + _ENTRY + _ENTRY_VISIBLE
)  # fmt: skip


async def one(db: Reading, post_id: int, *, reader_id: int) -> Line | None:
    """The line of one post or boost, if the reader may see it."""
    row = await db.row(_ONE, post_id=post_id, reader_id=reader_id)
    return None if row is None else _line(row)


async def some(db: Reading, post_ids: str, *, reader_id: int) -> dict[int, Line]:
    """The lines of those posts and boosts that the reader may see, by id; ``post_ids`` as ``database.listed``."""
    rows = await db.rows(_SOME, post_ids=post_ids, reader_id=reader_id)
    return {row[0]: _line(row) for row in rows}


_BY_MEMBER = SHOWN.replace("lists.member_id", ":reader_id").replace("lists.replies", ":replies")
_LISTED = _BY_MEMBER.replace("lists.id", ":list_id")
# The newest entries of one account of a list: as in ``_AUTHOR``, ``own`` is the post or boost, ``posts`` what it shows.
_OF_ACCOUNT = (
    """
    SELECT own.id FROM posts AS own JOIN posts ON posts.id = COALESCE(own.boost_of_id, own.id)
    WHERE own.author_id = list_accounts.actor_id AND own.id < :before AND own.id > :after
      AND """
    + _LISTED
    + """
      AND """
    + _SEEN
    + " AND "
    + VISIBLE.replace("posts.", "own.")
)
_OF_LIST = "SELECT entry.id, " + _SHOWN + " FROM list_accounts "
# Each database has its own way to ask for some rows of each account by their index.
_EACH_SQLITE = "JOIN posts AS entry ON entry.id IN (" + _OF_ACCOUNT
_EACH_POSTGRES = "CROSS JOIN LATERAL (" + _OF_ACCOUNT
_OF_LIST_REST = """JOIN posts ON posts.id = COALESCE(entry.boost_of_id, entry.id)
    JOIN actors AS author ON author.id = posts.author_id
    LEFT JOIN actors AS booster ON booster.id = entry.author_id AND entry.boost_of_id IS NOT NULL
    WHERE list_accounts.list_id = :list_id AND """ + UNMUTED.replace("posts.author_id", "list_accounts.actor_id")
_LIST_SQLITE = (
    _OF_LIST + _EACH_SQLITE + " ORDER BY own.id DESC LIMIT :limit) " + _OF_LIST_REST
    + " ORDER BY entry.id DESC LIMIT :limit"
)  # fmt: skip
_LIST_SQLITE_UP = (
    _OF_LIST + _EACH_SQLITE + " ORDER BY own.id LIMIT :limit) " + _OF_LIST_REST + " ORDER BY entry.id LIMIT :limit"
)
_LIST_POSTGRES = (
    _OF_LIST + _EACH_POSTGRES + " ORDER BY own.id DESC LIMIT :limit) AS newest "
    + "JOIN posts AS entry ON entry.id = newest.id " + _OF_LIST_REST + " ORDER BY entry.id DESC LIMIT :limit"
)  # fmt: skip
_LIST_POSTGRES_UP = (
    _OF_LIST + _EACH_POSTGRES + " ORDER BY own.id LIMIT :limit) AS newest "
    + "JOIN posts AS entry ON entry.id = newest.id " + _OF_LIST_REST + " ORDER BY entry.id LIMIT :limit"
)  # fmt: skip


async def of_list(db: Reading, chosen: List, *, page: Page, now: int) -> list[Line]:
    """What the accounts of a member's list shared and passed on, as the member may see it."""
    values: dict[str, Value] = {
        **_bounds(page, chosen.member_id, now), "list_id": chosen.id, "replies": chosen.replies.value,
    }  # fmt: skip
    if db.dialect == "sqlite":
        rows = await db.rows(_LIST_SQLITE_UP if page.rising else _LIST_SQLITE, **values)
    else:
        rows = await db.rows(_LIST_POSTGRES_UP if page.rising else _LIST_POSTGRES, **values)
    return _lines(rows, rising=page.rising)


_ANCESTORS = (
    """
    WITH RECURSIVE above (id, depth) AS (
        SELECT CAST(:post_id AS BIGINT), 0
        UNION ALL
        SELECT posts.in_reply_to_id, above.depth + 1 FROM above JOIN posts ON posts.id = above.id
        WHERE above.depth < :depth
    )
    SELECT posts.id, """ + _SHOWN + " FROM above JOIN " + "posts ON posts.id = above.id " + _AROUND
    + " WHERE posts.boost_of_id IS NULL AND " + VISIBLE + " AND (above.depth = 0 OR " + UNMUTED
    + ") ORDER BY above.depth DESC"
)  # fmt: skip
_DESCENDANTS = (
    """
    WITH RECURSIVE below (id, depth) AS (
        SELECT posts.id, 1 FROM posts WHERE posts.in_reply_to_id = :post_id
        UNION ALL
        SELECT posts.id, below.depth + 1 FROM below JOIN posts ON posts.in_reply_to_id = below.id
        WHERE below.depth < :depth
    ),
    taken (id) AS (SELECT below.id FROM below LIMIT :limit)
    SELECT posts.id, """ + _SHOWN + ", posts.in_reply_to_id AS parent_id FROM taken JOIN "
    + "posts ON posts.id = taken.id " + _AROUND
    + " WHERE " + _SEEN + " ORDER BY posts.id"
)  # fmt: skip


async def thread(db: Reading, post_id: int, *, reader_id: int, now: int) -> tuple[list[Line], list[tuple[int, Line]]]:
    """What a post answers, the first first; and its replies as (parent id, line), oldest first.

    At most ``THREAD_DEPTH`` above and ``THREAD_SIZE`` below. Callers order the replies as a tree.
    """
    lines = await with_ancestors(db, post_id, reader_id=reader_id, now=now)
    return [one for one in lines if one.id != post_id], await replies(db, post_id, reader_id=reader_id, now=now)


async def with_ancestors(db: Reading, post_id: int, *, reader_id: int, now: int) -> list[Line]:
    """A post (not a boost), last, and what it answers, the first first; as far as the reader may see them."""
    return _lines(await db.rows(_ANCESTORS, post_id=post_id, reader_id=reader_id, now=now, depth=THREAD_DEPTH))


async def replies(db: Reading, post_id: int, *, reader_id: int, now: int) -> list[tuple[int, Line]]:
    """The replies to a post and to them, as (parent id, line), oldest first."""
    rows = await db.rows(
        _DESCENDANTS, post_id=post_id, reader_id=reader_id, now=now, depth=THREAD_DEPTH, limit=THREAD_SIZE
    )  # fmt: skip
    return [(row["parent_id"], _line(tuple(row)[:15])) for row in rows]
