"""Guardians decide what becomes of a post that waits. Each decision is one guarded statement: the first counts."""

from __future__ import annotations

from node import guarding, slips
from node.confidentiality.findings import Kind
from node.context import Node
from node.errors import Invalid, NotAllowed
from node.review import notes
from node.sharing import scheduling
from node.sharing.standing import KEPT
from node.surfacing.surface import Told
from node.text import clean
from node.texts import _
from storage import actors, audit, cases, guardians, jobs, pending
from storage.actors import Actor
from storage.cases import Case, Outcome
from storage.database import Missing, Reading, Writing
from storage.members import Member, Role

REASON = 1_000  # characters


def check_guardian(member: Member) -> None:
    """Raises NotAllowed for who is no guardian, moderator or admin."""
    if member.role is Role.MEMBER:
        raise NotAllowed(_("Only guardians of this node can read this."))


async def claim(db: Writing, node: Node, me: Actor, case_id: int) -> Case:
    """Say that one looks at it, for 15 minutes. Raises Missing, NotAllowed."""
    if not await cases.claim(db, case_id, me=me.id, now=node.clock()):
        raise await refusal(db, node, me, case_id)
    return await _noted(db, node, me, case_id, "claim")


async def release(db: Writing, node: Node, me: Actor, case_id: int) -> tuple[Case, list[Told]]:
    """Let it come out: after the time to take it back, or when its author chose, whichever is later.

    Raises Missing, NotAllowed.
    """
    now, safety = node.clock(), node.config.safety
    closed = await cases.close(db, case_id, Outcome.RELEASED, me=me.id, reason="", now=now)
    if closed is None:
        raise await refusal(db, node, me, case_id)
    soonest = now + safety.fan_out_delay * 1000
    due = await pending.let_go(db, closed.pending_id or 0, soonest=soonest)
    if due is None:  # its author took it back just now
        raise Missing(str(case_id))
    await scheduling.promise(db, closed.pending_id or 0, due, now=now)
    await _unname(db, closed, now=now)
    if safety.hold_first_posts:
        await cases.trust(db, closed.author_id, released=safety.hold_first_posts, now=now)
    await note(db, node, me, case_id, "release")
    author = await actors.by_id(db, closed.author_id)
    soon = _("A guardian read the post that waited, and released it. It comes out now.")
    later = _("A guardian read the post that waited, and released it. It comes out at the time you chose.")
    told = await notes.write(db, node, [author], soon if due == soonest else later)
    return closed, [*told, Told(jobs.WAKE, 0)]


async def give_back(db: Writing, node: Node, me: Actor, case_id: int, reason: str) -> tuple[Case, list[Told]]:
    """Return it to its author, who sees it with the reason for 7 days. Raises Invalid, Missing, NotAllowed."""
    reason = " ".join(clean(reason).split())
    if not reason:
        raise Invalid(_("Say why, so that its author can change it."), field="reason")
    if len(reason) > REASON:
        raise Invalid(_("At most %s characters.") % REASON, field="reason")
    guarding.refuse(reason, "reason")
    now = node.clock()
    closed = await cases.close(db, case_id, Outcome.RETURNED, me=me.id, reason=reason, now=now)
    if closed is None:
        raise await refusal(db, node, me, case_id)
    if not await pending.give_back(db, closed.pending_id or 0, until=now + KEPT):
        raise Missing(str(case_id))
    await note(db, node, me, case_id, "return")
    await _unname(db, closed, now=now)
    author = await actors.by_id(db, closed.author_id)
    words = _("A guardian returned a post of yours: {reason}\n\nYou can read and copy it for 7 days: {link}")
    link = f"{node.site.base_url}/#waiting"
    return closed, await notes.write(db, node, [author], words.format(reason=reason, link=link))


async def _unname(db: Writing, closed: Case, *, now: int) -> None:
    """From here on only ``audit`` knows who wrote what stands under another name; what was released counts for them."""
    if closed.as_id is None:
        return
    if closed.outcome == Outcome.RELEASED:
        await audit.note(db, audit.PASSED, f"case {closed.id}", actor_id=closed.author_id, now=now)
    await cases.unname(db, closed.id)


async def ask_second(db: Writing, node: Node, me: Actor, case_id: int) -> tuple[Case, list[Told]]:
    """Leave it to another guardian; from then on it is not for who asked. Raises Invalid, Missing, NotAllowed."""
    case = await cases.by_id(db, case_id)
    if not await guardians.others(db, but={me.id, case.author_id}):
        raise Invalid(_("There is no other guardian on this node."))
    if not await cases.ask_second(db, case_id, me=me.id, now=node.clock()):
        raise await refusal(db, node, me, case_id)
    asked = await _noted(db, node, me, case_id, "second")
    others = [one for one in await guardians.all_of_them(db) if one.id not in (me.id, case.author_id)]
    link = f"{node.site.base_url}/guardian#case-{case_id}"
    text = _("A guardian asks for a second opinion on a post that waits: %s") % link
    return asked, await notes.write(db, node, others, text)


async def mistaken(db: Writing, node: Node, me: Actor, case_id: int, kind: str) -> Case:
    """Count that what was found was none. Raises Invalid, Missing, NotAllowed."""
    case = await cases.by_id(db, case_id)
    if case.author_id == me.id:
        raise await refusal(db, node, me, case_id)
    if kind not in {one.kind.value for one in slips.load(case.found)} or kind not in set(Kind):
        raise Invalid(_("Nothing of this kind was found."), field="kind")
    if await cases.mistake(db, case_id, kind, me=me.id, now=node.clock()):
        await note(db, node, me, case_id, f"no-finding {kind}")
    return case


async def _noted(db: Writing, node: Node, me: Actor, case_id: int, deed: str) -> Case:
    await note(db, node, me, case_id, deed)
    return await cases.by_id(db, case_id)


async def note(db: Writing, node: Node, me: Actor, case_id: int, deed: str) -> None:
    """Write down what a guardian did with a case."""
    await audit.note(db, f"case.{deed}", f"case {case_id}", actor_id=me.id, now=node.clock())


async def refusal(db: Reading, node: Node, me: Actor, case_id: int) -> NotAllowed:
    """Why a guardian may not decide. Raises Missing."""
    case = await cases.by_id(db, case_id)
    if case.author_id == me.id:
        return NotAllowed(_("This is your own post: another guardian decides."))
    if case.closed is not None:
        return NotAllowed(_("It is decided already, or its author took it back."))
    if case.second_by is not None:
        return NotAllowed(_("Another guardian was asked and decides."))
    return NotAllowed(_("Another guardian is looking at it. Their claim lasts 15 minutes."))
