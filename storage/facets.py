"""Facets: by which words of the field's vocabularies public posts are found and narrowed down.

A facet is one text, ``topic=falls``. It is written when a post is kept, and only for posts that have any: a plain post
without hashtags of a topic costs nothing. What stands in the post's own row (kind, language, written here) is no facet.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, LiteralString

from storage import vocabularies
from storage.database import Reading, Writing, listed
from storage.shapes.rules import WORD
from storage.tags import name_of

TOPIC, SETTING, HARM, EVIDENCE = "topic", "setting", "harm", "evidence"
AUDIENCE, MINUTES, PLACE, MEASURE = "audience", "minutes", "place", "measure"
# Names of facets; those of which fewest posts have the same value first: a search starts with the first it is given.
NAMES = (TOPIC, MINUTES, AUDIENCE, MEASURE, PLACE, SETTING, EVIDENCE, HARM)
KEPT_OF = frozenset(["public", "hidden"])  # visibilities; no list has what is hidden, which may be shown again
MOST = 40  # of one post
COUNTED = 1_000  # posts of a topic that are counted; there may be more
SHORT, LONG = 10, 30  # minutes to read or watch: under the one, over the other, or between
# Which field of a kind says it; several fields of one name are one facet.
_FIELDS: Mapping[str, str] = {
    "topics": TOPIC, "settings": SETTING, "harm": HARM, "evidence": EVIDENCE, "audience": AUDIENCE, "country": PLACE,
    "region": PLACE, "place": PLACE,
}  # fmt: skip


def facet(name: str, value: str) -> str:
    """``topic=falls``."""
    return f"{name}={value}"


def parted(kept: str) -> tuple[str, str]:
    """The name and the value of a facet."""
    name, _, value = kept.partition("=")
    return name, value


def of(fields: str, tags: Sequence[str]) -> list[str]:
    """The facets of a post: of the JSON of its fields, and of its hashtags (as written) that are about a topic."""
    found: list[str] = []
    if fields:
        found = _of_fields(json.loads(fields))
    if tags:
        found += [facet(TOPIC, one) for one in vocabularies.topics_of_tags([name_of(one) for one in tags])]
    return list(dict.fromkeys(found))[:MOST]


def _of_fields(said: Mapping[str, Any]) -> list[str]:
    found = [
        facet(name, value)
        for field, name in _FIELDS.items()
        for one in _several(said.get(field))
        if WORD.fullmatch(value := worded(one))
    ]
    minutes = said.get("minutes")
    if isinstance(minutes, int) and not isinstance(minutes, bool) and minutes > 0:
        found.append(facet(MINUTES, lasting(minutes)))
    if said.get("measure") or said.get("measures"):
        found.append(facet(MEASURE, "yes"))
    return found


def _several(value: Any) -> list[str]:
    found = value if isinstance(value, list) else [value]
    return [one for one in found if isinstance(one, str) and one]


def worded(said: str) -> str:
    """``North West`` as ``north-west``."""
    return "-".join(said.lower().split())


def lasting(minutes: int) -> str:
    """Into which of three sorts a length in minutes falls."""
    return "short" if minutes < SHORT else "medium" if minutes <= LONG else "long"


async def put(db: Writing, post_id: int, fields: str, tags: Sequence[str]) -> None:
    """Keep the facets of a post (``KEPT_OF``); one statement, none where it has none."""
    found = of(fields, tags)
    if found:
        await db.run(_PUT, post_id=post_id, facets=listed(found))


_PUT: LiteralString = """
    INSERT INTO post_facets (facet, post_id)
    SELECT value, CAST(:post_id AS BIGINT) FROM json_each(:facets) WHERE value <> ''
    ON CONFLICT DO NOTHING
"""


async def replace(db: Writing, post_id: int, fields: str, tags: Sequence[str]) -> None:
    """A public post has these facets and no others (an edit)."""
    await db.run("DELETE FROM post_facets WHERE post_id = :post_id", post_id=post_id)
    await put(db, post_id, fields, tags)


async def counts(db: Reading, post_ids: Sequence[int]) -> dict[str, int]:
    """How many of these posts have each facet; facets that none has are left out."""
    rows = await db.rows(
        """
        SELECT facet, COUNT(*) AS n FROM post_facets
        WHERE post_id IN (SELECT value FROM json_each(:post_ids)) GROUP BY facet
        """,
        post_ids=listed(post_ids),
    )
    return {row["facet"]: row["n"] for row in rows}
