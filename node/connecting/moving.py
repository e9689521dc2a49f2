"""Move: name earlier accounts, go on under another account, and go along with whom one follows.

A move holds when both accounts say so (FEP-7628, push mode): the new one names the old in ``alsoKnownAs``, the old one
says where it moved. Followers elsewhere are told, each by their own server; those here go along by a job.
"""

from __future__ import annotations

import json

from federation.documents import activities
from federation.documents.actors import GROUPS
from federation.errors import FederationError, Unreachable
from federation.fetching import actors as fetching
from federation.happenings import Moved
from federation.outbox.promise import promise
from node.connecting import entering
from node.connecting import members as use
from node.context import Node
from node.errors import Invalid, NotAllowed, TooMany, Unauthenticated
from node.surfacing import letters
from node.surfacing.letters import Letter
from node.surfacing.surface import Told, announce, surface
from node.texts import _
from node.words import vocabulary
from storage import activities_out, actors, audit, follows, moves, profiles, throttle
from storage.actors import Actor, ActorKind
from storage.database import Missing, Reading, Writing
from storage.members import Member
from storage.moves import Move

AGAIN = 30 * 24 * 60 * 60 * 1000  # ms until one can move again, as Mastodon has it; also after taking a move back
ALIASES = 8  # earlier accounts that a member names
HOUR, ASKED = 60 * 60 * 1000, 30  # ms; accounts of other servers that a member makes us ask for in an hour
LENGTH = 320  # characters of an address


