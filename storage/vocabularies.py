"""The field's words: topics with their synonyms, settings, harm, evidence. Ids never change; labels may."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

_FILE = Path(__file__).parent / "taxonomy.json"


@cache
def _taxonomy() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(_FILE.read_text(encoding="utf-8"))
    return found


@dataclass(frozen=True, slots=True)
class Topic:
    """Something that safety work is about."""

    id: str
    label: dict[str, str]  # by language
    broader: str | None
    synonyms: tuple[str, ...]


@cache
def topics() -> dict[str, Topic]:
    """Every topic, by id."""
    return {
        one["id"]: Topic(one["id"], one["label"], one.get("broader"), tuple(one.get("alt", ())))
        for one in _taxonomy()["topics"]
    }


TOPICS = frozenset(topics())
SETTINGS: frozenset[str] = frozenset(_taxonomy()["settings"])


def topic_label(id: str, language: str = "en") -> str:
    """A topic as people write it; one we do not know (from a peer) by its id."""
    known = topics().get(id)
    if known is None:
        return id.replace("-", " ").capitalize()
    return known.label.get(language) or known.label["en"]
