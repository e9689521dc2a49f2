"""The closing summary of a consultation: you said, we did."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from storage.shapes.common import Shape, by
from storage.shapes.rules import Line, Number, Text, WrongField

THEMES = 8
NAME = 120  # characters
SENTENCE = 500
PEOPLE = 10_000_000
_NAME, _COUNT, _SENTENCE = Line(NAME), Number(0, PEOPLE), Line(SENTENCE)


class Themes:
    """What people said, in groups: each a name, how many said it, and a sentence."""

    def strict(self, name: str, value: Any) -> tuple[Mapping[str, Any], ...]:
        found = value if isinstance(value, list | tuple) else [value]
        if len(found) > THEMES:
            raise WrongField(name, f"At most {THEMES} themes.")
        return tuple(one for one in (_theme(name, one) for one in found) if one)

    def lenient(self, name: str, value: Any) -> tuple[Mapping[str, Any], ...]:
        return self.strict(name, value[:THEMES] if isinstance(value, list) else value)


def _theme(name: str, value: Any) -> Mapping[str, Any]:
    if not isinstance(value, Mapping) or any(one not in ("name", "count", "sentence") for one in value):
        raise WrongField(name, "A theme has a name, a count and a sentence.")
    called = _NAME.strict(name, value.get("name", ""))
    count, sentence = _COUNT.strict(name, value.get("count", "")), _SENTENCE.strict(name, value.get("sentence", ""))
    if not called and (count is not None or sentence):
        raise WrongField(name, "Give each theme a name.")
    parts = {"name": called, "count": count, "sentence": sentence}
    return {key: said for key, said in parts.items() if said not in ("", None)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary(Shape):
    """What people said, and what is done about it. It answers the consultation."""

    themes: Sequence[Mapping[str, Any]] = by(Themes(), ())
    did: str = by(Text())
    here: int | None = by(Number(0, PEOPLE), None)  # people of the node who voted; kept as it was then
    elsewhere: int | None = by(Number(0, PEOPLE), None)  # people of other servers

    def check(self) -> None:
        if not self.themes:
            raise WrongField("themes", "Group what people said under one theme at least.")
        if not self.did:
            raise WrongField("did", "Say what you did, or will do.")
