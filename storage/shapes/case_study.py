"""A case study: what a team set out to do, what they changed, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from storage.shapes.common import Shape, by
from storage.shapes.measured import Measured
from storage.shapes.nested import Lines, Rows, Tree
from storage.shapes.rules import Line, Text, WrongField

ACTS = ("adopt", "adapt", "abandon")
CYCLE: Mapping[str, Any] = {
    "plan": Text(most=1_000), "do": Text(most=1_000), "study": Text(most=1_000), "act": Text(ACTS),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseStudy(Shape):
    """What a team set out to do, what they changed, and what came of it."""

    teaser: str = by(Line())
    aim: str = by(Text())  # how much, by when, for whom
    baseline: str = by(Text())
    drivers: Mapping[str, Any] | None = by(Tree(), None)
    changes: tuple[str, ...] = by(Lines(), ())
    pdsa: tuple[Mapping[str, Any], ...] = by(Rows(CYCLE, numbered="cycle"), ())
    measures: tuple[Mapping[str, Any], ...] = by(Measured(), ())  # copies, as they were then
    did_not_work: str = by(Text())
    advice: str = by(Text())
    cost: str = by(Text())
    equity: str = by(Text())  # for whom it was better or worse
    would_not_travel: str = by(Line())  # what holds in this place alone

    def check(self) -> None:
        if not self.aim:
            raise WrongField("aim", "Say what you set out to do.")
        if not self.did_not_work:
            raise WrongField("did_not_work", "Say what did not work, or that all of it did.")
