"""Anybody can write to those who run the node: guardians see it in their queue, the operator gets it by mail.

Against abuse: so many from one address, so many on the whole node, and a field that only programs fill in. Numbers of
patients are refused. The words stand in the queue and in the mail alone, and go when somebody saw to them.
"""

from __future__ import annotations

from dataclasses import dataclass

from node import erasure, guarding, slips
from node.confidentiality.findings import Verdict
from node.confidentiality.telling import LOOKS_LIKE
from node.config import EMAIL
from node.context import Node
from node.errors import Invalid, TooMany
from node.review import notes
from node.surfacing import letters
from node.surfacing.letters import Letter
from node.surfacing.surface import Told, announce
from node.text import clean
from node.texts import _, ngettext
from storage import audit, guardians, inquiries, jobs, throttle
from storage.actors import Actor
from storage.database import Missing, Writing
from storage.inquiries import Inquiry
from storage.jobs import Job, NewJob

LENGTH = 4_000  # characters
HOUR = 60 * 60 * 1000  # ms
FROM_ADDRESS = 5  # in an hour, of one network address
IN_ALL = 60  # in an hour, on the whole node
TELL = "tell-of-inquiries"  # the job


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody wrote."""

    text: str
    email: str  # where an answer goes; "": nowhere
    trap: str  # what stands in the field that people do not see
    address: str  # where from, as tries are counted


async def receive(node: Node, said: Said) -> None:
    """Keep it for guardians and have it mailed. It is read before there is a transaction, which others would wait for:
    anybody can have this done as often as they like. Raises Invalid, TooMany."""
    if said.trap:  # a program wrote it, which learns nothing
        return
    text, email = _read(said)
    async with node.database.writing() as db:
        told = await _keep(db, node, text, email, said.address)
    announce(node, told)


async def _keep(db: Writing, node: Node, text: str, email: str, address: str) -> list[Told]:
    now = node.clock()
    if node.config.limits.rate:
        for subject, most in ((f"inquiry {address}", FROM_ADDRESS), ("inquiry", IN_ALL)):
            if await throttle.count(db, subject, now=now, window=HOUR) > most:
                raise TooMany(HOUR // 1000)
    if await inquiries.count(db) >= inquiries.MOST:
        raise TooMany(HOUR // 1000)
    kept = await inquiries.add(db, email=email, text=text, now=now)
    await audit.note(db, "inquiry.receive", f"inquiry {kept.id}", actor_id=None, now=now)
    if node.config.contact:
        await letters.promise(db, node.config, Letter.INQUIRY, kept.id, now=now)
    first = await throttle.count(db, "inquiry told", now=now, window=HOUR) == 1
    await jobs.add(db, NewJob(TELL, key=TELL, due=now if first else now + HOUR), now=now)
    return [Told(jobs.WAKE, 0)]


def _read(said: Said) -> tuple[str, str]:
    """The words and the address. Raises Invalid."""
    text, email = clean(said.text).strip(), said.email.strip()
    if not text:
        raise Invalid(_("Write what it is about."), field="text")
    if len(text) > LENGTH:
        raise Invalid(_("At most %(most)d characters.") % {"most": LENGTH}, field="text")
    if email and (len(email) > 254 or not EMAIL.fullmatch(email)):
        raise Invalid(_("This is no e-mail address."), field="email")
    found = guarding.inbound([("text", text)], ())
    if found is not None and found.sure:
        what = next(_(LOOKS_LIKE[one.kind]) for one in slips.load(found.found) if one.verdict is Verdict.BLOCK)
        words = _("This looks like {what}. Write it without: nothing was kept or sent.")
        raise Invalid(words.format(what=what), field="text")
    return text, email


async def close(db: Writing, node: Node, me: Actor, id: int) -> Inquiry:
    """A guardian saw to it: its words are erased. Raises Missing when another did."""
    found = await inquiries.by_id(db, id)
    if not await inquiries.erase(db, id):
        raise Missing(str(id))
    now = node.clock()
    await audit.note(db, "inquiry.close", f"inquiry {id}", actor_id=me.id, now=now)
    await erasure.promise(db, now=now)
    return found


async def tell(node: Node, job: Job) -> None:
    """Tell all guardians that somebody wrote, if nobody saw to it yet."""
    async with node.database.writing() as db:
        waiting = await inquiries.count(db)
        if not waiting:
            return
        text = ngettext("%(num)s letter to those who run this node waits:", "%(num)s letters wait:", waiting)
        link = f"{node.site.base_url}/guardian#letters"
        them = await guardians.all_of_them(db)
        told = await notes.write(db, node, them, f"{text % {'num': waiting}} {link}", key=f"job {job.id}")
    announce(node, told)
