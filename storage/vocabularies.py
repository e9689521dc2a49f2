"""The field's words: topics with their synonyms, settings, harm, evidence. Ids never change; labels may."""

from __future__ import annotations

import json
from collections.abc import Sequence
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
    synonyms: tuple[str, ...]  # other words for it, and words for parts of it
    same: tuple[str, ...] = ()  # words that mean just this: a search for one finds the others

    @property
    def hashtag(self) -> str:
        """The hashtag under which posts about it are known elsewhere, without #."""
        return hashtag(self.id)

    @property
    def terms(self) -> tuple[str, ...]:
        """All words that mean just this, its labels first."""
        return tuple(dict.fromkeys((*self.label.values(), *self.same)))


def hashtag(topic_id: str) -> str:
    """``pressure-ulcers`` as ``PressureUlcers``."""
    return "".join(part.capitalize() for part in topic_id.split("-"))


@cache
def topics() -> dict[str, Topic]:
    """Every topic, by id."""
    return {
        one["id"]: Topic(
            one["id"], one["label"], one.get("broader"), tuple(one.get("alt", ())), tuple(one.get("same", ()))
        )
        for one in _taxonomy()["topics"]
    }


TOPICS = frozenset(topics())
SETTINGS: frozenset[str] = frozenset(_taxonomy()["settings"])
# Words of everyday life: as hashtags of the whole world they are about anything, so they name no topic.
_EVERYDAY = """
    ai alarm announcement apology appreciation audit birth breaks checklist clot cognitive confusion data discharge
    downtime escalation fatigue huddle imaging infant interruptions investigation labour lean leave membership monitor
    observation pe pharmacy pilot poll pump pvc referral residential slips spread stockings survey swarm texture theatre
    transfer trips who
"""
EVERYDAY = frozenset(_EVERYDAY.split())


def topic_label(id: str, language: str = "en") -> str:
    """A topic as people write it; one we do not know (from a peer) by its id."""
    known = topics().get(id)
    if known is None:
        return id.replace("-", " ").capitalize()
    return known.label.get(language) or known.label["en"]


def narrower(topic_id: str) -> list[Topic]:
    """The topics that are part of this one."""
    return [one for one in topics().values() if one.broader == topic_id]


@cache
def _by_tag() -> dict[str, str]:
    found: dict[str, str] = {}
    for topic in topics().values():
        for word in (*topic.label.values(), *topic.synonyms, *topic.same):
            name = "".join(c for c in word.lower() if c.isalnum())
            if name not in EVERYDAY:
                found.setdefault(name, topic.id)
    return found | {hashtag(one).lower(): one for one in topics()}


def topic_of_tag(name: str) -> str:
    """The topic that a hashtag (``storage.tags.name_of``) is about; "": none."""
    return _by_tag().get(name, "")


def topics_of_tags(names: Sequence[str]) -> list[str]:
    """The topics that hashtags are about, each once."""
    return list(dict.fromkeys(topic for one in names if (topic := topic_of_tag(one))))
