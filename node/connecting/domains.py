"""Block a whole server: see nothing of it, be seen by nobody there. It is only told of the follows that end."""

from __future__ import annotations

from node.connecting import follows as following
from node.context import Node
from node.errors import Invalid, NotAllowed
from node.surfacing.surface import Told
from node.texts import _
from storage import domain_blocks, follows, home
from storage.actors import Actor
from storage.database import Writing

LENGTH = 253  # characters of a domain
AT_ONCE = 50  # follows that end in one transaction


def named(node: Node, given: str) -> str:
    """The domain as it is kept, of what a member typed. Raises Invalid, NotAllowed."""
    domain = given.strip().lower().removeprefix("https://").removeprefix("http://").partition("/")[0]
    domain = domain.rpartition("@")[2].rstrip(".")
    try:
        domain = domain.encode("idna").decode("ascii") if not domain.isascii() else domain
    except UnicodeError as error:
        raise Invalid(_("This is no domain."), field="domain") from error
    if not domain or len(domain) > LENGTH or any(not (c.isalnum() or c in ".-:[]") for c in domain):
        raise Invalid(_("This is no domain."), field="domain")
    if domain == node.config.domain:
        raise NotAllowed(_("You cannot block your own server."))
    return domain


async def block(db: Writing, member: Actor, domain: str) -> None:
    """Block a server; ``end_some`` ends what is left of follows."""
    await domain_blocks.add(db, member_id=member.id, domain=domain)
    await home.forget_domain(db, member_id=member.id, domain=domain)


async def end_some(db: Writing, node: Node, member: Actor, domain: str) -> tuple[bool, list[Told]]:
    """End some of the follows between the member and a server, both ways; whether there may be more."""
    told: list[Told] = []
    followed, followers = await follows.with_domain(db, member.id, domain, limit=AT_ONCE)
    for one in followed:
        told += await following.unfollow(db, node, member, one)
    for one in followers:
        told += await following.reject(db, node, member, one)
    return bool(followed or followers), told
