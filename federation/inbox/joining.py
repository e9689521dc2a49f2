"""Join, Leave and Invite: somebody elsewhere wants to be in a group here, or a group elsewhere asks one of ours in."""

from __future__ import annotations

from federation import joining
from federation.documents import activities, reading
from federation.documents.actors import GROUPS
from federation.documents.groups import INVITES, JOINS
from federation.errors import Refused
from federation.happenings import Applied, Happening
from federation.inbox.activity import Activity, inner, object_uri
from federation.outbox.promise import promise
from federation.site import Site
from storage import actors, admissions, blocks, domain_blocks, follows, groups, teams
from storage.actors import Actor, ActorKind
from storage.admissions import Admission, Way
from storage.database import Missing, Reading, Writing
from storage.groups import Joining, Settings

TYPES = frozenset({"Join", "Invite"})


async def _group(db: Reading, uri: str) -> Actor:
    """A group of ours. Raises Refused."""
    try:
        found = await actors.by_uri(db, uri)
    except Missing as missing:
        raise Refused("no group of this node") from missing
    if not found.here or found.kind not in GROUPS or found.suspended is not None or found.gone is not None:
        raise Refused("no group of this node")
    return found


async def join(db: Writing, site: Site, activity: Activity) -> list[Happening]:
    """Let them in, keep that they ask, or say no, as the group's page says. Raises Refused."""
    group = await _group(db, object_uri(activity))
    me, document = activity.actor, dict(activity.document)
    settings = await groups.of(db, group.id)
    inside = await teams.place(db, group.id, me.id) is not None
    waits = await admissions.between(db, group.id, me.id)
    invited = waits is not None and waits.way is Way.INVITED
    shut = await domain_blocks.of(db, member_id=group.id, domains=[me.domain])
    closed = _takes_nobody(group, settings) or (settings.joining is Joining.INVITATION and not invited)
    if not inside and (closed or shut or await blocks.either(db, me.id, group.id)):
        return await _refuse(db, site, group, activity)
    if not inside and not invited and not await _comes_in(db, group, settings.joining, me.domain):
        if waits is None and not await admissions.room_to_ask(db, group.id, me.domain):
            return await _refuse(db, site, group, activity)
        new = await admissions.add(db, Admission(group.id, me.id, Way.ASKED, activity.id, activity.received))
        return [Applied(me, group)] if new else []
    try:
        came = await joining.admit(db, group, me, now=activity.received, uri=activity.id)
    except joining.Full:
        return await _refuse(db, site, group, activity)
    await promise(db, site, activities.accept(group, document), signer=group, inboxes=[me.inbox])
    return came


def _takes_nobody(group: Actor, settings: Settings) -> bool:
    """Whether a group of ours is closed, or has moved."""
    return settings.closed is not None or bool(group.moved_to)


async def _comes_in(db: Reading, group: Actor, rule: Joining, domain: str) -> bool:
    """Whether somebody of this server comes in at once. Where one server has sent many, who keeps the group says."""
    return rule is not Joining.REQUEST and await teams.room_for(db, group.id, domain)


async def _refuse(db: Writing, site: Site, group: Actor, activity: Activity) -> list[Happening]:
    said = activities.reject(group, dict(activity.document))
    await promise(db, site, said, signer=group, inboxes=[activity.actor.inbox])
    return []


async def leave(db: Writing, site: Site, activity: Activity) -> list[Happening]:
    """They are in the group no longer, nor wait to be. Raises Refused."""
    group = await _group(db, object_uri(activity))
    return await joining.part(db, group, activity.actor) or []


async def undone(db: Writing, site: Site, activity: Activity) -> list[Happening]:
    """They take a Join or an Invite back. Raises Refused."""
    document = inner(activity)
    types, target = reading.types(document), reading.uri(document.get("object"))
    if "Join" in types:
        return await joining.part(db, await _group(db, target), activity.actor) or []
    member = await _member(db, target)
    await admissions.take(db, activity.actor.id, member.id, Way.INVITED)
    return []


