"""A resource: something found elsewhere, or made here, that is worth using."""

from __future__ import annotations

from dataclasses import dataclass

from storage.shapes.common import Shape, by
from storage.shapes.rules import Address, Line, Number, Text, Words, WrongField

SORTS = (
    "tool", "toolkit", "template", "checklist", "guide", "guideline", "article", "reading-list", "report", "book",
    "course", "video", "website", "leaflet", "dataset", "other",
)  # fmt: skip
AUDIENCES = ("frontline", "leaders", "practitioners", "patients", "carers", "researchers", "students")


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource(Shape):
    """Something that is worth using."""

    description: str = by(Text())
    resource_kind: str = by(Text(SORTS))
    audience: tuple[str, ...] = by(Words(frozenset(AUDIENCES)), ())
    minutes: int | None = by(Number(1, 10_000), None)  # to read, watch or do it
    source: str = by(Address())
    via: str = by(Line())  # from whom it was heard

    def check(self) -> None:
        if not self.description and not self.source:
            raise WrongField("description", "Say what it is, or where it is found.")

    def naming(self) -> str:
        return f"Via {self.via}" if self.via else ""
