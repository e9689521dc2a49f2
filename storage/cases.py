"""Cases: what waits for a guardian, why, and what was decided. Kinds and places of findings, never texts of posts."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from storage.database import Missing, Reading, Row, Writing, listed

CLAIM = 15 * 60 * 1000  # ms that a claim lasts
URGENT, REPORTED, USUAL, INBOUND = 0, 1, 2, 3  # places in the queue: what others send buries nothing of ours


class Outcome(StrEnum):
    """How a case ended."""

    RELEASED = "released"
    RETURNED = "returned"
    TAKEN_BACK = "taken-back"  # by its author
    OVERDUE = "overdue"  # nobody decided in time, and its author has it back
    SHOWN = "shown"  # a post that was hidden is seen again
    KEPT = "kept"  # hidden


@dataclass(frozen=True, slots=True)
class Case:
    """One post that waits, or waited, for a guardian: it is not out (``pending_id``), or out and hidden."""

    id: int
    pending_id: int | None
    author_id: int
    found: str  # JSON [{"kind", "verdict", "field", "start", "end"}]
    newcomer: int | None
    place: int
    opened: int
    claimed_by: int | None = None
    claimed_until: int | None = None
    second_by: int | None = None
    closed: int | None = None
    outcome: str = ""
    reason: str = ""
    as_id: int | None = None  # under whose name it comes out; None: its author's
    post_id: int | None = None
    reported: int = 0  # how many people said that somebody is recognisable
    version: int = 0  # of the post, as it was judged: when it was edited
    flagged: int | None = None  # when the post's own server was told

    @property
    def name_id(self) -> int:
        """Whose name will stand over it."""
        return self.author_id if self.as_id is None else self.as_id

    def claimant(self, now: int) -> int | None:
        """Who looks at it now."""
        return self.claimed_by if self.claimed_until is not None and self.claimed_until > now else None


@dataclass(frozen=True, slots=True)
class Numbers:
    """What guardians did in a span of time."""

    held: int
    released: int
    returned: int
    median: int | None  # ms from held to decided


COLUMNS = (
    "id, pending_id, author_id, found, newcomer, place, opened, claimed_by, claimed_until, second_by, closed, outcome,"
    " reason, as_id, post_id, reported, version, flagged"
)
_THERE = " AND (pending_id IS NOT NULL OR post_id IS NOT NULL)"  # the post is not gone
# Who may decide: nobody on what is their own, nor on what they asked another guardian about, nor while another looks.
_OPEN = " WHERE id = :id AND closed IS NULL AND author_id <> :me"
_MINE = _OPEN + (
    " AND (claimed_by IS NULL OR claimed_by = :me OR claimed_until <= :now) AND (second_by IS NULL OR second_by <> :me)"
)


def case(row: Row) -> Case:
    """The record of a row of ``COLUMNS``."""
    return Case(*row)


async def add(
    db: Writing,
    *,
    pending_id: int,
    author_id: int,
    found: str,
    newcomer: bool,
    urgent: bool,
    now: int,
    as_id: int | None = None,
) -> None:
    """Open a case for a post that waits."""
    await db.run(
        """
        INSERT INTO cases (pending_id, author_id, found, newcomer, place, opened, as_id)
        VALUES (:pending_id, :author_id, :found, :newcomer, :place, :now, :as_id)
        """,
        pending_id=pending_id,
        author_id=author_id,
        found=found,
        newcomer=now if newcomer else None,
        place=URGENT if urgent else USUAL,
        now=now,
        as_id=as_id,
    )


async def queue(db: Reading, *, limit: int) -> list[Case]:
    """What is not decided: what may be happening now first, then the oldest."""
    rows = await db.rows(
        "SELECT "
        + COLUMNS
        + " FROM cases WHERE closed IS NULL AND place >= 0"
        + _THERE
        + " ORDER BY place, id LIMIT :limit",
        limit=limit,
    )
    return [case(row) for row in rows]


async def count_open(db: Reading) -> tuple[int, int, int | None]:
    """How many wait, how many of them may be happening now, and since when the oldest waits."""
    row = await db.row(
        """
        SELECT COUNT(*) AS n, COUNT(*) FILTER (WHERE place = 0) AS urgent, MIN(opened) AS oldest
        FROM cases WHERE closed IS NULL AND place >= 0
        """
        + _THERE
    )
    return (0, 0, None) if row is None else (row["n"], row["urgent"], row["oldest"])


async def by_id(db: Reading, id: int) -> Case:
    """The case. Raises Missing."""
    row = await db.row("SELECT " + COLUMNS + " FROM cases WHERE id = :id", id=id)
    if row is None:
        raise Missing(str(id))
    return case(row)


async def of(db: Reading, pending_ids: Collection[int]) -> dict[int, Case]:
    """The cases of posts that wait, by the ids of these."""
    rows = await db.rows(
        "SELECT " + COLUMNS + " FROM cases WHERE pending_id IN (SELECT value FROM json_each(:ids))",
        ids=listed(pending_ids),
    )
    return {one.pending_id: one for one in map(case, rows) if one.pending_id is not None}


async def claim(db: Writing, id: int, *, me: int, now: int) -> bool:
    """Say that a guardian looks at it; False when it is not theirs to decide."""
    changed = await db.run(
        "UPDATE cases SET claimed_by = :me, claimed_until = :until" + _MINE, id=id, me=me, until=now + CLAIM, now=now
    )
    return changed == 1


async def close(db: Writing, id: int, outcome: Outcome, *, me: int, reason: str, now: int) -> Case | None:
    """Decide; None when it is not theirs to decide, or another was first."""
    row = await db.row(
        "UPDATE cases SET closed = :now, closed_by = :me, outcome = :outcome, reason = :reason"
        + _MINE
        + " RETURNING "
        + COLUMNS,
        id=id,
        me=me,
        outcome=outcome.value,
        reason=reason,
        now=now,
    )
    return None if row is None else case(row)


async def released(db: Reading, pending_id: int) -> bool:
    """Whether a guardian let a post come out that waited under this id."""
    row = await db.row(
        "SELECT 1 AS one FROM cases WHERE pending_id = :pending_id AND outcome = 'released'", pending_id=pending_id
    )
    return row is not None


async def ask_second(db: Writing, id: int, *, me: int, now: int) -> bool:
    """Leave it to another guardian; False when it is not theirs to decide, or it was asked before."""
    changed = await db.run(
        "UPDATE cases SET second_by = :me, claimed_by = NULL, claimed_until = NULL" + _MINE + " AND second_by IS NULL",
        id=id,
        me=me,
        now=now,
    )
    return changed == 1


async def mistake(db: Writing, id: int, kind: str, *, me: int, now: int) -> bool:
    """Count that what was found as ``kind`` was none; False when it was said before, or is not theirs to say."""
    added = await db.run(
        """
        INSERT INTO mistaken (case_id, kind, at)
        SELECT id, :kind, :now FROM cases WHERE id = :id AND author_id <> :me ON CONFLICT DO NOTHING
        """,
        id=id,
        kind=kind,
        me=me,
        now=now,
    )
    return added == 1


async def mistaken(db: Reading, ids: Collection[int]) -> set[tuple[int, str]]:
    """What was said to be no finding: the case and the kind."""
    rows = await db.rows(
        "SELECT case_id, kind FROM mistaken WHERE case_id IN (SELECT value FROM json_each(:ids))", ids=listed(ids)
    )
    return {(row["case_id"], row["kind"]) for row in rows}


async def withdraw(db: Writing, pending_id: int, *, now: int) -> None:
    """Its author takes it back."""
    await db.run(
        """
        UPDATE cases SET closed = :now, outcome = 'taken-back', closed_by = COALESCE(as_id, author_id),
            author_id = COALESCE(as_id, author_id)
        WHERE pending_id = :pending_id AND closed IS NULL
        """,
        pending_id=pending_id,
        now=now,
    )


async def close_overdue(db: Writing, *, before: int, reason: str, limit: int, now: int) -> list[Case]:
    """Close cases of posts that were opened before and on which nobody decided."""
    rows = await db.rows(
        """
        UPDATE cases SET closed = :now, outcome = 'overdue', reason = :reason
        WHERE closed IS NULL AND id IN (
            SELECT id FROM cases
            WHERE closed IS NULL AND place >= 0 AND opened < :before AND pending_id IS NOT NULL
            ORDER BY place, id LIMIT :limit)
        RETURNING
        """
        + COLUMNS,
        before=before,
        reason=reason,
        limit=limit,
        now=now,
    )
    return [case(row) for row in rows]


async def stop(db: Writing, author_id: int, *, as_id: int, now: int) -> None:
    """Close what waits of an author's under a name, as if they took it back."""
    await db.run(
        """
        UPDATE cases SET closed = :now, outcome = 'taken-back', closed_by = as_id, author_id = as_id
        WHERE as_id = :as_id AND author_id = :author_id AND closed IS NULL
        """,
        author_id=author_id,
        as_id=as_id,
        now=now,
    )


