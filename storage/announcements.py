"""What the operator announces to members, their reactions to it, and who needs to see it no longer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from storage.database import Missing, Reading, Row, Writing, listed


@dataclass(frozen=True, slots=True)
class Announcement:
    """One announcement. ``read``: by the member who was asked for."""

    id: int
    text: str
    html: str
    emojis: str = "[]"  # JSON, as posts have it
    starts: int | None = None
    ends: int | None = None
    all_day: int | None = None
    published: int = 0
    read: bool = False


@dataclass(frozen=True, slots=True)
class Reaction:
    """How many chose one emoji. ``url``: its picture, where it is one of this node's."""

    name: str
    count: int
    mine: bool = False
    url: str = ""


COLUMNS = (
    "announcements.id, announcements.text, announcements.html, announcements.emojis, announcements.starts,"
    " announcements.ends, announcements.all_day, announcements.published"
)


def _announcement(row: Row) -> Announcement:
    return Announcement(
        row["id"], row["text"], row["html"], row["emojis"], row["starts"], row["ends"], row["all_day"],
        row["published"],
    )  # fmt: skip


_STANDING = "(announcements.ends IS NULL OR announcements.ends > :now)"


async def add(db: Writing, new: Announcement) -> int:
    """Announce something; its id. ``new.id`` and ``new.read`` do not count."""
    row = await db.row(
        """
        INSERT INTO announcements (text, html, emojis, starts, ends, all_day, published)
        VALUES (:text, :html, :emojis, :starts, :ends, :all_day, :published) RETURNING id
        """,
        text=new.text, html=new.html, emojis=new.emojis, starts=new.starts, ends=new.ends, all_day=new.all_day,
        published=new.published,
    )  # fmt: skip
    return 0 if row is None else row["id"]


async def remove(db: Writing, id: int) -> bool:
    """Take one back, with all reactions; False when there is none of this id."""
    return await db.run("DELETE FROM announcements WHERE id = :id", id=id) == 1


async def everything(db: Reading) -> list[Announcement]:
    """All of them, those that are over too, the oldest first."""
    rows = await db.rows("SELECT " + COLUMNS + " FROM announcements ORDER BY id")
    return [_announcement(row) for row in rows]


async def standing(db: Reading, *, member_id: int, now: int) -> list[Announcement]:
    """Those that are not over, the oldest first."""
    rows = await db.rows(
        "SELECT " + COLUMNS + """, EXISTS (
            SELECT 1 FROM announcement_dismissals AS seen
            WHERE seen.announcement_id = announcements.id AND seen.member_id = :member_id
        ) AS seen
        FROM announcements WHERE """ + _STANDING + " ORDER BY announcements.id",
        member_id=member_id,
        now=now,
    )  # fmt: skip
    return [replace(_announcement(row), read=bool(row["seen"])) for row in rows]


async def by_ids(db: Reading, ids: Iterable[int]) -> dict[int, Announcement]:
    """Those of these ids that there are."""
    rows = await db.rows(
        "SELECT " + COLUMNS + " FROM announcements WHERE id IN (SELECT value FROM json_each(:ids))", ids=listed(ids)
    )
    return {row["id"]: _announcement(row) for row in rows}


async def versions(db: Reading, *, now: int) -> dict[int, tuple[int, int]]:
    """When each that is not over was published, and a number that grows with every reaction."""
    rows = await db.rows("SELECT id, published, changed FROM announcements WHERE " + _STANDING, now=now)
    return {row["id"]: (row["published"], row["changed"]) for row in rows}


async def _hold(db: Writing, id: int, *, by: int, now: int) -> None:
    """Let who changes what belongs to one come one after another. Raises Missing when there is none, or it is over."""
    held = await db.run(
        "UPDATE announcements SET changed = changed + :by WHERE id = :id AND " + _STANDING, id=id, by=by, now=now
    )
    if not held:
        raise Missing(f"announcement {id}")


async def dismiss(db: Writing, id: int, *, member_id: int, now: int) -> None:
    """The member needs to see it no longer. Raises Missing."""
    await _hold(db, id, by=0, now=now)
    await db.run(
        "INSERT INTO announcement_dismissals (announcement_id, member_id) VALUES (:id, :member_id)"
        " ON CONFLICT DO NOTHING",
        id=id,
        member_id=member_id,
    )


async def react(db: Writing, id: int, *, member_id: int, name: str, kinds: int, now: int) -> bool:
    """Keep a member's reaction; False when there are ``kinds`` others already. Raises Missing."""
    await _hold(db, id, by=1, now=now)
    kept = await db.row(
        """
        INSERT INTO announcement_reactions (announcement_id, name, member_id)
        SELECT announcements.id, CAST(:name AS TEXT), CAST(:member_id AS BIGINT) FROM announcements
        WHERE announcements.id = :id AND (
            EXISTS (SELECT 1 FROM announcement_reactions AS there
                    WHERE there.announcement_id = announcements.id AND there.name = :name)
            OR (SELECT COUNT(DISTINCT there.name) FROM announcement_reactions AS there
                WHERE there.announcement_id = announcements.id) < :kinds
        )
        ON CONFLICT (announcement_id, name, member_id) DO UPDATE SET name = excluded.name RETURNING name
        """,
        id=id, member_id=member_id, name=name, kinds=kinds,
    )  # fmt: skip
    return kept is not None


async def unreact(db: Writing, id: int, *, member_id: int, name: str, now: int) -> None:
    """Take a member's reaction back, if there is one. Raises Missing."""
    await _hold(db, id, by=1, now=now)
    await db.run(
        """
        DELETE FROM announcement_reactions
        WHERE announcement_id = :id AND name = :name AND member_id = :member_id
        """,
        id=id,
        name=name,
        member_id=member_id,
    )


async def forget(db: Writing, name: str) -> None:
    """Take all reactions with an emoji back that there is no longer."""
    await db.run(
        "UPDATE announcements SET changed = changed + 1 WHERE id IN ("
        "SELECT announcement_id FROM announcement_reactions WHERE name = :name)",
        name=name,
    )
    await db.run("DELETE FROM announcement_reactions WHERE name = :name", name=name)


async def reactions(db: Reading, ids: Iterable[int], *, member_id: int) -> dict[int, list[Reaction]]:
    """What each of these got, the most chosen first; one query for all."""
    rows = await db.rows(
        """
        SELECT chosen.announcement_id, chosen.name, COUNT(*) AS many,
            MAX(CASE WHEN chosen.member_id = :member_id THEN 1 ELSE 0 END) AS mine, MAX(emojis.url) AS url
        FROM announcement_reactions AS chosen LEFT JOIN emojis ON emojis.shortcode = chosen.name
        WHERE chosen.announcement_id IN (SELECT value FROM json_each(:ids))
        GROUP BY chosen.announcement_id, chosen.name
        """,
        ids=listed(ids),
        member_id=member_id,
    )
    found: dict[int, list[Reaction]] = {}
    for id, name, count, mine, url in sorted(rows, key=lambda row: (-row["many"], row["name"])):
        found.setdefault(id, []).append(Reaction(name, count, bool(mine), url or ""))
    return found
