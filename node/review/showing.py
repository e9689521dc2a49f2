"""Guardians decide on a post that is out and hidden: it is shown again, or stays hidden. The first decision counts."""

from __future__ import annotations

from dataclasses import dataclass

from federation.documents import activities
from federation.documents import posts as documents
from federation.happenings import Posted
from federation.outbox.promise import promise
from node import erasure
from node.context import Node
from node.errors import Invalid, NotAllowed
from node.review import deciding, notes, stopping
from node.sharing import posts as sharing
from node.sharing import reaching
from node.streams import GONE, NOTIFIED, POSTED
from node.surfacing import falling, withholding
from node.surfacing.surface import Told, surface
from node.texts import _
from storage import actors, audit, cases, concerns, hidden, home, jobs, mentions, notifications, posts, quotes
from storage.actors import Actor
from storage.cases import Case, Outcome
from storage.database import Missing, Reading, Writing
from storage.hidden import Hidden
from storage.jobs import Job
from storage.posts import Post
from storage.quotes import State

QUARANTINE = 30 * 24 * 60 * 60 * 1000  # ms
SWEPT = 50  # posts in an hour


@dataclass(frozen=True, slots=True)
class _Decided:
    case: Case
    post: Post
    author: Actor


async def show(
    db: Writing, node: Node, me: Actor, case_id: int, *, version: int | None = None
) -> tuple[Case, list[Told]]:
    """Nobody is recognisable: show it to those who could see it, or would have. ``version``: of the post that was
    read, as ``cases.Case``; None: whatever it says now. Raises Invalid, Missing, NotAllowed."""
    decided = await _decide(db, node, me, case_id, Outcome.SHOWN, version)
    was = await hidden.show(db, decided.post.id)
    told = [] if was is None else await _come_back(db, node, decided, was)
    if decided.author.here:
        words = _("A guardian read a post of yours that was hidden, and shows it again: {link}")
        told += await notes.write(db, node, [decided.author], words.format(link=decided.post.uri))
    return decided.case, told


async def keep(
    db: Writing, node: Node, me: Actor, case_id: int, *, version: int | None = None
) -> tuple[Case, list[Told]]:
    """Somebody may be recognisable: it stays hidden here, and its server is told. Raises as ``show``."""
    decided = await _decide(db, node, me, case_id, Outcome.KEPT, version)
    told: list[Told] = []
    if await hidden.hide(db, decided.post.id, unseen=False, now=node.clock()):
        told.append(Told(GONE, decided.post.id))
        await falling.hidden(db, decided.post.id, now=node.clock())
    if decided.author.here:
        told += await stopping.stop(db, node, decided.post)
        words = _(
            "A guardian read a post of yours that was hidden, and keeps it so: somebody may be recognisable. You can"
            " still read it, and delete it: {link}"
        )
        told += await notes.write(db, node, [decided.author], words.format(link=decided.post.uri))
    elif await withholding.flag(db, node, decided.case, decided.post, decided.author):
        told.append(Told(jobs.WAKE, 0))
    return decided.case, told


async def sweep(node: Node, job: Job) -> None:
    """Erase posts of other servers that guardians kept hidden for a month; their addresses stay refused."""
    now = node.clock()
    async with node.database.writing() as db:
        ids = await hidden.kept(db, before=now - QUARANTINE, limit=SWEPT)
        gone = await posts.by_ids(db, ids)
        for post in gone.values():
            await posts.erase(db, post, now=now)
            await audit.note(db, "post.erase", post.uri, actor_id=None, now=now)
        if gone:
            await erasure.promise(db, now=now)


async def _decide(db: Writing, node: Node, me: Actor, case_id: int, outcome: Outcome, version: int | None) -> _Decided:
    case = await cases.by_id(db, case_id)
    if case.post_id is None:
        raise Missing(str(case_id))
    closed = await cases.close(db, case_id, outcome, me=me.id, reason="", now=node.clock())
    if closed is None:
        raise await deciding.refusal(db, node, me, case_id)
    if closed.post_id is None:  # it was deleted just now
        raise Missing(str(case_id))
    if version is not None and version != closed.version:
        raise Invalid(_("Its author changed it since you opened this page. Read it again."), field="version")
    post = await posts.any_by_id(db, closed.post_id)
    if await audit.wrote(db, me.id, post.uri):  # for a team, or without a name
        raise NotAllowed(_("This is your own post: another guardian decides."))
    await concerns.forget(db, case_id)
    await deciding.note(db, node, me, case_id, "show" if outcome is Outcome.SHOWN else "keep")
    return _Decided(closed, post, await actors.by_id(db, post.author_id))


async def _come_back(db: Writing, node: Node, decided: _Decided, was: Hidden) -> list[Told]:
    """What shows it where it would have been: to those who were never told of it as if it had come now."""
    post, author, now = await posts.any_by_id(db, decided.post.id), decided.author, node.clock()
    if was.unseen is None:
        if was.unsent is not None:
            await _send(db, node, author, post)
        return [Told(POSTED, post.id), Told(jobs.WAKE, 0)]
    told: list[Told] = []
    if now - home.FRESH >= post.published > was.unseen - home.FRESH:  # it is new no longer, and was when it came
        await home.spread(db, post, now=now)
        made = await notifications.tell_watchers(db, post_id=post.id, actor_id=author.id, now=now)
        told = [Told(NOTIFIED, member_id, id) for id, member_id in made]
    return [*told, *await surface(db, node, [await _posted(db, author, post)])]


async def _posted(db: Reading, author: Actor, post: Post) -> Posted:
    named = (await mentions.of(db, [post.id])).get(post.id, [])
    parent = None if post.in_reply_to_id is None else await posts.any_by_id(db, post.in_reply_to_id)
    quote = None if post.quoting is None else await quotes.one(db, post.id)
    shown = quote is not None and quote.state is State.ACCEPTED and quote.quoted_id is not None
    quoted = await posts.any_by_id(db, quote.quoted_id or 0) if quote is not None and shown else None
    return Posted(author, post, named, parent, quoted)


async def _send(db: Writing, node: Node, author: Actor, post: Post) -> None:
    """Promise a post of ours again: not every server had it. Those that have it know it by its id."""
    around = await sharing.around(db, post)
    create = activities.create(post, author, documents.write(post, author, around, node.site))
    inboxes = await reaching.now(db, author, post, around.mentions)
    await promise(db, node.site, create, signer=author, inboxes=inboxes, object_uri=post.uri, post_id=post.id)
