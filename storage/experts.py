"""Experts: who said that they can be asked, about which topics and settings, as whom and where.

A question goes to each of them at most once a day: one guarded UPDATE says who is asked, the longest left alone first.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from storage import actors
from storage.actors import Actor
from storage.database import Reading, Value, Writing, listed
from storage.ids import LAST

DAY = 24 * 60 * 60 * 1000  # ms between two questions to the same expert
ROLES = (
    "nurse", "midwife", "doctor", "pharmacist", "allied-health", "ambulance", "support-worker", "manager",
    "improvement", "patient-partner", "researcher", "student", "other",
)  # fmt: skip
REGIONS = (
    "east-of-england", "london", "midlands", "north-east-and-yorkshire", "north-west", "south-east", "south-west",
    "northern-ireland", "scotland", "wales", "elsewhere",
)  # fmt: skip
TOPIC, SETTING = "topic", "setting"


@dataclass(frozen=True, slots=True)
class Expertise:
    """About what somebody can be asked; without topics about nothing."""

    topics: Sequence[str] = ()
    settings: Sequence[str] = ()
    role: str = ""
    region: str = ""


NONE = Expertise()


async def put(db: Writing, actor_id: int, said: Expertise) -> None:
    """Keep about what somebody can be asked from now on."""
    if not said.topics:
        await forget(db, actor_id)
        return
    await db.run(
        """
        INSERT INTO experts (actor_id, role, region) VALUES (:actor_id, :role, :region)
        ON CONFLICT (actor_id) DO UPDATE SET role = excluded.role, region = excluded.region
        """,
        actor_id=actor_id, role=said.role, region=said.region,
    )  # fmt: skip
    await db.run("DELETE FROM expertise WHERE actor_id = :actor_id", actor_id=actor_id)
    words = [(TOPIC, one) for one in said.topics] + [(SETTING, one) for one in said.settings]
    await db.many(
        "INSERT INTO expertise (word, sort, actor_id) VALUES (:word, :sort, :actor_id) ON CONFLICT DO NOTHING",
        [{"word": word, "sort": sort, "actor_id": actor_id} for sort, word in words],
    )


async def forget(db: Writing, actor_id: int) -> None:
    """They can be asked about nothing. When they were last asked is forgotten too, but what they were asked is with
    the questions."""
    await db.run("DELETE FROM experts WHERE actor_id = :actor_id", actor_id=actor_id)


async def of(db: Reading, actor_ids: Iterable[int]) -> dict[int, Expertise]:
    """What each of these can be asked about; two queries for all."""
    ids = listed(actor_ids)
    rows = await db.rows(
        "SELECT actor_id, role, region FROM experts WHERE actor_id IN (SELECT value FROM json_each(:actor_ids))",
        actor_ids=ids,
    )
    words = await db.rows(
        "SELECT actor_id, sort, word FROM expertise WHERE actor_id IN (SELECT value FROM json_each(:actor_ids))",
        actor_ids=ids,
    )
    found: dict[int, tuple[list[str], list[str]]] = {row["actor_id"]: ([], []) for row in rows}
    for row in sorted(words, key=lambda row: str(row["word"])):
        if row["actor_id"] in found:
            found[row["actor_id"]][row["sort"] == SETTING].append(row["word"])
    return {row["actor_id"]: Expertise(*found[row["actor_id"]], role=row["role"], region=row["region"]) for row in rows}


async def one(db: Reading, actor_id: int) -> Expertise:
    """What somebody can be asked about."""
    return (await of(db, [actor_id])).get(actor_id, NONE)


# Who can be found: not who is hidden, gone or moved, nor with whom the reader wants nothing to do.
_FOUND = """ actors.suspended IS NULL AND actors.gone IS NULL AND actors.moved_to = ''
    AND experts.role IN (SELECT value FROM json_each(:roles))
    AND experts.region IN (SELECT value FROM json_each(:regions))
    AND experts.actor_id < :before AND LOWER(actors.name || ' ' || actors.handle) LIKE :named ESCAPE '!'
    AND NOT EXISTS (SELECT 1 FROM blocks WHERE blocks.actor_id = :reader_id AND blocks.target_id = actors.id)
    AND NOT EXISTS (SELECT 1 FROM blocks WHERE blocks.actor_id = actors.id AND blocks.target_id = :reader_id)
    AND NOT EXISTS (SELECT 1 FROM domain_blocks WHERE domain_blocks.member_id = :reader_id
                    AND domain_blocks.domain = actors.domain)"""
_ALL = (
    "SELECT " + actors.COLUMNS + " FROM experts JOIN actors ON actors.id = experts.actor_id"
    " WHERE " + _FOUND + " ORDER BY experts.actor_id DESC LIMIT :limit"
)  # fmt: skip
_ON = (
    "SELECT " + actors.COLUMNS + " FROM expertise JOIN experts ON experts.actor_id = expertise.actor_id"
    " JOIN actors ON actors.id = experts.actor_id"
    " WHERE expertise.sort = 'topic' AND expertise.word = :topic AND " + _FOUND
    + " ORDER BY expertise.actor_id DESC LIMIT :limit"
)  # fmt: skip


def _escaped(words: str) -> str:
    return words.lower().replace("!", "!!").replace("%", "!%").replace("_", "!_")


async def found(
    db: Reading,
    *,
    topic: str = "",
    named: str = "",
    role: str = "",
    region: str = "",
    reader_id: int,
    before: int = LAST,
    limit: int,
) -> list[Actor]:
    """Who can be asked about a topic, as whom and where, with these letters in their name ("": any), those last known
    here first."""
    values: dict[str, Value] = {
        "roles": listed([role] if role else ["", *ROLES]), "regions": listed([region] if region else ["", *REGIONS]),
        "reader_id": reader_id, "before": before, "limit": limit, "named": f"%{_escaped(named)}%",
    }  # fmt: skip
    rows = await (db.rows(_ON, topic=topic, **values) if topic else db.rows(_ALL, **values))
    return [actors.actor(row) for row in rows]


# ``one`` does not keep away from ``:author_id``, nor the other way round.
_WILLING = """NOT EXISTS (SELECT 1 FROM mutes WHERE mutes.member_id = one.actor_id AND mutes.target_id = :author_id
                  AND mutes.ends > :now)
    AND NOT EXISTS (SELECT 1 FROM blocks WHERE blocks.actor_id = one.actor_id AND blocks.target_id = :author_id)
    AND NOT EXISTS (SELECT 1 FROM blocks WHERE blocks.actor_id = :author_id AND blocks.target_id = one.actor_id)
    AND NOT EXISTS (SELECT 1 FROM domain_blocks JOIN actors AS asker ON asker.domain = domain_blocks.domain
                    WHERE domain_blocks.member_id = one.actor_id AND asker.id = :author_id)
    AND NOT EXISTS (SELECT 1 FROM domain_blocks WHERE domain_blocks.member_id = :author_id
                    AND domain_blocks.domain = actors.domain)"""


async def ask(
    db: Writing, *, post_id: int, author_id: int, topics: Iterable[str], here: bool, now: int, limit: int
) -> list[int]:
    """Ask some of those who can be asked about one of these topics, and were left alone for a day: who is asked now.

    Not the author, nor who does not want to hear of them, nor who was asked this before. ``here``: of our members, or
    of those on other servers.
    """
    rows = await db.rows(
        """
        UPDATE experts SET asked = :now WHERE asked <= :before AND actor_id IN (
            SELECT one.actor_id FROM experts AS one JOIN actors ON actors.id = one.actor_id
            WHERE one.asked <= :before AND (actors.domain = '') = (:here = 1)
              AND actors.suspended IS NULL AND actors.gone IS NULL AND actors.moved_to = '' AND actors.id <> :author_id
              AND EXISTS (SELECT 1 FROM expertise WHERE expertise.actor_id = one.actor_id
                          AND expertise.sort = 'topic' AND expertise.word IN (SELECT value FROM json_each(:topics)))
              AND NOT EXISTS (SELECT 1 FROM asks WHERE asks.post_id = :post_id AND asks.actor_id = one.actor_id)
              AND """ + _WILLING + """
            ORDER BY one.asked, one.actor_id LIMIT :limit)
        RETURNING actor_id
        """,
        now=now, before=now - DAY, here=int(here), author_id=author_id, topics=listed(topics), post_id=post_id,
        limit=limit,
    )  # fmt: skip
    ids = sorted(row[0] for row in rows)
    await db.many(
        "INSERT INTO asks (post_id, actor_id, at) VALUES (:post_id, :actor_id, :now) ON CONFLICT DO NOTHING",
        [{"post_id": post_id, "actor_id": one, "now": now} for one in ids],
    )
    return ids


async def ask_one(db: Writing, actor_id: int, *, post_id: int, author_id: int, topics: Iterable[str], now: int) -> bool:
    """The same for one of our members, whom another server wants to ask; False: not today, or not about this."""
    changed = await db.run(
        """
        UPDATE experts SET asked = :now WHERE actor_id = :actor_id AND asked <= :before AND actor_id <> :author_id
          AND EXISTS (SELECT 1 FROM expertise WHERE expertise.actor_id = experts.actor_id
                      AND expertise.sort = 'topic' AND expertise.word IN (SELECT value FROM json_each(:topics)))
          AND NOT EXISTS (SELECT 1 FROM asks WHERE asks.post_id = :post_id AND asks.actor_id = experts.actor_id)
          AND EXISTS (SELECT 1 FROM experts AS one JOIN actors ON actors.id = one.actor_id
                      WHERE one.actor_id = experts.actor_id AND actors.suspended IS NULL AND """ + _WILLING + """)
        """,
        actor_id=actor_id, now=now, before=now - DAY, author_id=author_id, topics=listed(topics), post_id=post_id,
    )  # fmt: skip
    if changed == 1:
        await db.run(
            "INSERT INTO asks (post_id, actor_id, at) VALUES (:post_id, :actor_id, :now) ON CONFLICT DO NOTHING",
            post_id=post_id,
            actor_id=actor_id,
            now=now,
        )
    return changed == 1
