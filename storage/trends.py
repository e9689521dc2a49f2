"""What is used most these days: counted by a job, kept as short lists, read by their places.

Only what everybody may see counts, by authors who want to be found. Uses of one author count once a day.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import orjson

from storage import cards
from storage.cards import Card
from storage.database import Reading, Row, Value, Writing, listed
from storage.ids import RANDOM_BITS
from storage.mutes import UNMUTED
from storage.posts import VISIBLE

DAY = 86_400_000  # ms
LOOKED_AT = 50_000  # posts that one count looks at, the newest ones
KEPT = 100  # places of each list
LEAST = 2  # accounts without which nothing is a trend

History = Mapping[int, tuple[int, int]]  # day since 1970: uses and accounts


@dataclass(frozen=True, slots=True)
class Trend:
    """A hashtag, and how much it was used on each of the last days."""

    id: int
    name: str
    history: History


@dataclass(frozen=True, slots=True)
class Reactions:
    """What a post of these days was met with here."""

    post_id: int
    likes: int
    boosts: int


# The newest posts that count, each with its day; ``:since`` is an id, ``:unit`` the ids of a day.
_RECENT = """(
    SELECT posts.id, posts.author_id, posts.id / :unit AS day, posts.likes_count, posts.boosts_count, posts.sensitive
    FROM posts WHERE posts.visibility = 'public' AND posts.boost_of_id IS NULL AND posts.id > :since
    ORDER BY posts.id DESC LIMIT :most
) AS recent JOIN actors ON actors.id = recent.author_id
    AND actors.discoverable IS NOT NULL AND actors.suspended IS NULL AND actors.gone IS NULL
