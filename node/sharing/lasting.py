"""Ask authors after three, six and twelve months whether what they shared is still in place, and keep what they say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from federation.happenings import Edited
from node import guarding
from node.confidentiality.guard import Named
from node.context import Node
from node.errors import Invalid, NotAllowed
from node.sharing import behalf, editing, marking
from node.surfacing.surface import Told, announce, surface, told_of
from node.text import clean
from node.texts import _
from storage import audit, marks, posts, prompts, warned
from storage.actors import Actor, ActorKind
from storage.database import Missing, Reading, Writing
from storage.jobs import Job
from storage.marks import AGES, SAID, STATES
from storage.posts import Post, Visibility
from storage.prompts import Prompt, at_age

SOME = 200  # posts in one turn
A_DAY = 3  # questions to one author: who shared much is not flooded after a node was away, or is new to this
DAY = 24 * 60 * 60 * 1000  # ms
LATEST = 18  # months after which it is not asked any more whether something lasted for twelve


def reached(post: Post, before: Prompt, now: int) -> Prompt:
    """What is to be asked of a post now, and when to look again. Of several ages that were missed, the newest."""
    due = next((at for one in AGES if (at := at_age(post.published, one)) > now), None)
    age = max((one for one in AGES if at_age(post.published, one) <= now), default=0)
    if age <= before.months or not prompts.fits(post) or now >= at_age(post.published, LATEST):
        return replace(before, due=due)
    return Prompt(post.id, age, now, due)


async def ask(node: Node, job: Job) -> None:
    """Each hour: ask about the posts that are old enough."""
    while True:
        now = node.clock()
        async with node.database.writing() as db:
            found = await prompts.due(db, now=now, limit=SOME)
            told = await _ask(db, await prompts.take(db, found, now=now), now)
        announce(node, told)
        if len(found) < SOME:
            return


async def _ask(db: Writing, taken: Sequence[Prompt], now: int) -> list[Told]:
    if not taken:
        return []
    found = await posts.by_ids(db, [one.post_id for one in taken])
    counted = await prompts.asked_since(db, {one.author_id for one in found.values()}, since=now - DAY)
    kept: list[Prompt] = []
    new: list[int] = []
    for one in taken:
        if one.post_id not in found:
            continue
        author_id, after = found[one.post_id].author_id, reached(found[one.post_id], one, now)
        if after.months != one.months and counted.get(author_id, 0) >= A_DAY:
            after = replace(one, due=now + DAY)
        elif after.months != one.months:
            counted[author_id] = counted.get(author_id, 0) + 1
            new.append(one.post_id)
        kept.append(after)
    await prompts.put(db, kept)
    return await told_of(db, await prompts.tell(db, new, now=now), now=now) if new else []


async def open_to(db: Reading, me_id: int, post: Post, author: Actor, *, mine: bool) -> int:
    """The age in months of which a member is asked on the page of a post; 0: they are not. What has no name stays as
    a guardian read it."""
    if not mine or post.kind not in prompts.KINDS or not _nameable(me_id, author) or not prompts.fits(post):
        return 0
    months = await prompts.open_of(db, post.id)
    return months if months and await prompts.wanted(db, me_id) else 0


def _nameable(me_id: int, author: Actor) -> bool:
    return author.id == me_id or author.kind is not ActorKind.PERSON


async def answer(db: Writing, node: Node, me_id: int, post_id: int, state: str, said: str) -> list[Told]:
    """Add to a post whether it is still in place, and tell everyone who got it. Raises Missing, NotAllowed, Invalid."""
    post = await posts.by_id(db, post_id, reader_id=me_id)
    author = await behalf.author_of(db, me_id, post)
    if post.visibility is Visibility.HIDDEN or not _nameable(me_id, author):
        raise NotAllowed(_("This post cannot be changed."))
    line = _line(state, said)
    months = await prompts.answer(db, post.id, last=state == "stopped")
    if not months or not prompts.fits(post):
        raise Missing(str(post_id))
    await guarding.look_at_change(db, node, me_id, [Named("in_place", line)] if line else [], [])
    now = node.clock()
    changed = marking.relaid(post, marks.lasted(marks.of(post.fields), months, state, line, now))
    await posts.revise(db, changed, now=now)
    changed = replace(changed, edited=now, changed=post.changed + 1)
    await editing.tell_again(db, node, author, changed)
    if author.id != me_id:
        await audit.note(db, "post.edit-as", post.uri, actor_id=me_id, now=now)
        await warned.forget(db, me_id)
    return await surface(db, node, [Edited(author, changed)])


def _line(state: str, said: str) -> str:
    """The words of an answer on one line. Raises Invalid."""
    if state not in STATES:
        raise Invalid(_("Choose whether it is still in place."), field="state")
    line = " ".join(clean(said).split())
    if not line and state != "still":
        raise Invalid(_("Say in one line what changed, or why it stopped."), field="said")
    if len(line) > SAID:
        raise Invalid(_("At most %s characters.") % SAID, field="said")
    return line
