"""Measures: a person or a team keeps numbers, says what happened, and where limits are drawn anew and why."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from node import erasure, guarding
from node.confidentiality.guard import Named
from node.context import Node
from node.errors import Invalid, NotAllowed
from node.guarding import Sort
from node.texts import _
from storage import actors, audit, measures, teams
from storage.actors import Actor
from storage.database import Missing, Reading, Writing
from storage.measures import Measure
from storage.series import Annotation, Point, Rebase, Series, WrongSeries, checked

Work = Callable[[Series], Series]


def parts(series: Series) -> list[Named]:
    """Every text of a measure, for the privacy guard."""
    found = [
        Named(name, getattr(series, name)) for name in ("name", "definition", "numerator", "denominator", "unit")
    ]  # fmt: skip
    found += [Named("annotations", "\n".join(one.words for one in series.annotations))]
    found += [Named("rebases", "\n".join(f"{one.change}\n{one.why}" for one in series.rebases))]
    return [one for one in found if one.text.strip()]


def usable(series: Series) -> Series:
    """The measure in its bounds. Raises Invalid."""
    try:
        return checked(series)
    except WrongSeries as wrong:
        raise Invalid(str(wrong), field=wrong.field) from wrong


async def owner(db: Reading, me: Actor, owner_id: int) -> Actor:
    """In whose name somebody keeps a measure: their own (0 too), or a team's that they are in. Raises Invalid."""
    if owner_id in (0, me.id):
        return me
    if not await _writes_for(db, me.id, owner_id):
        raise Invalid(_("You are in no such team."), field="as")
    return await actors.by_id(db, owner_id)


async def _writes_for(db: Reading, me_id: int, owner_id: int) -> bool:
    """Whether somebody may write in a team's name: being in a group that everybody may join is not enough."""
    return owner_id in {one.actor.id for one in await teams.of(db, me_id)}


async def may_change(db: Reading, me_id: int, owner_id: int) -> bool:
    """Whether somebody may change a measure of this owner: it is theirs, or their team's."""
    return me_id == owner_id or (me_id > 0 and await _writes_for(db, me_id, owner_id))


async def create(db: Writing, node: Node, me: Actor, owner_id: int, series: Series, *, opened: bool) -> Measure:
    """Keep a new measure. Raises Invalid, Stopped, Warned."""
    whose = await owner(db, me, owner_id)
    series = usable(series)
    await _look(db, node, me, series, None, opened=opened)
    try:
        made = await measures.add(db, whose.id, series, opened=opened, now=node.clock())
    except Missing as full:
        raise Invalid(_("You can have at most %s measures. Delete one first.") % measures.MOST) from full
    await _note(db, node, me, made, "measure.create-as")
    return made


async def change(
    db: Writing, node: Node, me: Actor, measure_id: int, work: Work, *, opened: bool | None = None
) -> Measure:
    """Change a measure by ``work``; who changes it at the same time waits. Raises Missing, NotAllowed, Invalid,
    Stopped, Warned."""
    await measures.by_id(db, measure_id, reader_id=me.id)
    old = await measures.held(db, measure_id)
    if not await may_change(db, me.id, old.owner_id):
        raise NotAllowed(_("Only who keeps this measure can change it."))
    wanted = old.opened is not None if opened is None else opened
    series = usable(work(old.series))
    await _look(db, node, me, series, old, opened=wanted)
    await _note(db, node, me, old, "measure.change-as")
    return await measures.put(db, old, series, opened=wanted, now=node.clock())


async def _look(db: Reading, node: Node, me: Actor, series: Series, old: Measure | None, *, opened: bool) -> None:
    """Raises Invalid, Stopped, Warned. What was kept for oneself is read anew when everybody is to see it."""
    before = parts(old.series) if old is not None and (old.opened is not None or not opened) else []
    await guarding.look_at_change(db, node, me.id, parts(series), before, sort=Sort.MEASURE)
    if opened and (old is None or old.opened is None) and await guarding.is_new(db, node, me.id):
        words = _(
            "A guardian reads the first posts of a new member. Until then this measure is for you alone; share it in"
            " a post, which can wait for them."
        )
        raise Invalid(words, field="open")


async def remove(db: Writing, node: Node, me: Actor, measure_id: int) -> None:
    """Forget a measure for good. Posts keep the copies that they show. Raises Missing, NotAllowed."""
    old = await measures.by_id(db, measure_id, reader_id=me.id)
    if not await may_change(db, me.id, old.owner_id):
        raise NotAllowed(_("Only who keeps this measure can delete it."))
    await measures.remove(db, old.id)
    await _note(db, node, me, old, "measure.delete-as")
    await erasure.promise(db, now=node.clock())


async def _note(db: Writing, node: Node, me: Actor, kept: Measure, deed: str) -> None:
    if kept.owner_id != me.id:
        await audit.note(db, deed, f"{node.site.base_url}/measures/{kept.id}", actor_id=me.id, now=node.clock())


def with_points(new: Sequence[Point]) -> Work:
    """Points beside those that are there; where there is one of that date, it is corrected."""

    def work(series: Series) -> Series:
        kept = {one.at: one for one in series.points} | {one.at: one for one in new}
        return replace(series, points=tuple(kept.values()))

    return work


def annotated(at: str, words: str) -> Work:
    """Say what happened at a point; no words: take back what was said."""

    def work(series: Series) -> Series:
        kept = [one for one in series.annotations if one.at != at]
        if not words and len(kept) == len(series.annotations):
            raise Missing(at)
        return replace(series, annotations=(*kept, *((Annotation(at, words),) if words else ())))

    return work


def rebased(at: str, change: str, why: str, *, now: int) -> Work:
    """Draw limits anew from a point on."""

    def work(series: Series) -> Series:
        if series.points and at == series.points[0].at:
            raise Invalid(_("Limits begin at the first point anyway. Name a later one."), field="at")
        kept = [one for one in series.rebases if one.at != at]
        return replace(series, rebases=(*kept, Rebase(at, change, why, now // 1000 * 1000)))  # as documents say it

    return work


def joined(at: str) -> Work:
    """Draw limits anew no longer from this point on. Raises Missing."""

    def work(series: Series) -> Series:
        kept = tuple(one for one in series.rebases if one.at != at)
        if len(kept) == len(series.rebases):
            raise Missing(at)
        return replace(series, rebases=kept)

    return work
