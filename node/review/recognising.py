"""Anyone can say that a person is recognisable in a post: it is hidden at once, and a guardian decides.

Against abuse: so many from one address or account, so many that hide something on the whole node, and what a guardian
read and found fine is not hidden again by somebody unknown.
"""

from __future__ import annotations

from dataclasses import dataclass

from node import guarding, slips
from node.confidentiality.findings import Verdict
from node.confidentiality.telling import LOOKS_LIKE
from node.connecting.reports import Complaint
from node.context import Node
from node.errors import Invalid, NotAllowed, TooMany
from node.guarding import Why
from node.review import notes, queue, stopping
from node.streams import GONE
from node.surfacing import falling
from node.surfacing.surface import Told
from node.text import clean
from node.texts import _
from storage import actors, audit, concerns, hidden, jobs, posts, throttle
from storage.actors import Actor
from storage.cases import Case
from storage.database import Missing, Reading, Writing
from storage.jobs import NewJob
from storage.posts import Post, Visibility
from storage.reports import Category

COMMENT = 1_000  # characters
HOUR = 60 * 60 * 1000  # ms
FROM_ADDRESS = 20  # in an hour, of one address, which a whole hospital may share
FROM_MEMBER = 30  # in an hour
UNKNOWN = 100  # posts in an hour that people who are not signed in hide on this node; more of them wait unhidden


@dataclass(frozen=True, slots=True)
class Concern:
    """What somebody says."""

    post_id: int
    comment: str = ""
    member: Actor | None = None  # None: somebody who is not signed in
    address: str = ""  # where from


async def report(db: Writing, node: Node, said: Concern) -> tuple[bool, list[Told]]:
    """Have guardians read a post; whether it is hidden now. Raises Invalid, Missing, NotAllowed, TooMany."""
    comment = _comment(said.comment)
    await _count(db, node, said)
    post = await _post(db, said)
    reader_id = 0 if said.member is None else said.member.id
    if said.member is not None and post.author_id == reader_id:
        raise NotAllowed(_("This is your own post: you can change or delete it."))
    if post.visibility is Visibility.HIDDEN and not await concerns.waits(db, post.id):
        return True, []  # a guardian decided that nobody sees it
    now, found = node.clock(), await _found(db, post)
    case = await concerns.open(
        db, post_id=post.id, author_id=post.author_id, found=slips.dump(found.found), version=post.edited or 0,
        urgent=found.urgent, reported=True, now=now,
    )  # fmt: skip
    if comment:
        await concerns.add(db, case.id, post.id, comment, now=now)
    await audit.note(db, "post.report", f"case {case.id}", actor_id=reader_id or None, now=now)
    await jobs.add(db, NewJob(guarding.TELL, payload=f"{found.urgent:d}"), now=now)
    told = [Told(jobs.WAKE, 0)]
    if post.visibility is not Visibility.HIDDEN and await _hides(db, node, said, post):
        told += await _hide(db, node, post, case)
    return await hidden.one(db, post.id) is not None, told


async def of_report(db: Writing, node: Node, member: Actor, said: Complaint) -> list[Told]:
    """What a member's report of an account does to the posts it names, when it says that somebody is recognisable. The
    words of it stay with the report. Raises as ``report``."""
    told: list[Told] = []
    if said.category is Category.RECOGNISABLE:
        for post_id in said.post_ids:
            told += (await report(db, node, Concern(post_id, member=member)))[1]
    return told


def _comment(given: str) -> str:
    """Raises Invalid."""
    comment = clean(given).strip()
    if len(comment) > COMMENT:
        raise Invalid(_("At most %(most)d characters.") % {"most": COMMENT}, field="comment")
    found = guarding.inbound([("comment", comment)], ())
    if found is not None and found.sure:
        what = next(_(LOOKS_LIKE[one.kind]) for one in slips.load(found.found) if one.verdict is Verdict.BLOCK)
        words = _("This looks like {what}. Say it without: nothing was kept, and the post is not hidden yet.")
        raise Invalid(words.format(what=what), field="comment")
    return comment


async def _count(db: Writing, node: Node, said: Concern) -> None:
    if not node.config.limits.rate:
        return
    subject, most = f"recognisable {said.address}", FROM_ADDRESS
    if said.member is not None:
        subject, most = f"recognisable {said.member.id}", FROM_MEMBER
    if await throttle.count(db, subject, now=node.clock(), window=HOUR) > most:
        raise TooMany(HOUR // 1000)


async def _post(db: Reading, said: Concern) -> Post:
    """The post, or what a boost passes on; also one that somebody else reported just now. Raises Missing."""
    reader_id = 0 if said.member is None else said.member.id
    try:
        post = await posts.by_id(db, said.post_id, reader_id=reader_id)
        if post.boost_of_id is not None:
            post = await posts.by_id(db, post.boost_of_id, reader_id=reader_id)
    except Missing:
        if await hidden.public(db, said.post_id):
            return await posts.any_by_id(db, said.post_id)
        raise
    return post


async def _found(db: Reading, post: Post) -> Why:
    """What the privacy check finds, for guardians to look at."""
    try:
        return Why(guarding.judged((await queue.texts_of(db, [post]))[post.id]).findings)
    except guarding.Unread:
        return Why(())


async def _hides(db: Writing, node: Node, said: Concern, post: Post) -> bool:
    """Whether what somebody says is enough to hide a post before a guardian has read it."""
    if said.member is not None:
        return True
    if await concerns.read_before(db, post.id, version=post.edited or 0):
        return False
    if not node.config.limits.rate:
        return True
    return await throttle.count(db, "recognisable unknown", now=node.clock(), window=HOUR) <= UNKNOWN


async def _hide(db: Writing, node: Node, post: Post, case: Case) -> list[Told]:
    now = node.clock()
    if not await hidden.hide(db, post.id, unseen=False, now=now):
        return []
    await audit.note(db, "post.hide", f"case {case.id}", actor_id=None, now=now)
    await falling.hidden(db, post.id, now=now)
    told = [Told(GONE, post.id)]
    author = await actors.by_id(db, post.author_id)
    if author.here:
        told += await stopping.stop(db, node, post)
        words = _(
            "Somebody says that a person is recognisable in a post of yours. It is hidden until a guardian has read it,"
            " usually less than a day: {link}"
        )
        told += await notes.write(db, node, [author], words.format(link=post.uri))
    return told
