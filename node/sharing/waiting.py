"""Posts that are not out: what they will look like, taking them back, bringing them out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from federation.documents.posts import Surroundings
from node import erasure
from node import text as texts
from node.context import Node
from node.errors import Invalid, NotAllowed
from node.sharing import posts as sharing
from node.sharing import writers
from node.sharing.drafts import Draft
from node.sharing.questions import NewPoll
from node.surfacing.surface import Told
from storage import actors, audit, cases, pending
from storage.actors import Actor
from storage.database import Busy, Missing, Reading, Writing
from storage.kinds import Kind
from storage.pending import Pending, Reason
from storage.posts import Post, Visibility
from storage.quotes import Policy


def draft_of(waiting: Pending) -> Draft:
    """What was asked for."""
    values: dict[str, Any] = json.loads(waiting.payload)
    asked = values.get("poll")
    values |= {"kind": Kind(values["kind"]), "visibility": Visibility(values["visibility"])}
    values["poll"] = None if asked is None else NewPoll(**asked)
    values["quote_policy"] = Policy(values.get("quote_policy", Policy.NOBODY))
    return Draft(**values)


def said(waiting: Pending) -> str:
    """What it is about, in its author's words."""
    draft = draft_of(waiting)
    return draft.title or draft.summary or draft.text


async def release(
    db: Writing, node: Node, waiting: Pending, mentioned: Mapping[str, Actor]
) -> tuple[Post | Pending | None, list[Told]]:
    """Bring a post out whose time has come; None when another process did or its author took it back.

    Raises Busy when it answers one that is not out yet.
    """
    if await _answers_waiting(db, waiting):
        raise Busy("what it answers is not out yet")
    author = await actors.by_id(db, waiting.name_id)
    if author.moved_to:  # it waits until the move is taken back, or its author takes this back
        return None, []
    claimed = await pending.claim(db, waiting.id, now=node.clock())
    if claimed is None:
        return None, []
    try:
        checked = await sharing.check(db, author, draft_of(claimed), mentioned, waited_id=claimed.id)
    except (Invalid, Missing, NotAllowed):
        await pending.take_back(
            db, claimed.id, author_id=claimed.author_id
        )  # what it answers is gone: so is its reason
        return None, []
    shared = await sharing.bring_out(db, node, author, checked, waited_id=claimed.id)
    await pending.became(db, claimed.id, shared.post.id)
    if claimed.as_id is not None and isinstance(shared.post, Post):
        await writers.note(db, node, shared.post, writer_id=claimed.author_id)
    return shared.post, shared.told


async def _answers_waiting(db: Reading, waiting: Pending) -> bool:
    parent_id = draft_of(waiting).in_reply_to_id
    if parent_id is None:
        return False
    try:
        return (await pending.by_id(db, parent_id, author_id=waiting.author_id)).post_id is None
    except Missing:
        return False


async def preview(db: Reading, node: Node, author: Actor, waiting: Pending) -> tuple[Post, Surroundings]:
    """What a post that waits will look like; handles of other servers are not looked up for it. Raises Invalid."""
    draft = draft_of(waiting)
    mentioned = await sharing.known(db, node, texts.mentions_in(draft.naming))
    try:
        checked = await sharing.check(db, author, draft, mentioned, waiting=True, waited_id=waiting.id)
    except Missing:  # what it answers or quotes went meanwhile
        draft = replace(draft, in_reply_to_id=None, quoted_id=None)
        checked = await sharing.check(db, author, draft, mentioned, waited_id=waiting.id)
    post = sharing.made(node, author, checked, id=waiting.id, now=waiting.created)
    return post, checked.around(waiting.due or waiting.created)


async def undo(db: Writing, node: Node, author: Actor, waiting: Pending) -> None:
    """Take back a post that is not out. Raises Busy when it is coming out just now."""
    if waiting.reason is Reason.HELD:
        await cases.withdraw(db, waiting.id, now=node.clock())
        await audit.note(db, "case.taken-back", f"post {waiting.id}", actor_id=author.id, now=node.clock())
    if await pending.take_back(db, waiting.id, author_id=author.id) is None:
        raise Busy("it is coming out")
    await erasure.promise(db, now=node.clock())
