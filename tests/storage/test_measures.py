"""Measures: who sees which, what is kept of changes, and that none is lost when two change at once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from federation.keeping import erase_actor
from node.learning.measures import with_points
from storage import blocks, measures, teams
from storage.actors import Actor
from storage.database import Database, Missing, Writing
from storage.measures import Measure
from storage.paging import Page
from storage.series import Annotation, Point, Series, checked
from storage.teams import Place
from tests.storage import making
from tests.storage.making import NOW
from tests.storage.test_invariants import AT_ONCE, at_once

FALLS = checked(Series("Falls", points=(Point("2026-01", 3.0), Point("2026-02", 4.5), Point("2026-03", 2.0))))


async def keep(db: Writing, owner: Actor, *, opened: bool = True) -> Measure:
    return await measures.add(db, owner.id, FALLS, opened=opened, now=NOW)


async def seen(database: Database, kept: Measure, *, reader_id: int) -> bool:
    async with database.reading() as db:
        many = await measures.by_ids(db, [kept.id], reader_id=reader_id)
        listed = await measures.of(db, kept.owner_id, Page(), reader_id=reader_id)
        try:
            one: Measure | None = await measures.by_id(db, kept.id, reader_id=reader_id)
        except Missing:
            one = None
    assert [list(many.values()), listed] == [[one], [one]] if one else [list(many.values()), listed] == [[], []]
    return one is not None


async def test_what_is_not_open_only_its_owner_and_their_team_see(database: Database) -> None:
    async with database.writing() as db:
        me, other, team, inside = [await making.member(db) for _ in range(4)]
        await teams.put(db, team.id, inside.id, Place.MEMBER, now=NOW)
        closed, of_team = await keep(db, me, opened=False), await keep(db, team, opened=False)
        opened = await keep(db, inside)

    assert [await seen(database, of_team, reader_id=one.id) for one in (team, inside, other)] == [True, True, False]
    assert [await seen(database, closed, reader_id=one) for one in (me.id, other.id, 0)] == [True, False, False]
    assert [await seen(database, opened, reader_id=one) for one in (0, other.id)] == [True, True]


async def test_who_is_blocked_sees_nothing(database: Database) -> None:
    async with database.writing() as db:
        me, other = await making.member(db), await making.member(db)
        kept = await keep(db, me)
        await blocks.add(db, actor_id=me.id, target_id=other.id)

    assert not await seen(database, kept, reader_id=other.id)


async def test_of_twenty_at_once_that_add_a_point_none_is_lost(database: Database) -> None:
    async with database.writing() as db:
        kept = await keep(db, await making.member(db))

    async def add(db: Writing, number: int) -> None:
        old = await measures.held(db, kept.id)
        new = checked(with_points([Point(f"2027-{number % 12 + 1:02}", float(number))])(old.series))
        await measures.put(db, old, replace(new, name=f"Falls {number}"), opened=True, now=NOW)

    await at_once(database, add)

    async with database.reading() as seen:
        found = await measures.by_id(seen, kept.id, reader_id=0)
        assert len(found.series.points) == 3 + 12
        assert len(await measures.changes(seen, kept.id)) == AT_ONCE


async def test_of_twenty_at_once_there_are_as_many_as_an_owner_may_have(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measures, "MOST", 7)
    async with database.writing() as db:
        me = await making.member(db)

    async def add(db: Writing, number: int) -> bool:
        try:
            await keep(db, me)
        except Missing:
            return False
        return True

    assert (await at_once(database, add)).count(True) == 7


async def test_changes_are_kept_with_their_dates_and_removed_numbers_are_gone(database: Database) -> None:
    async with database.writing() as db:
        kept = await keep(db, await making.member(db))
    points = (Point("2026-01", 3.0), Point("2026-02", 5.0), Point("2026-04", 1.0))
    new = checked(replace(FALLS, points=points, unit="falls", annotations=(Annotation("2026-04", "Rails"),)))

    async with database.writing() as db:
        await measures.put(db, await measures.held(db, kept.id), new, opened=False, now=NOW + 5)
        await measures.put(db, await measures.held(db, kept.id), new, opened=False, now=NOW + 9)

    async with database.reading() as db:
        [change] = await measures.changes(db, kept.id)
        rows = await db.rows("SELECT what FROM measure_changes")
    assert (change.made, change.added, change.removed) == (NOW + 5, ("2026-04",), ("2026-03",))
    assert (change.corrected, change.fields) == ({"2026-02": (4.5, 5.0)}, ("unit", "annotations"))
    assert "2.0" not in rows[0]["what"]


async def test_only_so_many_changes_are_kept(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measures, "CHANGES", 3)
    async with database.writing() as db:
        kept = await keep(db, await making.member(db))
        for number in range(6):
            old = await measures.held(db, kept.id)
            await measures.put(db, old, replace(FALLS, name=f"Falls {number}"), opened=True, now=NOW + number)

    async with database.reading() as db:
        assert [one.made - NOW for one in await measures.changes(db, kept.id, limit=9)] == [5, 4, 3]


async def test_who_is_erased_leaves_no_measure(database: Database) -> None:
    async with database.writing() as db:
        me = await making.member(db)
        kept = await keep(db, me)
        await measures.put(db, await measures.held(db, kept.id), replace(FALLS, unit="x"), opened=True, now=NOW)

        await erase_actor(db, me.id, now=NOW)

        left = await db.row("SELECT (SELECT COUNT(*) FROM measures) + (SELECT COUNT(*) FROM measure_changes) AS n")
        assert left is not None and left["n"] == 0
