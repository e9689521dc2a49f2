"""Let a structured post of ours say something new of itself that its author did not write: how it stands, what answered
it. The words stay, so that the privacy guard has nothing to read."""

from __future__ import annotations

import json
from dataclasses import replace

from federation import sanitize
from federation.documents import kinds as documents
from federation.documents import marks as mark_documents
from federation.happenings import Edited
from node import text as texts
from node.context import Node
from node.sharing import editing
from node.surfacing.surface import Told, surface
from storage import boards, lineage, marks, posts, translations
from storage.actors import Actor
from storage.database import Writing
from storage.kinds import dump, load
from storage.posts import Post, Visibility
from storage.shapes.common import Shape


async def restate(db: Writing, node: Node, author: Actor, post: Post, new: Shape) -> list[Told]:
    """Keep the new fields as a version of the post, and tell every server that got it."""
    old = load(post.kind, post.fields)
    if old is None or old == new or post.visibility is Visibility.HIDDEN:
        return []
    bears, now = marks.of(post.fields), node.clock()
    before = mark_documents.content(bears) + documents.content(post.kind, post.title, old)
    rest = post.html.removeprefix(before) if post.html.startswith(before) else ""
    html = mark_documents.content(bears) + documents.content(post.kind, post.title, new, rest)
    other = translations.words(json.loads(post.fields))
    said = replace(
        post,
        html=html,
        text=texts.plain([post.title, post.summary, sanitize.plain(html), *other]),
        fields=marks.laid(dump(new), bears),
    )
    await posts.revise(db, said, now=now)
    if lineage.named(said) != lineage.named(post):
        await lineage.keep(db, said, new=False)
    said = replace(said, edited=now, changed=post.changed + 1)
    await boards.notice(db, said)
    await editing.tell_again(db, node, author, said)
    return await surface(db, node, [Edited(author, said)])
