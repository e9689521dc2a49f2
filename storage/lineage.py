"""Lineage: what each post builds on, what became of it elsewhere, and how many say so.

A row stands for what a post that is kept here says in its own fields: it came signed by its author, or was found at
its own id, so nobody can count for a post that does not name it. Counters follow by trigger; a row counts while
everybody may see its post and neither author blocks the other.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum

from storage.database import Reading, Row, Value, Writing, listed
from storage.kinds import Kind
from storage.paging import Page
from storage.posts import VISIBLE, Post
from storage.records import quick

ABOVE = 10  # posts that a line is followed up
BELOW = 5  # posts that it is followed down
_MOST = "200"  # in SQL, since a plan depends on it
MOST = int(_MOST)  # of all that is shown below one page of a post's own

# What can be built on.
PARENTS = (Kind.IDEA, Kind.SAFETY_NOTE, Kind.CASE_STUDY, Kind.RESOURCE, Kind.SPREAD)


class Outcome(StrEnum):
    """What one post is to another."""

    ADOPTED = "adopted"
    ADAPTED = "adapted"
    ABANDONED = "abandoned"
    INTERESTED = "interested"
    BUILT = "built"  # it builds on it, without being a spread
    SAME = "same"  # it is about the same problem


@quick
@dataclass(frozen=True, slots=True)
class Link:
    """One post below another."""

    child_id: int
    parent_id: int
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Counts:
    """How many posts are what to one, and how many people have its problem too."""

    adopted: int = 0
    adapted: int = 0
    abandoned: int = 0
    interested: int = 0
    built: int = 0
    same: int = 0
    affected: int = 0

    def __bool__(self) -> bool:
        return any(asdict(self).values())

    def most(self, said: Counts) -> Counts:
        """The larger of each: what is known here, and what the post's own server says."""
        theirs = asdict(said)
        return Counts(**{name: max(n, theirs[name]) for name, n in asdict(self).items()})


NONE = Counts()


def named(post: Post) -> dict[str, Outcome]:
    """What a post says of other posts, by their ids; never of itself."""
    if '"derived_from":' not in post.fields and '"same_problem":' not in post.fields:
        return {}
    kept = json.loads(post.fields)
    found = {str(one): Outcome.SAME for one in kept.get("same_problem") or ()}
    parent = kept.get("derived_from")
    if isinstance(parent, str) and parent:
        spread = post.kind is Kind.SPREAD and kept.get("outcome") in tuple(Outcome)
        found[parent] = Outcome(kept["outcome"]) if spread else Outcome.BUILT
    return {uri: outcome for uri, outcome in found.items() if uri != post.uri}


async def keep(db: Writing, post: Post, *, new: bool) -> None:
    """Keep what a post says of others, and join to it what came before it. A new plain post costs no statement.
    ``new``: it was not here before."""
    if post.kind is Kind.PLAIN and new:
        return
    said = named(post)
    if not new:
        await db.run("DELETE FROM lineage WHERE child_id = :child_id", child_id=post.id)
    if said:
        await db.many(
            """
            INSERT INTO lineage (child_id, parent_uri, parent_id, author_id, outcome)
            SELECT CAST(:child_id AS BIGINT), :uri,
                (SELECT id FROM posts WHERE uri = :uri AND boost_of_id IS NULL), CAST(:author_id AS BIGINT), :outcome
            ON CONFLICT DO NOTHING
            """,
            [
                {"child_id": post.id, "uri": uri, "author_id": post.author_id, "outcome": outcome.value}
                for uri, outcome in sorted(said.items())
            ],
        )
        await db.run(_COUNT + "WHERE child_id = :child_id", child_id=post.id)
    if new:
        joined = await db.run(
            "UPDATE lineage SET parent_id = :id WHERE parent_uri = :uri AND parent_id IS NULL",
            id=post.id,
            uri=post.uri,
        )
        if joined:
            await db.run(_COUNT + "WHERE parent_id = :id", id=post.id)


_COUNT = """
    UPDATE lineage SET counted = (SELECT counts FROM lineage_standing AS standing
        WHERE standing.child_id = lineage.child_id AND standing.parent_uri = lineage.parent_uri) """


async def source(db: Reading, post: Post) -> int | None:
    """Who of this node shared what a post builds on; None: nobody. A post that builds on nothing costs no query."""
    if '"derived_from":' not in post.fields:
        return None
    row = await db.row(
        """
        SELECT posts.author_id FROM lineage JOIN posts ON posts.id = lineage.parent_id
        WHERE lineage.child_id = :child_id AND lineage.outcome <> 'same' AND posts.local IS NOT NULL
        """,
        child_id=post.id,
    )
    return None if row is None else row["author_id"]


