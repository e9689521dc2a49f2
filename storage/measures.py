"""Measures of a member or a team: the numbers as they are now, and what was changed when.

What a post shows is a copy of that time, in the post. So nothing that was shared changes when numbers do.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from storage.database import Missing, Reading, Row, Writing, listed
from storage.ids import LAST
from storage.paging import Page
from storage.records import quick
from storage.series import Series, dumped, loaded

MOST = 100  # measures of one owner
CHANGES = 200  # of a measure that are kept


@quick
@dataclass(frozen=True, slots=True)
class Measure:
    """A measure of somebody here."""

    id: int
    owner_id: int
    series: Series
    opened: int | None  # since when everybody can see its page
    created: int
    changed: int


@dataclass(frozen=True, slots=True)
class Change:
    """What its owner changed. Of points that are gone only the place is known."""

    made: int
    fields: tuple[str, ...] = ()  # whose words are others now
    added: tuple[str, ...] = ()  # places of points
    removed: tuple[str, ...] = ()
    corrected: Mapping[str, tuple[float, float]] = field(default_factory=dict)  # place: the value then and now


COLUMNS = "measures.id, measures.owner_id, measures.series, measures.opened, measures.created, measures.changed"
# ``:reader_id`` may see it: it is open, or theirs, or of a team that they write for (``storage.teams.of``).
_READABLE = """EXISTS (SELECT 1 FROM actors WHERE actors.id = measures.owner_id
              AND actors.gone IS NULL AND actors.suspended IS NULL)
      AND NOT EXISTS (SELECT 1 FROM blocks WHERE blocks.actor_id = measures.owner_id
                      AND blocks.target_id = :reader_id)
      AND (measures.opened IS NOT NULL OR measures.owner_id = :reader_id
           OR EXISTS (SELECT 1 FROM memberships WHERE memberships.group_id = measures.owner_id
                      AND memberships.actor_id = :reader_id AND NOT EXISTS (
                        SELECT 1 FROM group_settings AS known WHERE known.actor_id = memberships.group_id
                        AND known.joining = 'open' AND memberships.role = 'member')))"""


def _measure(row: Row) -> Measure:
    id, owner_id, series, opened, created, changed = row
    return Measure(id, owner_id, loaded(json.loads(series)), opened, created, changed)


def _kept(series: Series) -> str:
    return json.dumps(dumped(series), ensure_ascii=False, separators=(",", ":"))


async def add(db: Writing, owner_id: int, series: Series, *, opened: bool, now: int) -> Measure:
    """Keep a new measure. Raises Missing when its owner has as many as they may have."""
    # Those who add at the same time wait here for each other: a count alone would let each of them through.
    await db.run("UPDATE actors SET changed = changed WHERE id = :owner_id", owner_id=owner_id)
    if await count(db, owner_id) >= MOST:
        raise Missing(str(owner_id))
    row = await db.row(
        """
        INSERT INTO measures (owner_id, series, opened, created, changed)
        VALUES (:owner_id, :series, :opened, :now, :now)
        RETURNING """
        + COLUMNS,
        owner_id=owner_id,
        series=_kept(series),
        opened=now if opened else None,
        now=now,
    )
    if row is None:
        raise Missing(str(owner_id))
    return _measure(row)


async def count(db: Reading, owner_id: int) -> int:
    """How many measures somebody has."""
    row = await db.row("SELECT COUNT(*) AS n FROM measures WHERE owner_id = :owner_id", owner_id=owner_id)
    return 0 if row is None else row["n"]


async def by_id(db: Reading, measure_id: int, *, reader_id: int) -> Measure:
    """A measure, if the reader may see it. Raises Missing."""
    row = await db.row(
        "SELECT " + COLUMNS + " FROM measures WHERE measures.id = :measure_id AND " + _READABLE,
        measure_id=measure_id,
        reader_id=reader_id,
    )
    if row is None:
        raise Missing(str(measure_id))
    return _measure(row)


async def by_ids(db: Reading, ids: Iterable[int], *, reader_id: int) -> dict[int, Measure]:
    """Those of these measures that the reader may see, by id; one query."""
    rows = await db.rows(
        "SELECT " + COLUMNS + """ FROM measures
        WHERE measures.id IN (SELECT value FROM json_each(:measure_ids)) AND """ + _READABLE,
        measure_ids=listed(ids), reader_id=reader_id,
    )  # fmt: skip
    return {row[0]: _measure(row) for row in rows}


_OF = (
    "SELECT " + COLUMNS + """ FROM measures
    WHERE measures.owner_id = :owner_id AND measures.id < :before AND measures.id > :after AND """
    + _READABLE
)  # fmt: skip


async def of(db: Reading, owner_id: int, page: Page, *, reader_id: int) -> list[Measure]:
    """Somebody's measures that the reader may see, made last first."""
    values = {
        "owner_id": owner_id, "before": page.before, "after": page.after, "limit": page.limit, "reader_id": reader_id,
    }  # fmt: skip
    if page.rising:
        rows = await db.rows(_OF + " ORDER BY measures.id LIMIT :limit", **values)
    else:
        rows = await db.rows(_OF + " ORDER BY measures.id DESC LIMIT :limit", **values)
    return page.newest_first([_measure(row) for row in rows])


