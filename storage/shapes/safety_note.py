"""A safety note: something that happens, and what helps; or the four parts of SBAR."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from storage.shapes.common import HARM, Shape, by
from storage.shapes.rules import Parts, Text, Words, WrongField, YesNo

EVENT_KINDS = ("incident", "risk", "good-care", "outcome")  # LFPSE
CONTRIBUTING = ("person", "task", "tools", "environment", "organisation", "external")
SBAR = ("situation", "background", "assessment", "recommendation")


@dataclass(frozen=True, slots=True, kw_only=True)
class SafetyNote(Shape):
    """Something that happens, and what helps."""

    situation: str = by(Text())  # what happens
    recommendation: str = by(Text())  # what helps
    sbar: Mapping[str, str] | None = by(Parts(SBAR), None)
    harm: str = by(Text(HARM))
    event_kind: str = by(Text(EVENT_KINDS))
    contributing: tuple[str, ...] = by(Words(frozenset(CONTRIBUTING), open=False), ())
    composite: bool | None = by(YesNo(), None)  # drawn from several events

    def check(self) -> None:
        if self.sbar is None and not self.situation:
            raise WrongField("situation", "Say what happens.")
        if self.sbar is None and not self.recommendation:
            raise WrongField("recommendation", "Say what helps.")