async def find(node: Node, me: Actor, typed: str) -> Actor:
    """The account of an address such as name@example.org, as its server has it now. Raises Invalid, TooMany."""
    address = typed.strip()
    if not address or len(address) > LENGTH:
        raise Invalid(_("Write the whole address of the account, like name@example.org."), field="address")
    if node.config.limits.rate:
        async with node.database.writing() as db:
            if await throttle.count(db, f"moving {me.id}", now=node.clock(), window=HOUR) > ASKED:
                raise TooMany(HOUR // 1000)
    return await asked(node, address)


async def asked(node: Node, address: str) -> Actor:
    """The account of an address as its server has it now. Raises Invalid."""
    try:
        found = await fetching.anew(node.database, node.site, address)
    except Unreachable as error:
        raise Invalid(_("The server of %s does not answer. Try again later.") % address, field="address") from error
    except (FederationError, Missing) as error:
        raise Invalid(_("There is no account %s. Check how it is spelled.") % address, field="address") from error
    if found.gone is not None or found.suspended is not None or found.kind is ActorKind.APPLICATION:
        raise Invalid(_("There is no account %s. Check how it is spelled.") % address, field="address")
    return found


def aliases(actor: Actor) -> list[str]:
    """The ids of accounts that an actor says are its own too."""
    found: list[str] = json.loads(actor.also_known_as)
    return found


async def add_alias(db: Writing, node: Node, me: Actor, other: Actor) -> list[Told]:
    """Say that an earlier account is one's own too, so that its followers can be brought. Raises Invalid."""
    me = await actors.by_id(db, me.id)
    if other.id == me.id:
        raise Invalid(_("This is the account you are in now."), field="alias")
    known = aliases(me)
    if other.uri in known:
        return []
    if len(known) >= ALIASES:
        raise Invalid(_("At most %s earlier accounts.") % ALIASES, field="alias")
    return await _say_aliases(db, node, me, [*known, other.uri])


async def remove_alias(db: Writing, node: Node, me: Actor, uri: str) -> list[Told]:
    """Say so no longer."""
    me = await actors.by_id(db, me.id)
    known = aliases(me)
    return await _say_aliases(db, node, me, [one for one in known if one != uri]) if uri in known else []


async def _say_aliases(db: Writing, node: Node, me: Actor, uris: list[str]) -> list[Told]:
    await profiles.alias(db, me.id, json.dumps(uris))
    await audit.note(db, "account.alias", me.uri, actor_id=me.id, now=node.clock())
    return await use.say_who(db, node, me.id)


def again(last: Move | None, now: int) -> int | None:
    """When somebody may move again; None: now."""
    return None if last is None or last.begun + AGAIN <= now else last.begun + AGAIN


def check(me: Actor, target: Actor) -> None:
    """Whether somebody can move there. Raises Invalid, NotAllowed."""
    if me.moved_to:
        raise NotAllowed(_("You have moved already. Take that back first."))
    if target.id == me.id:
        raise Invalid(_("This is the account you are in now."), field="address")
    if (me.kind in GROUPS) != (target.kind in GROUPS):
        raise Invalid(_("A person moves to a person's account, a team to a team's."), field="address")
    if target.moved_to:
        raise Invalid(_("That account has moved itself. Name the one it moved to."), field="address")
    if me.uri not in aliases(target):
        said = _("%(there)s does not say yet that it is yours: sign in there and add %(here)s as an earlier account.")
        raise Invalid(said % {"there": target.acct, "here": me.uri}, field="address")


async def move(node: Node, member: Member, password: str, typed: str, *, address: str) -> Actor:
    """Go on under another account, which is answered. ``address``: of the browser.

    Raises Unauthenticated (wrong password), Invalid, NotAllowed, TooMany.
    """
    if not await entering.knows(node, member, password, address=address):
        raise Unauthenticated
    async with node.database.reading() as db:
        me = await actors.by_id(db, member.actor_id)
    target = await find(node, me, typed)
    async with node.database.writing() as db:
        told = await begin(db, node, me, target)
        await letters.promise(db, node.config, Letter.WENT, me.id, now=node.clock())
        await audit.note(db, "account.move", me.uri, actor_id=me.id, now=node.clock())
    announce(node, told)
    return target


async def begin(db: Writing, node: Node, me: Actor, target: Actor) -> list[Told]:
    """Say that an account of ours goes on as ``target``, and have followers told. Raises Invalid, NotAllowed."""
    me, target = await actors.by_id(db, me.id), await actors.by_id(db, target.id)
    check(me, target)
    now = node.clock()
    if not await moves.begin(db, actor_id=me.id, target_id=target.id, now=now, pause=AGAIN):
        until = again(await moves.of(db, me.id), now)
        raise NotAllowed(_("You moved lately. You can move again on %s.") % vocabulary.day(until or now))
    told = await use.say_who(db, node, me.id)
    me = await actors.by_id(db, me.id)
    inboxes = await follows.follower_inboxes(db, me.id)
    said = activities.move(me, target, now=now)
    await promise(db, node.site, said, signer=me, inboxes=inboxes)
    return told + await surface(db, node, [Moved(me, target)])


async def come_back(db: Writing, node: Node, me: Actor) -> list[Told]:
    """Go on here after all. Followers who went stay where they are. Raises NotAllowed when there is no move."""
    last = await moves.of(db, me.id)
    if last is None or not await moves.end(db, me.id, now=node.clock()):
        raise NotAllowed(_("This account has not moved."))
    await activities_out.cancel_uri(db, activities.move_uri(me, last.begun), signer_id=me.id)
    await audit.note(db, "account.move-back", me.uri, actor_id=me.id, now=node.clock())
    return await use.say_who(db, node, me.id)


async def moved_to(db: Reading, actor: Actor) -> Actor | None:
    """The account that an actor moved to, if it is known here and can be shown. None without a query for who stays."""
    if not actor.moved_to:
        return None
    return (await known(db, [actor])).get(actor.moved_to)


async def known(db: Reading, found: list[Actor]) -> dict[str, Actor]:
    """The accounts that these moved to, as far as they can be shown, by uri; one query, none where nobody moved."""
    uris = {one.moved_to for one in found if one.moved_to}
    if not uris:
        return {}
    there = await actors.by_uris(db, uris)
    return {uri: one for uri, one in there.items() if one.gone is None and one.suspended is None}
