"""The words of a post in a second language. They lie with its fields, of a plain post too. No SQL."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from storage.shapes.translated import NAME, PARTS, RULE


@dataclass(frozen=True, slots=True)
class Translation:
    """What a post says in another language."""

    language: str
    title: str  # "": it has none
    text: str


def of(fields: str) -> Translation | None:
    """What lies with kept fields."""
    kept = json.loads(fields).get(NAME) if f'"{NAME}":' in fields else None
    return None if not isinstance(kept, dict) else Translation(*(kept.get(one, "") for one in PARTS))


def alone(fields: Mapping[str, Any]) -> str:
    """The JSON that is kept of a plain post, which has no other fields; "" for none."""
    said = RULE.lenient(NAME, fields[NAME]) if fields.get(NAME) else None
    return json.dumps({NAME: said}, ensure_ascii=False, separators=(",", ":")) if said else ""


def words(fields: Mapping[str, Any]) -> list[str]:
    """Its title and text, for search."""
    said = fields.get(NAME)
    return [one for name in PARTS[1:] if isinstance(one := said.get(name), str)] if isinstance(said, Mapping) else []
