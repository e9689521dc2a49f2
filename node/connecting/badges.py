"""The badge for a confirmed work address: ``[registration] work_domains`` says which these are.

It is looked at when an address is confirmed or changed, and once a day when the member is here; what the operator
takes off the list, or a member hides, goes within the hour.
"""

from __future__ import annotations

from node.config import Config
from node.context import Node
from storage import badges
from storage.badges import Badge
from storage.database import Writing
from storage.jobs import Job

SOME = 200  # members at a time


def domain_of(config: Config, email: str) -> str:
    """The domain of an address, if it is one of a workplace; else ""."""
    domain = email.rpartition("@")[2].lower()
    listed = config.registration.work_domains
    known = any(domain == one or (one.startswith(".") and domain.endswith(one)) for one in listed)
    return domain if known else ""


def due(config: Config, badge: Badge) -> str:
    """The domain that is to be shown; "": none."""
    return "" if badge.hidden else domain_of(config, badge.email)


async def settle(db: Writing, config: Config, member_id: int, *, now: int) -> None:
    """Show what is to be shown of a member."""
    badge = await badges.of(db, member_id) if config.registration.work_domains else None
    if badge is not None and due(config, badge) != badge.work:
        await badges.put(db, member_id, due(config, badge), now=now)


async def choose(db: Writing, node: Node, member_id: int, *, shown: bool) -> None:
    """A member wants it shown, or not."""
    now = node.clock()
    await badges.hide(db, member_id, hidden=not shown, now=now)
    await settle(db, node.config, member_id, now=now)


async def sweep(node: Node, job: Job) -> None:
    """Take badges back that hold no more."""
    after = 0
    while True:
        async with node.database.reading() as db:
            found = await badges.worn(db, after=after, limit=SOME)
        if not found:
            return
        after = found[-1].member_id
        over = [one for one in found if due(node.config, one) != one.work]
        if over:
            async with node.database.writing() as db:
                for one in over:
                    await badges.put(db, one.member_id, due(node.config, one), now=node.clock())