"""
_TAGS = (
    "SELECT post_tags.tag_id, COUNT(DISTINCT recent.author_id) AS accounts FROM " + _RECENT
    + """JOIN post_tags ON post_tags.post_id = recent.id
    GROUP BY post_tags.tag_id HAVING COUNT(DISTINCT recent.author_id) >= :least
    ORDER BY accounts DESC, post_tags.tag_id DESC LIMIT :kept"""
)  # fmt: skip
_DAYS = (
    "SELECT post_tags.tag_id, recent.day, COUNT(*) AS uses, COUNT(DISTINCT recent.author_id) AS accounts FROM "
    + _RECENT
    + """JOIN post_tags ON post_tags.post_id = recent.id
    WHERE post_tags.tag_id IN (SELECT value FROM json_each(:ids)) GROUP BY post_tags.tag_id, recent.day"""
)
_LINKS = _TAGS.replace("post_tags.tag_id", "post_cards.card_id").replace("post_tags", "post_cards")
_LINK_DAYS = _DAYS.replace("post_tags.tag_id", "post_cards.card_id").replace("post_tags", "post_cards")


def _window(now: int, days: int) -> dict[str, int]:
    """From the beginning of the day ``days`` - 1 days ago."""
    first = now // DAY - days + 1
    return {"since": first * DAY << RANDOM_BITS, "unit": DAY << RANDOM_BITS, "most": LOOKED_AT}


async def count_tags(db: Reading, *, now: int, days: int) -> dict[int, History]:
    """Hashtags that most accounts used in the last ``days`` days, each with its days; at most ``KEPT``."""
    window = _window(now, days)
    found = await db.rows(_TAGS, **window, least=LEAST, kept=KEPT)
    return _histories(await db.rows(_DAYS, **window, ids=listed(row[0] for row in found)))


async def count_links(db: Reading, *, now: int, days: int) -> dict[int, History]:
    """The same for linked pages, by their cards."""
    window = _window(now, days)
    found = await db.rows(_LINKS, **window, least=LEAST, kept=KEPT)
    return _histories(await db.rows(_LINK_DAYS, **window, ids=listed(row[0] for row in found)))


def _histories(rows: Sequence[Row]) -> dict[int, History]:
    found: dict[int, dict[int, tuple[int, int]]] = {}
    for id, day, uses, accounts in rows:
        found.setdefault(id, {})[day] = (uses, accounts)
    return dict(found)


async def count_posts(db: Reading, *, now: int, days: int) -> list[Reactions]:
    """Posts of the last ``days`` days that at least ``LEAST`` reacted to, the most first; at most ``KEPT``."""
    rows = await db.rows(
        "SELECT recent.id, recent.likes_count, recent.boosts_count FROM " + _RECENT + """
        WHERE recent.likes_count + recent.boosts_count >= :least AND recent.sensitive IS NULL
        ORDER BY recent.likes_count + recent.boosts_count DESC, recent.id DESC LIMIT :kept
        """,
        **_window(now, days), least=LEAST, kept=KEPT,
    )  # fmt: skip
    return [Reactions(*row) for row in rows]


async def keep_tags(db: Writing, found: Sequence[tuple[int, History]]) -> None:
    """Have these be the trends, the first one first. Tags that went meanwhile are left out."""
    await db.run("DELETE FROM trending_tags")
    await db.many(
        """
        INSERT INTO trending_tags (tag_id, place, history)
        SELECT tags.id, CAST(:place AS BIGINT), :history FROM tags WHERE tags.id = :id
        ON CONFLICT DO NOTHING
        """,
        _placed(found),
    )


async def keep_links(db: Writing, found: Sequence[tuple[int, History]]) -> None:
    """The same for linked pages."""
    await db.run("DELETE FROM trending_links")
    await db.many(
        """
        INSERT INTO trending_links (card_id, place, history)
        SELECT cards.id, CAST(:place AS BIGINT), :history FROM cards WHERE cards.id = :id
        ON CONFLICT DO NOTHING
        """,
        _placed(found),
    )


def _placed(found: Sequence[tuple[int, History]]) -> list[dict[str, Value]]:
    return [
        {"id": id, "place": place, "history": orjson.dumps(history, option=orjson.OPT_NON_STR_KEYS).decode()}
        for place, (id, history) in enumerate(found)
    ]


async def keep_posts(db: Writing, post_ids: Sequence[int]) -> None:
    """Have these be the trends, the first one first. Posts that went meanwhile are left out."""
    await db.run("DELETE FROM trending_posts")
    await db.many(
        """
        INSERT INTO trending_posts (post_id, place)
        SELECT posts.id, CAST(:place AS BIGINT) FROM posts WHERE posts.id = :id ON CONFLICT DO NOTHING
        """,
        [{"id": id, "place": place} for place, id in enumerate(post_ids)],
    )


def _history(kept: str) -> History:
    return {int(day): (uses, accounts) for day, (uses, accounts) in orjson.loads(kept).items()}


async def tags(db: Reading, *, offset: int, limit: int) -> list[Trend]:
    """The hashtags that are used most, the first one first."""
    rows = await db.rows(
        """
        SELECT tags.id, tags.name, trending_tags.history
        FROM trending_tags JOIN tags ON tags.id = trending_tags.tag_id
        ORDER BY trending_tags.place LIMIT :limit OFFSET :offset
        """,
        limit=limit,
        offset=offset,
    )
    return [Trend(id, name, _history(history)) for id, name, history in rows]


async def links(db: Reading, *, offset: int, limit: int) -> list[tuple[Card, History]]:
    """The pages that most accounts link to and that say what they are, the first one first."""
    rows = await db.rows(
        "SELECT "
        + cards.COLUMNS
        + """, trending_links.history
        FROM trending_links JOIN cards ON cards.id = trending_links.card_id
        WHERE cards.shown IS NOT NULL ORDER BY trending_links.place LIMIT :limit OFFSET :offset
        """,
        limit=limit,
        offset=offset,
    )
    return [(cards.card(row), _history(row["history"])) for row in rows]


async def posts(db: Reading, *, reader_id: int, now: int, offset: int, limit: int) -> list[int]:
    """The posts that people react to most, as far as the reader may see them and wants to."""
    rows = await db.rows(
        """
        SELECT posts.id FROM trending_posts JOIN posts ON posts.id = trending_posts.post_id
        WHERE posts.visibility = 'public' AND """ + VISIBLE + " AND " + UNMUTED + """
        ORDER BY trending_posts.place LIMIT :limit OFFSET :offset
        """,
        reader_id=reader_id, now=now, limit=limit, offset=offset,
    )  # fmt: skip
    return [row[0] for row in rows]
