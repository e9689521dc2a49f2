"""Shared measures: what a group says once is counted, and which posts show numbers against it.

Who is shown is in the group, or is the group; and what they said is for everybody, or for who is in the group.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from storage.database import Reading, Row, Value, Writing, listed
from storage.posts import VISIBLE, Post
from storage.records import quick
from storage.series import Series, dumped, loaded

MOST = 20  # shared measures of one group
SHOWN = 24  # of those who show numbers against one, on a page


@quick
@dataclass(frozen=True, slots=True)
class Definition:
    """What a group says is counted; ``series`` has no points."""

    id: int
    group_id: int
    uri: str
    series: Series
    private: int | None  # for who is in the group alone
    created: int


COLUMNS = (
    "shared_measures.id, shared_measures.group_id, shared_measures.uri, shared_measures.series,"
    " shared_measures.private, shared_measures.created"
)
# ``:reader_id`` may read it: it is not private, or they are in the group, or are it.
_READABLE = """(shared_measures.private IS NULL OR shared_measures.group_id = :reader_id OR EXISTS (
        SELECT 1 FROM memberships WHERE memberships.group_id = shared_measures.group_id
        AND memberships.actor_id = :reader_id))
    AND EXISTS (SELECT 1 FROM actors WHERE actors.id = shared_measures.group_id
        AND actors.gone IS NULL AND actors.suspended IS NULL)"""


def _definition(row: Row) -> Definition:
    id, group_id, uri, series, private, created = row
    return Definition(id, group_id, uri, loaded(json.loads(series)), private, created)


def _kept(series: Series) -> str:
    return json.dumps(dumped(series), ensure_ascii=False, separators=(",", ":"))


async def _hold(db: Writing, group_id: int) -> None:
    """Those who add at the same time wait here for each other: a count alone would let each of them through."""
    await db.run("UPDATE actors SET changed = changed WHERE id = :group_id", group_id=group_id)


async def add(
    db: Writing, group_id: int, series: Series, *, base: str, private: int | None, now: int
) -> Definition | None:
    """Keep what a group of this node has counted; its id is ``base`` and a number. None: it has as many as it may."""
    await _hold(db, group_id)
    row = await db.row(
        """
        INSERT INTO shared_measures (group_id, uri, series, private, created)
        SELECT CAST(:group_id AS BIGINT), :uri, :series, CAST(:private AS BIGINT), CAST(:now AS BIGINT)
        WHERE (SELECT COUNT(*) FROM shared_measures WHERE group_id = :group_id) < :most RETURNING """
        + COLUMNS,
        group_id=group_id, uri=f"{base}{secrets.token_urlsafe()}", series=_kept(series), private=private, now=now,
        most=MOST,
    )  # fmt: skip
    if row is None:
        return None
    uri = f"{base}{row['id']}"
    await db.run("UPDATE shared_measures SET uri = :uri WHERE id = :id", uri=uri, id=row["id"])
    return Definition(row["id"], group_id, uri, series, private, now)


async def put(db: Writing, group_id: int, uri: str, series: Series, *, private: int | None, now: int) -> bool:
    """Keep what a group elsewhere has counted; False when it has too many, or the id is another group's."""
    await _hold(db, group_id)
    changed = await db.run(
        """
        INSERT INTO shared_measures (group_id, uri, series, private, created)
        SELECT CAST(:group_id AS BIGINT), :uri, :series, CAST(:private AS BIGINT), CAST(:now AS BIGINT)
        WHERE (SELECT COUNT(*) FROM shared_measures WHERE group_id = :group_id AND uri <> :uri) < :most
        ON CONFLICT (uri) DO UPDATE SET series = excluded.series, private = excluded.private
            WHERE shared_measures.group_id = excluded.group_id
        """,
        group_id=group_id,
        uri=uri,
        series=_kept(series),
        private=private,
        now=now,
        most=MOST,
    )
    return changed == 1


async def by_id(db: Reading, id: int, *, reader_id: int) -> Definition | None:
    """A shared measure, if the reader may read it."""
    row = await db.row(
        "SELECT " + COLUMNS + " FROM shared_measures WHERE shared_measures.id = :id AND " + _READABLE,
        id=id,
        reader_id=reader_id,
    )
    return None if row is None else _definition(row)


async def by_uris(db: Reading, uris: Iterable[str], *, reader_id: int) -> dict[str, Definition]:
    """Those of these that are known here and that the reader may read, by id; one query."""
    rows = await db.rows(
        "SELECT " + COLUMNS + """ FROM shared_measures
        WHERE shared_measures.uri IN (SELECT value FROM json_each(:uris)) AND """ + _READABLE,
        uris=listed(uris), reader_id=reader_id,
    )  # fmt: skip
    return {row["uri"]: _definition(row) for row in rows}


