"""Fields that hold several texts: lists, records of the same parts, a tree of drivers. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from storage.shapes.rules import LINE, MANY, NOTHING, Line, Rule, WrongField

PARTED = 1_000  # characters of a text in a list
_LISTS = (list, tuple)


@dataclass(frozen=True, slots=True)
class Lines:
    """Several short texts in their order; a text has one a line."""

    most: int = MANY

    def strict(self, name: str, value: Any) -> tuple[str, ...]:
        found = value.splitlines() if isinstance(value, str) else value
        if not isinstance(found, list | tuple):
            raise WrongField(name, "Write one a line.")
        said = tuple(line for one in found if (line := Line(PARTED).strict(name, one)))
        if len(said) > self.most:
            raise WrongField(name, f"At most {self.most} lines.")
        return said

    def lenient(self, name: str, value: Any) -> tuple[str, ...]:
        found = value if isinstance(value, list | tuple) else [value]
        return tuple(line for one in found[: self.most] if (line := _usable(Line(PARTED), name, one)))


@dataclass(frozen=True, slots=True)
class Rows:
    """Several records of the same parts, in their order. ``numbered``: the part that counts them from one."""

    parts: Mapping[str, Rule]
    numbered: str = ""
    most: int = MANY

    def strict(self, name: str, value: Any) -> tuple[Mapping[str, Any], ...]:
        found = _listed(value)
        if not isinstance(found, list | tuple) or not all(isinstance(one, Mapping) for one in found):
            raise WrongField(name, f"Give a list of: {', '.join(self.parts)}.")
        rows = [self._row(name, place, one) for place, one in enumerate(found, 1)]
        rows = [one for one in rows if one]
        if len(rows) > self.most:
            raise WrongField(name, f"At most {self.most}.")
        return self._counted(rows)

    def _row(self, name: str, place: int, given: Mapping[str, Any]) -> dict[str, Any]:
        unknown = sorted(str(one) for one in given if one not in self.parts and one != self.numbered)
        if unknown:
            raise WrongField(f"{name}.{place}", f"Give these parts: {', '.join(self.parts)}.")
        said = {
            part: rule.strict(f"{name}.{place}.{part}", given[part])
            for part, rule in self.parts.items()
            if given.get(part) is not None
        }
        return {part: one for part, one in said.items() if one not in NOTHING}

    def lenient(self, name: str, value: Any) -> tuple[Mapping[str, Any], ...]:
        found = value if isinstance(value, list | tuple) else [value]
        rows = [
            {
                part: said
                for part, rule in self.parts.items()
                if (said := _usable(rule, name, one.get(part))) is not None
            }
            for one in found[: self.most]
            if isinstance(one, Mapping)
        ]
        return self._counted([one for one in rows if one])

    def _counted(self, rows: Sequence[dict[str, Any]]) -> tuple[Mapping[str, Any], ...]:
        if not self.numbered:
            return tuple(rows)
        return tuple({self.numbered: place, **one} for place, one in enumerate(rows, 1))


def _listed(value: Any) -> Any:
    """A list that a form sent with its places as names: ``pdsa[0][plan]``."""
    if isinstance(value, Mapping) and value and all(isinstance(one, str) and one.isdecimal() for one in value):
        return [value[one] for one in sorted(value, key=lambda one: (len(one), one))]
    return value


def _usable(rule: Rule, name: str, value: Any) -> Any:
    """What can be used of another server's value; None: nothing."""
    if value is None:
        return None
    try:
        said = rule.lenient(name, value)
    except WrongField:
        return None
    return None if said in NOTHING else said


@dataclass(frozen=True, slots=True)
class Tree:
    """What drives an aim, in two levels: ``{"aim", "primary": [{"name", "secondary": [...]}]}``.

    A text has one driver a line; what drives that stands below, after a dash.
    """

    main: int = 8
    below: int = MANY
    line: Line = field(default_factory=lambda: Line(LINE))

    def strict(self, name: str, value: Any) -> Mapping[str, Any] | None:
        given = drivers_of(value) if isinstance(value, str) else value
        found = given.get("primary", ()) if isinstance(given, Mapping) else None
        if not isinstance(given, Mapping) or not given.keys() <= {"aim", "primary"} or not isinstance(found, _LISTS):
            raise WrongField(name, "Give an aim, and what drives it.")
        primary = tuple(one for each in found if (one := self._driver(name, each)))
        if len(primary) > self.main:
            raise WrongField(name, f"At most {self.main} main drivers.")
        return self._made(self.line.strict(name, given.get("aim") or ""), primary)

    def _driver(self, name: str, given: Any) -> Mapping[str, Any] | None:
        given = {"name": given} if isinstance(given, str) else given
        if not isinstance(given, Mapping) or not given.keys() <= {"name", "secondary"}:
            raise WrongField(name, "Each driver has a name, and what drives it.")
        below = given.get("secondary") or ()
        if not isinstance(below, _LISTS) or len(below) > self.below:
            raise WrongField(name, f"At most {self.below} drivers below another.")
        said = self.line.strict(name, given.get("name") or "")
        if not said and below:
            raise WrongField(name, "Name the driver that stands above.")
        return _named(said, tuple(one for each in below if (one := self.line.strict(name, each))))

    def lenient(self, name: str, value: Any) -> Mapping[str, Any] | None:
        if not isinstance(value, Mapping):
            return None
        found = value.get("primary")
        primary: list[Mapping[str, Any]] = []
        for one in found[: self.main] if isinstance(found, _LISTS) else ():
            given = one if isinstance(one, Mapping) else {"name": one}
            said, below = _usable(self.line, name, given.get("name")), given.get("secondary")
            under = below[: self.below] if isinstance(below, _LISTS) else ()
            if said:
                primary.append(_named(said, tuple(each for raw in under if (each := _usable(self.line, name, raw)))))
        return self._made(_usable(self.line, name, value.get("aim")) or "", tuple(primary))

    def _made(self, aim: str, primary: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
        made: dict[str, Any] = {"aim": aim} if aim else {}
        return (made | {"primary": primary}) if primary else made or None


def _named(name: str, below: tuple[str, ...]) -> Mapping[str, Any]:
    if not name:
        return {}
    return {"name": name, "secondary": below} if below else {"name": name}


def drivers_of(text: str) -> Mapping[str, Any]:
    """A tree that somebody wrote as lines."""
    primary: list[dict[str, Any]] = []
    for one in text.splitlines():
        said = one.strip()
        under = said.startswith(("-", "–", "*", "•")) or one.startswith((" ", "\t"))
        said = said.lstrip("-–*• ").strip()
        if said and under and primary:
            primary[-1]["secondary"].append(said)
        elif said:
            primary.append({"name": said, "secondary": []})
    return {"primary": primary}


def drivers_text(tree: Mapping[str, Any]) -> str:
    """The lines that ``drivers_of`` reads."""
    lines: list[str] = []
    for one in tree.get("primary", ()):
        lines += [one["name"], *(f"- {each}" for each in one.get("secondary", ()))]
    return "\n".join(lines)
