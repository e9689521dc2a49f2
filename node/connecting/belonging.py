"""Join a group, here or elsewhere, and leave it; ask people in, let them in, show them out, change what they are there.

Each answers whom to tell after the commit.
"""

from __future__ import annotations

from federation import joining
from federation.documents import activities, groups
from federation.documents.actors import GROUPS
from federation.happenings import Applied, Happening, Unfollowed
from federation.outbox.promise import promise
from federation.site import Document
from node import away
from node.connecting import follows as following
from node.connecting.groups import check_open
from node.connecting.teams import check_lead, check_usable, note, stop_waiting
from node.context import Node
from node.errors import Invalid, NotAllowed, TooMany
from node.surfacing import relaying
from node.surfacing.surface import Told, surface
from node.texts import _
from storage import actors, admissions, blocks, follows, teams, throttle
from storage import groups as kept
from storage.actors import Actor, ActorKind
from storage.admissions import Admission, Way
from storage.database import Missing, Reading, Writing
from storage.groups import Joining, Sort
from storage.paging import Page
from storage.teams import KEEPERS, Place

HOUR = 60 * 60 * 1000  # ms
ASKED = 50  # people that a member asks into groups in an hour: each may be a message to another server


def check_group(group: Actor) -> Actor:
    """Raises Missing for what is no group."""
    if group.kind not in GROUPS or group.gone is not None or group.suspended is not None:
        raise Missing(group.acct)
    return group


async def check_keeper(db: Reading, me: Actor, group: Actor) -> None:
    """Raises NotAllowed for who does not keep a group of this node, Missing for who is not in it."""
    if me.id == group.id:
        return
    place = await teams.place(db, group.id, me.id)
    if place is None or not group.here:
        raise Missing(group.acct)
    if place not in KEEPERS:
        raise NotAllowed(_("Only who leads or moderates the group can do that."))


def _full() -> Invalid:
    return Invalid(_("A team has at most %s members.") % teams.MOST, field="member")


async def join(db: Writing, node: Node, me: Actor, group: Actor) -> list[Told]:
    """Be in a group, or ask to be. Raises NotAllowed, Invalid, Missing."""
    check_group(group)
    await _check_kind(db, me, group)
    if await teams.place(db, group.id, me.id) is not None:
        return []
    away.check_stays(me)
    away.check_takes(group)
    if await blocks.either(db, me.id, group.id):
        raise NotAllowed(_("This group does not let you in."))
    waits = await admissions.between(db, group.id, me.id)
    if waits is not None and waits.way is Way.INVITED:
        return await answer(db, node, me, group, yes=True)
    if not group.here:
        return await _ask_elsewhere(db, node, me, group)
    await check_open(db, [group.id])
    settings = await kept.of(db, group.id)
    if settings.joining is Joining.INVITATION:
        raise NotAllowed(_("One comes into this group by invitation. Ask who leads it."))
    if settings.joining is Joining.REQUEST:
        new = await admissions.add(db, _asked(me, group, node.clock()))
        return await surface(db, node, [Applied(me, group)]) if new else []
    return await _admit(db, node, group, me)


async def _check_kind(db: Reading, me: Actor, group: Actor) -> None:
    """People can be in any group, teams of this node in a collaborative. Raises NotAllowed."""
    if me.kind is ActorKind.PERSON:
        return
    if me.kind is not ActorKind.GROUP or not me.here or me.id == group.id:
        raise NotAllowed(_("Only people can be in a group."))
    if group.here and (await kept.of(db, group.id)).sort is not Sort.COLLABORATIVE:
        raise NotAllowed(_("Teams can be in a collaborative only."))


async def acting(db: Reading, me: Actor, team_id: int) -> Actor:
    """Who joins or leaves: ``me`` (0 too), or a team that they lead. Raises Missing, NotAllowed."""
    if team_id in (0, me.id):
        return me
    team = await actors.by_id(db, team_id)
    if team.kind is not ActorKind.GROUP or not team.here or team.gone is not None:
        raise Missing(str(team_id))
    await check_lead(db, me, team)
    return team


def _asked(me: Actor, group: Actor, now: int) -> Admission:
    return Admission(group.id, me.id, Way.ASKED, f"{me.uri}{groups.JOINS}{group.id}/{now}", now)


async def _ask_elsewhere(db: Writing, node: Node, me: Actor, group: Actor) -> list[Told]:
    """A Follow for servers that know no Join, such as Lemmy, where who follows is in; and a Join for those that do."""
    told = await following.follow(db, node, me, group)
    new = _asked(me, group, node.clock())
    if await admissions.add(db, new):
        await promise(db, node.site, groups.join(me, group, new.uri), signer=me, inboxes=[group.inbox])
    return told