async def turned(db: Reading, post: Post) -> bool:
    """Whether a post said before it was changed last that something else became of what it builds on."""
    row = await db.row("SELECT fields FROM edits WHERE post_id = :post_id ORDER BY id DESC LIMIT 1", post_id=post.id)
    before = {} if row is None or not row["fields"] else named(replace(post, fields=row["fields"]))
    return bool(before) and before != named(post)


async def counts(db: Reading, post_ids: Iterable[int]) -> dict[int, Counts]:
    """How it stands with each of these posts that anybody did something with; one query for all."""
    rows = await db.rows(
        """
        SELECT posts.id AS post_id, adopted, adapted, abandoned, interested, built, same, affected, theirs
        FROM posts LEFT JOIN lineage_counts ON lineage_counts.post_id = posts.id
            LEFT JOIN lineage_looks ON lineage_looks.post_id = posts.id
        WHERE posts.id IN (SELECT value FROM json_each(:post_ids))
          AND (lineage_counts.post_id IS NOT NULL OR lineage_looks.post_id IS NOT NULL)
        """,
        post_ids=listed(post_ids),
    )
    return {row["post_id"]: _counts(row) for row in rows}


def _counts(row: Row) -> Counts:
    here = Counts(*(one or 0 for one in tuple(row)[1:8]))
    return here.most(Counts(**json.loads(row["theirs"]))) if row["theirs"] else here


_CHILDREN = (
    """
    SELECT lineage.child_id, lineage.parent_id, lineage.outcome
    FROM lineage JOIN posts ON posts.id = lineage.child_id
    WHERE lineage.parent_id = :parent_id AND lineage.child_id < :before AND lineage.child_id > :after
      AND """
    + VISIBLE
)


async def children(db: Reading, parent_id: int, *, reader_id: int, page: Page) -> list[Link]:
    """What builds on a post, or is about the same, of what the reader may see; newest first."""
    values: dict[str, Value] = {
        "parent_id": parent_id, "reader_id": reader_id, "before": page.before, "after": page.after,
        "limit": page.limit,
    }  # fmt: skip
    if page.rising:
        rows = await db.rows(_CHILDREN + " ORDER BY lineage.child_id LIMIT :limit", **values)
    else:
        rows = await db.rows(_CHILDREN + " ORDER BY lineage.child_id DESC LIMIT :limit", **values)
    return page.newest_first([_link(row) for row in rows])


def _link(row: Row) -> Link:
    child_id, parent_id, outcome = tuple(row)[:3]
    return Link(child_id, parent_id, Outcome(outcome))


async def below(db: Reading, post_ids: Sequence[int], *, reader_id: int) -> list[Link]:
    """What builds on these posts, and on that, of what the reader may see; the nearest first. Nothing twice: each post
    builds on one, and a circle ends at ``BELOW``."""
    rows = await db.rows(
        """
        WITH RECURSIVE below (child_id, parent_id, outcome, depth) AS (
            SELECT lineage.child_id, lineage.parent_id, lineage.outcome, 1
            FROM lineage WHERE lineage.parent_id IN (SELECT value FROM json_each(:post_ids)) AND outcome <> 'same'
            UNION ALL
            SELECT lineage.child_id, lineage.parent_id, lineage.outcome, below.depth + 1
            FROM below JOIN lineage ON lineage.parent_id = below.child_id
            WHERE lineage.outcome <> 'same' AND below.depth < :depth
        )
        SELECT found.child_id, found.parent_id, found.outcome, found.depth
        FROM (SELECT child_id, parent_id, outcome, depth FROM below LIMIT """
        + _MOST
        + """) AS found JOIN posts ON posts.id = found.child_id
        WHERE """
        + VISIBLE,
        post_ids=listed(post_ids),
        reader_id=reader_id,
        depth=BELOW,
    )
    rows = sorted(rows, key=lambda row: (row["depth"], row["child_id"]))
    return list({row["child_id"]: _link(row) for row in rows if row["child_id"] not in post_ids}.values())


@dataclass(frozen=True, slots=True)
class Origin:
    """What a post builds on."""

    uri: str
    post_id: int | None  # None: not here, or not for this reader
    outcome: Outcome  # what the post below it is to it


