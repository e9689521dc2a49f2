"""Filters: what a member does not want to read, by words or by post."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from storage.database import Missing, Reading, Row, Writing, listed
from storage.ids import LAST
from storage.records import quick


class Context(StrEnum):
    """Where a filter holds; the words of the Mastodon API."""

    HOME = "home"  # and lists
    NOTIFICATIONS = "notifications"
    PUBLIC = "public"
    THREAD = "thread"
    ACCOUNT = "account"


class Action(StrEnum):
    """What an app does with what matches."""

    WARN = "warn"
    HIDE = "hide"
    BLUR = "blur"  # its media


@quick
@dataclass(frozen=True, slots=True)
class Filter:
    """Keywords and posts under a name."""

    id: int
    member_id: int
    title: str
    contexts: str  # space between
    action: Action
    ends: int  # ms since 1970 UTC; ``storage.ids.LAST``: never

    @property
    def until(self) -> int | None:
        """When it ends by itself; None: never."""
        return None if self.ends == LAST else self.ends


@quick
@dataclass(frozen=True, slots=True)
class Keyword:
    """One word or phrase of a filter."""

    id: int
    filter_id: int
    keyword: str
    whole_word: int | None  # None: inside a word, too


@quick
@dataclass(frozen=True, slots=True)
class Chosen:
    """One post of a filter."""

    id: int
    filter_id: int
    post_id: int


@dataclass(frozen=True, slots=True)
class Whole:
    """A filter with all it has."""

    filter: Filter
    keywords: list[Keyword]
    statuses: list[Chosen]


COLUMNS = "filters.id, filters.member_id, filters.title, filters.contexts, filters.action, filters.ends"
_KEYWORD = "filter_keywords.id, filter_keywords.filter_id, filter_keywords.keyword, filter_keywords.whole_word"
_CHOSEN = "filter_statuses.id, filter_statuses.filter_id, filter_statuses.post_id"
_WIDTH = 6


def _filter(row: Row) -> Filter:
    id, member_id, title, contexts, action, ends, *_rest = row
    return Filter(id, member_id, title, contexts, Action(action), ends)


async def add(db: Writing, new: Filter) -> Filter:
    """Keep a new filter; it gets its id."""
    row = await db.row(
        """
        INSERT INTO filters (member_id, title, contexts, action, ends)
        VALUES (:member_id, :title, :contexts, :action, :ends) RETURNING """
        + COLUMNS,
        member_id=new.member_id,
        title=new.title,
        contexts=new.contexts,
        action=new.action.value,
        ends=new.ends,
    )
    assert row is not None  # noqa: S101 - an INSERT without conditions
    return _filter(row)


async def change(db: Writing, new: Filter) -> None:
    """Keep what the filter is now."""
    await db.run(
        "UPDATE filters SET title = :title, contexts = :contexts, action = :action, ends = :ends WHERE id = :id",
        id=new.id,
        title=new.title,
        contexts=new.contexts,
        action=new.action.value,
        ends=new.ends,
    )


async def remove(db: Writing, filter_id: int) -> None:
    """Forget a filter and all it has."""
    await db.run("DELETE FROM filters WHERE id = :filter_id", filter_id=filter_id)


async def by_id(db: Reading, filter_id: int, *, member_id: int) -> Filter:
    """A filter of the member. Raises Missing."""
    row = await db.row(
        "SELECT " + COLUMNS + " FROM filters WHERE id = :filter_id AND member_id = :member_id",
        filter_id=filter_id,
        member_id=member_id,
    )
    if row is None:
        raise Missing(str(filter_id))
    return _filter(row)


async def of(db: Reading, member_id: int) -> list[Filter]:
    """All filters of a member, in the order they were made."""
    rows = await db.rows(
        "SELECT " + COLUMNS + " FROM filters WHERE member_id = :member_id ORDER BY id", member_id=member_id
    )
    return [_filter(row) for row in rows]


async def whole(db: Reading, some: Iterable[Filter]) -> list[Whole]:
    """Filters with what they have."""
    found = {one.id: Whole(one, [], []) for one in some}
    rows = await db.rows(
        "SELECT " + _KEYWORD + """ FROM filter_keywords
        WHERE filter_id IN (SELECT value FROM json_each(:filter_ids)) ORDER BY filter_id, id
        """,
        filter_ids=listed(found),
    )  # fmt: skip
    for row in rows:
        found[row["filter_id"]].keywords.append(Keyword(*row))
    rows = await db.rows(
        "SELECT " + _CHOSEN + """ FROM filter_statuses
        WHERE filter_id IN (SELECT value FROM json_each(:filter_ids)) ORDER BY filter_id, id
        """,
        filter_ids=listed(found),
    )  # fmt: skip
    for row in rows:
        found[row["filter_id"]].statuses.append(Chosen(*row))
    return list(found.values())


async def active(db: Reading, member_id: int, *, now: int) -> list[Whole]:
    """The member's filters that hold now and have something to match, in order; one query."""
    rows = await db.rows(
        "SELECT " + COLUMNS + ", " + _KEYWORD + """, CAST(NULL AS BIGINT) AS post_id
        FROM filters JOIN filter_keywords ON filter_keywords.filter_id = filters.id
        WHERE filters.member_id = :member_id AND filters.ends > :now
        UNION ALL
        SELECT """ + COLUMNS + """, filter_statuses.id, filter_statuses.filter_id, '', CAST(NULL AS BIGINT),
            filter_statuses.post_id
        FROM filters JOIN filter_statuses ON filter_statuses.filter_id = filters.id
        WHERE filters.member_id = :member_id AND filters.ends > :now
        """,
        member_id=member_id, now=now,
    )  # fmt: skip
    found: dict[int, Whole] = {}
    for row in rows:
        id, filter_id, keyword, whole_word, post_id = tuple(row)[_WIDTH:]
        one = found.setdefault(filter_id, Whole(_filter(row), [], []))
        if post_id is None:
            one.keywords.append(Keyword(id, filter_id, keyword, whole_word))
        else:
            one.statuses.append(Chosen(id, filter_id, post_id))
    return [found[id] for id in sorted(found)]


