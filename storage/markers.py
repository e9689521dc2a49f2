"""Markers: how far a member has read their home timeline and their notifications."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from storage.database import Missing, Reading, Row, Writing, listed


class Timeline(StrEnum):
    """What is read; the words of the Mastodon API."""

    HOME = "home"
    NOTIFICATIONS = "notifications"


@dataclass(frozen=True, slots=True)
class Marker:
    """How far one timeline was read."""

    timeline: Timeline
    last_read_id: int
    version: int
    updated: int


COLUMNS = "timeline, last_read_id, version, updated"


def _marker(row: Row) -> Marker:
    return Marker(Timeline(row[0]), row[1], row[2], row[3])


async def of(db: Reading, member_id: int, timelines: Iterable[Timeline]) -> list[Marker]:
    """Those of these markers that the member has set."""
    rows = await db.rows(
        "SELECT " + COLUMNS + """ FROM markers
        WHERE member_id = :member_id AND timeline IN (SELECT value FROM json_each(:timelines)) ORDER BY timeline
        """,
        member_id=member_id,
        timelines=listed(one.value for one in timelines),
    )  # fmt: skip
    return [_marker(row) for row in rows]


async def put(db: Writing, member_id: int, timeline: Timeline, last_read_id: int, *, now: int) -> Marker:
    """Keep how far a timeline was read."""
    row = await db.row(
        """
        INSERT INTO markers (member_id, timeline, last_read_id, updated)
        VALUES (:member_id, :timeline, :last_read_id, :now)
        ON CONFLICT (member_id, timeline) DO UPDATE SET last_read_id = excluded.last_read_id,
            updated = excluded.updated, version = markers.version + 1
        RETURNING """
        + COLUMNS,
        member_id=member_id,
        timeline=timeline.value,
        last_read_id=last_read_id,
        now=now,
    )
    if row is None:
        raise Missing(timeline.value)
    return _marker(row)
