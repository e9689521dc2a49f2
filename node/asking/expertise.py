"""About what members can be asked: for them to say, shown on their page and told to other servers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from node.connecting import members
from node.context import Node
from node.errors import Invalid
from node.surfacing.surface import Told
from node.texts import _
from storage import experts, vocabularies
from storage.actors import Actor
from storage.database import Writing
from storage.experts import REGIONS, ROLES, Expertise

WORDS = 60  # characters that are looked for
MOST = 12  # topics of one expert, and settings


def checked(topics: Sequence[str], settings: Sequence[str], role: str, region: str) -> Expertise:
    """What a member says, if it can be kept. Raises Invalid."""
    for name, given, known in (("topics", topics, vocabularies.TOPICS), ("settings", settings, vocabularies.SETTINGS)):
        wrong = next((one for one in given if one not in known), None)
        if wrong is not None:
            raise Invalid(_("%s is nothing that can be chosen here.") % wrong[:60], field=name)
        if len(given) > MOST:
            raise Invalid(_("At most %s.") % MOST, field=name)
    if role and role not in ROLES:
        raise Invalid(_("%s is nothing that can be chosen here.") % role[:60], field="role")
    if region and region not in REGIONS:
        raise Invalid(_("%s is nothing that can be chosen here.") % region[:60], field="region")
    return Expertise(tuple(dict.fromkeys(topics)), tuple(dict.fromkeys(settings)), role, region)


async def change(db: Writing, node: Node, me: Actor, said: Expertise) -> list[Told]:
    """Keep about what a member can be asked, and tell those who follow."""
    await experts.put(db, me.id, said)
    return await members.say_who(db, node, me.id)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whom somebody looks for."""

    topic: str
    named: str


def wanted(topic: str, words: str) -> Wanted:
    """Whom a topic and words mean: words are a topic, by any of its names, or part of somebody's name."""
    meant = topic_of(words) if words and not topic else ""
    return Wanted(topic or meant, "" if meant else words.strip()[:WORDS])


def topic_of(words: str) -> str:
    """The topic that somebody means by these words: its id, label or a synonym; "" for none."""
    wanted = " ".join(words.lower().split())
    for one in vocabularies.topics().values():
        called = {one.id, one.id.replace("-", " "), *(label.lower() for label in one.label.values())}
        if wanted in called | {each.lower() for each in one.synonyms}:
            return one.id
    return ""
