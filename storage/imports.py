"""Imports: what a member brings from elsewhere, row by row of a file; the latest of a member."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from storage.database import Reading, Row, Writing, listed

DAY = 24 * 60 * 60 * 1000  # ms
STUCK = 3 * DAY  # ms after which one that does not come to an end is not waited for
KEPT = 14 * DAY  # ms


class Kind(StrEnum):
    """What a file is about."""

    FOLLOWING = "following"
    BLOCKS = "blocks"
    MUTES = "mutes"
    DOMAIN_BLOCKS = "domain_blocks"
    LISTS = "lists"
    BOOKMARKS = "bookmarks"


@dataclass(frozen=True, slots=True)
class Import:
    """A file that is worked through, or was."""

    member_id: int
    kind: Kind
    overwrite: int | None
    asked: int
    total: int
    done: int
    failed: int
    finished: int | None

    def waits(self, now: int) -> bool:
        """Whether it is being worked through."""
        return self.finished is None and now < self.asked + STUCK


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the file."""

    line: int
    subject: str
    cells: Sequence[str]
    problem: str = ""


_COLUMNS = "member_id, kind, overwrite, asked, total, done, failed, finished"


def _import(row: Row) -> Import:
    member_id, kind, *rest = row
    return Import(member_id, Kind(kind), *rest)


async def begin(
    db: Writing, member_id: int, kind: Kind, rows: Sequence[Line], *, overwrite: bool, now: int
) -> bool:  # fmt: skip
    """Keep the rows of a file; False while another is being worked through."""
    begun = await db.run(
        """
        INSERT INTO imports (member_id, kind, overwrite, asked, total)
        VALUES (:member_id, :kind, :overwrite, :now, :total)
        ON CONFLICT (member_id) DO UPDATE
        SET kind = excluded.kind, overwrite = excluded.overwrite, asked = excluded.asked, total = excluded.total,
            done = 0, failed = 0, finished = NULL
        WHERE imports.finished IS NOT NULL OR imports.asked <= :stuck
        """,
        member_id=member_id,
        kind=kind.value,
        overwrite=now if overwrite else None,
        now=now,
        total=len(rows),
        stuck=now - STUCK,
    )
    if not begun:
        return False
    await db.run("DELETE FROM import_rows WHERE member_id = :member_id", member_id=member_id)
    await db.many(
        """
        INSERT INTO import_rows (member_id, line, subject, cells) VALUES (:member_id, :line, :subject, :cells)
        """,
        [
            {"member_id": member_id, "line": one.line, "subject": one.subject, "cells": json.dumps(list(one.cells))}
            for one in rows
        ],
    )
    return True


async def of(db: Reading, member_id: int) -> Import | None:
    """The latest of a member."""
    row = await db.row("SELECT " + _COLUMNS + " FROM imports WHERE member_id = :member_id", member_id=member_id)
    return None if row is None else _import(row)


async def waiting(db: Reading, member_id: int, *, limit: int) -> list[Line]:
    """Rows that were not looked at, in the order of the file."""
    rows = await db.rows(
        """
        SELECT line, subject, cells, problem FROM import_rows
        WHERE member_id = :member_id AND done IS NULL ORDER BY line LIMIT :limit
        """,
        member_id=member_id,
        limit=limit,
    )
    return [_line(row) for row in rows]


async def failed(db: Reading, member_id: int, *, after: int, limit: int) -> list[Line]:
    """Rows below line ``after`` that could not be done."""
    rows = await db.rows(
        """
        SELECT line, subject, cells, problem FROM import_rows
        WHERE member_id = :member_id AND problem <> '' AND line > :after ORDER BY line LIMIT :limit
        """,
        member_id=member_id,
        after=after,
        limit=limit,
    )
    return [_line(row) for row in rows]


def _line(row: Row) -> Line:
    return Line(row["line"], row["subject"], json.loads(row["cells"]), row["problem"])


async def claim(db: Writing, member_id: int, line: int, *, asked: int, now: int) -> bool:
    """Count a row as done, in the transaction that does it; False when it was before, or is of an earlier file."""
    claimed = await db.run(
        """
        UPDATE import_rows SET done = :now WHERE member_id = :member_id AND line = :line AND done IS NULL AND EXISTS (
            SELECT 1 FROM imports WHERE imports.member_id = :member_id AND imports.asked = :asked)
        """,
        now=now,
        member_id=member_id,
        line=line,
        asked=asked,
    )
    if claimed:
        await db.run("UPDATE imports SET done = done + 1 WHERE member_id = :member_id", member_id=member_id)
    return claimed == 1


async def fail(db: Writing, member_id: int, line: int, problem: str) -> None:
    """Say why a row that counts as done could not be."""
    await db.run(
        "UPDATE import_rows SET problem = :problem WHERE member_id = :member_id AND line = :line",
        problem=problem,
        member_id=member_id,
        line=line,
    )
    await db.run("UPDATE imports SET failed = failed + 1 WHERE member_id = :member_id", member_id=member_id)


async def named(db: Reading, member_id: int, subjects: Iterable[str]) -> set[str]:
    """Those of ``subjects`` that the file is about."""
    rows = await db.rows(
        """
        SELECT DISTINCT subject FROM import_rows
        WHERE member_id = :member_id AND subject IN (SELECT value FROM json_each(:subjects))
        """,
        member_id=member_id,
        subjects=listed(subjects),
    )
    return {row["subject"] for row in rows}


async def finish(db: Writing, member_id: int, *, asked: int, now: int) -> None:
    """Say that all of the file was worked through."""
    await db.run(
        "UPDATE imports SET finished = :now WHERE member_id = :member_id AND asked = :asked AND finished IS NULL",
        now=now,
        member_id=member_id,
        asked=asked,
    )


async def prune(db: Writing, *, now: int) -> int:
    """Forget files that were brought long ago; how many went."""
    return await db.run("DELETE FROM imports WHERE asked <= :before", before=now - KEPT)