async def undone_by_id(db: Writing, activity: Activity, uri: str) -> list[Happening]:
    """They take back what they said with the activity of this id, if that was a Join or an Invite."""
    me = activity.actor
    asked = await admissions.named(db, uri, by_id=me.id)
    if asked is not None and asked.way is Way.INVITED:
        await admissions.take(db, me.id, asked.actor_id, Way.INVITED)
        return []
    group_id = await teams.joined_as(db, me.id, uri) if asked is None else asked.group_id
    return [] if group_id is None else await joining.part(db, await actors.by_id(db, group_id), me) or []


async def _member(db: Reading, uri: str, *, team: bool = False) -> Actor:
    """A person of this node, or a ``team`` of it. Raises Refused."""
    try:
        found = await actors.by_uri(db, uri)
    except Missing as missing:
        raise Refused("nobody of this node") from missing
    kinds = (ActorKind.PERSON, ActorKind.GROUP) if team else (ActorKind.PERSON,)
    if not found.here or found.kind not in kinds or found.suspended is not None or found.gone is not None:
        raise Refused("nobody of this node")
    return found


async def invite(db: Writing, site: Site, activity: Activity) -> list[Happening]:
    """A group elsewhere asks one of ours in; they answer on their page. Raises Refused."""
    group = activity.actor
    if group.kind not in GROUPS:
        raise Refused("Invite of another than a group")
    target = reading.uri(activity.document.get("target"))
    if target and target != group.uri:
        raise Refused("Invite into another's group")
    member = await _member(db, object_uri(activity))
    shut = await domain_blocks.of(db, member_id=member.id, domains=[group.domain])
    if shut or await blocks.either(db, member.id, group.id) or await teams.place(db, group.id, member.id) is not None:
        return []
    known = await admissions.between(db, group.id, member.id)
    if known is None and not await admissions.room_to_invite(db, member.id, group.domain):
        raise Refused("too many invitations of this server wait for them")
    await admissions.add(db, Admission(group.id, member.id, Way.INVITED, activity.id, activity.received))
    return []


async def answered(db: Writing, site: Site, activity: Activity, *, yes: bool) -> list[Happening] | None:
    """What an Accept or Reject of a Join or an Invite does; None: it answers something else."""
    document = inner(activity)
    types, uri = reading.types(document), reading.uri(document)
    if "Invite" in types or (not types and INVITES in uri):
        return await _invited(db, site, activity, uri.partition("#")[0], yes=yes)
    if "Join" not in types and (types or JOINS not in uri):
        return None
    try:
        member = await _member(db, reading.uri(document.get("actor")) or uri.partition("#")[0], team=True)
    except Refused:
        return []
    group = activity.actor
    if not yes:
        return await _shown_out(db, group, member)
    asked = await admissions.between(db, group.id, member.id)
    if asked is None or asked.way is not Way.ASKED:
        return []
    return await _admitted(db, group, member, activity)


async def _shown_out(db: Writing, group: Actor, member: Actor) -> list[Happening]:
    """The group says no: now, or later to who was in it."""
    inside = await teams.place(db, group.id, member.id) is not None
    asked = await admissions.take(db, group.id, member.id, Way.ASKED)
    return [] if not inside and asked is None else await joining.part(db, group, member) or []


async def _invited(db: Writing, site: Site, activity: Activity, uri: str, *, yes: bool) -> list[Happening]:
    """Whom a group of ours asked in answers."""
    group = await _group(db, uri)
    if await admissions.take(db, group.id, activity.actor.id, Way.INVITED) is None or not yes:
        return []
    if _takes_nobody(group, await groups.of(db, group.id)):
        return []
    return await _admitted(db, group, activity.actor, activity)


async def _admitted(db: Writing, group: Actor, actor: Actor, activity: Activity) -> list[Happening]:
    try:
        return await joining.admit(db, group, actor, now=activity.received)
    except joining.Full:
        await follows.remove(db, follower_id=actor.id, target_id=group.id)
        return []
