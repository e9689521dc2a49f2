"""Topics: what their pages say, and the editors who say it. Whoever reads what is held here may edit them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import orjson

from node import guarding
from node import text as texts
from node.confidentiality.guard import Named
from node.context import Node
from node.errors import Invalid, NotAllowed
from node.slips import WORDS
from node.texts import _
from storage import actors, audit, tag_follows, tags, topics, vocabularies
from storage.actors import Actor
from storage.database import Missing, Reading, Writing
from storage.members import Member, Role
from storage.topics import LENGTH, STARTS, Summary
from storage.vocabularies import Topic

SUMMARISED, STARTED, UNSTARTED = "topic.summary", "topic.start", "topic.unstart"  # in the audit
FRESH = 5 * 60 * 1000  # ms for which counts are good enough


def by_id(topic_id: str) -> Topic:
    """A topic. Raises Missing."""
    found = vocabularies.topics().get(topic_id)
    if found is None:
        raise Missing(topic_id)
    return found


def grouped() -> list[tuple[Topic, list[Topic]]]:
    """The broadest topics in the order of their names, each with those that are part of it."""
    top = [one for one in vocabularies.topics().values() if one.broader not in vocabularies.topics()]
    return [(one, vocabularies.narrower(one.id)) for one in sorted(top, key=lambda one: one.label["en"])]


async def counts(db: Reading, node: Node) -> Mapping[str, int]:
    """How many posts are about each topic, as it was some minutes ago; ``facets.COUNTED``: so many or more."""
    key = ("topics", node.clock() // FRESH)
    kept = node.shelf.get(*key)
    if kept is None:
        kept = orjson.dumps(await topics.topic_counts(db, sorted(vocabularies.TOPICS)))
        node.shelf.put(key, kept)
    found: dict[str, int] = orjson.loads(kept)
    return found


def may_edit(member: Member) -> bool:
    """Whether a member is one of the node's editors: a guardian, a moderator or an admin."""
    return member.role is not Role.MEMBER


def check_editor(member: Member) -> None:
    """Raises NotAllowed for who is no editor."""
    if not may_edit(member):
        raise NotAllowed(_("Guardians, moderators and admins edit the pages of topics."))


async def follows(db: Reading, member_id: int, topic: Topic) -> bool:
    """Whether a member follows a topic, which is to follow its hashtag."""
    try:
        tag_id = await tags.by_name(db, topic.hashtag)
    except Missing:
        return False
    return bool(await tag_follows.of(db, member_id=member_id, tag_ids=[tag_id]))


@dataclass(frozen=True, slots=True)
class Edited:
    """What editors say of a topic, and who said it last."""

    summary: Summary | None
    editor: Actor | None
    starts: Sequence[int]  # ids of posts


async def edited(db: Reading, topic: Topic, *, reader_id: int) -> Edited:
    """What stands on the page of a topic beside what is shared about it."""
    said = await topics.summary(db, topic.id)
    editor = None
    if said is not None and said.editor_id is not None:
        editor = (await actors.by_ids(db, {said.editor_id})).get(said.editor_id)
    if editor is not None and (editor.gone is not None or editor.suspended is not None):
        editor = None
    return Edited(said, editor, await topics.starts(db, topic.id, reader_id=reader_id))


async def summarise(db: Writing, node: Node, me: Actor, member: Member, topic: Topic, written: str) -> None:
    """Have this be what editors say of a topic; "": nothing. Raises Invalid (``guarding.Stopped`` too), NotAllowed."""
    check_editor(member)
    text = texts.clean(written)
    if len(text) > LENGTH:
        raise Invalid(_("At most %s characters.") % LENGTH, field="summary")
    before = await topics.summary(db, topic.id)
    if text == ("" if before is None else before.text):
        return
    known = [] if before is None else [Named(WORDS, before.text)]
    await guarding.look_at_change(db, node, me.id, [Named(WORDS, text)] if text else [], known, sort=guarding.Sort.PAGE)
    await topics.say(db, topic.id, text, editor_id=me.id, now=node.clock())
    await _note(db, node, SUMMARISED, me, topic)


async def start_with(db: Writing, node: Node, me: Actor, member: Member, topic: Topic, post_id: int) -> None:
    """Put a public post among those to start with. Raises Invalid, NotAllowed."""
    check_editor(member)
    if not await topics.start_with(db, topic.id, post_id, editor_id=me.id, now=node.clock()):
        words = _("Give the address of a public post on this node that is not in the list yet. At most %s are in it.")
        raise Invalid(words % STARTS, field="post")
    await _note(db, node, STARTED, me, topic)


async def start_without(db: Writing, node: Node, me: Actor, member: Member, topic: Topic, post_id: int) -> None:
    """Take it from there. Raises Missing, NotAllowed."""
    check_editor(member)
    if not await topics.start_without(db, topic.id, post_id):
        raise Missing(str(post_id))
    await _note(db, node, UNSTARTED, me, topic)


async def _note(db: Writing, node: Node, action: str, me: Actor, topic: Topic) -> None:
    await audit.note(db, action, f"{node.site.base_url}/topics/{topic.id}", actor_id=me.id, now=node.clock())


def today(now: int) -> str:
    """YYYY-MM-DD, in UTC."""
    return datetime.fromtimestamp(now / 1000, UTC).date().isoformat()