async def of(db: Reading, group_id: int, *, reader_id: int) -> list[Definition]:
    """What a group has counted, made last first."""
    rows = await db.rows(
        "SELECT " + COLUMNS + " FROM shared_measures WHERE shared_measures.group_id = :group_id AND " + _READABLE
        + " ORDER BY shared_measures.id DESC LIMIT :most",
        group_id=group_id, reader_id=reader_id, most=MOST,
    )  # fmt: skip
    return [_definition(row) for row in rows]


async def remove(db: Writing, uri: str, *, group_id: int) -> bool:
    """Forget one of a group's. Posts keep what they say of it, and stand nowhere else any more."""
    gone = await db.run(
        "DELETE FROM shared_measures WHERE uri = :uri AND group_id = :group_id", uri=uri, group_id=group_id
    )
    return gone == 1


async def forget_all_of(db: Writing, group_id: int) -> None:
    """Forget all that a group has counted."""
    await db.run("DELETE FROM shared_measures WHERE group_id = :group_id", group_id=group_id)


def named(fields: str) -> set[str]:
    """The shared measures that the numbers in the fields of a post are against."""
    if '"shared":' not in fields:
        return set()
    copies = json.loads(fields).get("measures") or ()
    return {uri for one in copies if isinstance(uri := one.get("shared"), str) and uri}


async def keep(db: Writing, post: Post, *, before: str = "") -> None:
    """Keep against which shared measures a post shows numbers; ``before``: its fields until now. Without any that is
    no query."""
    had, has = named(before), named(post.fields)
    if had == has:
        return
    if had:
        await db.run("DELETE FROM shared_series WHERE post_id = :post_id", post_id=post.id)
    rows: list[dict[str, Value]] = [
        {"uri": one, "author_id": post.author_id, "post_id": post.id} for one in sorted(has)
    ]
    await db.many(
        """
        INSERT INTO shared_series (definition, author_id, post_id)
        VALUES (:uri, CAST(:author_id AS BIGINT), CAST(:post_id AS BIGINT)) ON CONFLICT DO NOTHING
        """,
        rows,
    )


# What somebody said last against a shared measure, where the reader may see it and it is for everybody or the group;
# nothing of what is behind a warning.
_LAST = (
    """(
    SELECT shared_series.post_id FROM shared_series JOIN posts ON posts.id = shared_series.post_id
    WHERE shared_series.definition = shared_measures.uri AND shared_series.author_id = taking.actor_id
      AND (posts.visibility IN ('public', 'unlisted') OR EXISTS (
        SELECT 1 FROM recipients WHERE recipients.post_id = posts.id AND recipients.circle = 'members'
        AND recipients.actor_id = shared_measures.group_id))
      AND posts.summary = ''
      AND NOT EXISTS (SELECT 1 FROM submissions WHERE submissions.post_id = posts.id
        AND submissions.group_id = shared_measures.group_id AND submissions.state = 'removed')
      AND """
    + VISIBLE
    + """ ORDER BY shared_series.post_id DESC LIMIT 1)"""
)
_RESULTS = (
    "SELECT shared_measures.uri AS definition, " + _LAST + """ AS post_id
    FROM shared_measures JOIN (
        SELECT memberships.group_id, memberships.actor_id FROM memberships WHERE memberships.group_id = :group_id
        UNION ALL SELECT CAST(:group_id AS BIGINT), CAST(:group_id AS BIGINT)) AS taking
    ON taking.group_id = shared_measures.group_id
    WHERE shared_measures.group_id = :group_id AND shared_measures.uri IN (SELECT value FROM json_each(:uris))"""
)  # fmt: skip


async def results(db: Reading, group_id: int, uris: Iterable[str], *, reader_id: int) -> dict[str, list[int]]:
    """Ids of the posts that show numbers against each of these of a group: the last of each who is in it, the newest
    first; one query for all. A look-up for each who is in the group (``teams.MOST``)."""
    rows = await db.rows(_RESULTS, group_id=group_id, uris=listed(uris), reader_id=reader_id)
    found: dict[str, list[int]] = {}
    for row in rows:
        if row["post_id"] is not None:
            found.setdefault(row["definition"], []).append(row["post_id"])
    return {uri: sorted(ids, reverse=True)[:SHOWN] for uri, ids in found.items()}