async def words(db: Reading, post_ids: Iterable[int]) -> dict[int, str]:
    """What can be read in each of these posts: title, warning, text, and what its files show."""
    rows = await db.rows(
        """
        SELECT posts.id, posts.text FROM posts WHERE posts.id IN (SELECT value FROM json_each(:post_ids))
        UNION ALL
        SELECT attachments.post_id, attachments.alt FROM attachments
        WHERE attachments.post_id IN (SELECT value FROM json_each(:post_ids)) AND attachments.alt <> ''
        """,
        post_ids=listed(post_ids),
    )
    found: dict[int, str] = {}
    for post_id, text in rows:
        found[post_id] = f"{found[post_id]}\n\n{text}" if post_id in found else text
    return found


async def count(db: Reading, member_id: int) -> tuple[int, int, int]:
    """How many filters, keywords and posts of filters the member has."""
    row = await db.row(
        """
        SELECT (SELECT COUNT(*) FROM filters WHERE filters.member_id = :member_id),
            (SELECT COUNT(*) FROM filter_keywords JOIN filters ON filters.id = filter_keywords.filter_id
             WHERE filters.member_id = :member_id),
            (SELECT COUNT(*) FROM filter_statuses JOIN filters ON filters.id = filter_statuses.filter_id
             WHERE filters.member_id = :member_id)
        """,
        member_id=member_id,
    )
    return (0, 0, 0) if row is None else (row[0], row[1], row[2])


async def add_keyword(db: Writing, new: Keyword) -> Keyword:
    """Put a keyword into a filter; it gets its id."""
    row = await db.row(
        """
        INSERT INTO filter_keywords (filter_id, keyword, whole_word) VALUES (:filter_id, :keyword, :whole_word)
        RETURNING """
        + _KEYWORD,
        filter_id=new.filter_id,
        keyword=new.keyword,
        whole_word=new.whole_word,
    )
    assert row is not None  # noqa: S101 - an INSERT without conditions
    return Keyword(*row)


async def change_keyword(db: Writing, new: Keyword) -> None:
    """Keep what the keyword is now."""
    await db.run(
        "UPDATE filter_keywords SET keyword = :keyword, whole_word = :whole_word WHERE id = :id",
        id=new.id,
        keyword=new.keyword,
        whole_word=new.whole_word,
    )


async def remove_keyword(db: Writing, keyword_id: int) -> None:
    """Take a keyword out of its filter."""
    await db.run("DELETE FROM filter_keywords WHERE id = :keyword_id", keyword_id=keyword_id)


async def keyword(db: Reading, keyword_id: int, *, member_id: int) -> Keyword:
    """A keyword of one of the member's filters. Raises Missing."""
    row = await db.row(
        "SELECT " + _KEYWORD + """ FROM filter_keywords JOIN filters ON filters.id = filter_keywords.filter_id
        WHERE filter_keywords.id = :keyword_id AND filters.member_id = :member_id
        """,
        keyword_id=keyword_id,
        member_id=member_id,
    )  # fmt: skip
    if row is None:
        raise Missing(str(keyword_id))
    return Keyword(*row)


async def add_status(db: Writing, *, filter_id: int, post_id: int) -> Chosen:
    """Put a post into a filter; one that is there already stays as it is."""
    await db.run(
        "INSERT INTO filter_statuses (filter_id, post_id) VALUES (:filter_id, :post_id) ON CONFLICT DO NOTHING",
        filter_id=filter_id,
        post_id=post_id,
    )
    row = await db.row(
        "SELECT " + _CHOSEN + " FROM filter_statuses WHERE filter_id = :filter_id AND post_id = :post_id",
        filter_id=filter_id,
        post_id=post_id,
    )
    assert row is not None  # noqa: S101 - the row that was just kept or in the way
    return Chosen(*row)


async def remove_status(db: Writing, chosen_id: int) -> None:
    """Take a post out of its filter."""
    await db.run("DELETE FROM filter_statuses WHERE id = :chosen_id", chosen_id=chosen_id)


async def status(db: Reading, chosen_id: int, *, member_id: int) -> Chosen:
    """A post of one of the member's filters. Raises Missing."""
    row = await db.row(
        "SELECT " + _CHOSEN + """ FROM filter_statuses JOIN filters ON filters.id = filter_statuses.filter_id
        WHERE filter_statuses.id = :chosen_id AND filters.member_id = :member_id
        """,
        chosen_id=chosen_id,
        member_id=member_id,
    )  # fmt: skip
    if row is None:
        raise Missing(str(chosen_id))
    return Chosen(*row)
