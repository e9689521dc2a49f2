"""The texts that the rules are judged by, and how well the guard does on them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from node.confidentiality import guard
from node.confidentiality.findings import Verdict
from node.demo import content

TEXTS = Path(__file__).parent / "texts"
DEMO = Path(content.__file__).parent / "items.jsonl"
NUMBERS = {"nhs_number", "nhs_number_invalid_labelled", "nhs_number_obfuscated", "chi_number", "hcn_number"}


@dataclass(frozen=True, slots=True)
class Text:
    """A text, and what a person says of it."""

    id: str
    text: str
    identifiable: bool
    kind: str
    action: Verdict


@dataclass(frozen=True, slots=True)
class Figures:
    """How often the guard and a person agree."""

    found: int
    missed: tuple[str, ...]
    false: tuple[str, ...]
    false_blocks: tuple[str, ...]

    @property
    def precision(self) -> float:
        return self.found / (self.found + len(self.false))

    @property
    def recall(self) -> float:
        return self.found / (self.found + len(self.missed))


def texts(name: str) -> list[Text]:
    lines = (TEXTS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [
        Text(one["id"], one["text"], one["label"] == "identifiable", one["kind"], Verdict(one["action"]))
        for one in map(json.loads, lines)
    ]


def figures(judged: Iterable[Text]) -> Figures:
    found, missed, false, blocks = 0, [], [], []
    for one in judged:
        verdict = guard.check(one.text).verdict
        if one.identifiable and verdict is not Verdict.ALLOW:
            found += 1
        elif one.identifiable:
            missed.append(one.id)
        elif verdict is not Verdict.ALLOW:
            false.append(one.id)
            blocks += [one.id] if verdict is Verdict.BLOCK else []
    return Figures(found, tuple(missed), tuple(false), tuple(blocks))


def demo() -> list[str]:
    """Every text of the sample content, one for each item."""
    items = map(json.loads, DEMO.read_text(encoding="utf-8").splitlines())
    return ["\n\n".join(_strings(item)) for item in items]


def _strings(item: dict[str, object]) -> Iterable[str]:
    told = (value for key, value in item.items() if key not in ("id", "author", "published"))
    return [value for value in told if isinstance(value, str)]
