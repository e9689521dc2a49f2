"""Who is here, and who wants to be found: the directory, and whom a member may want to follow."""

from __future__ import annotations

from typing import LiteralString

from storage import actors
from storage.actors import Actor, ActorKind
from storage.database import Reading, Writing, listed

FOLLOWED = 100  # of those a member follows, the newest, whose follows are looked at
LOOKED_AT = 20_000  # follows of theirs
POPULAR = 100  # members with the most followers

# As the partial indexes say it, so that they are used; then what is never shown to ``:reader_id``.
_LISTED = "actors.discoverable IS NOT NULL AND actors.suspended IS NULL AND actors.gone IS NULL"
_SHOWN = """ AND actors.kind <> 'Application' AND actors.moved_to = ''
    AND NOT EXISTS (SELECT 1 FROM blocks WHERE blocks.actor_id = :reader_id AND blocks.target_id = actors.id)
    AND NOT EXISTS (SELECT 1 FROM blocks WHERE blocks.actor_id = actors.id AND blocks.target_id = :reader_id)
    AND NOT EXISTS (SELECT 1 FROM mutes WHERE mutes.member_id = :reader_id AND mutes.target_id = actors.id
                    AND mutes.ends > :now)
    AND NOT EXISTS (SELECT 1 FROM domain_blocks WHERE domain_blocks.member_id = :reader_id
                    AND domain_blocks.domain = actors.domain)
"""
_PAGE = " LIMIT :limit OFFSET :offset"
_ACTIVE = " ORDER BY COALESCE(actors.last_post, 0) DESC, actors.id DESC" + _PAGE
_NEW = " ORDER BY actors.id DESC" + _PAGE
_ALL = "SELECT " + actors.COLUMNS + " FROM actors WHERE " + _LISTED + _SHOWN
_HERE = "SELECT " + actors.COLUMNS + " FROM actors WHERE " + _LISTED + " AND actors.domain = ''" + _SHOWN


async def found(
    db: Reading, *, reader_id: int, now: int, here: bool, newest: bool, offset: int, limit: int
) -> list[Actor]:
    """Who wants to be found: by their last post, or ``newest`` those first who came last."""
    query: LiteralString = _HERE if here else _ALL
    rows = await db.rows(
        query + (_NEW if newest else _ACTIVE), reader_id=reader_id, now=now, offset=offset, limit=limit
    )
    return [actors.actor(row) for row in rows]


_FRIENDS = """
    SELECT theirs.target_id FROM (
        SELECT follows.target_id FROM follows
        WHERE follows.follower_id = :member_id AND follows.accepted IS NOT NULL
        ORDER BY follows.id DESC LIMIT :followed
    ) AS mine JOIN follows AS theirs ON theirs.follower_id = mine.target_id
    WHERE theirs.accepted IS NOT NULL LIMIT :most
    """


async def followed_by_followed(db: Reading, member_id: int, *, limit: int) -> list[int]:
    """Whom those the member follows follow, most of them first."""
    rows = await db.rows(
        "SELECT reached.target_id, COUNT(*) AS n FROM (" + _FRIENDS + """) AS reached
        GROUP BY reached.target_id ORDER BY n DESC, reached.target_id DESC LIMIT :limit
        """,
        member_id=member_id, followed=FOLLOWED, most=LOOKED_AT, limit=limit,
    )  # fmt: skip
    return [row[0] for row in rows]


async def popular_here(db: Reading) -> list[int]:
    """The members whom most follow; at most ``POPULAR``."""
    rows = await db.rows(
        "SELECT actors.id FROM actors WHERE "
        + _LISTED
        + """ AND actors.domain = ''
        ORDER BY actors.followers_count DESC, actors.id DESC LIMIT :limit
        """,
        limit=POPULAR,
    )
    return [row[0] for row in rows]


async def unknown_to(db: Reading, member_id: int, ids: list[int], *, now: int) -> dict[int, Actor]:
    """Those of ``ids`` who want to be found, and whom the member neither follows, nor asked, nor dismissed."""
    rows = await db.rows(
        "SELECT " + actors.COLUMNS + """ FROM actors
        WHERE actors.id IN (SELECT value FROM json_each(:ids)) AND actors.id <> :reader_id AND """
        + _LISTED + _SHOWN + """
        AND NOT EXISTS (SELECT 1 FROM follows WHERE follows.follower_id = :reader_id AND follows.target_id = actors.id)
        AND NOT EXISTS (SELECT 1 FROM dismissed_suggestions WHERE dismissed_suggestions.member_id = :reader_id
                        AND dismissed_suggestions.target_id = actors.id)
        """,
        ids=listed(ids), reader_id=member_id, now=now,
    )  # fmt: skip
    return {row["id"]: actors.actor(row) for row in rows}


async def dismiss(db: Writing, *, member_id: int, target_id: int) -> None:
    """Suggest somebody no more."""
    await db.run(
        """
        INSERT INTO dismissed_suggestions (member_id, target_id) VALUES (:member_id, :target_id)
        ON CONFLICT DO NOTHING
        """,
        member_id=member_id,
        target_id=target_id,
    )


async def count_here(db: Reading, kind: ActorKind, *, most: int) -> int:
    """How many accounts of one kind there are on this node; ``most``: that many or more."""
    row = await db.row(
        """
        SELECT COUNT(*) AS n FROM (
            SELECT 1 FROM actors
            WHERE domain = '' AND kind = :kind AND gone IS NULL AND suspended IS NULL
              AND EXISTS (SELECT 1 FROM members WHERE members.actor_id = actors.id)
            LIMIT :most) AS found
        """,
        kind=kind.value,
        most=most,
    )
    return 0 if row is None else row["n"]


async def known_at(db: Reading, kind: ActorKind, domain: str, *, limit: int) -> list[Actor]:
    """Actors of one kind that live on another server and are known here, those known longest first."""
    rows = await db.rows(
        "SELECT " + actors.COLUMNS + """
        FROM actors
        WHERE domain = :domain AND kind = :kind AND suspended IS NULL AND gone IS NULL ORDER BY id LIMIT :limit
        """,
        domain=domain,
        kind=kind.value,
        limit=limit,
    )  # fmt: skip
    return [actors.actor(row) for row in rows]
