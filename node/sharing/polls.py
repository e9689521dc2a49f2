"""Vote; and tell how a poll stands and that it is over, in jobs."""

from __future__ import annotations

from collections.abc import Sequence

from federation.documents import activities
from federation.documents import posts as post_documents
from federation.errors import FederationError
from federation.fetching import posts as fetching
from federation.happenings import Ended, Tallied, Voted
from federation.outbox.promise import promise
from node.context import Node
from node.errors import Invalid
from node.sharing import behalf, proving, reaching
from node.sharing import posts as sharing
from node.sharing.reactions import shown_to
from node.surfacing import tallies
from node.surfacing.surface import Told, announce, surface
from node.texts import _
from storage import actors, consultations, jobs, polls, posts
from storage.actors import Actor
from storage.database import Missing, Writing
from storage.jobs import Job
from storage.kinds import Kind
from storage.polls import Poll
from storage.posts import Post, Visibility

STALE = 5 * 60 * 1000  # ms after which the counts of another server's poll are asked for anew


async def vote(db: Writing, node: Node, member: Actor, post_id: int, places: Sequence[int]) -> list[Told]:
    """Choose options of a poll; for good. Raises Missing when the member may not see it, Invalid."""
    post = await shown_to(db, member, post_id)
    poll = await polls.one(db, post.id, reader_id=member.id)
    if poll is None:
        raise Missing(str(post_id))
    now = node.clock()
    _may_choose(member, post, poll, places, now)
    if not await polls.vote(db, post.id, actor_id=member.id, places=places, now=now):
        raise Invalid(_("You have already voted in this poll."), field="choices")
    if post.local is None:
        await _send(db, node, member, post, [poll.options[one].title for one in places])
        await tallies.promise_end(db, post.id, poll.ends, now=now)
    return await surface(db, node, [Voted(post)])


def _may_choose(member: Actor, post: Post, poll: Poll, places: Sequence[int], now: int) -> None:
    """Raises Invalid."""
    if poll.over(now):
        raise Invalid(_("This poll is over."), field="choices")
    if post.author_id == member.id:
        raise Invalid(_("You cannot vote in your own poll."), field="choices")
    if poll.own:
        raise Invalid(_("You have already voted in this poll."), field="choices")
    if not places:
        raise Invalid(_("Choose an option first."), field="choices")
    if len(set(places)) != len(places) or not all(0 <= one < len(poll.options) for one in places):
        raise Invalid(_("There is no such option."), field="choices")
    if len(places) > 1 and poll.multiple is None:
        raise Invalid(_("Only one option can be chosen."), field="choices")


async def _send(db: Writing, node: Node, member: Actor, post: Post, names: Sequence[str]) -> None:
    author = await actors.by_id(db, post.author_id)
    for number, name in enumerate(names):
        uri = f"{member.uri}#votes/{post.id}/{node.clock()}/{number}"
        said = activities.vote(member, post, author, name, uri)
        await promise(db, node.site, said, signer=member, inboxes=[author.inbox])


async def tally(node: Node, job: Job) -> None:
    """Tell how a poll of ours stands: to whoever got it, and who voted elsewhere."""
    async with node.database.writing() as db:
        told = await _tell(db, node, int(job.payload))
    announce(node, told)


async def _tell(db: Writing, node: Node, post_id: int) -> list[Told]:
    try:
        post = await posts.any_by_id(db, post_id)
    except Missing:
        return []
    if post.local is not None and post.visibility is not Visibility.HIDDEN:
        author = await actors.by_id(db, post.author_id)
        around = await sharing.around(db, post)
        document = post_documents.write(post, author, around, node.site)
        inboxes = await reaching.now(db, author, post, around.mentions)
        if post.public:  # of another they may have been a reader when they voted, and be none any more
            inboxes += await polls.voter_inboxes(db, post.id)
        update = activities.update(post, author, document, now=node.clock())
        await proving.update(db, node, author, post, update, inboxes)
    return await surface(db, node, [Tallied(post)])


async def end(node: Node, job: Job) -> None:
    """A poll is over: tell its author and who voted here, and the counts to other servers."""
    post_id, now = int(job.payload), node.clock()
    await refresh(node, post_id, older=0)
    async with node.database.writing() as db:
        poll = await polls.one(db, post_id)
        if poll is None or poll.closed is not None:
            return
        if not await polls.close(db, post_id, now=now):
            await tallies.promise_end(db, post_id, poll.ends, now=now)  # it was given another end
            return
        told = await surface(db, node, [Ended(await posts.any_by_id(db, post_id))])
        told += await _tell(db, node, post_id)
    announce(node, told)
    node.database.signal(jobs.WAKE)


async def close(db: Writing, node: Node, member: Actor, post_id: int) -> list[Told]:
    """Close a consultation before its day, for good: who voted here is told, and other servers that no vote counts any
    more. Raises Missing, NotAllowed, Invalid."""
    post = await behalf.own_post(db, member.id, post_id)
    if await consultations.one(db, post.id) is None or post.kind is not Kind.CONSULTATION:
        raise Missing(str(post_id))
    if not await polls.end_now(db, post.id, now=node.clock()):
        raise Invalid(_("It is over already."), field="id")
    await posts.touch(db, post.id)
    told = await surface(db, node, [Ended(post)])
    return told + await _tell(db, node, post.id)


async def refresh(node: Node, post_id: int, *, older: int = STALE) -> None:
    """Ask the server of a poll elsewhere how it stands, when that was ``older`` ms ago; what does not answer waits."""
    async with node.database.reading() as db:
        poll = await polls.one(db, post_id)
        if poll is None or poll.closed is not None or poll.told >= node.clock() - older:
            return
        post = await posts.any_by_id(db, post_id)
    if post.local is not None:
        return
    now = node.clock()
    async with node.database.writing() as db:
        if not await polls.ask_again(db, post_id, before=now - older, now=now):
            return
    try:
        happened = await fetching.refresh(node.database, node.site, post)
    except FederationError:
        return
    async with node.database.writing() as db:
        told = await surface(db, node, happened)
    announce(node, told)
