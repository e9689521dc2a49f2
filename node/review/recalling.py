"""Take a post back everywhere: erase it, tell every server that ever got it, and keep what each said to that.

The proof is a row for each inbox and holds no words of the post. Members here who did something with it are told by
a private note each, in a job, since there may be many.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from federation.documents import activities
from federation.documents import posts as post_documents
from federation.errors import FederationError, Unreachable
from federation.fetching import keys as fetching
from federation.happenings import Erased
from federation.outbox.ledger import GIVEN_UP
from federation.outbox.promise import host_of, promise
from federation.site import Document
from node.context import Node
from node.errors import Invalid, NotAllowed
from node.review import notes
from node.sharing import behalf, proving, reaching
from node.sharing import posts as sharing
from node.surfacing.surface import Told, announce, surface
from node.texts import N_, _
from storage import actors, audit, concerned, jobs, posts, recalls, teams
from storage.actors import Actor
from storage.concerned import Did
from storage.database import Missing, Reading, Writing, listed
from storage.jobs import Job, NewJob
from storage.members import Member, Role
from storage.posts import Post
from storage.recalls import OPEN, Act, Host, Reason, Recall, Standing, Target

SOUGHT = 8  # servers asked at once where they can be told
TOLD = 20  # members told in one transaction
HOSTS = 100  # servers on a page
LATE = 60 * 60 * 1000  # ms after which what is still noted as tried is not, whatever the reason: its job is gone

REASONS: Mapping[Reason, str] = {
    Reason.RECOGNISED: N_("Somebody could be recognised in it."),
    Reason.WRONG: N_("What it says is wrong, or could do harm."),
    Reason.OUTDATED: N_("It is out of date and could mislead."),
    Reason.NOT_OURS: N_("It was not ours to share."),
    Reason.RULES: N_("It breaks the rules of this node."),
    Reason.ASKED: N_("Its author asked for it."),
}
_DID: Mapping[Did, str] = {
    Did.ADOPTED: N_("A post that you tried or built on was taken back everywhere. Look whether yours still holds."),
    Did.BOOSTED: N_("A post that you passed on was taken back everywhere."),
    Did.SAVED: N_("A post that you saved was taken back everywhere."),
    Did.ANSWERED: N_("A post that you answered was taken back everywhere."),
    Did.QUOTED: N_("A post that you quoted was taken back everywhere."),
}


def may_recall(me: Member, post: Post, *, mine: bool) -> bool:
    """Whether a member may take a post back everywhere: what is theirs to change, and guardians every one that was
    written here."""
    return post.local is not None and post.boost_of_id is None and (mine or guards(me))


def guards(me: Member) -> bool:
    """Whether a member is a guardian, moderator or admin."""
    return me.role is not Role.MEMBER


async def wanted(db: Reading, me: Member, post_id: int) -> tuple[Post, Actor, bool]:
    """The post that a member wants to take back, its author, and whether it is theirs to change. Raises Missing,
    NotAllowed."""
    post = await (posts.any_by_id(db, post_id) if guards(me) else posts.by_id(db, post_id, reader_id=me.actor_id))
    author = await actors.by_id(db, post.author_id)
    mine = await behalf.may_change(db, me.actor_id, post, author)
    if not may_recall(me, post, mine=mine):
        if post.local is None:
            raise NotAllowed(_("It was written on another server: only there it can be taken back."))
        raise NotAllowed(_("Only its author and guardians can take it back."))
    return post, author, mine


def reason_of(said: str, *, mine: bool) -> Reason:
    """The reason that was chosen; authors need none. Raises Invalid."""
    found = next((one for one in Reason if one.value == said), None)
    if found is None or (found is Reason.NONE and not mine):
        raise Invalid(_("Choose why it is taken back."), field="reason")
    return found


async def take_back(db: Writing, node: Node, me: Member, post_id: int, said: str) -> tuple[Recall, list[Told]]:
    """Erase a post and tell every server that ever got it. Asked again: what came of it the first time. Raises Missing,
    NotAllowed, Invalid."""
    before = await recalls.taken_back(db, post_id)
    if before is not None:
        return await visible(db, me, before.id), []
    post, author, mine = await wanted(db, me, post_id)
    reason = reason_of(said, mine=mine)
    delete = activities.delete(post.uri, author)
    by_id = author.id if mine else me.actor_id  # who wrote for a team stands in ``audit`` alone
    recall_id = await proving.begin(db, node, author, post, delete, Act.TAKEN_BACK, by_id=by_id, reason=reason)
    if recall_id is None:  # another did it just now
        before = await recalls.taken_back(db, post_id)
        if before is None:
            raise Missing(str(post_id))
        return before, []
    now = node.clock()
    await concerned.note(db, recall_id, post.id, but=[me.actor_id, author.id])
    inboxes = await proving.targets(db, node, author, post, recall_id)
    groups = await reaching.groups(db, post)
    await posts.erase(db, post, now=now)
    await promise(db, node.site, delete, signer=author, inboxes=inboxes, object_uri=post.uri, recall_id=recall_id)
    await jobs.add(db, NewJob(proving.TELL, payload=str(recall_id), key=f"{proving.TELL} {recall_id}"), now=now)
    await audit.note(db, f"post.recall {reason.value}".strip(), post.uri, actor_id=me.actor_id, now=now)
    told = [*await surface(db, node, [Erased(post, recalled=True, said=delete, groups=groups)]), Told(jobs.WAKE, 0)]
    return await recalls.by_id(db, recall_id), told


async def seek(node: Node, job: Job) -> None:
    """Find the inboxes of servers that asked for a post, by the keys they signed with, and tell them too. Raises
    Unreachable: try again later."""
    async with node.database.reading() as db:
        recall = await recalls.by_id(db, int(job.payload))
        sought = await recalls.sought(db, recall.id)
    at_once = asyncio.Semaphore(SOUGHT)
    async with asyncio.TaskGroup() as tasks:
        asked = [tasks.create_task(_seek(node, recall, one, at_once)) for one in sought]
    down = [found for one in asked if (found := one.result()) is not None]
    if not down:
        return
    if node.clock() - job.promised < GIVEN_UP:
        raise down[0]
    async with node.database.writing() as db:
        for one in sought:
            await recalls.found(db, recall.id, one.inbox, "", now=node.clock())


async def _seek(node: Node, recall: Recall, one: Target, at_once: asyncio.Semaphore) -> Unreachable | None:
    """Look for one inbox; what is in the way now."""
    inbox = ""
    async with at_once:
        try:
            _key, owner = await fetching.owner(node.database, node.site, one.inbox)
            inbox = owner.delivery_inbox
        except Unreachable as error:
            return error
        except FederationError:
            pass
        await _tell_found(node, recall, one, inbox if host_of(inbox) else "")
    return None


async def _tell_found(node: Node, recall: Recall, one: Target, inbox: str) -> None:
    async with node.database.writing() as db:
        if not await recalls.found(db, recall.id, one.inbox, inbox, now=node.clock()):
            return
        author = await actors.by_id(db, recall.author_id)
        said = await _said(db, node, recall, author)
        await promise(db, node.site, said, signer=author, inboxes=[inbox], object_uri=recall.uri, recall_id=recall.id)
    node.database.signal(jobs.WAKE)


async def _said(db: Reading, node: Node, recall: Recall, author: Actor) -> Document:
    """What a recall tells, once more. Raises Missing when the post of an Update is gone: its Delete tells more."""
    if recall.act is Act.TAKEN_BACK:
        return activities.delete(recall.uri, author)
    post = await posts.any_by_id(db, recall.post_id)
    document = post_documents.write(post, author, await sharing.around(db, post), node.site)
    return {**activities.update(post, author, document, now=node.clock()), "id": recall.activity}


async def tell(node: Node, job: Job) -> None:
    """Tell members here, and the author when it was somebody else, that a post was taken back, and why."""
    recall_id, after = int(job.payload), 0
    async with node.database.reading() as db:
        recall = await recalls.by_id(db, recall_id)
    if recall.by_id != recall.author_id:
        await _tell_author(node, recall)
    while True:
        async with node.database.writing() as db:
            some = await concerned.to_tell(db, recall_id, after=after, limit=TOLD)
            if not some:
                return
            here = await actors.by_ids(db, {one for one, _did in some})
            told: list[Told] = []
            for member_id, did in some:
                words = f"{_(_DID[did])}\n\n{why(recall)}"
                told += await notes.write(db, node, [here[member_id]], words, key=f"recall {recall_id} {member_id}")
            await concerned.told(db, recall_id, listed([one for one, _did in some]))
        announce(node, told)
        after = some[-1][0]


async def _tell_author(node: Node, recall: Recall) -> None:
    text = _("A guardian of this node withdrew a post of yours. Why stands above its text.")
    if recall.act is Act.TAKEN_BACK:
        text = _("A guardian of this node took back a post of yours everywhere. {reason}")
    link = _("What became of it: %s") % f"{node.site.base_url}/recalls/{recall.id}"
    words = f"{text.format(reason=reason_words(recall))}\n\n{link}"
    async with node.database.writing() as db:
        author = await actors.by_id(db, recall.author_id)
        told = await notes.write(db, node, [author], words, key=f"recall {recall.id}")
    announce(node, told)


def reason_words(recall: Recall) -> str:
    """Why, as people read it; "" when its author gave no reason."""
    return _(REASONS[recall.reason]) if recall.reason in REASONS else ""


def why(recall: Recall) -> str:
    """By whom, why, and what that means for whoever reads it."""
    by = _("Its author did that.") if recall.by_id == recall.author_id else _("A guardian of this node did that.")
    after = _("Please do not use or pass on what you remember or copied of it. Nothing of it is kept here.")
    return " ".join(part for part in (by, reason_words(recall), after) if part)


@dataclass(frozen=True, slots=True)
class View:
    """A recall as it stands."""

    recall: Recall
    counts: Mapping[Standing, int]
    hosts: Sequence[Host]
    until: int  # ms: so long it is tried

    @property
    def total(self) -> int:
        """Servers that are told."""
        return sum(self.counts.values())

    @property
    def pending(self) -> int:
        """Servers that have not settled it yet."""
        return sum(self.counts.get(one, 0) for one in OPEN)

    @property
    def failed(self) -> int:
        """Servers that will not confirm it any more."""
        return self.total - self.pending - self.counts.get(Standing.CONFIRMED, 0)


async def visible(db: Reading, me: Member, recall_id: int) -> Recall:
    """A recall that a member may look at: of what they or their team shared; guardians at all. Raises Missing."""
    found = await recalls.by_id(db, recall_id)
    if guards(me) or me.actor_id in (found.author_id, found.by_id):
        return found
    if await teams.place(db, found.author_id, me.actor_id) is None and not await audit.wrote(
        db, me.actor_id, found.uri
    ):
        raise Missing(str(recall_id))
    return found


async def view(db: Reading, node: Node, found: Sequence[Recall]) -> list[View]:
    """How recalls stand, without their servers; one query."""
    counts = await recalls.counts(db, listed(one.id for one in found)) if found else {}
    return [_view(node, one, counts.get(one.id, {}), ()) for one in found]


async def view_one(db: Reading, node: Node, recall: Recall, *, after: str = "") -> View:
    """How a recall stands, with the servers behind ``after`` in the order of their names."""
    counts = (await recalls.counts(db, listed([recall.id]))).get(recall.id, {})
    return _view(node, recall, counts, await recalls.hosts(db, recall.id, after=after, limit=HOSTS))


def _view(node: Node, recall: Recall, counts: Mapping[Standing, int], hosts: Sequence[Host]) -> View:
    until = recall.created + GIVEN_UP
    if node.clock() > until + LATE:
        left = {name: n for name, n in counts.items() if name not in OPEN}
        over = sum(counts.get(one, 0) for one in OPEN)
        counts = {**left, Standing.GIVEN_UP: left.get(Standing.GIVEN_UP, 0) + over} if over else counts
        hosts = [replace(one, standing=Standing.GIVEN_UP) if one.standing in OPEN else one for one in hosts]
    return View(recall, counts, hosts, until)