async def names(db: Reading, owner_id: int, *, reader_id: int, limit: int) -> list[tuple[int, str, bool]]:
    """Id, name, and whether it is open, of somebody's measures that the reader may see, made last first."""
    rows = await db.rows(_OF + " ORDER BY measures.id DESC LIMIT :limit", owner_id=owner_id, before=LAST, after=0,
                         limit=limit, reader_id=reader_id)  # fmt: skip
    return [(row["id"], json.loads(row["series"])["name"], row["opened"] is not None) for row in rows]


async def held(db: Writing, measure_id: int) -> Measure:
    """A measure that is about to be changed: whoever else wants to change it waits. Raises Missing."""
    row = await db.row(
        "UPDATE measures SET changed = changed WHERE id = :measure_id RETURNING " + COLUMNS, measure_id=measure_id
    )
    if row is None:
        raise Missing(str(measure_id))
    return _measure(row)


async def put(db: Writing, old: Measure, series: Series, *, opened: bool, now: int) -> Measure:
    """Keep what a measure says now, and what that changed. ``old`` is ``held``."""
    when = (old.opened or now) if opened else None
    await db.run(
        "UPDATE measures SET series = :series, opened = :opened, changed = :now WHERE id = :measure_id",
        measure_id=old.id,
        series=_kept(series),
        opened=when,
        now=now,
    )
    change = between(old.series, series, made=now)
    if change is not None:
        what = json.dumps(
            {"fields": change.fields, "added": change.added, "removed": change.removed, "corrected": change.corrected},
            ensure_ascii=False,
        )
        await db.run(
            "INSERT INTO measure_changes (measure_id, made, what) VALUES (:measure_id, :now, :what)",
            measure_id=old.id,
            now=now,
            what=what,
        )
        await _forget_old_changes(db, old.id)
    return Measure(old.id, old.owner_id, series, when, old.created, now)


async def _forget_old_changes(db: Writing, measure_id: int) -> None:
    await db.run(
        """
        DELETE FROM measure_changes WHERE measure_id = :measure_id AND id <= (
            SELECT id FROM measure_changes WHERE measure_id = :measure_id ORDER BY id DESC LIMIT 1 OFFSET :most)
        """,
        measure_id=measure_id,
        most=CHANGES,
    )


def between(old: Series, new: Series, *, made: int) -> Change | None:
    """What changed from one version to the next; None: nothing that is to be known."""
    names = (
        "name", "definition", "numerator", "denominator", "unit", "direction", "interval", "chart", "baseline",
        "screen", "shift", "trend", "annotations", "rebases", "shared",
    )  # fmt: skip
    fields = tuple(name for name in names if getattr(old, name) != getattr(new, name))
    before = {one.at: one.value for one in old.points}
    after = {one.at: one.value for one in new.points}
    corrected = {at: (before[at], after[at]) for at in after if at in before and before[at] != after[at]}
    added = tuple(at for at in after if at not in before)
    removed = tuple(at for at in before if at not in after)
    if not (fields or corrected or added or removed):
        return None
    return Change(made, fields, added, removed, corrected)


async def changes(db: Reading, measure_id: int, *, limit: int = CHANGES) -> list[Change]:
    """What was changed, last first."""
    rows = await db.rows(
        "SELECT made, what FROM measure_changes WHERE measure_id = :measure_id ORDER BY id DESC LIMIT :limit",
        measure_id=measure_id,
        limit=limit,
    )
    return [_change(row["made"], json.loads(row["what"])) for row in rows]


async def changes_of(db: Reading, ids: Iterable[int]) -> dict[int, list[Change]]:
    """What was changed of these measures, last first; one query for all."""
    rows = await db.rows(
        """
        SELECT measure_id, made, what FROM measure_changes
        WHERE measure_id IN (SELECT value FROM json_each(:measure_ids)) ORDER BY measure_id, id DESC
        """,
        measure_ids=listed(ids),
    )
    found: dict[int, list[Change]] = {}
    for row in rows:
        found.setdefault(row["measure_id"], []).append(_change(row["made"], json.loads(row["what"])))
    return found


def _change(made: int, what: Mapping[str, list[str] | dict[str, list[float]]]) -> Change:
    corrected = what["corrected"]
    kept = {at: (pair[0], pair[1]) for at, pair in corrected.items()} if isinstance(corrected, dict) else {}
    return Change(made, tuple(what["fields"]), tuple(what["added"]), tuple(what["removed"]), kept)


async def remove(db: Writing, measure_id: int) -> bool:
    """Forget a measure; False when somebody did so before. Posts keep the copies that they show."""
    return await db.run("DELETE FROM measures WHERE id = :measure_id", measure_id=measure_id) == 1


async def forget_all_of(db: Writing, owner_id: int) -> None:
    """Forget all measures of somebody."""
    await db.run("DELETE FROM measures WHERE owner_id = :owner_id", owner_id=owner_id)