async def _admit(db: Writing, node: Node, group: Actor, actor: Actor) -> list[Told]:
    try:
        return await surface(db, node, await joining.admit(db, group, actor, now=node.clock()))
    except joining.Full:
        raise _full() from None


async def leave(db: Writing, node: Node, me: Actor, group: Actor) -> list[Told]:
    """Be in a group no longer, or take back that one asked. Raises NotAllowed for its only lead."""
    check_group(group)
    inside = await teams.place(db, group.id, me.id) is not None
    follow = await follows.between(db, follower_id=me.id, target_id=group.id)
    ended = await joining.part(db, group, me)
    if ended is None:
        raise NotAllowed(_("You are the only lead. Hand the group over, or close it, before you leave."))
    if group.here and inside:
        await stop_waiting(db, node, group, me)
        await note(db, node, "team.remove", group, me, me)
    if not group.here:
        said: list[Document] = [groups.leave(me, group, now=node.clock())]
        if follow is not None:
            said.append(activities.undo(me, activities.follow(me, group, follow.uri)))
        for one in said:
            await promise(db, node.site, one, signer=me, inboxes=[group.inbox])
    return await surface(db, node, ended)


async def let_in(db: Writing, node: Node, me: Actor, group: Actor, actor: Actor) -> list[Told]:
    """Let somebody in who asked, by Join or, to a private group, by Follow. Raises Missing, NotAllowed, Invalid."""
    await check_keeper(db, me, group)
    await check_open(db, [group.id])
    said = await _question(db, group, actor)
    told = await _admit(db, node, group, actor)
    if not actor.here:
        await promise(db, node.site, activities.accept(group, said), signer=group, inboxes=[actor.inbox])
    await note(db, node, "team.add member", group, actor, me)
    return told


async def _question(db: Reading, group: Actor, actor: Actor) -> Document:
    """What somebody asked with. Raises Missing: nobody asked."""
    asked = await admissions.between(db, group.id, actor.id)
    if asked is not None and asked.way is Way.ASKED:
        return groups.join(actor, group, asked.uri)
    follow = await follows.between(db, follower_id=actor.id, target_id=group.id)
    if follow is None or follow.accepted is not None:
        raise Missing(actor.acct)
    return activities.follow(actor, group, follow.uri)


async def turn_away(db: Writing, node: Node, me: Actor, group: Actor, actor: Actor) -> list[Told]:
    """Do not let somebody in who asked. Raises Missing, NotAllowed."""
    await check_keeper(db, me, group)
    said = await _question(db, group, actor)
    await admissions.take(db, group.id, actor.id, Way.ASKED)
    ended: list[Happening] = []
    if (await kept.of(db, group.id)).private is not None:
        follow = await follows.remove(db, follower_id=actor.id, target_id=group.id)
        ended = [] if follow is None else [Unfollowed(actor, group)]
    if not actor.here:
        await promise(db, node.site, activities.reject(group, said), signer=group, inboxes=[actor.inbox])
    return await surface(db, node, ended)


async def answer_asker(db: Writing, node: Node, me: Actor, actor: Actor, *, yes: bool) -> list[Told]:
    """Let somebody into those groups that a member keeps and that they asked to be in, or turn them away. Raises
    NotAllowed, Invalid."""
    told: list[Told] = []
    for _asker, _post, group in await admissions.kept_by(db, me.id, actor_ids=[actor.id], post_ids=[]):
        told += await (let_in if yes else turn_away)(db, node, me, group, actor)
    return told


async def asking(db: Reading, group: Actor) -> list[Actor]:
    """Who asks to be in a group."""
    found = await admissions.of_group(db, group.id, Way.ASKED)
    if (await kept.of(db, group.id)).private is None:
        return found
    known = {one.id for one in found}
    wanting = await follows.wanting(db, group.id, Page(limit=admissions.MOST))
    return [*found, *(one for _id, one in wanting if one.id not in known)]


