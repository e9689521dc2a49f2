"""How a field of a structured kind is read: strictly from our members, leniently from other servers. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import urlsplit

LONGEST = 5_000  # characters of one field
LINE = 300  # characters of a text on one line
ADDRESS = 2_000  # characters of a web address
MANY = 12  # entries of a list
WORD = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?")  # an id of a vocabulary
LICENCE = re.compile(r"https://[!-~]{1,200}|[A-Za-z0-9. +-]{1,40}")
_WHOLE = re.compile(r"[+-]?[0-9]+")
_ADDRESS = re.compile(r"https?://[^\s<>\"\\^`{|}]+", re.IGNORECASE)
DATE = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])")


class WrongField(ValueError):
    """A field of a kind cannot be used; ``field`` is its name, the message is for people."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class Rule(Protocol):
    """What can stand in a field."""

    def strict(self, name: str, value: Any) -> Any:
        """The value as it is kept; "", () or None: nothing was said. Raises WrongField."""
        ...

    def lenient(self, name: str, value: Any) -> Any:
        """What of another server's value can be used. Raises WrongField when that is nothing."""
        ...


def clean(value: str) -> str:
    """A text without control characters, and without what is no character at all."""
    kept = "".join(c for c in value if c in "\n\t" or c >= " ")
    return kept.encode("utf-8", "ignore").decode("utf-8").strip()


@dataclass(frozen=True, slots=True)
class Text:
    """Words; ``choices`` are the only ones when there are any."""

    choices: Sequence[str] = ()
    most: int = LONGEST  # characters

    def strict(self, name: str, value: Any) -> str:
        if not isinstance(value, str):
            raise WrongField(name, "This must be a text.")
        value = clean(value)
        if len(value) > self.most:
            raise WrongField(name, f"At most {self.most} characters.")
        if value and self.choices and value not in self.choices:
            raise WrongField(name, f"Choose one of: {', '.join(self.choices)}.")
        return str(value)

    lenient = strict


@dataclass(frozen=True, slots=True)
class Shaped:
    """A short text that has a form: a date, a licence."""

    form: re.Pattern[str]
    hint: str
    length: int = LONGEST  # characters that count: a date is the start of a moment

    def strict(self, name: str, value: Any) -> str:
        said: str = Text().strict(name, value)[: self.length]
        if said and not self.form.fullmatch(said):
            raise WrongField(name, self.hint)
        return said

    lenient = strict


@dataclass(frozen=True, slots=True)
class Words:
    """Ids of a vocabulary; an ``open`` one may have newer words at another server."""

    allowed: frozenset[str]
    open: bool = True

    def strict(self, name: str, value: Any) -> tuple[str, ...]:
        found = value if isinstance(value, list | tuple) else [value]
        if len(found) > MANY:
            raise WrongField(name, f"At most {MANY}.")
        wrong = [one for one in found if not isinstance(one, str) or one not in self.allowed]
        if wrong:
            raise WrongField(name, f"{str(wrong[0])[:60]!r} is not among: {', '.join(sorted(self.allowed))}.")
        return tuple(dict.fromkeys(found))

    def lenient(self, name: str, value: Any) -> tuple[str, ...]:
        found = value if isinstance(value, list | tuple) else [value]
        fine = (one for one in found[:MANY] if isinstance(one, str) and WORD.fullmatch(one))
        return tuple(dict.fromkeys(one for one in fine if self.open or one in self.allowed))


class YesNo:
    """Yes or no."""

    def strict(self, name: str, value: Any) -> bool:
        if isinstance(value, bool):
            return value
        if value in ("true", "1", "on"):
            return True
        if value in ("false", "0", "off", ""):
            return False
        raise WrongField(name, "This must be yes or no.")

    lenient = strict


@dataclass(frozen=True, slots=True)
class Line:
    """Words on one line."""

    most: int = LINE  # characters

    def strict(self, name: str, value: Any) -> str:
        return " ".join(Text(most=self.most).strict(name, value).split())

    lenient = strict


@dataclass(frozen=True, slots=True)
class Number:
    """A whole number, within bounds."""

    least: int
    most: int

    def strict(self, name: str, value: Any) -> int | None:
        if isinstance(value, str):
            value = value.strip()
            if not value:
                return None
            value = int(value) if len(value) <= 18 and _WHOLE.fullmatch(value) else value
        if isinstance(value, float) and value.is_integer() and abs(value) < 1 << 53:  # JSON of some writes 3 as 3.0
            value = int(value)
        if not isinstance(value, int) or isinstance(value, bool) or not self.least <= value <= self.most:
            raise WrongField(name, f"Write a whole number from {self.least} to {self.most}.")
        return value

    lenient = strict


class Address:
    """A web address."""

    def strict(self, name: str, value: Any) -> str:
        said = Text(most=ADDRESS).strict(name, value)
        if said and not _is_address(said):
            raise WrongField(name, "Give the whole web address, beginning with https://.")
        return said

    lenient = strict


def _is_address(said: str) -> bool:
    if not _ADDRESS.fullmatch(said):
        return False
    try:
        parts = urlsplit(said)
        return bool(parts.hostname) and parts.username is None and parts.password is None and parts.port != 0
    except ValueError:
        return False


@dataclass(frozen=True, slots=True)
class Parts:
    """Texts that each have a name."""

    names: Sequence[str]

    def strict(self, name: str, value: Any) -> Mapping[str, str] | None:
        if not isinstance(value, Mapping) or any(one not in self.names for one in value):
            raise WrongField(name, f"Give these parts: {', '.join(self.names)}.")
        parts = {one: clean(value[one]) for one in self.names if isinstance(value.get(one), str)}
        if any(len(one) > LONGEST for one in parts.values()):
            raise WrongField(name, f"At most {LONGEST} characters a part.")
        return {one: said for one, said in parts.items() if said} or None

    lenient = strict


DAY = Shaped(DATE, "Write the date as 2027-11-20.", 10)
LICENSED = Shaped(LICENCE, "Name a licence, or give its https address.")
