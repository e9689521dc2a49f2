"""Full-text search over posts and search by facets, newest first: ranking a common word would cost a scan of all that
has it. However much there is, one narrowed down looks at as many as ``LOOKED_AT`` says, and tells where it stopped.

Posts of other servers are found where their authors want that (``indexable``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import LiteralString

from storage import facets
from storage.database import Dialect, Reading, Value, listed
from storage.mutes import UNMUTED
from storage.posts import VISIBLE
from storage.widening import Sought, Unit, sought

LOOKED_AT = (1_000, 4_000)  # posts that a search looks at; and further ones while it has found less than a page


@dataclass(frozen=True, slots=True)
class Filters:
    """What narrows a search down; "" and () do not."""

    kind: str = ""
    language: str = ""  # "en" is "en-GB" too
    here: bool = False  # written on this node
    facets: tuple[str, ...] = ()  # ``storage.facets.facet``: a post has all of them


@dataclass(frozen=True, slots=True)
class Hit:
    """A post that was found, with what stands in its own row."""

    id: int
    kind: str
    language: str
    here: bool


@dataclass(frozen=True, slots=True)
class Hits:
    """What was found, newest first. ``end``: the id below which nothing was looked at yet; None: that is all."""

    found: list[Hit]
    end: int | None


# Where a search starts: ids of posts, newest first.
_WORDS_SQLITE: LiteralString = """
    SELECT posts_search.rowid AS id FROM posts_search
    WHERE posts_search MATCH :words AND posts_search.rowid < :before ORDER BY posts_search.rowid DESC LIMIT :scanned"""
_WORDS_POSTGRES: LiteralString = """
    SELECT posts.id FROM posts WHERE posts.words @@ to_tsquery('english', :words) AND posts.text <> ''
    AND posts.id < :before ORDER BY posts.id DESC LIMIT :scanned"""
_FACET: LiteralString = """
    SELECT post_facets.post_id AS id FROM post_facets
    WHERE post_facets.facet = :first AND post_facets.post_id < :before
    ORDER BY post_facets.post_id DESC LIMIT :scanned"""
_EITHER: LiteralString = ") AS worded UNION SELECT id FROM (" + _FACET + ") AS topical ORDER BY id DESC LIMIT :scanned"
_KIND: LiteralString = """
    SELECT posts.id FROM posts WHERE posts.kind = :kind AND posts.kind <> 'plain' AND posts.visibility = 'public'
    AND posts.id < :before ORDER BY posts.id DESC LIMIT :scanned"""
_PUBLIC: LiteralString = """
    SELECT posts.id FROM posts WHERE posts.visibility = 'public' AND posts.boost_of_id IS NULL
    AND posts.id < :before ORDER BY posts.id DESC LIMIT :scanned"""
_HERE: LiteralString = """
    SELECT posts.id FROM posts WHERE posts.visibility = 'public' AND posts.boost_of_id IS NULL
    AND posts.local IS NOT NULL AND posts.id < :before ORDER BY posts.id DESC LIMIT :scanned"""
_ANY: dict[str, LiteralString] = {"facet": _FACET, "kind": _KIND, "public": _PUBLIC, "here": _HERE}
_SOURCES: dict[Dialect, dict[str, LiteralString]] = {
    "sqlite": {**_ANY, "words": _WORDS_SQLITE, "either": "SELECT id FROM (" + _WORDS_SQLITE + _EITHER},
    "postgres": {**_ANY, "words": _WORDS_POSTGRES, "either": "SELECT id FROM (" + _WORDS_POSTGRES + _EITHER},
}
# What a reader finds; ``author`` of another server wants to be found.
_FOUND: LiteralString = (
    """(posts.local IS NOT NULL OR posts.author_id = :reader_id OR EXISTS (
        SELECT 1 FROM actors AS author WHERE author.id = posts.author_id AND author.indexable IS NOT NULL))
      AND """
    + VISIBLE
    + " AND "
    + UNMUTED
)
_KEPT: LiteralString = (
    """
    SELECT posts.id, posts.kind, posts.language, posts.local IS NOT NULL AS here FROM posts
    WHERE posts.id IN (SELECT value FROM json_each(:post_ids)) AND posts.boost_of_id IS NULL
      AND (:kind = '' OR posts.kind = :kind)
      AND (:language = '' OR posts.language = :language OR posts.language LIKE :language || '-%')
      AND (:here = 0 OR posts.local IS NOT NULL)
      AND (:wanted = 0 OR :wanted = (
            SELECT COUNT(*) FROM post_facets WHERE post_facets.post_id = posts.id
            AND post_facets.facet IN (SELECT value FROM json_each(:facets))))
      AND """
    + _FOUND
    + " ORDER BY posts.id DESC LIMIT :limit"
)


async def hits(
    db: Reading,
    wanted: Sought,
    filters: Filters,
    *,
    reader_id: int,
    now: int,
    before: int,
    limit: int,
    enough: int | None = None,
) -> Hits:
    """Posts the reader may see that have all that is wanted, none of those whom they mute at ``now`` (ms since 1970
    UTC). Without words that is public posts only. ``enough``: found among the first that are looked at, of at most
    ``limit``, so that no more are; None: ``limit``."""
    found: list[Hit] = []
    for looked_at in LOOKED_AT:
        source, values = _source(wanted, filters, db.dialect)
        ids = [row["id"] for row in await db.rows(source, **values, before=before, scanned=looked_at)]
        rows = await db.rows(
            _KEPT, post_ids=listed(ids), kind=filters.kind, language=filters.language, here=int(filters.here),
            wanted=len(filters.facets), facets=listed(filters.facets), reader_id=reader_id, now=now,
            limit=limit - len(found),
        )  # fmt: skip
        found += [Hit(row["id"], row["kind"], row["language"], bool(row["here"])) for row in rows]
        if len(found) == limit:
            return Hits(found, found[-1].id)
        if len(ids) < looked_at:
            return Hits(found, None)
        before = ids[-1]
        if len(found) >= (limit if enough is None else enough):
            break
    return Hits(found, before)


def _source(wanted: Sought, filters: Filters, dialect: Dialect) -> tuple[LiteralString, dict[str, Value]]:
    """The query for the posts to look at, with its values."""
    sources = _SOURCES[dialect]
    if wanted.units:
        values: dict[str, Value] = {"words": expression(wanted, dialect)}
        if not wanted.topic:
            return sources["words"], values
        return sources["either"], {**values, "first": facets.facet(facets.TOPIC, wanted.topic)}
    if filters.facets:
        first = min(filters.facets, key=lambda one: facets.NAMES.index(facets.parted(one)[0]))
        return sources["facet"], {"first": first}
    if filters.kind and filters.kind != "plain":
        return sources["kind"], {"kind": filters.kind}
    return sources["here" if filters.here else "public"], {}


def expression(wanted: Sought, dialect: Dialect) -> str:
    """The query of FTS5 or of a tsquery: all units, each in one of its ways; the last word may be the start of one."""
    quote, both, either = ('"', " AND ", " OR ") if dialect == "sqlite" else ("'", " & ", " | ")
    star = "*" if dialect == "sqlite" else ":*"

    def said(unit: Unit, *, last: bool) -> str:
        if unit.exact:
            return f"{quote}{' '.join(unit.words)}{quote}"
        typed = both.join(f"{quote}{word}{quote}" for word in unit.words) + (star if last else "")
        others = [f"{quote}{' '.join(words)}{quote}" for words in map(_plain, unit.others)]
        return f"({either.join([f'({typed})', *others])})"

    return both.join(said(one, last=place == len(wanted.units)) for place, one in enumerate(wanted.units, 1))


def _plain(phrase: str) -> list[str]:
    return "".join(c if c.isalnum() else " " for c in phrase).split()


_BY_WORDS: dict[Dialect, LiteralString] = {
    "sqlite": """
        SELECT posts.id FROM posts_search JOIN posts ON posts.id = posts_search.rowid
        WHERE posts_search MATCH :words AND posts_search.rowid < :before AND posts.boost_of_id IS NULL AND """
    + _FOUND
    + " ORDER BY posts_search.rowid DESC LIMIT :limit",
    "postgres": """
        SELECT posts.id FROM posts
        WHERE posts.words @@ to_tsquery('english', :words) AND posts.text <> '' AND posts.id < :before
          AND posts.boost_of_id IS NULL AND """
    + _FOUND
    + " ORDER BY posts.id DESC LIMIT :limit",
}
_BY_TOPIC: LiteralString = (
    """
    SELECT posts.id FROM post_facets JOIN posts ON posts.id = post_facets.post_id
    WHERE post_facets.facet = :first AND post_facets.post_id < :before AND """
    + _FOUND
    + " ORDER BY post_facets.post_id DESC LIMIT :limit"
)


async def posts(db: Reading, query: str, *, reader_id: int, now: int, before: int, limit: int) -> list[int]:
    """Ids of posts that have every word of ``query`` or what means the same, newest first, however far back they are;
    otherwise as ``hits`` finds them."""
    wanted = sought(query)
    if not wanted.units:
        return []
    page: dict[str, Value] = {"before": before, "reader_id": reader_id, "now": now, "limit": limit}
    rows = [*await db.rows(_BY_WORDS[db.dialect], words=expression(wanted, db.dialect), **page)]
    if wanted.topic:
        rows += await db.rows(_BY_TOPIC, first=facets.facet(facets.TOPIC, wanted.topic), **page)
    return sorted({row["id"] for row in rows}, reverse=True)[:limit]
