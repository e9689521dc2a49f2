"""An event: something that people come to, or join from where they are."""

from __future__ import annotations

from dataclasses import dataclass

from storage.shapes.common import Shape, by
from storage.shapes.rules import Address, Line, Number, Text, WrongField
from storage.shapes.times import Wall, Zone, instant, is_skipped

MODES = ("online", "in-person", "both")
RECORDING = ("none", "slides", "all")
CANCELLED = "cancelled"
CAPACITY = 10_000  # people
LASTS = 31 * 24 * 60 * 60 * 1000  # ms at most
HOME = "Europe/London"  # the zone of who names none


@dataclass(frozen=True, slots=True, kw_only=True)
class Event(Shape):
    """Something that people come to."""

    start: str = by(Wall())
    end: str = by(Wall())
    zone: str = by(Zone(), HOME)
    mode: str = by(Text(MODES), "online")
    place: str = by(Line())
    capacity: int | None = by(Number(1, CAPACITY), None)
    cost: str = by(Line(100))
    recording: str = by(Text(RECORDING))
    status: str = by(Text((CANCELLED,)))
    link: str = by(Address(), private=True)  # for those who come, and nobody else

    @property
    def starts(self) -> int:
        """When it begins, in ms since 1970 UTC."""
        return instant(self.start, self.zone)

    @property
    def ends(self) -> int:
        """When it is over."""
        return instant(self.end, self.zone) if self.end else self.starts

    def check(self) -> None:
        for name, said in (("start", self.start), ("end", self.end)):
            if not said:
                raise WrongField(name, "Say when it begins." if name == "start" else "Say when it ends.")
            if is_skipped(said, self.zone):
                raise WrongField(name, "Clocks go forward over this time: there is no such time on that day.")
        if self.ends <= self.starts:
            raise WrongField("end", "It ends after it begins.")
        if self.ends - self.starts > LASTS:
            raise WrongField("end", "An event lasts at most a month. Share one for each part.")
        if self.mode != "online" and not self.place:
            raise WrongField("place", "Say where it is.")
