"""The title of what was taken back, out of the posts that name it as what they build on or answer: in a job.

They say "a post" instead, and its title again when it is shown again. Servers that have them get an Update. A spread
whose author left the title as it was offered, that of what was tried, is called the same way.
"""

from __future__ import annotations

from dataclasses import replace

from federation import sanitize
from federation.documents import activities, pages
from federation.documents import kinds as documents
from federation.documents import lineage as lines
from federation.documents import posts as post_documents
from node import erasure
from node import text as texts
from node.context import Node
from node.sharing import editing, fetched, proving, reaching
from node.sharing import posts as sharing
from node.sharing.growing import ANSWERS, BUILDS_ON
from node.streams import EDITED
from node.surfacing import previews
from node.surfacing.surface import Told, announce
from node.texts import _
from storage import actors, cards, heirs, polls, posts
from storage.actors import Actor
from storage.database import Missing, Reading, Writing
from storage.jobs import Job
from storage.kinds import Kind, load
from storage.posts import Post, Visibility

SOME = 20  # posts in one transaction


async def retitle(node: Node, job: Job) -> None:
    """Write that line anew in every post here that names what has, or had, this id."""
    uri, after = job.payload, 0
    while True:
        told: list[Told] = []
        async with node.database.writing() as db:
            title = await _title(db, uri)
            some = await heirs.of(db, uri, after=after, limit=SOME) if title is not None else []
            for post_id, answers in some:
                told += await _retitle(db, node, post_id, ANSWERS if answers else BUILDS_ON, title or "")
            if some:
                await erasure.promise(db, now=node.clock())
        announce(node, told)
        if len(some) < SOME:
            return
        after = some[-1][0]


async def _title(db: Reading, uri: str) -> str | None:
    """What the post of this id is called to everybody; "": nothing any more. None: that is not known here."""
    try:
        found = await posts.by_uri(db, uri)
    except Missing:
        return None if await posts.buried(db, uri) is None else ""
    return found.title if found.public else ""


async def _retitle(db: Writing, node: Node, post_id: int, words: str, title: str) -> list[Told]:
    await heirs.hold(db, post_id)
    old = await posts.any_by_id(db, post_id)
    for version in await heirs.versions(db, post_id):
        was = replace(old, title=version.title, html=version.html, fields=version.fields)
        now = _called(was, words, title or _("a post"))
        if now != was:
            await heirs.reword_version(db, version.id, now.title, now.html)
    new = _called(old, words, title or _("a post"))
    if new == old:
        return []
    author = await actors.by_id(db, old.author_id)
    poll = await polls.one(db, old.id)
    asked = () if poll is None else poll.titles
    said = [new.title, new.summary, sanitize.plain(sanitize.unquoted(new.html)), *asked]
    new = replace(
        new,
        text=texts.plain(said),
        edited=node.clock() if author.here and old.visibility is not Visibility.HIDDEN else old.edited,
    )
    await heirs.reword(db, new)
    await _recard(db, node, new, words, gone=not title)
    if author.here:
        await _tell(db, node, author, replace(new, changed=old.changed + 1))
    return [Told(EDITED, old.id)]


async def _tell(db: Writing, node: Node, author: Actor, post: Post) -> None:
    """Promise it to every server that may have it: to more than would get other news of it."""
    if not post.public:
        await editing.tell_again(db, node, author, post)
        return
    await fetched.write(db, node)
    around = await sharing.around(db, post)
    said = activities.update(post, author, post_documents.write(post, author, around, node.site), now=node.clock())
    await proving.update(db, node, author, post, said, await reaching.ever(db, author, post))


def _called(post: Post, words: str, title: str) -> Post:
    """The post with this title in the line that names another, and as its own where it was called the same."""
    named = lines.named(words, post.html)
    if named is None or named.title == title:
        return post
    html = post.html
    given = load(post.kind, post.fields) if post.kind is Kind.SPREAD and post.title == named.title else None
    if given is not None:
        html = html.replace(
            documents.content(post.kind, post.title, given), documents.content(post.kind, title, given), 1
        )
    return replace(post, title=post.title if given is None else title, html=lines.renamed(words, html, title))


async def _recard(db: Writing, node: Node, post: Post, words: str, *, gone: bool) -> None:
    """A card shows the title of the page that it is of."""
    named = lines.named(words, post.html)
    if named is None or pages.first_link(post.html) != named.address:
        return
    if gone:
        await cards.unlink(db, post.id)
    else:
        await previews.notice(db, node, post)