async def invite(db: Writing, node: Node, me: Actor, group: Actor, actor: Actor) -> list[Told]:
    """Ask somebody in, from here or elsewhere; who asked already is let in. Raises Invalid, NotAllowed, TooMany."""
    await check_keeper(db, me, group)
    await check_open(db, [group.id])
    if actor.kind is not ActorKind.PERSON or actor.gone is not None or actor.suspended is not None:
        raise Invalid(_("Only people can be in a group."), field="member")
    if await blocks.either(db, actor.id, group.id):
        raise Invalid(_("This person cannot be asked in."), field="member")
    if await teams.place(db, group.id, actor.id) is not None:
        return []
    now = node.clock()
    if node.config.limits.rate and await throttle.count(db, f"invites {me.id}", now=now, window=HOUR) > ASKED:
        raise TooMany(HOUR // 1000)
    before = await admissions.between(db, group.id, actor.id)
    if before is not None and before.way is Way.ASKED:
        return await let_in(db, node, me, group, actor)
    new = Admission(group.id, actor.id, Way.INVITED, f"{group.uri}{groups.INVITES}{actor.id}/{now}", now)
    if await admissions.add(db, new) and not actor.here:
        await promise(db, node.site, groups.invite(group, actor, new.uri), signer=group, inboxes=[actor.inbox])
    return []


async def uninvite(db: Writing, node: Node, me: Actor, group: Actor, actor: Actor) -> list[Told]:
    """Take an invitation back. Raises Missing, NotAllowed."""
    await check_keeper(db, me, group)
    asked = await admissions.take(db, group.id, actor.id, Way.INVITED)
    if asked is None:
        raise Missing(actor.acct)
    if not actor.here:
        said = activities.undo(group, groups.invite(group, actor, asked.uri))
        await promise(db, node.site, said, signer=group, inboxes=[actor.inbox])
    return []


async def answer(db: Writing, node: Node, me: Actor, group: Actor, *, yes: bool) -> list[Told]:
    """Say yes or no to an invitation. Raises Missing: there is none; NotAllowed where one of the two has moved."""
    check_group(group)
    if yes:
        away.check_stays(me)
        away.check_takes(group)
    asked = await admissions.between(db, group.id, me.id)
    if asked is None or asked.way is not Way.INVITED:
        raise Missing(group.acct)
    if group.here and yes:
        await check_open(db, [group.id])
    if not group.here:
        said = groups.invite(group, me, asked.uri)
        reply = activities.accept(me, said) if yes else activities.reject(me, said)
        await promise(db, node.site, reply, signer=me, inboxes=[group.inbox])
    if yes:
        return await _admit(db, node, group, me)
    await admissions.take(db, group.id, me.id, Way.INVITED)
    return []


async def show_out(db: Writing, node: Node, me: Actor, group: Actor, member: Actor, *, bar: bool = False) -> list[Told]:
    """Let somebody be in a group no longer; ``bar``: and never again, nor post to it. Raises NotAllowed, Missing."""
    await check_lead(db, me, group)
    before = await teams.place(db, group.id, member.id)
    if before is None and not bar:
        raise Missing(member.acct)
    ended = await joining.part(db, group, member)
    if ended is None:
        raise NotAllowed(_("The only lead cannot be removed. Let somebody else lead first."))
    if bar:
        await blocks.add(db, actor_id=group.id, target_id=member.id)
    await stop_waiting(db, node, group, member)
    if not member.here:
        said = groups.join(member, group, f"{member.uri}{groups.JOINS}{group.id}")
        await promise(db, node.site, activities.reject(group, said), signer=group, inboxes=[member.inbox])
    await note(db, node, "team.bar" if bar else "team.remove", group, member, me)
    if before in KEEPERS:
        await relaying.keepers(db, node, group, me, member, keeps=False)
    return await surface(db, node, ended)


async def promote(db: Writing, node: Node, me: Actor, group: Actor, member: Actor, place: Place) -> None:
    """Let somebody in a group be something else there. Raises NotAllowed, Missing, Invalid."""
    await check_lead(db, me, group)
    before = await teams.place(db, group.id, member.id)
    if before is None:
        raise Missing(member.acct)
    if place is Place.LEAD:
        await check_usable(db, member)
    if place is Place.MODERATOR and member.kind is not ActorKind.PERSON:
        raise Invalid(_("Only people can look after a group."), field="place")
    if not await teams.put(db, group.id, member.id, place, now=node.clock()):
        raise NotAllowed(_("A group needs a lead. Let somebody else lead first."))
    await note(db, node, f"team.add {place.value}", group, member, me)
    if (before in KEEPERS) != (place in KEEPERS):
        await relaying.keepers(db, node, group, me, member, keeps=place in KEEPERS)


async def hand_over(db: Writing, node: Node, me: Actor, group: Actor, member: Actor) -> None:
    """Let another member lead, and be a member oneself. Raises NotAllowed, Missing, Invalid."""
    await promote(db, node, me, group, member, Place.LEAD)
    if await teams.place(db, group.id, me.id) is Place.LEAD and me.id != member.id:
        await teams.put(db, group.id, me.id, Place.MEMBER, now=node.clock())
        await relaying.keepers(db, node, group, member, me, keeps=False)
        await note(db, node, f"team.add {Place.MEMBER.value}", group, me, me)
