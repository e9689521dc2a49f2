"""Archives: what a member takes along, a file each; the latest of a member."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from storage.database import Reading, Row, Writing, listed

DAY = 24 * 60 * 60 * 1000  # ms
AGAIN = DAY  # ms after which a member can ask for another
STUCK = 3 * DAY  # ms after which one that never came is not waited for
KEPT = 7 * DAY  # ms


@dataclass(frozen=True, slots=True)
class Archive:
    """One archive, or the making of it."""

    member_id: int
    file: str
    asked: int
    done: int
    total: int
    ready: int | None
    size: int

    def waits(self, now: int) -> bool:
        """Whether it is being made."""
        return self.ready is None and now < self.asked + STUCK

    def again(self, now: int) -> bool:
        """Whether the member can ask for another."""
        return now >= self.asked + AGAIN and not self.waits(now)

    @property
    def ends(self) -> int:
        """When it is deleted."""
        return (self.ready or self.asked) + KEPT

    @property
    def percent(self) -> int:
        """How far the making has come."""
        return min(99, self.done * 100 // self.total) if self.total else 0


_COLUMNS = "member_id, file, asked, done, total, ready, size"


def _archive(row: Row) -> Archive:
    return Archive(*row)


async def ask(db: Writing, member_id: int, file: str, *, now: int) -> bool:
    """Begin one; False while another is being made, or was made within the day."""
    asked = await db.run(
        """
        INSERT INTO archives (member_id, file, asked) VALUES (:member_id, :file, :now)
        ON CONFLICT (member_id) DO UPDATE
        SET file = excluded.file, asked = excluded.asked, done = 0, total = 0, ready = NULL, size = 0
        WHERE archives.asked <= CASE WHEN archives.ready IS NULL THEN CAST(:stuck AS BIGINT)
            ELSE CAST(:again AS BIGINT) END
        """,
        member_id=member_id,
        file=file,
        now=now,
        stuck=now - STUCK,
        again=now - AGAIN,
    )
    return asked == 1


async def of(db: Reading, member_id: int) -> Archive | None:
    """The latest of a member."""
    row = await db.row("SELECT " + _COLUMNS + " FROM archives WHERE member_id = :member_id", member_id=member_id)
    return None if row is None else _archive(row)


async def come(db: Writing, file: str, *, done: int, total: int) -> bool:
    """Say how far it has come; False when nobody waits for it any more."""
    kept = await db.run(
        "UPDATE archives SET done = :done, total = :total WHERE file = :file AND ready IS NULL",
        done=done,
        total=total,
        file=file,
    )
    return kept == 1


async def finish(db: Writing, file: str, *, size: int, now: int) -> bool:
    """Say that it can be fetched; False when nobody waits for it any more."""
    kept = await db.run(
        "UPDATE archives SET ready = :now, size = :size WHERE file = :file AND ready IS NULL",
        now=now,
        size=size,
        file=file,
    )
    return kept == 1


async def prune(db: Writing, *, now: int) -> int:
    """Forget those whose time is over; how many went. Their files are nobody's then."""
    return await db.run(
        "DELETE FROM archives WHERE asked <= :before AND (ready IS NULL OR ready <= :before)", before=now - KEPT
    )


async def known(db: Reading, files: Iterable[str]) -> set[str]:
    """Those of ``files`` that are somebody's."""
    rows = await db.rows(
        "SELECT file FROM archives WHERE file IN (SELECT value FROM json_each(:files))", files=listed(files)
    )
    return {row["file"] for row in rows}
