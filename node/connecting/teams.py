"""Who is in a team: its leads say so, or whoever runs the node. Who is in it may write in its name."""

from __future__ import annotations

from node.context import Node
from node.errors import Invalid, NotAllowed
from node.texts import _
from storage import actors, audit, cases, members, pending, teams
from storage.actors import Actor, ActorKind
from storage.database import Missing, Reading, Writing
from storage.teams import Place

KINDS = (ActorKind.GROUP, ActorKind.ORGANIZATION)
KEPT = 7 * 24 * 60 * 60 * 1000  # ms in which who left sees what they wrote for the team and was not out


async def team(db: Reading, found: Actor) -> Actor:
    """The account, if it is a team or an alliance of this node. Raises Missing."""
    if not found.here or found.kind not in KINDS or found.gone is not None or found.suspended is not None:
        raise Missing(found.acct)
    return found


async def check_lead(db: Reading, me: Actor, team: Actor) -> None:
    """Raises NotAllowed for who is neither the team's own account nor one of its leads."""
    if me.id != team.id and await teams.place(db, team.id, me.id) is not Place.LEAD:
        raise NotAllowed(_("Only who leads the team can do that."))


async def check_inside(db: Reading, me: Actor, team: Actor) -> Place | None:
    """What somebody is in a team; None: its own account. Raises Missing for others: who is in it is theirs to know."""
    place = await teams.place(db, team.id, me.id)
    if place is None and me.id != team.id:
        raise Missing(team.acct)
    return place


async def add(db: Writing, node: Node, team: Actor, handle: str, place: Place, *, by: Actor | None) -> Actor:
    """Let a member of this node be in a team, or be something else there. Raises Invalid."""
    name = handle.strip().removeprefix("@").removesuffix(f"@{node.config.domain}")
    try:
        found = await actors.by_handle(db, name)
    except Missing:
        raise Invalid(_("Nobody on this node has that name."), field="member") from None
    await check_usable(db, found)
    leads = await teams.place(db, team.id, found.id) is Place.LEAD
    if not await teams.put(db, team.id, found.id, place, now=node.clock()):
        if leads:
            raise Invalid(_("A group needs a lead. Let somebody else lead first."), field="member")
        raise Invalid(_("A team has at most %s members.") % teams.MOST, field="member")
    await note(db, node, f"team.add {place.value}", team, found, by)
    return found


async def check_usable(db: Reading, found: Actor) -> None:
    """Raises Invalid for who is no member of this node who can act."""
    try:
        usable = found.here and found.kind is ActorKind.PERSON and (await members.by_id(db, found.id)).usable
    except Missing:
        usable = False
    if not usable:
        raise Invalid(_("Only people with an account here can be in a team."), field="member")


async def remove(db: Writing, node: Node, team: Actor, member: Actor, *, by: Actor | None) -> None:
    """Let somebody be in a team no longer. What they wrote for it and is not out comes back to them. Raises Missing."""
    if not await teams.remove(db, team.id, member.id):
        raise Missing(member.acct)
    await stop_waiting(db, node, team, member)
    await note(db, node, "team.remove", team, member, by)


async def stop_waiting(db: Writing, node: Node, team: Actor, member: Actor) -> None:
    """What somebody wrote for a team and is not out comes back to them."""
    await pending.stop(db, member.id, as_id=team.id, until=node.clock() + KEPT)
    await cases.stop(db, member.id, as_id=team.id, now=node.clock())


async def by_handle(db: Reading, handle: str) -> Actor:
    """The team of this name. Raises Missing."""
    return await team(db, await actors.by_handle(db, handle))


async def note(db: Writing, node: Node, deed: str, team: Actor, member: Actor, by: Actor | None) -> None:
    """Write down who did what to whom."""
    subject = f"{team.uri} {member.acct}"
    await audit.note(db, deed, subject, actor_id=None if by is None else by.id, now=node.clock())
