"""Groups of this node: how one joins them, who may post to them, what they are for."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from storage import actors
from storage.actors import Actor
from storage.database import Reading, Row, Writing, listed


class Sort(StrEnum):
    """What sort of group."""

    TEAM = "team"
    COLLABORATIVE = "collaborative"  # for a time, with an aim


class Joining(StrEnum):
    """How somebody comes in."""

    OPEN = "open"
    REQUEST = "request"
    INVITATION = "invitation"


class Posting(StrEnum):
    """Whose posts a group passes on."""

    ANYONE = "anyone"  # the first post of who is not in it waits for a moderator
    MEMBERS = "members"
    NOBODY = "nobody"  # only what is written in its name


@dataclass(frozen=True, slots=True)
class Settings:
    """What a group says of itself beside its profile; times are milliseconds since 1970 UTC."""

    sort: Sort = Sort.TEAM
    joining: Joining = Joining.INVITATION
    posting: Posting = Posting.NOBODY
    private: int | None = None
    aim: str = ""
    starts: int | None = None
    ends: int | None = None
    closed: int | None = None


_COLUMNS = (
    "group_settings.sort, group_settings.joining, group_settings.posting, group_settings.private, group_settings.aim,"
    " group_settings.starts, group_settings.ends, group_settings.closed"
)
_WIDTH = 8


def _settings(row: Row) -> Settings:
    sort, joining, posting, *rest = list(row)[:_WIDTH]
    return Settings(Sort(sort), Joining(joining), Posting(posting), *rest)


async def put(db: Writing, group_id: int, new: Settings, *, now: int) -> None:
    """Keep what a group says of itself from now on; that it is closed, and private, stays as it was."""
    await db.run(
        """
        INSERT INTO group_settings (actor_id, sort, joining, posting, private, aim, starts, ends, created)
        VALUES (:group_id, :sort, :joining, :posting, :private, :aim, :starts, :ends, :now)
        ON CONFLICT (actor_id) DO UPDATE SET
            joining = excluded.joining, posting = excluded.posting, aim = excluded.aim,
            starts = excluded.starts, ends = excluded.ends
        """,
        group_id=group_id,
        sort=new.sort.value,
        joining=new.joining.value,
        posting=new.posting.value,
        private=new.private,
        aim=new.aim,
        starts=new.starts,
        ends=new.ends,
        now=now,
    )


async def close(db: Writing, group_id: int, *, now: int) -> bool:
    """Close a group; False when it was closed before, or has no settings."""
    changed = await db.run(
        "UPDATE group_settings SET closed = :now WHERE actor_id = :group_id AND closed IS NULL",
        group_id=group_id,
        now=now,
    )
    return changed == 1


async def forget(db: Writing, group_id: int) -> None:
    """Forget what a group said of itself: it is erased."""
    await db.run("DELETE FROM submissions WHERE group_id = :group_id", group_id=group_id)
    await db.run("DELETE FROM group_settings WHERE actor_id = :group_id", group_id=group_id)


async def of(db: Reading, group_id: int) -> Settings:
    """What a group says of itself."""
    row = await db.row("SELECT " + _COLUMNS + " FROM group_settings WHERE actor_id = :group_id", group_id=group_id)
    return Settings() if row is None else _settings(row)


async def taking(db: Reading, uris: list[str]) -> list[tuple[Actor, Settings]]:
    """Those groups of this node with one of these ids that pass on what others post, and are open."""
    rows = await db.rows(
        "SELECT " + _COLUMNS + ", " + actors.COLUMNS + """
        FROM actors JOIN group_settings ON group_settings.actor_id = actors.id
        WHERE actors.uri IN (SELECT value FROM json_each(:uris)) AND actors.domain = ''
          AND actors.suspended IS NULL AND actors.gone IS NULL
          AND group_settings.posting <> 'nobody' AND group_settings.closed IS NULL
          AND group_settings.private IS NULL
        """,
        uris=listed(uris),
    )  # fmt: skip
    return [(actors.actor(list(row)[_WIDTH:]), _settings(row)) for row in rows]


async def shares_with_few(db: Reading, group_id: int) -> bool:
    """Whether a group shared something with followers or single people, which who is in it reads too."""
    row = await db.row(
        "SELECT 1 AS yes FROM posts WHERE author_id = :group_id AND visibility IN ('private', 'direct') LIMIT 1",
        group_id=group_id,
    )
    return row is not None
