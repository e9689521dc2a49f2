"""How a field of a structured kind is read: strictly from our members, leniently from other servers. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Protocol
from urllib.parse import urlsplit

LONGEST = 5_000  # characters of one field
LINE = 300  # characters of a text on one line
ADDRESS = 2_000  # characters of a web address
MANY = 12  # entries of a list
WORD = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?")  # an id of a vocabulary
LICENCE = re.compile(r"https://[!-~]{1,200}|[A-Za-z0-9. +-]{1,40}")
NOTHING: tuple[Any, ...] = ("", (), None)  # values of a field that say nothing
_WHOLE = re.compile(r"[+-]?[0-9]+")
_ADDRESS = re.compile(r"https?://[^\s<>\"\\^`{|}]+", re.IGNORECASE)
_TIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?(?:Z|[+-][0-9]{2}:[0-9]{2})?"
)
_CLOCK = re.compile(r"(?:([0-9]{1,3}):(?=[0-9]+:))?([0-9]{1,4}):([0-9]{2})")
_PERIOD = re.compile(r"PT(?=[0-9])(?:([0-9]{1,4})H)?(?:([0-9]{1,5})M)?(?:([0-9]{1,6})(?:\.[0-9]{1,9})?S)?")


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
    """A short text that has a form: a licence."""

    form: re.Pattern[str]
    hint: str

    def strict(self, name: str, value: Any) -> str:
        said = Text().strict(name, value)
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


class Day:
    """A date: ``2027-11-20``. Of a moment it is the start."""

    def strict(self, name: str, value: Any) -> str:
        said = Text().strict(name, value)[:10]
        try:
            return date.fromisoformat(said).isoformat() if said else ""
        except ValueError as error:
            raise WrongField(name, "Write the date as 2027-11-20.") from error

    lenient = strict


class Moment:
    """A point in time, kept in UTC: ``2027-11-20T09:00:00Z``. Without a zone it is UTC."""

    def strict(self, name: str, value: Any) -> str:
        said = Text().strict(name, value)
        if not said:
            return ""
        try:
            when = datetime.fromisoformat(said) if _TIME.fullmatch(said) else None
            when = None if when is None else (when if when.tzinfo else when.replace(tzinfo=UTC)).astimezone(UTC)
        except (ValueError, OverflowError):
            when = None
        if when is None:
            raise WrongField(name, "Write the day and time as 2027-11-20T09:00.")
        return when.isoformat(timespec="seconds").replace("+00:00", "Z")

    lenient = strict


class Lasting:
    """How long something takes, kept as ISO 8601 says it: ``PT1M35S``; people write ``1:35``."""

    def strict(self, name: str, value: Any) -> str:
        said = Text().strict(name, value)
        if not said:
            return ""
        found = _CLOCK.fullmatch(said) or _PERIOD.fullmatch(said.upper())
        numbers = [int(one or 0) for one in found.groups()] if found else []
        if found is None or not any(numbers):
            raise WrongField(name, "Write how long it is as 2:30, in minutes and seconds.")
        minutes, seconds = divmod(numbers[0] * 3600 + numbers[1] * 60 + numbers[2], 60)
        hours, minutes = divmod(minutes, 60)
        shown = ((hours, "H"), (minutes, "M"), (seconds, "S"))
        return "PT" + "".join(f"{number}{unit}" for number, unit in shown if number)

    lenient = strict


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


DAY = Day()
LICENSED = Shaped(LICENCE, "Name a licence, or give its https address.")
