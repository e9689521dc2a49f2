"""Pages of topics: what is about a topic, newest first or best evidenced, and what the node's editors say of it.

A topic is an id of ``storage.vocabularies``; which posts are about it, ``storage.facets`` says.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, LiteralString

from storage import facets
from storage.database import Reading, Writing, listed
from storage.kinds import Kind
from storage.mutes import UNMUTED
from storage.paging import Page
from storage.posts import VISIBLE
from storage.shapes.common import EVIDENCE

LOOKED_AT = 500  # newest posts of a topic among which the best evidenced, and alerts, are looked for
LENGTH = 1_000  # characters of a summary
STARTS = 8  # posts to start with
ALERTS = 5  # alert signposts, the most urgent

_ABOUT: LiteralString = (
    """
    SELECT posts.id FROM post_facets JOIN posts ON posts.id = post_facets.post_id
    WHERE post_facets.facet = :facet AND post_facets.post_id < :before AND post_facets.post_id > :after
      AND posts.visibility = 'public' AND """
    + VISIBLE
    + " AND "
    + UNMUTED
)


_OLDEST: LiteralString = " ORDER BY post_facets.post_id LIMIT :limit"
_NEWEST_FIRST: LiteralString = " ORDER BY post_facets.post_id DESC LIMIT :limit"


async def newest(db: Reading, topic: str, *, reader_id: int, now: int, page: Page) -> list[int]:
    """Ids of public posts about a topic; none of those whom the reader mutes at ``now`` (ms since 1970 UTC)."""
    rows = await db.rows(
        _ABOUT
        + (_OLDEST if page.rising else _NEWEST_FIRST),
        facet=facets.facet(facets.TOPIC, topic), before=page.before, after=page.after, limit=page.limit,
        reader_id=reader_id, now=now,
    )  # fmt: skip
    return page.newest_first([row["id"] for row in rows])


# Of the newest posts about a topic.
_NEWEST: LiteralString = """(
    SELECT post_facets.post_id AS id FROM post_facets WHERE post_facets.facet = :facet
    ORDER BY post_facets.post_id DESC LIMIT :looked_at) AS newest JOIN posts ON posts.id = newest.id """
_BEST: LiteralString = (
    "SELECT posts.id, said.facet FROM "
    + _NEWEST
    + """JOIN post_facets AS said ON said.post_id = newest.id AND said.facet IN (SELECT value FROM json_each(:labels))
    WHERE posts.visibility = 'public' AND """
    + VISIBLE
    + " AND "
    + UNMUTED
)
_ALERTS: LiteralString = (
    "SELECT posts.id, posts.fields FROM "
    + _NEWEST
    + "WHERE posts.kind = :kind AND posts.visibility = 'public' AND "
    + VISIBLE
    + " AND "
    + UNMUTED
)
_MEASURED: LiteralString = (
    "SELECT posts.id FROM "
    + _NEWEST
    + """JOIN post_facets AS said ON said.post_id = newest.id AND said.facet = :measure
    WHERE posts.kind IN ('measure', 'case-study') AND posts.visibility = 'public' AND posts.summary = '' AND """
    + VISIBLE
    + " AND "
    + UNMUTED
)
PROVEN = EVIDENCE[:4]  # labels of evidence that say more than an opinion, the best first


async def best(db: Reading, topic: str, *, reader_id: int, now: int, limit: int) -> list[tuple[int, str]]:
    """Of the newest ``LOOKED_AT`` posts about a topic those with the best evidence, each with its label."""
    rows = await db.rows(
        _BEST, facet=facets.facet(facets.TOPIC, topic), looked_at=LOOKED_AT, reader_id=reader_id, now=now,
        labels=json.dumps([facets.facet(facets.EVIDENCE, one) for one in PROVEN]),
    )  # fmt: skip
    found = [(PROVEN.index(facets.parted(row["facet"])[1]), -row["id"]) for row in rows]
    return [(-id, PROVEN[place]) for place, id in sorted(found)[:limit]]


async def measured(db: Reading, topic: str, *, reader_id: int, now: int, limit: int) -> list[int]:
    """Of the newest ``LOOKED_AT`` posts about a topic those that show numbers, the newest first; nothing of what is
    behind a warning."""
    rows = await db.rows(
        _MEASURED, facet=facets.facet(facets.TOPIC, topic), looked_at=LOOKED_AT, reader_id=reader_id, now=now,
        measure=facets.facet(facets.MEASURE, "yes"),
    )  # fmt: skip
    return sorted((row["id"] for row in rows), reverse=True)[:limit]


async def alerts(db: Reading, topic: str, *, reader_id: int, now: int, today: str) -> list[int]:
    """Of the newest posts about a topic the alert signposts that are not past their act-by date on ``today``
    (YYYY-MM-DD), the most urgent first; those without a date last."""
    rows = await db.rows(
        _ALERTS, facet=facets.facet(facets.TOPIC, topic), looked_at=LOOKED_AT, kind=Kind.ALERT_SIGNPOST.value,
        reader_id=reader_id, now=now,
    )  # fmt: skip
    dated = [(_act_by(row["fields"]), -row["id"]) for row in rows]
    due = [-id for by, id in sorted(dated, key=lambda one: (one[0] or "9", one[1])) if not by or by >= today]
    return due[:ALERTS]


def _act_by(fields: str) -> str:
    said: Mapping[str, Any] = json.loads(fields) if fields else {}
    by = said.get("action_by")
    return by if isinstance(by, str) else ""


@dataclass(frozen=True, slots=True)
class Summary:
    """What editors say of a topic."""

    text: str
    editor_id: int | None
    written: int


async def summary(db: Reading, topic: str) -> Summary | None:
    """What editors say of a topic; None: nothing."""
    row = await db.row("SELECT text, editor_id, written FROM topic_summaries WHERE topic = :topic", topic=topic)
    return None if row is None else Summary(*row)


async def say(db: Writing, topic: str, text: str, *, editor_id: int, now: int) -> None:
    """Have this be the summary of a topic; "": none."""
    if not text:
        await db.run("DELETE FROM topic_summaries WHERE topic = :topic", topic=topic)
        return
    await db.run(
        """
        INSERT INTO topic_summaries (topic, text, editor_id, written) VALUES (:topic, :text, :editor_id, :now)
        ON CONFLICT (topic) DO UPDATE SET text = excluded.text, editor_id = excluded.editor_id,
            written = excluded.written
        """,
        topic=topic,
        text=text,
        editor_id=editor_id,
        now=now,
    )


async def starts(db: Reading, topic: str, *, reader_id: int) -> list[int]:
    """Ids of the posts to start with, in the order in which they were chosen."""
    rows = await db.rows(
        """
        SELECT posts.id FROM topic_starts JOIN posts ON posts.id = topic_starts.post_id
        WHERE topic_starts.topic = :topic AND posts.visibility = 'public' AND """
        + VISIBLE
        + " ORDER BY topic_starts.id LIMIT :limit",
        topic=topic,
        reader_id=reader_id,
        limit=STARTS,
    )
    return [row["id"] for row in rows]


async def start_with(db: Writing, topic: str, post_id: int, *, editor_id: int, now: int) -> bool:
    """Put a public post among those to start with; False when there is none such, it is there, or there is no room."""
    added = await db.run(
        """
        INSERT INTO topic_starts (topic, post_id, editor_id, chosen)
        SELECT :topic, posts.id, CAST(:editor_id AS BIGINT), CAST(:now AS BIGINT) FROM posts
        WHERE posts.id = :post_id AND posts.visibility = 'public' AND posts.boost_of_id IS NULL
          AND (SELECT COUNT(*) FROM topic_starts JOIN posts AS chosen ON chosen.id = topic_starts.post_id
               WHERE topic_starts.topic = :topic AND chosen.visibility = 'public') < :most
        ON CONFLICT DO NOTHING
        """,
        topic=topic,
        post_id=post_id,
        editor_id=editor_id,
        now=now,
        most=STARTS,
    )
    return added == 1


async def start_without(db: Writing, topic: str, post_id: int) -> bool:
    """Take it from there; False when it was not there."""
    sql = "DELETE FROM topic_starts WHERE topic = :topic AND post_id = :post_id"
    return await db.run(sql, topic=topic, post_id=post_id) == 1


async def forget_editor(db: Writing, editor_id: int) -> None:
    """What somebody wrote and chose as an editor is the node's, and stays; who that was is forgotten."""
    await db.run("UPDATE topic_summaries SET editor_id = NULL WHERE editor_id = :editor_id", editor_id=editor_id)
    await db.run("UPDATE topic_starts SET editor_id = NULL WHERE editor_id = :editor_id", editor_id=editor_id)


async def topic_counts(db: Reading, topics: Sequence[str]) -> dict[str, int]:
    """How many posts for everybody are about each of these topics; ``facets.COUNTED`` means that many or more."""
    rows = await db.rows(
        """
        SELECT wanted.value AS topic, (
            SELECT COUNT(*) FROM (
                SELECT 1 FROM post_facets WHERE post_facets.facet = 'topic=' || wanted.value AND (
                    SELECT posts.visibility FROM posts WHERE posts.id = post_facets.post_id AND """
        + VISIBLE
        + """) = 'public' LIMIT :counted) AS newest) AS n
        FROM (SELECT value FROM json_each(:topics)) AS wanted
        """,
        topics=listed(topics),
        counted=facets.COUNTED,
        reader_id=0,
    )
    return {row["topic"]: row["n"] for row in rows}
