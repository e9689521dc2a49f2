"""What the two of a match write to each other: check-ins, the goal, a closing note. Nobody else reads it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from storage.database import Missing, Reading, Row, Writing, listed

MOST = 200  # of one match


class Sort(StrEnum):
    """What was written."""

    CHECK_IN = "check-in"
    GOAL = "goal"
    CLOSING = "closing"


@dataclass(frozen=True, slots=True)
class CheckIn:
    """One note within a match."""

    id: int
    match_id: int
    author_id: int
    uri: str
    sort: Sort
    day: str  # YYYY-MM-DD
    text: str
    withheld: int | None  # since when the privacy check keeps it from being shown
    written: int


COLUMNS = "id, match_id, author_id, uri, sort, day, text, withheld, written"


def _check_in(row: Row) -> CheckIn:
    values = list(row)
    values[4] = Sort(values[4])
    return CheckIn(*values)


async def add(db: Writing, new: CheckIn) -> CheckIn | None:
    """Keep a note; None when it is here already, the match does not hold, or it has as many as one may have."""
    row = await db.row(
        """
        INSERT INTO check_ins (match_id, author_id, uri, sort, day, text, withheld, written)
        SELECT CAST(:match_id AS BIGINT), CAST(:author_id AS BIGINT), :uri, :sort, :day, :text,
            CAST(:withheld AS BIGINT), CAST(:written AS BIGINT)
        FROM matches WHERE matches.id = :match_id AND matches.state = 'accepted'
          AND (SELECT COUNT(*) FROM check_ins WHERE match_id = :match_id) < :most
        ON CONFLICT DO NOTHING RETURNING """ + COLUMNS,
        match_id=new.match_id, author_id=new.author_id, uri=new.uri, sort=new.sort.value, day=new.day, text=new.text,
        withheld=new.withheld, written=new.written, most=MOST,
    )  # fmt: skip
    return None if row is None else _check_in(row)


async def of(db: Reading, match_id: int) -> list[CheckIn]:
    """The notes of a match, oldest first."""
    rows = await db.rows(
        "SELECT " + COLUMNS + " FROM check_ins WHERE match_id = :match_id ORDER BY id LIMIT :most",
        match_id=match_id,
        most=MOST,
    )
    return [_check_in(row) for row in rows]


async def of_all(db: Reading, match_ids: Iterable[int]) -> dict[int, list[CheckIn]]:
    """The notes of each of these matches, oldest first; one query for all."""
    rows = await db.rows(
        "SELECT " + COLUMNS + " FROM check_ins WHERE match_id IN (SELECT value FROM json_each(:match_ids))"
        " ORDER BY match_id, id",
        match_ids=listed(match_ids),
    )
    found: dict[int, list[CheckIn]] = {}
    for row in rows:
        found.setdefault(row["match_id"], []).append(_check_in(row))
    return found


async def by_id(db: Reading, check_in_id: int) -> CheckIn:
    """One note. Raises Missing."""
    row = await db.row("SELECT " + COLUMNS + " FROM check_ins WHERE id = :check_in_id", check_in_id=check_in_id)
    if row is None:
        raise Missing(str(check_in_id))
    return _check_in(row)


async def remove(db: Writing, uri: str, *, author_id: int) -> CheckIn | None:
    """Take a note of this author back; None: they wrote none of this id."""
    row = await db.row(
        "DELETE FROM check_ins WHERE uri = :uri AND author_id = :author_id RETURNING " + COLUMNS,
        uri=uri,
        author_id=author_id,
    )
    return None if row is None else _check_in(row)
