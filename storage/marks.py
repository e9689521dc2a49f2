"""Marks that a structured post bears: that it was corrected, or does not hold any more, and whether what it tells of is
still in place. They lie with its fields. No SQL."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from typing import Any

NAMES = ("correction", "withdrawn", "in_place")  # in ``posts.fields``
SAID = 300  # characters of what a mark says
AGES = (3, 6, 12)  # months after which an author is asked
STATES = ("still", "changed", "stopped")


@dataclass(frozen=True, slots=True)
class Mark:
    """What was wrong, or why it does not hold; and since when."""

    said: str
    at: int  # to the second, as documents say it
    by_guardian: bool = False


@dataclass(frozen=True, slots=True)
class InPlace:
    """What its author says of a change after some months: one of ``STATES``, and words that may be empty."""

    months: int  # one of ``AGES``
    state: str
    said: str
    at: int


@dataclass(frozen=True, slots=True)
class Marks:
    """The newest correction of a post, its withdrawal, and what became of it, the oldest first."""

    correction: Mark | None = None
    withdrawn: Mark | None = None
    in_place: tuple[InPlace, ...] = ()

    def __bool__(self) -> bool:
        """Whether readers are warned."""
        return self.correction is not None or self.withdrawn is not None

    def new_beside(self, before: Marks) -> bool:
        """Whether readers are to be told of one that was not there."""
        return any(
            one is not None and (had is None or one.said != had.said)
            for one, had in ((self.correction, before.correction), (self.withdrawn, before.withdrawn))
        )


NONE = Marks()


def of(fields: str) -> Marks:
    """Those that lie with kept fields."""
    kept = json.loads(fields) if any(f'"{name}":' in fields for name in NAMES) else {}
    return Marks(_mark(kept.get("correction")), _mark(kept.get("withdrawn")), _places(kept.get("in_place")))


def _places(kept: Any) -> tuple[InPlace, ...]:
    given = kept if isinstance(kept, list) else []
    return tuple(InPlace(one["months"], one["state"], one["said"], one["at"]) for one in given)


def _mark(kept: Any) -> Mark | None:
    if not isinstance(kept, dict) or not isinstance(kept.get("said"), str) or not isinstance(kept.get("at"), int):
        return None
    return Mark(kept["said"], kept["at"], kept.get("by_guardian") is True)


def laid(fields: str, marks: Marks) -> str:
    """Kept fields with these marks, and no others."""
    kept = {name: value for name, value in json.loads(fields or "{}").items() if name not in NAMES}
    for name, mark in (("correction", marks.correction), ("withdrawn", marks.withdrawn)):
        if mark is not None:
            guardian = {"by_guardian": True} if mark.by_guardian else {}
            kept[name] = {"said": mark.said, "at": mark.at, **guardian}
    if marks.in_place:
        kept["in_place"] = [asdict(one) for one in marks.in_place]
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":")) if kept or fields else ""


def without(fields: dict[str, Any]) -> dict[str, Any]:
    """Fields without their marks."""
    return {name: value for name, value in fields.items() if name not in NAMES}


def corrected(marks: Marks, said: str, at: int) -> Marks:
    """With a new correction: what is correct now holds, unless a guardian withdrew it."""
    kept = marks.withdrawn if marks.withdrawn is not None and marks.withdrawn.by_guardian else None
    return replace(marks, correction=Mark(said, at // 1000 * 1000), withdrawn=kept)


def withdrawn(marks: Marks, said: str, at: int, *, by_guardian: bool) -> Marks:
    """Withdrawn, whether it was corrected or not."""
    return replace(marks, withdrawn=Mark(said, at // 1000 * 1000, by_guardian))


def lasted(marks: Marks, months: int, state: str, said: str, at: int) -> Marks:
    """With what is said of it after so many months; it takes the place of what was said of the same age."""
    others = [one for one in marks.in_place if one.months != months]
    new = InPlace(months, state, said, at // 1000 * 1000)
    return replace(marks, in_place=tuple(sorted([*others, new], key=lambda one: one.months)))
