"""Mail: the worker gives what was promised in ``letters`` to the relay.

A job says which letter goes to which member, and nothing else: address, text and the secret of a link are made when it
is sent, so that neither the table of jobs nor a log holds them, and what was erased meanwhile is not written to.
The relay is the operator's and trusted as written; it is the only thing that is spoken to beside ``federation.client``.
"""

from __future__ import annotations

import asyncio
import json
import logging
import ssl
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid

import aiosmtplib

from federation.errors import Unreachable
from node.config import EMAIL, Config
from node.context import Node
from node.surfacing import letters
from node.surfacing.letters import Letter, Written
from storage import jobs, links, quiet_times, throttle
from storage.database import Writing
from storage.jobs import Job, NewJob

log = logging.getLogger("sharewell.mail")
TIMEOUT = 20  # seconds for one answer of the relay
TOTAL = 60  # seconds for all of one letter: a relay that hangs holds other work up no longer
A_DAY = 5  # letters of one sort to one address, so that nobody fills another's box
DAY = 24 * 60 * 60 * 1000  # ms


async def send(node: Node, job: Job) -> None:
    """Write the letter of a job and give it to the relay. Raises Unreachable when that has to be tried again."""
    said = json.loads(job.payload)
    letter = Letter(said["letter"])
    if letter.can_wait and await _waits(node, job, said["member_id"]):
        return
    if letter is Letter.DIGEST:  # reads much and changes nothing: no other writer waits for it
        async with node.database.reading(stale=True) as view:
            told = await letters.digest(view, node, said["member_id"])
        if told is not None:
            await _give(node, job, letter, told)
        return
    async with node.database.writing() as db:
        written = await letters.write(db, node, letter, said["member_id"])
        if written is None or (job.attempts == 0 and not await _may(db, node, written)):
            return
    await _give(node, job, letter, written)


async def _waits(node: Node, job: Job, member_id: int) -> bool:
    """Whether it is quiet for the member now; then the letter is promised for when that is over."""
    now = node.clock()
    async with node.database.reading() as db:
        quiet = await quiet_times.of(db, member_id)
    until = None if quiet is None else quiet.until(now)
    if until is None:
        return False
    later = NewJob(job.kind, payload=job.payload, key=f"mail after {job.id} {until}", due=until, promised=until)
    async with node.database.writing() as db:
        await jobs.add(db, later, now=now)
    return True


async def _may(db: Writing, node: Node, written: Written) -> bool:
    """Whether the address gets one more of this sort today."""
    if not node.config.limits.rate or not written.letter.limited:
        return True
    subject = f"mail {written.letter} {links.digest(written.to)}"
    count = await throttle.count(db, subject, now=node.clock(), window=DAY)
    return count <= A_DAY


async def _give(node: Node, job: Job, letter: Letter, written: Written) -> None:
    try:
        async with asyncio.timeout(TOTAL):
            await _hand_over(node.config, message(node, written), written.to)
    except (aiosmtplib.SMTPException, OSError) as error:
        # The relay's words may name the address: only the sort of error and its number are kept.
        cause = f"{type(error).__name__} {_code(error) or ''}".strip()
        final = _final(error)
        log.warning("mail not sent letter=%s job=%d attempts=%d cause=%s%s", letter, job.id, job.attempts + 1, cause,
                    ", given up" if final else "")  # fmt: skip
        if not final:
            raise Unreachable(f"mail relay: {cause}") from None


async def _hand_over(config: Config, mail: EmailMessage, to: str) -> None:
    """Raises SMTPException, OSError."""
    relay = config.mail
    await aiosmtplib.send(
        mail,
        sender=relay.sender or config.contact,
        recipients=[to],
        hostname=relay.host,
        port=relay.port,
        local_hostname=config.domain.partition(":")[0],
        username=relay.user or None,
        password=relay.password or None,
        use_tls=relay.tls == "tls",
        start_tls=relay.tls == "starttls",
        tls_context=None if relay.tls == "none" else ssl.create_default_context(),
        timeout=TIMEOUT,
    )


def _code(error: Exception) -> int | None:
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused):
        return error.recipients[0].code if error.recipients else None
    return error.code if isinstance(error, aiosmtplib.SMTPResponseException) else None


def _final(error: Exception) -> bool:
    """Whether the relay will never take this letter. Its refusing us, or all of ours, is the operator's to change."""
    about_it = isinstance(error, aiosmtplib.SMTPRecipientsRefused | aiosmtplib.SMTPDataError)
    return about_it and 500 <= (_code(error) or 0) < 600


def message(node: Node, written: Written) -> EmailMessage:
    """The letter as a message; what stands in headers was checked where it entered, and is here again."""
    sender = node.config.mail.sender or node.config.contact
    if not EMAIL.fullmatch(written.to):
        raise ValueError("this is no address")
    made = EmailMessage()
    made["From"] = Address(" ".join(node.config.name.split()), addr_spec=sender)
    made["To"] = Address(addr_spec=written.to)
    made["Subject"] = " ".join(written.subject.split())
    made["Date"] = format_datetime(datetime.fromtimestamp(node.clock() / 1000, UTC))
    made["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2])
    made["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday notices in answer
    if written.ending:
        made["List-Unsubscribe"] = f"<{written.ending}>"
        made["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"  # RFC 8058
    made.set_content(written.text)
    if written.html:
        made.add_alternative(written.html, subtype="html")
    return made