async def unname(db: Writing, id: int) -> None:
    """Forget who wrote what was decided, if it stands under another name."""
    await db.run("UPDATE cases SET author_id = as_id WHERE id = :id AND as_id IS NOT NULL", id=id)


async def forget_reasons(db: Writing, *, before: int) -> None:
    """Forget what authors were told, of cases that ended before."""
    await db.run("UPDATE cases SET reason = '' WHERE closed < :before AND reason <> ''", before=before)


async def trust(db: Writing, author_id: int, *, released: int, now: int) -> None:
    """Trust a member from now on of whom guardians released that many posts."""
    await db.run(
        """
        UPDATE members SET trusted = :now WHERE actor_id = :author_id AND trusted IS NULL AND (
            SELECT COUNT(*) FROM cases
            WHERE cases.author_id = :author_id AND cases.outcome = 'released' AND cases.as_id IS NULL) + (
            SELECT COUNT(*) FROM audit WHERE audit.actor_id = :author_id AND audit.action = 'case.passed') >= :released
        """,
        author_id=author_id,
        released=released,
        now=now,
    )


async def numbers(db: Reading, *, since: int, until: int) -> Numbers:
    """What was decided from ``since`` to before ``until``."""
    row = await db.row(
        """
        WITH ended AS (
            SELECT outcome, closed - opened AS took,
                ROW_NUMBER() OVER (PARTITION BY outcome = 'taken-back' ORDER BY closed - opened) AS n,
                COUNT(*) OVER (PARTITION BY outcome = 'taken-back') AS total
            FROM cases WHERE closed >= :since AND closed < :until
        )
        SELECT (SELECT COUNT(*) FROM cases WHERE opened >= :since AND opened < :until) AS held,
            (SELECT COUNT(*) FROM ended WHERE outcome IN ('released', 'shown')) AS released,
            (SELECT COUNT(*) FROM ended WHERE outcome IN ('returned', 'kept')) AS returned,
            (SELECT MIN(took) FROM ended WHERE outcome <> 'taken-back' AND n = (total + 1) / 2) AS median
        """,
        since=since,
        until=until,
    )
    return Numbers(0, 0, 0, None) if row is None else Numbers(*row)


async def mistakes(db: Reading, *, since: int, until: int) -> list[tuple[str, int]]:
    """How often each kind was no finding, the most frequent first."""
    rows = await db.rows(
        """
        SELECT kind, COUNT(*) AS n FROM mistaken WHERE at >= :since AND at < :until
        GROUP BY kind ORDER BY n DESC, kind
        """,
        since=since,
        until=until,
    )
    return [(row["kind"], row["n"]) for row in rows]


async def erase_all_of(db: Writing, author_id: int) -> None:
    """Erase the cases of who leaves."""
    await db.run("DELETE FROM cases WHERE author_id = :author_id OR as_id = :author_id", author_id=author_id)