async def above(db: Reading, post_id: int, *, reader_id: int) -> list[Origin]:
    """What a post builds on, and what that builds on; the nearest first. A circle is gone round once."""
    rows = await db.rows(
        """
        WITH RECURSIVE above (uri, id, outcome, depth) AS (
            SELECT parent_uri, parent_id, outcome, 1
            FROM lineage WHERE child_id = :post_id AND outcome <> 'same'
            UNION ALL
            SELECT lineage.parent_uri, lineage.parent_id, lineage.outcome, above.depth + 1
            FROM above JOIN lineage ON lineage.child_id = above.id
            WHERE lineage.outcome <> 'same' AND above.depth < :depth
        )
        SELECT above.uri, CASE WHEN posts.id IS NOT NULL AND """
        + VISIBLE
        + """ THEN posts.id END AS shown, above.id, above.outcome, above.depth
        FROM above LEFT JOIN posts ON posts.id = above.id
        """,
        post_id=post_id,
        reader_id=reader_id,
        depth=ABOVE,
    )
    found: dict[str, Origin] = {}
    for row in sorted(rows, key=lambda row: row["depth"]):
        if row["id"] == post_id or row["uri"] in found:
            break
        found[row["uri"]] = Origin(row["uri"], row["shown"], Outcome(row["outcome"]))
        if row["shown"] is None:  # what it says of itself is not for this reader either
            break
    return list(found.values())


async def same(db: Reading, post_id: int, *, reader_id: int, limit: int) -> list[int]:
    """Ids of the posts that are about the same problem, whoever of the two says so, that the reader may see."""
    rows = await db.rows(
        """
        SELECT posts.id FROM posts WHERE posts.id IN (
            SELECT parent_id FROM lineage WHERE child_id = :post_id AND outcome = 'same'
            UNION SELECT child_id FROM lineage WHERE parent_id = :post_id AND outcome = 'same')
          AND """
        + VISIBLE
        + " ORDER BY posts.id DESC LIMIT :limit",
        post_id=post_id,
        reader_id=reader_id,
        limit=limit,
    )
    return [row["id"] for row in rows]


async def same_inboxes(db: Reading, post_id: int) -> list[str]:
    """Where those elsewhere are reached who wrote what a post says has the same problem."""
    rows = await db.rows(
        """
        SELECT DISTINCT CASE WHEN actors.shared_inbox <> '' THEN actors.shared_inbox ELSE actors.inbox END AS inbox
        FROM lineage JOIN posts ON posts.id = lineage.parent_id JOIN actors ON actors.id = posts.author_id
        WHERE lineage.child_id = :post_id AND lineage.outcome = 'same' AND actors.domain <> ''
          AND actors.gone IS NULL AND actors.suspended IS NULL AND actors.inbox <> ''
        """,
        post_id=post_id,
    )
    return [row["inbox"] for row in rows]


async def heirs_here(db: Reading, uri: str, *, after: int, limit: int) -> list[tuple[int, int]]:
    """Posts of members that build on what has, or had, this id, with their authors; those with ids above ``after``."""
    rows = await db.rows(
        """
        SELECT lineage.child_id, lineage.author_id
        FROM lineage JOIN members ON members.actor_id = lineage.author_id
        WHERE lineage.parent_uri = :uri AND lineage.outcome <> 'same' AND lineage.child_id > :after
        ORDER BY lineage.child_id LIMIT :limit
        """,
        uri=uri,
        after=after,
        limit=limit,
    )
    return [(row["child_id"], row["author_id"]) for row in rows]


async def stale(db: Reading, post_ids: Iterable[int], *, before: int, limit: int) -> list[int]:
    """Those of these posts of other servers whose servers were not asked since; the newest first."""
    rows = await db.rows(
        """
        SELECT posts.id FROM posts LEFT JOIN lineage_looks ON lineage_looks.post_id = posts.id
        WHERE posts.id IN (SELECT value FROM json_each(:post_ids)) AND posts.local IS NULL
          AND COALESCE(lineage_looks.looked, 0) < :before
        ORDER BY posts.id DESC LIMIT :limit
        """,
        post_ids=listed(post_ids),
        before=before,
        limit=limit,
    )
    return [row["id"] for row in rows]


async def here(db: Reading, uris: Iterable[str]) -> dict[str, int]:
    """Ids of those of these posts that are here, by their uris; one query."""
    rows = await db.rows(
        "SELECT id, uri FROM posts WHERE uri IN (SELECT value FROM json_each(:uris))", uris=listed(uris)
    )
    return {row["uri"]: row["id"] for row in rows}


async def look(db: Writing, post_id: int, *, now: int, before: int) -> bool:
    """Note that the server of a post is asked; False when it was asked after ``before``."""
    row = await db.row(
        """
        INSERT INTO lineage_looks (post_id, looked) VALUES (:post_id, :now)
        ON CONFLICT (post_id) DO UPDATE SET looked = excluded.looked WHERE lineage_looks.looked < :before
        RETURNING post_id
        """,
        post_id=post_id,
        now=now,
        before=before,
    )
    return row is not None


async def told(db: Writing, post_id: int, theirs: Mapping[str, int]) -> None:
    """Keep what the server of a post says of it."""
    said = asdict(replace(NONE, **theirs))
    await db.run(
        "UPDATE lineage_looks SET theirs = :theirs WHERE post_id = :post_id AND theirs <> :theirs",
        post_id=post_id,
        theirs=json.dumps(said),
    )
